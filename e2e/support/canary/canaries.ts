import { randomBytes, randomInt } from 'node:crypto';
import { testPki } from '@kilowatch/testing/pki';
import type { Canary } from './canary.js';

/** The secrets of a run: made anew each time, so that nothing that stands in the code is found. */
export class Canaries {
  private readonly all: Canary[] = [];

  get list(): readonly Canary[] {
    return this.all;
  }

  /** What the system itself made and told us: tokens, keys. */
  learn(name: string, value: string): string {
    if (value === '') throw new Error(`${name}: the system gave an empty one`);
    this.all.push({ name, value });
    return value;
  }

  /** 16 to 40 characters, as stations want them. */
  password(name: string): string {
    return this.learn(name, `Canary+${randomBytes(9).toString('base64url')}/pw`);
  }

  /** At most 20 characters, as a mobile network's are. */
  shortPassword(name: string): string {
    return this.learn(name, `Apn+${randomBytes(9).toString('base64url')}`);
  }

  /** 1.6 AuthorizationKey that is no text: 20 bytes, as their digits. */
  binaryKey(name: string): string {
    // Not below 0x80: no accident makes it text.
    const bytes = Buffer.from(randomBytes(20).map((byte) => byte | 0x80));
    return this.learn(name, bytes.toString('hex').toUpperCase());
  }

  /** UID of a card, 7 bytes. */
  card(name: string): string {
    return this.learn(name, `04${randomBytes(6).toString('hex').toUpperCase()}`);
  }

  keyCode(name: string): string {
    return this.learn(name, Array.from({ length: 14 }, () => randomInt(1, 10)).join(''));
  }

  emaid(name: string): string {
    const instance = randomBytes(6).toString('hex').slice(0, 9).toUpperCase();
    return this.learn(name, `NLKWD${instance}`);
  }

  /** A chain with its leaf as canary, and the key of the leaf. */
  contract(name: string, emaid: string): { chain: string; key: string; root: string; subs: string } {
    const { contract, moSub2, moSub1, moRoot } = testPki({ emaid });
    const key = contract.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    this.pem(`certificate of ${name}`, contract.pem);
    this.pem(`private key of ${name}`, key);
    const subs = moSub2.pem + moSub1.pem;
    return { chain: contract.pem + subs, key, root: moRoot.pem, subs };
  }

  /** Its body, whatever the line ends; and a line of the middle, for what keeps a part. */
  pem(name: string, pem: string): void {
    const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    this.learn(name, lines.join(''));
    this.learn(`a line of the ${name}`, lines.at(Math.floor(lines.length / 2) - 1)!);
  }

  /** A token of words that is handed to us or to others. */
  token(name: string): string {
    return this.learn(name, `canary-${randomBytes(18).toString('hex')}`);
  }

  /** A JWT is one by its signature: the rest is no secret, and is written again differently. */
  jwt(name: string, token: string): string {
    this.learn(name, token);
    this.learn(`signature of the ${name}`, token.split('.')[2]!);
    return token;
  }
}
