import { expect, it } from 'vitest';
import { isWorthListing, type Presented } from './unknown-token.js';

const card: Presented = {
  value: '04A1B2C3D4E5F6',
  status: 'UNKNOWN',
  purpose: 'AUTHORIZE',
  showable: true,
  randomUid: false,
};

it('lists cards that nobody has when somebody wants to charge with them', () => {
  expect(isWorthListing(card)).toBe(true);
  expect(isWorthListing({ ...card, purpose: 'START' })).toBe(true);
});

it.each<[string, Partial<Presented>]>([
  ['what may have been a code', { showable: false }],
  ['what can be typed on a keypad, though it looks like a UID', { value: '04112233445566' }],
  ['a UID that is another one each time', { randomUid: true }],
  ['what is known and refused', { status: 'BLOCKED' }],
  ['what is accepted', { status: 'ACCEPTED' }],
  ['a stop', { purpose: 'STOP' }],
])('does not list %s', (_, over) => {
  expect(isWorthListing({ ...card, ...over })).toBe(false);
});
