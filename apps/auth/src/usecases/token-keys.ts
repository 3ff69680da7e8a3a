import { Injectable } from '@nestjs/common';
import { tokenKey } from '@kilowatch/kernel';
import { readEmaid } from '@kilowatch/trust';
import { contractKey } from '../domain/contract-key.js';
import { isStartButton } from '../domain/token-type.js';
import { KeyedHash } from './keyed-hash.js';

export const KEY_CODE = 'KeyCode';

/** By what tokens are found again. A code that people type is kept as a keyed hash only: it is short, and theirs (C04). */
@Injectable()
export class TokenKeys {
  constructor(private readonly hash: KeyedHash) {}

  of(value: string, type: string): string {
    if (isStartButton(type)) return '';
    if (type === KEY_CODE) return this.ofCode(value);
    return isContractType(type) ? ofContract(contractKey(value)) : tokenKey(value);
  }

  /**
   * All keys that what was presented may be found by, the likeliest first. OCPP 1.6 knows no types: what it sends may be a code
   * of its keypad, or a contract. A card may not: whoever writes the digits of a contract on one would charge on it without its
   * certificate. Only where the contract's certificate has just been good (`verified`) does the station say it as it likes.
   * `heldBack`: no code is looked at.
   */
  candidates(value: string, type: string, { verified = false, heldBack = false } = {}): string[] {
    // Its value says nothing (C02): not looked up.
    if (isStartButton(type)) return [];
    if (isContractType(type)) return [this.of(value, type)];
    // Some stations tell cards as codes (2.0.1 TC_C_45): a card's number is no secret anyhow.
    if (type === KEY_CODE) return heldBack ? [] : [this.ofCode(value), tokenKey(value)];
    const contract = readEmaid(value)?.key;
    const untyped = isUntyped(type);
    return [
      tokenKey(value),
      ...(contract && (untyped || verified) ? [ofContract(contract)] : []),
      ...(untyped && !heldBack ? [this.ofCode(value)] : []),
    ];
  }

  /** What may be stored of the value itself. */
  kept(value: string, type: string): string {
    return type === KEY_CODE ? '' : value;
  }

  private ofCode(value: string): string {
    return `code:${this.hash.of('key-code', value.trim()).toString('base64')}`;
  }
}

/** Whether a code may be meant by it: what it says it is, or that of a version that does not say. */
export function mayBeCode(value: string, type: string): boolean {
  return type === KEY_CODE || (isUntyped(type) && !readEmaid(value));
}

/** What the gateway calls an idTag of 1.6 that looks like no card. */
function isUntyped(type: string): boolean {
  return type === 'Unknown';
}

/** Stations spell it as they like; 2.1 makes the type an open string. */
export function isContractType(type: string): boolean {
  return type.toLowerCase() === 'emaid';
}

function ofContract(key: string): string {
  return `emaid:${key}`;
}
