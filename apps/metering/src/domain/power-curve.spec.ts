import { describe, expect, it } from 'vitest';
import { MAX_POINTS, powerCurve } from './power-curve.js';
import type { TimedReading } from './reading.js';
import { estimateFullAt } from './time-to-full.js';

const START = Date.parse('2026-03-01T10:00:00Z');
const reading = (second: number, over: Partial<TimedReading>): TimedReading => ({
  at: new Date(START + second * 1000),
  context: 'PERIODIC',
  deviations: [],
  ...over,
});

describe('power curve', () => {
  it('gives the mean power of each step and the energy since the start', () => {
    const curve = powerCurve(
      [
        reading(0, { powerW: 1000, energyImportMwh: 5_000 }),
        reading(30, { powerW: 3000, energyImportMwh: 6_000 }),
        reading(60, { powerW: 4000, energyImportMwh: 8_000 }),
      ],
      60,
    );
    expect(curve).toEqual([
      { at: new Date(START), powerW: 2000, energyMwh: 1_000 },
      { at: new Date(START + 60_000), powerW: 4000, energyMwh: 3_000 },
    ]);
  });

  it('never has more than 500 points, whatever is asked', () => {
    const readings = Array.from({ length: 5_000 }, (_, i) => reading(i * 10, { powerW: i }));
    const curve = powerCurve(readings, 1);
    expect(curve.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(curve.length).toBeGreaterThan(MAX_POINTS / 2);
  });

  it('is empty without readings', () => {
    expect(powerCurve([], 60)).toEqual([]);
  });
});

describe('time to full', () => {
  const soc = (minute: number, socPercent: number) => reading(minute * 60, { socPercent });

  it('is linear up to 80 percent and half as fast after', () => {
    // 1 % a minute: 30 minutes to 80, then 20 % at half the pace = 40 minutes.
    expect(estimateFullAt([soc(0, 40), soc(10, 50)])).toEqual(new Date(START + (10 + 30 + 40) * 60_000));
  });

  it('cannot be told without a rising state of charge', () => {
    expect(estimateFullAt([reading(0, { powerW: 1000 })])).toBeUndefined();
    expect(estimateFullAt([soc(0, 50), soc(10, 50)])).toBeUndefined();
    expect(estimateFullAt([soc(0, 90), soc(10, 100)])).toBeUndefined();
  });
});
