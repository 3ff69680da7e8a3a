import { Injectable } from '@nestjs/common';
import { tokenKey } from '@kilowatch/kernel';
import { readEmaid } from '@kilowatch/trust';
import { contractKey } from '../domain/contract-key.js';
import { KeyedHash } from './keyed-hash.js';

const KEY_CODE = 'KeyCode';

/** By what tokens are found again. A code that people type is kept as a keyed hash only: it is short, and theirs (C04). */
@Injectable()
export class TokenKeys {
  constructor(private readonly hash: KeyedHash) {}

  of(value: string, type: string): string {
    if (type === KEY_CODE) return this.ofCode(value);
    return type === 'eMAID' ? contractKey(value) : tokenKey(value);
  }

  /**
   * All keys that what was presented may be found by, the likeliest first. OCPP 1.6 knows no types: what it sends may be a code
   * of its keypad, or a contract with or without its check character.
   */
  candidates(value: string, type: string): string[] {
    if (type !== 'Unknown') return [this.of(value, type)];
    const contract = readEmaid(value)?.key;
    return [tokenKey(value), ...(contract ? [contract] : []), this.ofCode(value)];
  }

  /** What may be stored of the value itself. */
  kept(value: string, type: string): string {
    return type === KEY_CODE ? '' : value;
  }

  private ofCode(value: string): string {
    return `code:${this.hash.of('key-code', value.trim()).toString('base64')}`;
  }
}
