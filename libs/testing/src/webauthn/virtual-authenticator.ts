import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { cbor, type CborValue } from './cbor.js';

interface Credential {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly rpId: string;
  readonly userHandle: Buffer;
  counter: number;
}

export interface CreationOptions {
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
  readonly challenge: string;
  readonly excludeCredentials?: readonly { readonly id: string }[];
}

export interface RequestOptions {
  readonly rpId?: string;
  readonly challenge: string;
}

/** What a test lets it do wrong. */
export interface Misbehaviour {
  /** The page that asks; else the one it was made for. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** The person was there, and nobody checked who it is. */
  readonly unverified?: boolean;
  /** Shows this counter. */
  readonly counter?: number;
  readonly userHandle?: string;
  /** Another key signs. */
  readonly foreignKey?: boolean;
  readonly type?: string;
}

const [USER_PRESENT, USER_VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED] = [0x01, 0x04, 0x08, 0x10, 0x40];
const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/**
 * An authenticator with the browser before it, in memory: discoverable ES256 credentials, real CBOR, COSE keys and signatures
 * (WebAuthn level 3, 6.1 and 6.5), attestation `none`.
 */
export class VirtualAuthenticator {
  private readonly credentials: Credential[] = [];

  /** `synced`: its keys are on other devices too, and such have no counter. */
  constructor(
    private readonly origin: string,
    private readonly synced = false,
  ) {}

  /** navigator.credentials.create */
  create(options: CreationOptions, wrong: Misbehaviour = {}): object {
    const held = this.credentials.map(({ id }) => b64(id));
    if (options.excludeCredentials?.some(({ id }) => held.includes(id)))
      throw new Error('InvalidStateError: there is a credential already');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const rpId = options.rp.id ?? '';
    const userHandle = Buffer.from(options.user.id, 'base64url');
    const credential: Credential = { id: randomBytes(32), privateKey, rpId, userHandle, counter: 0 };
    this.credentials.push(credential);
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const coseKey = new Map<number, CborValue>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const length = Buffer.from([credential.id.length >> 8, credential.id.length & 0xff]);
    const attested = Buffer.concat([Buffer.alloc(16), length, credential.id, cbor(coseKey)]);
    const authData = Buffer.concat([this.authData(credential, wrong, ATTESTED), attested]);
    const attestation = new Map<string, CborValue>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return {
      id: b64(credential.id),
      rawId: b64(credential.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: b64(this.clientData('webauthn.create', options.challenge, wrong)),
        attestationObject: b64(cbor(attestation)),
        transports: ['internal'],
      },
    };
  }

  /** navigator.credentials.get: the newest credential of this relying party. */
  get(options: RequestOptions, wrong: Misbehaviour = {}): object {
    const credential = this.credentials.findLast(({ rpId }) => rpId === options.rpId);
    if (!credential) throw new Error('NotAllowedError: there is no credential');
    if (!this.synced) credential.counter += 1;
    const authData = this.authData(credential, wrong, 0);
    const clientData = this.clientData('webauthn.get', options.challenge, wrong);
    const key = wrong.foreignKey
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : credential.privateKey;
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), key);
    const userHandle = wrong.userHandle === undefined ? credential.userHandle : Buffer.from(wrong.userHandle);
    return {
      id: b64(credential.id),
      rawId: b64(credential.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: b64(clientData),
        authenticatorData: b64(authData),
        signature: b64(signature),
        userHandle: b64(userHandle),
      },
    };
  }

  private authData(credential: Credential, wrong: Misbehaviour, more: number): Buffer {
    const backup = this.synced ? BACKUP_ELIGIBLE | BACKED_UP : 0;
    const flags = USER_PRESENT | (wrong.unverified ? 0 : USER_VERIFIED) | backup | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(wrong.counter ?? credential.counter);
    return Buffer.concat([sha256(wrong.rpId ?? credential.rpId), Buffer.from([flags]), counter]);
  }

  private clientData(type: string, challenge: string, wrong: Misbehaviour): Buffer {
    const data = {
      type: wrong.type ?? type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.origin,
    };
    return Buffer.from(JSON.stringify({ ...data, crossOrigin: false }));
  }
}
