import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodsFromCdr } from './periods-from-cdr.js';

type Volumes = Record<string, number | string>;

const cdr = (periods: [time: string, volumes: Volumes][], end = '11:00') => ({
  start_date_time: `2026-01-15T${periods[0]?.[0] ?? '09:00'}:00Z`,
  end_date_time: `2026-01-15T${end}:00Z`,
  charging_periods: periods.map(([time, volumes]) => ({
    start_date_time: `2026-01-15T${time}:00Z`,
    dimensions: Object.entries(volumes).map(([type, volume]) => ({ type, volume })),
  })),
});
const shown = (periods: [time: string, volumes: Volumes][], end?: string) =>
  periodsFromCdr(cdr(periods, end)).map((p) => [
    p.kind,
    p.start.toISOString().slice(11, 19),
    p.end.toISOString().slice(11, 19),
    p.energyMwh / 1e6,
  ]);

describe('periodsFromCdr', () => {
  it('lets a period last until the next, the last until the end', () => {
    const periods: [string, Volumes][] = [
      ['09:00', { ENERGY: 10, TIME: 1 }],
      ['10:00', { PARKING_TIME: 1 }],
    ];
    expect(shown(periods)).toEqual([
      ['CHARGING', '09:00:00', '10:00:00', 10],
      ['IDLE', '10:00:00', '11:00:00', 0],
    ]);
  });

  it('takes the clock for a volume that is the clock rounded', () => {
    expect(shown([['09:00', { TIME: 0.0833333333 }]], '09:05')).toEqual([
      ['CHARGING', '09:00:00', '09:05:00', 0],
    ]);
    expect(shown([['09:00', { TIME: 1.97 }]], '10:58')).toEqual([['CHARGING', '09:00:00', '10:58:00', 0]]);
  });

  it('has neither charging nor parking where the volumes say neither', () => {
    expect(shown([['09:00', { ENERGY: 5 }]])).toEqual([['GRACE', '09:00:00', '11:00:00', 5]]);
    expect(shown([['09:00', { ENERGY: 5, TIME: 0 }]])[0]![0]).toBe('GRACE');
  });

  it('cuts a period that was charging for a part of it', () => {
    expect(shown([['09:00', { ENERGY: 5, TIME: 0.5 }]])).toEqual([
      ['CHARGING', '09:00:00', '09:30:00', 5],
      ['GRACE', '09:30:00', '11:00:00', 0],
    ]);
  });

  it('cuts a period that was first charging, then parking', () => {
    expect(shown([['09:00', { ENERGY: 5, TIME: 0.5, PARKING_TIME: 1.5 }]])).toEqual([
      ['CHARGING', '09:00:00', '09:30:00', 5],
      ['IDLE', '09:30:00', '11:00:00', 0],
    ]);
  });

  it('reads reservations, ranges of power and current, tariffs', () => {
    const document = cdr([
      ['08:00', { RESERVATION_TIME: 1 }],
      ['09:00', { ENERGY: 5, TIME: 2, MIN_POWER: 3.7, MAX_POWER: 11, MAX_CURRENT: '16' }],
    ]);
    (document.charging_periods[1] as Record<string, unknown>).tariff_id = 'T2';
    const [reserved, charging] = periodsFromCdr(document);
    expect(reserved!.kind).toBe('RESERVED');
    expect(charging).toMatchObject({
      tariffId: 'T2',
      powerW: { min: 3_700, max: 11_000 },
      currentMa: { min: 16_000, max: 16_000 },
    });
  });

  it('puts periods in order of time, whatever order they come in', () => {
    const moves: [string, Volumes][] = [
      ['09:00', { ENERGY: 1 }],
      ['09:10', { ENERGY: 2 }],
      ['09:20', { TIME: 0.1666667 }],
      ['09:30', { PARKING_TIME: 1.5 }],
    ];
    const sorted = cdr(moves);
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted.charging_periods, { minLength: 4, maxLength: 4 }), (order) => {
        expect(periodsFromCdr({ ...sorted, charging_periods: order })).toEqual(periodsFromCdr(sorted));
      }),
    );
  });

  it('reads the CDRs of 2.1.1, which stop rather than end', () => {
    const { end_date_time, ...rest } = cdr([['09:00', { TIME: 2 }]]);
    expect(periodsFromCdr({ ...rest, stop_date_time: end_date_time })).toHaveLength(1);
  });

  it.each([
    ['BILLING_CDR_EMPTY', cdr([])],
    ['BILLING_CDR_SHAPE', { ...cdr([]), charging_periods: undefined }],
    ['BILLING_CDR_SHAPE', { ...cdr([['09:00', {}]]), end_date_time: undefined }],
    ['BILLING_CDR_DATE_INVALID', { ...cdr([['09:00', {}]]), end_date_time: 'late' }],
    ['BILLING_CDR_PERIODS_OUTSIDE', cdr([['12:00', { TIME: 1 }]])],
    ['BILLING_CDR_PERIODS_OUTSIDE', { ...cdr([['09:00', {}]]), start_date_time: '2026-01-15T10:00:00Z' }],
    ['BILLING_CDR_DIMENSION_INVALID', cdr([['09:00', { TIMES: 1 }]])],
    ['BILLING_CDR_VOLUME_INVALID', cdr([['09:00', { TIME: 'much' }]])],
    ['BILLING_CDR_VOLUME_NEGATIVE', cdr([['09:00', { TIME: -1 }]])],
    ['BILLING_CDR_TIME_TOO_LONG', cdr([['09:00', { TIME: 2.1 }]])],
    ['BILLING_CDR_TIME_TOO_LONG', cdr([['09:00', { TIME: 1.5, PARKING_TIME: 1 }]])],
    [
      'BILLING_CDR_DIMENSION_REPEATED',
      {
        ...cdr([]),
        charging_periods: [
          {
            start_date_time: '2026-01-15T09:00:00Z',
            dimensions: [
              { type: 'TIME', volume: 1 },
              { type: 'TIME', volume: 1 },
            ],
          },
        ],
      },
    ],
  ])('refuses with %s', (code, document) => {
    expect(() => periodsFromCdr(document)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
