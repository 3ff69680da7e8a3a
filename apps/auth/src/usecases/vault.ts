import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keys for one use each, derived from KW_TOKEN_KEY, and secrets that must be read again: sealed with AES-256-GCM. */
@Injectable()
export class Vault {
  private readonly master: Buffer;
  private readonly derived = new Map<string, Buffer>();

  constructor(@Inject(CONFIG) config: ConfigOf<typeof configShape>) {
    this.master = Buffer.from(config.KW_TOKEN_KEY.reveal(), 'base64');
  }

  key(use: string): Buffer {
    let key = this.derived.get(use);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.master, '', `kilowatch auth ${use}`, 32));
      this.derived.set(use, key);
    }
    return key;
  }

  /** Bound to its owner: a sealed value moved to another row does not open. */
  seal(value: Uint8Array, owner: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key('seal'), iv).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the value, its owner or the key is not the one it was sealed with. */
  open(sealed: Buffer, owner: string): Buffer {
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key('seal'), sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(owner))
      .setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}
