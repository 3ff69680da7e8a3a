import { describe, expect, it } from 'vitest';
import { minutesSuffice, MAX_POINTS, powerCurve } from './power-curve.js';
import type { TimedReading } from './reading.js';

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

describe('whether minutes show a curve', () => {
  it.each([
    [3_600, 60, 500, true],
    [3_600, 59, 500, false],
    [3_600, 900, 500, true],
    [3_600, 1, 10, true],
    [86_400, 1, 50, true],
    [600, 1, 500, false],
  ])('%s s at a step of %s s and %s points', (span, step, points, suffice) => {
    expect(minutesSuffice(span, step, points)).toBe(suffice);
  });

  it('weighs means by how many readings they are of', () => {
    const points = [
      { at: new Date(0), powerW: 1_000, readings: 1 },
      { at: new Date(60_000), powerW: 4_000, readings: 2 },
    ];
    expect(powerCurve(points, 600)).toEqual([{ at: new Date(0), powerW: 3_000 }]);
  });

  it('has no more points than are wanted', () => {
    const points = Array.from({ length: 1_000 }, (_, i) => ({ at: new Date(i * 1_000), powerW: i }));
    expect(powerCurve(points, 1, 10).length).toBeLessThanOrEqual(10);
  });
});
