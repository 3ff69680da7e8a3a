import { describe, expect, it } from 'vitest';
import { ownReadings } from './next-begin.js';
import type { ReadingContext, TimedReading } from './reading.js';

const second = (n: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, n));
const read = (at: number, context: ReadingContext): TimedReading => ({
  at: second(at),
  context,
  energyImportMwh: at,
  deviations: [],
});
const kept = (readings: readonly TimedReading[], end: number) =>
  ownReadings(readings, { endedAt: second(end) }).readings.map(
    ({ at, context }) => `${(+at - +second(0)) / 1000} ${context}`,
  );

describe('the readings of an ended session', () => {
  const own = [read(0, 'BEGIN'), read(300, 'PERIODIC'), read(600, 'END')];

  it('end where the next begin under the same id was read', () => {
    const next = [read(900, 'BEGIN'), read(960, 'PERIODIC')];
    expect(kept([...next, ...own], 600)).toEqual(['0 BEGIN', '300 PERIODIC', '600 END']);
  });

  it('end there also when that is the moment of the end, once the other end is there', () => {
    const next = [read(600, 'BEGIN'), read(660, 'PERIODIC')];
    expect(kept([...own, ...next], 600)).toHaveLength(5);
    expect(kept([...own, ...next, read(900, 'END')], 600)).toEqual(['0 BEGIN', '300 PERIODIC', '600 END']);
  });

  it.each([
    ['a begin that was told again', [...own, read(0, 'BEGIN')]],
    ['a begin alone, after an end by a clock that was set', [read(900, 'BEGIN'), read(660, 'PERIODIC')]],
    ['samples that are all called begin', [read(0, 'BEGIN'), read(300, 'BEGIN'), read(605, 'BEGIN')]],
    ['a closing register a moment late', [...own.slice(0, 2), read(605, 'END')]],
  ])('are all there with %s', (_, readings) => {
    expect(ownReadings(readings, { endedAt: second(600) })).toEqual({ readings });
  });

  it('are all there of a station that is hours ahead and calls all its samples begin', () => {
    const ahead = 7_200;
    const told = [read(ahead, 'BEGIN'), read(ahead + 300, 'BEGIN'), read(ahead + 600, 'END')];
    const session = { startedAt: second(0), endedAt: second(600), clockOffsetSeconds: ahead };
    expect(ownReadings(told, session)).toEqual({ readings: told });
    const next = [read(ahead + 900, 'BEGIN'), read(ahead + 1_200, 'END')];
    expect(ownReadings([...told, ...next], session)).toEqual({ readings: told, until: second(ahead + 900) });
  });

  it('are all there while it runs', () => {
    const readings = [...own, read(900, 'BEGIN')];
    expect(ownReadings(readings, {})).toEqual({ readings });
  });
});
