import { describe, expect, it } from 'vitest';
import { reversedUid } from './reversed-uid.js';

describe('the UID of a card from the other end', () => {
  it.each([
    ['04A1B2C3', 'ISO14443', 'C3B2A104'],
    ['04A1B2C3D4E5F6', 'ISO14443', 'F6E5D4C3B2A104'],
    ['E004010012345678', 'ISO15693', '78563412000104E0'],
    ['04A1B2C3', 'Unknown', 'C3B2A104'],
    ['04A1B2C3', 'iso14443', 'C3B2A104'],
  ])('%s as %s is %s', (key, type, reversed) => {
    expect(reversedUid(key, type)).toBe(reversed);
    expect(reversedUid(reversed, type)).toBe(key);
  });

  it.each([
    ['the same from both ends', '04AAAA04', 'ISO14443'],
    ['of no length that UIDs have', '04A1B2', 'ISO14443'],
    ['of an app', '00112233445566778899', 'Unknown'],
    ['not of bytes', 'DRIVER01', 'Unknown'],
    ['empty', '', 'ISO14443'],
    ['a code', '12345678', 'KeyCode'],
    ['a vehicle', '0123456789ABCD', 'MacAddress'],
    ['ours', '04A1B2C3', 'Central'],
  ])('is none of what is %s', (_name, key, type) => {
    expect(reversedUid(key, type)).toBeUndefined();
  });
});
