import { describe, expect, it } from 'vitest';
import { isSettling } from './settling.js';

const NOW = Date.parse('2026-07-01T10:00:00Z');
const settled = {
  state: 'ENDED' as const,
  endedAt: '2026-07-01T09:59:00Z',
  cost: { final: true },
  invoice: {},
  collectiveMonth: null,
  canRate: true,
  rating: null,
};

describe('an ended session', () => {
  it('settles until it has a final price, an invoice and may be rated', () => {
    expect(isSettling(settled, NOW)).toBe(false);
    expect(isSettling({ ...settled, cost: { final: false } }, NOW)).toBe(true);
    expect(isSettling({ ...settled, invoice: null }, NOW)).toBe(true);
    expect(isSettling({ ...settled, invoice: null, collectiveMonth: '2026-07' }, NOW)).toBe(false);
    expect(isSettling({ ...settled, canRate: false }, NOW)).toBe(true);
    expect(isSettling({ ...settled, canRate: false, rating: {} }, NOW)).toBe(false);
  });

  it('is not waited for without end', () => {
    expect(isSettling({ ...settled, invoice: null }, NOW + 16 * 60_000)).toBe(false);
  });
});

describe('a running session', () => {
  it('has nothing to settle', () => {
    expect(isSettling({ ...settled, state: 'ACTIVE', endedAt: null, invoice: null }, NOW)).toBe(false);
  });
});
