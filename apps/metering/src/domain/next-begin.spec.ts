import { describe, expect, it } from 'vitest';
import { untilNextBegin } from './next-begin.js';
import type { ReadingContext, TimedReading } from './reading.js';

const second = (n: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, n));
const read = (at: number, context: ReadingContext): TimedReading => ({
  at: second(at),
  context,
  energyImportMwh: at,
  deviations: [],
});
const kept = (readings: readonly TimedReading[], end: number) =>
  untilNextBegin(readings, second(end)).map(({ at, context }) => `${(+at - +second(0)) / 1000} ${context}`);

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
    expect(untilNextBegin(readings, second(600))).toBe(readings);
  });
});
