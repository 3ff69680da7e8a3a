import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secret settings, and cards in bulk commands, until their stations have them, so that a copy of the database opens no station and
 * charges nothing: AES-256-GCM.
 */
@Injectable()
export class SettingVault {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) config: SessionsConfig) {
    const secret = config.KW_SERVICE_SECRET.reveal();
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'kilowatch sessions settings', 32));
  }

  /** Bound to its station (or bulk command): a sealed value moved to another one's row does not open. */
  seal(value: string, ownerId: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(ownerId));
    const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]);
  }

  /** Null when it was sealed with another key: the operator sets it again. */
  open(sealed: Buffer, ownerId: string): string | null {
    try {
      const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(ownerId))
        .setAuthTag(tag);
      const text = sealed.subarray(IV_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }
}
