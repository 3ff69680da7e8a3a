import { expect, it } from 'vitest';
import { subscriptionWord } from './tariff-words.js';

it.each([
  ['2026-12-01T00:00:00Z', null, 'Counts'],
  ['2026-12-01T00:00:00Z', '2026-12-31T00:00:00Z', 'Counts'],
  ['2026-12-03T00:00:00Z', null, 'Later'],
  ['2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z', 'Over'],
  // Ended before it began.
  ['2026-12-03T00:00:00Z', '2026-12-02T00:00:00Z', 'Over'],
])('a subscription from %s until %s is at that moment: %s', (validFrom, validUntil, text) => {
  expect(subscriptionWord({ validFrom, validUntil }, Date.parse('2026-12-02T00:00:00Z')).text).toBe(text);
});
