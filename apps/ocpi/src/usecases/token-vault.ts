import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps tokens so that a copy of the database opens nothing: sealed with AES-256-GCM, found by a keyed hash. */
@Injectable()
export class TokenVault {
  private readonly sealing: Buffer;
  private readonly hashing: Buffer;

  constructor(@Inject(CONFIG) config: ConfigOf<typeof configShape>) {
    const key = Buffer.from(config.KW_OCPI_TOKEN_KEY.reveal(), 'base64');
    if (key.length !== 32) throw new Error('KW_OCPI_TOKEN_KEY must be base64 of 32 bytes');
    const derived = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `kilowatch ocpi ${use}`, 32));
    this.sealing = derived('seal');
    this.hashing = derived('hash');
  }

  hash(token: string): Buffer {
    return createHmac('sha256', this.hashing).update(token, 'utf8').digest();
  }

  /** Bound to its owner: a sealed value moved to another partner's row does not open. */
  seal(token: string, owner: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealing, iv).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]);
  }

  /** Throws when the value, its owner or the key is not the one it was sealed with. */
  open(sealed: Buffer, owner: string): string {
    const iv = sealed.subarray(0, IV_BYTES);
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.sealing, iv, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
      'utf8',
    );
  }
}
