import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';

/** Hashes of secrets that have to be found again: useless without the key. */
@Injectable()
export class KeyedHash {
  /** Made once: from bytes, each hash makes it anew. */
  private readonly key: KeyObject;

  constructor(@Inject(CONFIG) config: ConfigOf<typeof configShape>) {
    const bytes = Buffer.from(config.KW_TOKEN_KEY.reveal(), 'base64');
    if (bytes.length < 32) throw new Error('KW_TOKEN_KEY must be base64 of at least 32 bytes');
    this.key = createSecretKey(bytes);
  }

  of(...parts: readonly (string | Uint8Array)[]): Buffer {
    const mac = createHmac('sha256', this.key);
    for (const part of parts) {
      // Text in one call, each costs as much as the hashing.
      if (typeof part === 'string') mac.update(`${Buffer.byteLength(part)}:${part}`);
      else mac.update(`${part.length}:`).update(part);
    }
    return mac.digest();
  }
}
