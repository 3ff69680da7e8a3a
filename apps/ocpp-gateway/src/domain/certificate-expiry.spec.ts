import { expect, it } from 'vitest';
import { daysToWarnOf } from './certificate-expiry.js';

const now = new Date('2026-03-01T12:00:00Z');

it.each([
  ['2026-04-30T12:00:00Z', undefined],
  ['2026-03-31T12:00:00Z', undefined],
  ['2026-03-31T11:59:59Z', 29],
  ['2026-03-02T11:00:00Z', 0],
  ['2026-02-28T12:00:00Z', -1],
])('what expires at %s is warned of with %s days', (at, days) => {
  expect(daysToWarnOf(new Date(at), now)).toBe(days);
});
