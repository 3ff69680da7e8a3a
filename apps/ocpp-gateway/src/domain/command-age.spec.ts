import { uuidv7 } from '@kilowatch/kernel';
import { expect, it } from 'vitest';
import { commandAgeMs } from './command-age.js';

it('reads the age of a command from its id', () => {
  const asked = new Date('2026-03-01T10:00:00.000Z');
  const id = uuidv7(asked, new Uint8Array(10));
  expect(commandAgeMs(id, new Date('2026-03-01T10:00:05.250Z'))).toBe(5_250);
});

it('takes an id without a time for very old', () => {
  expect(commandAgeMs('?', new Date(0))).toBe(Infinity);
});
