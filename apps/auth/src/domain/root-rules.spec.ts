import { describe, expect, it } from 'vitest';
import { ALARM_AFTER_LOOKS, lookAgainMs, MOST_LOOKS } from './root-rules.js';

describe('a look at the roots of a station that came to nothing', () => {
  const minutes = (attempts: number) => lookAgainMs(attempts) / 60_000;
  const allUntil = (attempts: number) =>
    Array.from({ length: attempts - 1 }, (_, i) => minutes(i + 1)).reduce((sum, one) => sum + one, 0);

  it('comes again within minutes first, then each time an hour later than before', () => {
    expect([1, 2, 3, 4, 5, 6].map(minutes)).toEqual([1, 4, 16, 60, 120, 180]);
  });

  it('worries nobody for some hours, and ends after some days', () => {
    expect(allUntil(ALARM_AFTER_LOOKS) / 60).toBeCloseTo(3.35, 1);
    expect(allUntil(MOST_LOOKS) / 60).toBeCloseTo(45.35, 1);
  });
});
