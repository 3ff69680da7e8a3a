import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { madeUpStays, monthOf, staysOf } from './month-sessions.js';

const HEAD = 'start_local,end_local,charge_min,idle_min,energy_kwh';
const file = (...rows: string[]) => Buffer.from([HEAD, ...rows, ''].join('\n'));

describe('stays of a file', () => {
  it('are its usable rows, packed or not', () => {
    const good = '2018-04-25T06:45:10,2018-04-25T17:56:16,179.1,492.0,10.013';
    const bad = [
      '2018-04-25T06:00:00,2018-04-25T07:00:00,60,0,-1',
      '2018-04-25T06:00:00,2018-04-25T07:00:00,60,0,',
      '2018-04-25T07:00:00,2018-04-25T06:00:00,60,0,5',
      '2018-04-25T06:00:00,2018-04-25T07:00:00,60,0,99',
    ];
    const stays = staysOf(file(good, ...bad));
    expect(stays).toEqual([
      { day: 25, secondOfDay: 24_310, staySeconds: 40_266, chargeSeconds: 10_746, wh: 10_013 },
    ]);
    expect(staysOf(gzipSync(file(good)))).toEqual(stays);
  });
});

describe('a month', () => {
  it('keeps the time of day, in summer and in winter, and puts days it has not on its last', () => {
    const stay = (day: number) => ({
      day,
      secondOfDay: 8 * 3600,
      staySeconds: 600,
      chargeSeconds: 600,
      wh: 900,
    });
    const starts = monthOf([stay(24), stay(26), stay(31)], 2026, 10).map(({ start }) =>
      new Date(start).toISOString(),
    );
    expect(starts).toEqual([
      '2026-10-24T06:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
      '2026-10-31T07:00:00.000Z',
    ]);
    const [february] = monthOf([stay(31)], 2026, 2);
    expect(new Date(february!.start).toISOString()).toBe('2026-02-28T07:00:00.000Z');
  });

  it('has readings that rise from nothing to the energy of the session, from its begin to its end', () => {
    for (const { readings, start, end, wh } of monthOf(madeUpStays(200, 7), 2026, 10)) {
      expect([readings[0], readings.at(-1)]).toEqual([
        { at: start, wh: 0 },
        { at: end, wh },
      ]);
      readings.slice(1).forEach((reading, i) => {
        expect(reading.at).toBeGreaterThan(readings[i]!.at);
        expect(reading.wh).toBeGreaterThanOrEqual(readings[i]!.wh);
      });
    }
  });

  it('is the same stays for the same seed', () => {
    expect(madeUpStays(20, 1)).toEqual(madeUpStays(20, 1));
    expect(madeUpStays(20, 1)).not.toEqual(madeUpStays(20, 2));
  });
});
