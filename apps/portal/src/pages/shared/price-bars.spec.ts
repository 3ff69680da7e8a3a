import { describe, expect, it } from 'vitest';
import { priceBars } from './price-bars.js';

const step = (hour: number, energyPricePerKwh: string) => ({
  from: `2026-07-01T${String(hour).padStart(2, '0')}:00:00Z`,
  to: `2026-07-01T${String(hour + 1).padStart(2, '0')}:00:00Z`,
  energyPricePerKwh,
  currency: 'EUR',
});

describe('priceBars', () => {
  it('joins neighbours of equal price and marks the cheapest', () => {
    const bars = priceBars([step(1, '0.40'), step(2, '0.40'), step(3, '0.10'), step(4, '0.40')]);
    expect(bars.map(({ price, share, isCheapest }) => [price, share, isCheapest])).toEqual([
      ['0.40', 1, false],
      ['0.10', 0.25, true],
      ['0.40', 1, false],
    ]);
  });

  it('marks nothing where all cost the same, and draws no negative bar', () => {
    expect(priceBars([step(1, '0.40')])[0]?.isCheapest).toBe(false);
    expect(priceBars([step(1, '-0.05'), step(2, '0.20')])[0]?.share).toBe(0);
    expect(priceBars([])).toEqual([]);
  });
});
