/** Restrictions on energy, duration, power and current; minimum inclusive, maximum exclusive. */
import { type TableCase, at, element, energy, flat, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';
import type { PricingPeriod } from '../slices.js';

const hour = (kwh: string, more: Partial<PricingPeriod> = {}): PricingPeriod[] => [
  aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', kwh, more),
];
const halfHour = (kwh: string, more: Partial<PricingPeriod> = {}): PricingPeriod[] => [
  aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', kwh, more),
];
const minutes = (kind: PricingPeriod['kind'], from: string, to: string, kwh?: string) =>
  aPeriod(kind, `2026-01-15T${from}Z`, to, kwh);
const firstTen = [at(energy('0.20'), { max_kwh: 10 }), at(energy('0.50'))];
const feeFrom30 = [element([energy('0.30')]), at(flat('5'), { min_kwh: 30 })];
const fast = [at(energy('0.60'), { min_power: 50 }), at(energy('0.30'))];
const slow = [at(energy('0.30'), { max_power: 22 }), at(energy('0.50'))];
const strong = [at(time('2'), { min_current: 32 }), at(time('1'))];
const weak = [at(time('2'), { max_current: 48 }), at(time('3'))];
const current = (min: number, max: number) => ({ currentMa: { min, max } });
const power = (min: number, max: number) => ({ powerW: { min, max } });

export const AMOUNT_CASES: readonly TableCase[] = [
  priced('exactly the first 10 kWh', { elements: firstTen, periods: hour('10'), excl: '10 x 0.20' }),
  priced('one Wh more', { elements: firstTen, periods: hour('10.001'), excl: '10 x 0.20 + 0.001 x 0.50' }),
  priced('three tiers', {
    elements: [at(energy('0.20'), { max_kwh: 10 }), at(energy('0.35'), { max_kwh: 30 }), at(energy('0.50'))],
    periods: hour('45'),
    excl: '10 x 0.20 + 20 x 0.35 + 15 x 0.50',
  }),
  priced('the dear tier named first', {
    elements: [at(energy('0.50'), { min_kwh: 20 }), at(energy('0.30'))],
    periods: hour('25'),
    excl: '20 x 0.30 + 5 x 0.50',
  }),
  priced('a cheap tier in the middle', {
    elements: [at(energy('0.10'), { min_kwh: 5, max_kwh: 15 }), at(energy('0.40'))],
    periods: hour('20'),
    excl: '5 x 0.40 + 10 x 0.10 + 5 x 0.40',
  }),
  priced('a limit between whole kWh', {
    elements: [at(energy('0.60'), { min_kwh: 1.5 }), at(energy('0.30'))],
    periods: hour('3'),
    excl: '1.5 x 0.30 + 1.5 x 0.60',
  }),
  priced('energy counts over all periods', {
    elements: firstTen,
    periods: [
      minutes('CHARGING', '09:00', '09:20', '4'),
      minutes('CHARGING', '09:20', '09:40', '4'),
      minutes('CHARGING', '09:40', '10:00', '4'),
    ],
    excl: '10 x 0.20 + 2 x 0.50',
  }),
  priced('a limit where a meter reading lies', {
    elements: [at(energy('0.20'), { max_kwh: 5 }), at(energy('0.50'))],
    periods: [minutes('CHARGING', '09:00', '09:30', '5'), minutes('CHARGING', '09:30', '10:00', '5')],
    excl: '5 x 0.20 + 5 x 0.50',
  }),
  priced('time is dear after 10 kWh, half an hour in', {
    elements: [at(time('6'), { min_kwh: 10 })],
    periods: hour('20'),
    excl: '0.5 x 6',
  }),
  priced('a fee from 30 kWh on, not reached', {
    elements: feeFrom30,
    periods: hour('29.999'),
    excl: '29.999 x 0.30',
  }),
  priced('a fee from 30 kWh on, passed', {
    elements: feeFrom30,
    periods: hour('31'),
    excl: '31 x 0.30 + 5',
  }),
  priced('a fee from 30 kWh on: nothing comes after the 30th', {
    elements: feeFrom30,
    periods: hour('30'),
    excl: '30 x 0.30',
  }),
  priced('a fee from 30 kWh on: the car stays after the 30th', {
    elements: feeFrom30,
    periods: [...hour('30'), minutes('IDLE', '10:00', '10:01')],
    excl: '30 x 0.30 + 5',
  }),
  priced('the first half hour is dear', {
    elements: [at(time('12'), { max_duration: 1800 }), at(time('4'))],
    periods: hour('5'),
    excl: '0.5 x 12 + 0.5 x 4',
  }),
  priced('duration runs while the station holds back and while the car is idle', {
    elements: [at(parking('6'), { min_duration: 3600 })],
    periods: [
      minutes('CHARGING', '09:00', '09:30', '5'),
      minutes('HELD', '09:30', '09:45'),
      minutes('IDLE', '09:45', '10:45'),
    ],
    excl: '45 / 60 x 6',
  }),
  priced('duration does not run during the reservation', {
    elements: [at(time('6'), { min_duration: 1800 })],
    periods: [minutes('RESERVED', '08:00', '09:00'), minutes('CHARGING', '09:00', '10:00', '5')],
    excl: '0.5 x 6',
  }),
  priced('half an hour within is free', {
    elements: [at(time('0'), { min_duration: 1800, max_duration: 3600 }), at(time('6'))],
    periods: [minutes('CHARGING', '09:00', '11:00', '5')],
    excl: '1.5 x 6',
  }),
  priced('energy after the first hour', {
    elements: [at(energy('0.60'), { min_duration: 3600 }), at(energy('0.30'))],
    periods: [minutes('CHARGING', '09:00', '11:00', '20')],
    excl: '10 x 0.30 + 10 x 0.60',
  }),
  priced('a second too long', {
    elements: [at(energy('0.30'), { max_duration: 3600 }), at(energy('0.60'))],
    periods: [minutes('CHARGING', '09:00', '10:00:01', '3.601')],
    excl: '3.6 x 0.30 + 0.001 x 0.60',
  }),
  priced('a pause between periods counts as duration, and costs nothing', {
    elements: [at(time('6'), { min_duration: 3600 }), at(time('3'))],
    periods: [minutes('CHARGING', '09:00', '09:30', '5'), minutes('CHARGING', '10:30', '11:00', '5')],
    excl: '0.5 x 3 + 0.5 x 6',
  }),
  priced('just not fast: 49.999 kW on average', {
    elements: fast,
    periods: halfHour('24.9995'),
    excl: '24.9995 x 0.30',
  }),
  priced('just fast: 50 kW on average', { elements: fast, periods: halfHour('25'), excl: '25 x 0.60' }),
  priced('22 kW is not below 22 kW', { elements: slow, periods: halfHour('11'), excl: '11 x 0.50' }),
  priced('21.999 kW is', { elements: slow, periods: halfHour('10.9995'), excl: '10.9995 x 0.30' }),
  priced('a minimum asks the lowest power of a period', {
    elements: fast,
    periods: hour('20', power(10_000, 60_000)),
    excl: '20 x 0.30',
  }),
  priced('a maximum asks the highest power of a period', {
    elements: slow,
    periods: hour('20', power(10_000, 60_000)),
    excl: '20 x 0.50',
  }),
  priced('power between two limits', {
    elements: [at(energy('0.45'), { min_power: 30, max_power: 60 }), at(energy('0.30'))],
    periods: hour('40', power(30_000, 59_999)),
    excl: '40 x 0.45',
  }),
  priced('time is cheap while nothing flows', {
    elements: [at(time('1'), { max_power: 1 }), at(time('5'))],
    periods: [minutes('CHARGING', '09:00', '10:00', '10'), minutes('HELD', '10:00', '11:00')],
    excl: '1 x 5 + 1 x 1',
  }),
  priced('32 A are at least 32 A', {
    elements: strong,
    periods: hour('7', current(32_000, 32_000)),
    excl: '1 x 2',
  }),
  priced('31.999 A are not', {
    elements: strong,
    periods: hour('7', current(31_999, 40_000)),
    excl: '1 x 1',
  }),
  priced('three phases of 16 A are not below 48 A', {
    elements: weak,
    periods: hour('11', current(48_000, 48_000)),
    excl: '1 x 3',
  }),
  priced('three phases of 15.9 A are', {
    elements: weak,
    periods: hour('11', current(6_000, 47_700)),
    excl: '1 x 2',
  }),
  priced('a current nobody told counts as none', { elements: weak, periods: hour('11'), excl: '1 x 2' }),
  priced('power and time of day together: 60 kW from 22:30 to 23:30', {
    elements: [
      at(energy('0.60'), { min_power: 50, start_time: '07:00', end_time: '23:00' }),
      at(energy('0.30')),
    ],
    periods: [aPeriod('CHARGING', '2026-01-15T21:30Z', '22:30', '60')],
    excl: '30 x 0.60 + 30 x 0.30',
  }),
  priced('energy and day together: the first 10 kWh on Saturdays', {
    elements: [at(energy('0.10'), { max_kwh: 10, day_of_week: ['SATURDAY'] }), at(energy('0.40'))],
    periods: [aPeriod('CHARGING', '2026-01-17T09:00Z', '10:00', '15')],
    excl: '10 x 0.10 + 5 x 0.40',
  }),
  priced('duration and current together', {
    elements: [at(time('8'), { min_duration: 1800, min_current: 16 }), at(time('2'))],
    periods: hour('11', current(16_000, 16_000)),
    excl: '0.5 x 2 + 0.5 x 8',
  }),
  priced('each dimension finds its element by itself', {
    elements: [
      element([energy('0.20'), time('1')], { max_kwh: 10 }),
      at(energy('0.50')),
      at(time('9'), { min_duration: 2700 }),
    ],
    periods: hour('20'),
    // Energy: 10 at 0.20, 10 at 0.50. Time: half an hour at 1, a quarter free, a quarter at 9.
    excl: '10 x 0.20 + 10 x 0.50 + 0.5 x 1 + 0.25 x 9',
  }),
  priced('the first element counts, not the best', {
    elements: [
      at(energy('0.50'), { min_power: 5 }),
      at(energy('0.20'), { min_power: 3 }),
      at(energy('0.10')),
    ],
    periods: hour('7'),
    excl: '7 x 0.50',
  }),
  priced('of one dimension priced twice in an element, as partners may, the first counts', {
    elements: [element([energy('0.30'), energy('0.60')])],
    periods: hour('10'),
    excl: '10 x 0.30',
  }),
  priced('an element for bookings (2.3.0) is for no session of ours', {
    elements: [at(energy('0.10'), { booking: 'BOOKING' }), at(energy('0.40'))],
    periods: hour('10'),
    excl: '10 x 0.40',
  }),
  priced('energy of no time at all, after the first 10 kWh', {
    elements: firstTen,
    periods: [minutes('CHARGING', '09:00', '09:00', '12')],
    excl: '10 x 0.20 + 2 x 0.50',
  }),
  priced('energy that flows while the car is idle is billed, too', {
    elements: [element([energy('0.30'), parking('6'), time('3')])],
    periods: [minutes('CHARGING', '09:00', '10:00', '10'), minutes('IDLE', '10:00', '10:30', '0.5')],
    excl: '10.5 x 0.30 + 1 x 3 + 0.5 x 6',
  }),
  priced('energy within the grace is billed, its time is not', {
    elements: [element([energy('0.30'), parking('6'), time('3')])],
    periods: [minutes('CHARGING', '09:00', '10:00', '10'), minutes('GRACE', '10:00', '10:30', '0.5')],
    excl: '10.5 x 0.30 + 1 x 3',
  }),
  priced('idle at night is free where parking has hours', {
    elements: [element([energy('0.30')]), at(parking('6'), { start_time: '08:00', end_time: '22:00' })],
    periods: [
      aPeriod('CHARGING', '2026-01-15T19:00Z', '20:00', '10'),
      aPeriod('IDLE', '2026-01-15T20:00Z', '2026-01-16T08:00Z'),
    ],
    excl: '10 x 0.30 + 1 x 6 + 1 x 6',
  }),
];
