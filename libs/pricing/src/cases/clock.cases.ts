/** Times of day, days, dates, both clock-change nights. */
import { type TableCase, at, energy, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';
import type { PricingPeriod } from '../slices.js';

const night = { start_time: '23:00', end_time: '07:00' };
const dayAndNight = [
  at(energy('0.40'), { start_time: '07:00', end_time: '23:00' }),
  at(energy('0.20'), night),
];
/** 6 within the window, 3 outside. */
const dearTime = (start_time: string, end_time: string) => [
  at(time('6'), { start_time, end_time }),
  at(time('3')),
];
const charged = (start: string, end: string, kwh: string): PricingPeriod[] => [
  aPeriod('CHARGING', start, end, kwh),
];

export const CLOCK_CASES: readonly TableCase[] = [
  priced('within the day', {
    elements: dayAndNight,
    periods: charged('2026-01-15T09:00Z', '10:00', '10'),
    excl: '10 x 0.40',
  }),
  priced('ends at the very step', {
    elements: dayAndNight,
    periods: charged('2026-01-15T21:00Z', '22:00', '10'),
    excl: '10 x 0.40',
  }),
  priced('starts at the very step', {
    elements: dayAndNight,
    periods: charged('2026-01-15T22:00Z', '23:00', '10'),
    excl: '10 x 0.20',
  }),
  priced('starts a second before the step: 3.6 kW for an hour', {
    elements: dayAndNight,
    periods: charged('2026-01-15T21:59:59Z', '22:59:59', '3.6'),
    excl: '0.001 x 0.40 + 3.599 x 0.20',
  }),
  priced('an evening, a night and a morning: 2 kW from 22:00 to 08:00', {
    elements: dayAndNight,
    periods: charged('2026-01-15T21:00Z', '2026-01-16T07:00Z', '20'),
    excl: '2 x 0.40 + 16 x 0.20 + 2 x 0.40',
  }),
  priced('two whole days: 32 hours of day, 16 of night', {
    elements: dayAndNight,
    periods: charged('2026-01-14T23:00Z', '2026-01-16T23:00Z', '48'),
    excl: '32 x 0.40 + 16 x 0.20',
  }),
  priced('a window at odd minutes: 12:15 to 12:45', {
    elements: [at(time('6'), { start_time: '12:15', end_time: '12:45' })],
    periods: charged('2026-01-15T11:00Z', '12:00', '5'),
    excl: '0.5 x 6',
  }),
  priced('a start without an end holds until midnight: 17:00 to 01:00', {
    elements: [at(energy('0.50'), { start_time: '18:00' }), at(energy('0.30'))],
    periods: charged('2026-01-15T16:00Z', '2026-01-16T00:00Z', '8'),
    excl: '6 x 0.50 + 2 x 0.30',
  }),
  priced('an end without a start holds from midnight: 05:00 to 07:00', {
    elements: [at(energy('0.10'), { end_time: '06:00' }), at(energy('0.30'))],
    periods: charged('2026-01-15T04:00Z', '06:00', '2'),
    excl: '1 x 0.10 + 1 x 0.30',
  }),
  priced('an end of 00:00 is the end of the day: 19:00 to 01:00', {
    elements: [at(energy('0.25'), { start_time: '20:00', end_time: '00:00' }), at(energy('0.45'))],
    periods: charged('2026-01-15T18:00Z', '2026-01-16T00:00Z', '6'),
    excl: '4 x 0.25 + 2 x 0.45',
  }),
  priced('an end of 24:00, as some write it, is the same', {
    elements: [at(energy('0.25'), { start_time: '20:00', end_time: '24:00' }), at(energy('0.45'))],
    periods: charged('2026-01-15T18:00Z', '2026-01-16T00:00Z', '6'),
    excl: '4 x 0.25 + 2 x 0.45',
  }),
  priced('from 00:00 to 00:00 is the whole day', {
    elements: [at(energy('0.30'), { start_time: '00:00', end_time: '00:00' })],
    periods: charged('2026-01-15T20:00Z', '2026-01-16T01:00Z', '5'),
    excl: '5 x 0.30',
  }),
  priced('a Friday window over midnight holds on Friday night, not on Saturday morning', {
    elements: [
      at(energy('0.10'), { start_time: '22:00', end_time: '06:00', day_of_week: ['FRIDAY'] }),
      at(energy('0.40')),
    ],
    periods: charged('2026-01-16T21:00Z', '2026-01-17T07:00Z', '10'),
    excl: '2 x 0.10 + 8 x 0.40',
  }),
  priced('the same window holds on Friday morning', {
    elements: [
      at(energy('0.10'), { start_time: '22:00', end_time: '06:00', day_of_week: ['FRIDAY'] }),
      at(energy('0.40')),
    ],
    periods: charged('2026-01-15T23:00Z', '2026-01-16T06:00Z', '7'),
    excl: '6 x 0.10 + 1 x 0.40',
  }),
  priced('Sunday becomes Monday', {
    elements: [at(energy('0.30'), { day_of_week: ['SATURDAY', 'SUNDAY'] }), at(energy('0.50'))],
    periods: charged('2026-01-18T22:00Z', '2026-01-19T00:00Z', '2'),
    excl: '1 x 0.30 + 1 x 0.50',
  }),
  priced('all seven days are every day', {
    elements: [
      at(energy('0.30'), {
        day_of_week: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'],
      }),
    ],
    periods: charged('2026-01-18T22:00Z', '2026-01-19T00:00Z', '3'),
    excl: '3 x 0.30',
  }),
  priced('no day of the week, as some write it, is every day', {
    elements: [at(energy('0.30'), { day_of_week: [] })],
    periods: charged('2026-01-18T22:00Z', '2026-01-19T00:00Z', '3'),
    excl: '3 x 0.30',
  }),
  priced('the first day counts: 23:00 to 01:00 into February', {
    elements: [at(energy('0.30'), { start_date: '2026-02-01' }), at(energy('0.50'))],
    periods: charged('2026-01-31T22:00Z', '2026-02-01T00:00Z', '2'),
    excl: '1 x 0.50 + 1 x 0.30',
  }),
  priced('the last day does not', {
    elements: [at(energy('0.10'), { end_date: '2026-02-01' }), at(energy('0.40'))],
    periods: charged('2026-01-31T22:00Z', '2026-02-01T00:00Z', '2'),
    excl: '1 x 0.10 + 1 x 0.40',
  }),
  priced('an offer of one day', {
    elements: [at(energy('0.10'), { start_date: '2026-02-01', end_date: '2026-02-02' }), at(energy('0.40'))],
    periods: charged('2026-01-31T22:00Z', '2026-02-02T00:00Z', '26'),
    excl: '1 x 0.40 + 24 x 0.10 + 1 x 0.40',
  }),
  priced('a window over midnight ends with its dates: 22:00 to 07:00 out of the offer', {
    elements: [
      at(energy('0.10'), {
        start_date: '2026-01-10',
        end_date: '2026-01-12',
        start_time: '22:00',
        end_time: '06:00',
      }),
      at(energy('0.40')),
    ],
    periods: charged('2026-01-11T21:00Z', '2026-01-12T06:00Z', '9'),
    excl: '2 x 0.10 + 7 x 0.40',
  }),
  priced('the window holds on each day of its dates', {
    elements: [
      at(energy('0.10'), {
        start_date: '2026-01-10',
        end_date: '2026-01-12',
        start_time: '12:00',
        end_time: '13:00',
      }),
      at(energy('0.40')),
    ],
    periods: charged('2026-01-09T23:00Z', '2026-01-11T23:00Z', '48'),
    excl: '2 x 0.10 + 46 x 0.40',
  }),
  priced('a leap day', {
    elements: [at(energy('0.10'), { start_date: '2028-02-29', end_date: '2028-03-01' }), at(energy('0.40'))],
    periods: charged('2028-02-28T22:00Z', '2028-02-29T01:00Z', '3'),
    excl: '1 x 0.40 + 2 x 0.10',
  }),
  priced('the end of the leap day', {
    elements: [at(energy('0.10'), { start_date: '2028-02-29', end_date: '2028-03-01' }), at(energy('0.40'))],
    periods: charged('2028-02-29T22:00Z', '2028-03-01T00:00Z', '2'),
    excl: '1 x 0.10 + 1 x 0.40',
  }),
  priced('New Year', {
    elements: [at(energy('0.60'), { start_date: '2027-01-01' }), at(energy('0.40'))],
    periods: charged('2026-12-31T22:30Z', '23:30', '2'),
    excl: '1 x 0.40 + 1 x 0.60',
  }),
  priced('spring: a night of seven hours', {
    elements: dayAndNight,
    periods: charged('2026-03-28T22:00Z', '2026-03-29T05:00Z', '7'),
    excl: '7 x 0.20',
  }),
  priced('spring: an evening, the short night, a morning', {
    elements: dayAndNight,
    periods: charged('2026-03-28T21:00Z', '2026-03-29T06:00Z', '9'),
    excl: '1 x 0.40 + 7 x 0.20 + 1 x 0.40',
  }),
  priced('spring: a window that closes in the hour that is missing closes when it begins', {
    elements: dearTime('01:30', '02:30'),
    periods: charged('2026-03-29T00:00Z', '02:00', '4'),
    excl: '0.5 x 6 + 1.5 x 3',
  }),
  priced('spring: a window that opens in the hour that is missing opens after it', {
    elements: dearTime('02:30', '03:30'),
    periods: charged('2026-03-29T00:00Z', '02:00', '4'),
    excl: '0.5 x 6 + 1.5 x 3',
  }),
  priced('spring: two hours of duration are two real hours', {
    elements: [at(time('12'), { min_duration: 7200 })],
    periods: charged('2026-03-29T00:00Z', '03:00', '4'),
    excl: '1 x 12',
  }),
  priced('spring: a day of 23 hours', {
    elements: [at(energy('0.10'), { start_date: '2026-03-29', end_date: '2026-03-30' }), at(energy('1'))],
    periods: charged('2026-03-28T23:00Z', '2026-03-29T22:00Z', '23'),
    excl: '23 x 0.10',
  }),
  priced('autumn: a night of nine hours', {
    elements: dayAndNight,
    periods: charged('2026-10-24T21:00Z', '2026-10-25T06:00Z', '9'),
    excl: '9 x 0.20',
  }),
  priced('autumn: an evening, the long night, a morning', {
    elements: dayAndNight,
    periods: charged('2026-10-24T20:00Z', '2026-10-25T07:00Z', '11'),
    excl: '1 x 0.40 + 9 x 0.20 + 1 x 0.40',
  }),
  priced('autumn: a window within the doubled hour holds twice', {
    elements: dearTime('02:15', '02:45'),
    periods: charged('2026-10-24T23:00Z', '2026-10-25T03:00Z', '4'),
    excl: '2 x 0.5 x 6 + 3 x 3',
  }),
  priced('autumn: a window that closes in the doubled hour opens again', {
    elements: dearTime('01:00', '02:30'),
    periods: charged('2026-10-24T23:00Z', '2026-10-25T03:00Z', '4'),
    excl: '(1.5 + 0.5) x 6 + 2 x 3',
  }),
  priced('autumn: two hours of duration are two real hours', {
    elements: [at(time('12'), { min_duration: 7200 })],
    periods: charged('2026-10-25T00:00Z', '03:00', '4'),
    excl: '1 x 12',
  }),
  priced('autumn: a day of 25 hours', {
    elements: [at(energy('0.10'), { start_date: '2026-10-25', end_date: '2026-10-26' }), at(energy('1'))],
    periods: charged('2026-10-24T22:00Z', '2026-10-25T23:00Z', '25'),
    excl: '25 x 0.10',
  }),
  priced('New York, spring: a night of seven hours', {
    elements: dayAndNight,
    timeZone: 'America/New_York',
    periods: charged('2026-03-08T04:00Z', '11:00', '7'),
    excl: '7 x 0.20',
  }),
  priced('New York, autumn: a night of nine hours', {
    elements: dayAndNight,
    timeZone: 'America/New_York',
    periods: charged('2026-11-01T03:00Z', '12:00', '9'),
    excl: '9 x 0.20',
  }),
  priced('Lord Howe, autumn: clocks go back by half an hour, which is there twice', {
    elements: dearTime('01:30', '02:00'),
    timeZone: 'Australia/Lord_Howe',
    periods: charged('2026-04-04T14:00Z', '16:00', '4'),
    excl: '2 x 0.5 x 6 + 1 x 3',
  }),
  priced('Kolkata: an offset of half an hour', {
    elements: [at(energy('0.60'), { start_time: '18:30', end_time: '22:00' }), at(energy('0.30'))],
    timeZone: 'Asia/Kolkata',
    periods: charged('2026-01-15T12:00Z', '14:00', '2'),
    excl: '1 x 0.30 + 1 x 0.60',
  }),
  priced('Kathmandu: midnight at 18:15 UTC', {
    elements: [at(energy('0.60'), { start_date: '2026-01-16' }), at(energy('0.40'))],
    timeZone: 'Asia/Kathmandu',
    periods: charged('2026-01-15T17:15Z', '19:15', '2'),
    excl: '1 x 0.40 + 1 x 0.60',
  }),
  priced('Auckland: Friday begins on Thursday, 11:00 UTC', {
    elements: [at(energy('0.10'), { day_of_week: ['FRIDAY'] }), at(energy('0.50'))],
    timeZone: 'Pacific/Auckland',
    periods: charged('2026-01-15T10:00Z', '12:00', '2'),
    excl: '1 x 0.50 + 1 x 0.10',
  }),
  priced('a month of idle days: 31 times 12 hours', {
    elements: [at(parking('1'), { start_time: '08:00', end_time: '20:00' })],
    periods: [aPeriod('IDLE', '2025-12-31T23:00Z', '2026-01-31T23:00Z')],
    excl: '31 x 12 x 1',
  }),
  priced('thirds of energy: ten kWh in three hours, cut at midnight to whole milliwatt-hours', {
    elements: [at(energy('0.30'), { start_date: '2026-01-16' }), at(energy('0.50'))],
    periods: charged('2026-01-15T21:00Z', '2026-01-16T00:00Z', '10'),
    excl: '6.666667 x 0.50 + 3.333333 x 0.30',
  }),
];
