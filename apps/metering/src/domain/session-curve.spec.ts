import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimedReading } from './reading.js';
import { MINUTE_MS, minutesOf } from './session-curve.js';

const BEGIN = Date.parse('2026-03-01T10:00:00Z');
const reading = (second: number, over: Partial<TimedReading> = {}): TimedReading => ({
  at: new Date(BEGIN + second * 1_000),
  context: 'PERIODIC',
  deviations: [],
  ...over,
});

describe('the curve of a session', () => {
  it('has a point for each minute in which something was measured', () => {
    const minutes = minutesOf([
      reading(0, { powerW: 1_000, energyImportMwh: 5, socPercent: 40 }),
      reading(59, { powerW: 2_001, energyImportMwh: 9, socPercent: 40.5, powerExportW: 3 }),
      reading(180, { energyExportMwh: 7 }),
    ]);
    expect(minutes).toEqual([
      {
        at: new Date(BEGIN),
        powerW: 1_501,
        maxPowerW: 2_001,
        powerExportW: 3,
        energyImportMwh: 9,
        socPercent: 40.5,
        readings: 2,
      },
      { at: new Date(BEGIN + 180_000), energyExportMwh: 7, readings: 1 },
    ]);
  });

  it.each([
    [[1, 2], 2],
    [[-1, -2], -2],
    [[-1, 0, 0], 0],
    [[-6, 5], -1],
  ])('the mean of %j is %d', (watts, mean) => {
    expect(minutesOf(watts.map((powerW) => reading(0, { powerW })))[0]!.powerW).toBe(mean);
  });

  it('counts each reading once, in the order of time, whatever order they come in and before 1970 too', () => {
    const anyReading = fc.record({ second: fc.integer({ min: -2e9, max: 2e9 }), powerW: fc.integer() });
    fc.assert(
      fc.property(fc.array(anyReading), (some) => {
        const readings = some.map(({ second, powerW }) => reading(second, { powerW }));
        const minutes = minutesOf(readings);
        expect(minutes.reduce((sum, minute) => sum + minute.readings, 0)).toBe(readings.length);
        for (const [i, { at }] of minutes.entries()) {
          expect(at.getTime() % MINUTE_MS === 0).toBe(true);
          if (i > 0) expect(at.getTime()).toBeGreaterThan(minutes[i - 1]!.at.getTime());
        }
        const starts = new Set(minutes.map(({ at }) => at.getTime()));
        for (const { at } of readings)
          expect(starts.has(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)).toBe(true);
      }),
    );
  });
});
