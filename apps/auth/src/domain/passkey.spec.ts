import { describe, expect, it } from 'vitest';
import { checkedPasskeyName, counterIsPlausible, knownTransports } from './passkey.js';

describe('the counter of a passkey', () => {
  it.each([
    [0, 0, true],
    [0, 1, true],
    [5, 6, true],
    [5, 500, true],
    [5, 5, false],
    [5, 4, false],
    [5, 0, false],
  ])('held %d, shown %d: plausible %s', (held, shown, plausible) => {
    expect(counterIsPlausible(held, shown)).toBe(plausible);
  });
});

it('takes over what it knows of transports only', () => {
  expect(knownTransports(['usb', 'internal', 'telepathy', 5])).toEqual(['internal', 'usb']);
  expect(knownTransports('usb')).toEqual([]);
  expect(knownTransports(undefined)).toEqual([]);
});

it('has a name that fits', () => {
  expect(checkedPasskeyName(' Phone ')).toBe('Phone');
  for (const name of ['', '  ', 'x'.repeat(61)])
    expect(() => checkedPasskeyName(name)).toThrow('AUTH_PASSKEY_NAME');
});
