import { decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsIn, laidOut, merged, within, type Stretch } from './curve.js';
import { asText } from './feeds.builders.js';

const DAY = Date.parse('2026-06-02T00:00:00Z');
const at = (minute: number) => new Date(DAY + minute * 60_000);
const stretch = (from: number, to: number, value: string): Stretch => ({
  start: at(from),
  end: at(to),
  value: decimal(value),
  unit: 'EUR',
});

describe('a curve', () => {
  it('lets the first of those that cover a moment count', () => {
    expect(asText(laidOut([stretch(15, 30, '2'), stretch(0, 60, '1'), stretch(20, 75, '3')]))).toEqual([
      '00:00-00:15 1',
      '00:15-00:30 2',
      '00:30-01:00 1',
      '01:00-01:15 3',
    ]);
  });

  it('leaves out what has no length, and is nothing of nothing', () => {
    expect(laidOut([stretch(10, 10, '1'), stretch(20, 10, '1')])).toEqual([]);
    expect(laidOut([])).toEqual([]);
  });

  it('knows where nothing is known: before, between and after', () => {
    const curve = laidOut([stretch(10, 20, '1'), stretch(30, 40, '1')]);
    const found = gapsIn(curve, at(0), at(50)).map(({ from, to }) => [from, to]);
    expect(found).toEqual([
      [at(0), at(10)],
      [at(20), at(30)],
      [at(40), at(50)],
    ]);
    expect(gapsIn(curve, at(12), at(18))).toEqual([]);
    expect(gapsIn([], at(0), at(1))).toEqual([{ from: at(0), to: at(1) }]);
  });

  it('is cut to a time, and neighbours of one value are one', () => {
    expect(asText(within([stretch(0, 60, '1'), stretch(60, 120, '2')], at(30), at(90)))).toEqual([
      '00:30-01:00 1',
      '01:00-01:30 2',
    ]);
    expect(asText(merged([stretch(0, 15, '1'), stretch(15, 30, '1.0'), stretch(45, 60, '1')]))).toEqual([
      '00:00-00:30 1',
      '00:45-01:00 1',
    ]);
  });

  const someStretches = fc.array(
    fc
      .tuple(fc.nat({ max: 100 }), fc.integer({ min: 1, max: 40 }), fc.nat({ max: 5 }))
      .map(([from, length, value]) => stretch(from, from + length, String(value))),
    { maxLength: 12 },
  );

  it('has at every moment the value of the first stretch that covers it, and a gap where none does', () => {
    fc.assert(
      fc.property(someStretches, fc.nat({ max: 150 }), (stretches, minute) => {
        const moment = new Date(at(minute).getTime() + 30_000);
        const covers = ({ start, end }: { start: Date; end: Date }) => start <= moment && moment < end;
        const curve = laidOut(stretches);
        expect(curve.filter(covers)).toHaveLength(stretches.some(covers) ? 1 : 0);
        expect(curve.find(covers)?.value.toFixed()).toBe(stretches.find(covers)?.value.toFixed());
        const isGap = gapsIn(curve, at(0), at(200)).some(({ from, to }) => from <= moment && moment < to);
        expect(isGap).toBe(!stretches.some(covers));
      }),
    );
  });
});
