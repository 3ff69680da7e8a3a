/** step_size: once per session on the pooled quantity, at the step and price of the last priced stretch. */
import { type TableCase, at, element, energy, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';
import type { PricingPeriod } from '../slices.js';

const minutes = (kind: PricingPeriod['kind'], from: string, to: string, kwh?: string) =>
  aPeriod(kind, `2026-01-15T${from}Z`, to, kwh);
const charged = (kwh: string) => [minutes('CHARGING', '09:00', '10:00', kwh)];
/** Before and after 17:00 local, with a reading at 17:00. */
const around17 = (before: string, after: string) => [
  minutes('CHARGING', '15:00', '16:00', before),
  minutes('CHARGING', '16:00', '17:00', after),
];
const until17 = { end_time: '17:00' };
const kWh = 1000;

export const STEP_CASES: readonly TableCase[] = [
  priced('a started kWh is a kWh', {
    elements: [at(energy('0.30', undefined, kWh))],
    periods: charged('3.2'),
    excl: '4 x 0.30',
  }),
  priced('a full kWh is one', {
    elements: [at(energy('0.30', undefined, kWh))],
    periods: charged('3'),
    excl: '3 x 0.30',
  }),
  priced('a milliwatt-hour starts the next', {
    elements: [at(energy('0.30', undefined, kWh))],
    periods: charged('3.000001'),
    excl: '4 x 0.30',
  }),
  priced('without a step the quantity is exact', {
    elements: [at(energy('0.30'))],
    periods: charged('3.200401'),
    excl: '3.200401 x 0.30',
  }),
  priced('a step of 1 rounds up to watt-hours', {
    elements: [at(energy('0.30', undefined, 1))],
    periods: charged('3.200401'),
    excl: '3.201 x 0.30',
  }),
  priced('no energy, no step', {
    elements: [at(energy('0.30', undefined, kWh))],
    periods: charged('0'),
    excl: '0 x 0.30',
  }),
  priced('energy of two prices is pooled, the last bears the step', {
    elements: [at(energy('0.40', undefined, kWh), until17), at(energy('0.20', undefined, kWh))],
    periods: around17('2.3', '2.3'),
    excl: '2.3 x 0.40 + 2.7 x 0.20',
  }),
  priced('the step of the last price counts: 1 Wh', {
    elements: [at(energy('0.40', undefined, kWh), until17), at(energy('0.20', undefined, 1))],
    periods: around17('2.3', '2.3'),
    excl: '2.3 x 0.40 + 2.3 x 0.20',
  }),
  priced('the step of the last price counts: 10 kWh', {
    elements: [at(energy('0.40', undefined, 1), until17), at(energy('0.20', undefined, 10 * kWh))],
    periods: around17('2.3', '2.3'),
    excl: '2.3 x 0.40 + 7.7 x 0.20',
  }),
  priced('free energy is not pooled: 5 kWh free, then 2.4', {
    elements: [at(energy('0'), { max_kwh: 5 }), at(energy('0.30', undefined, kWh))],
    periods: charged('7.4'),
    excl: '3 x 0.30',
  }),
  priced('a free last stretch bears no step', {
    elements: [at(energy('0.30', undefined, kWh), until17), at(energy('0', undefined, kWh))],
    periods: around17('2.4', '5'),
    excl: '3 x 0.30',
  }),
  priced('energy in idle time is pooled with the rest', {
    elements: [at(energy('0.30', undefined, kWh))],
    periods: [minutes('CHARGING', '09:00', '10:00', '2.3'), minutes('IDLE', '10:00', '11:00', '0.3')],
    excl: '3 x 0.30',
  }),
  priced('61 minutes in steps of a quarter of an hour', {
    elements: [at(time('4', undefined, 900))],
    periods: [minutes('CHARGING', '09:00', '10:01', '5')],
    excl: '75 / 60 x 4',
  }),
  priced('a second in steps of an hour', {
    elements: [at(time('4', undefined, 3600))],
    periods: [minutes('CHARGING', '09:00', '09:00:01', '5')],
    excl: '1 x 4',
  }),
  priced('an odd step: 100 s in steps of 7 s', {
    elements: [at(time('36', undefined, 7))],
    periods: [minutes('CHARGING', '09:00', '09:01:40', '5')],
    excl: '105 / 3600 x 36',
  }),
  priced('a second and a half in steps of a second', {
    elements: [at(time('3600', undefined, 1))],
    periods: [minutes('CHARGING', '09:00', '09:00:01.500', '5')],
    excl: '2 x 1',
  }),
  priced('charging is exact where parking is billed', {
    elements: [element([time('4', undefined, 900), parking('6', undefined, 900)])],
    periods: [minutes('CHARGING', '09:00', '10:01', '5'), minutes('IDLE', '10:01', '10:02')],
    excl: '61 / 60 x 4 + 15 / 60 x 6',
  }),
  priced('charging is rounded up where parking is free', {
    elements: [element([time('4', undefined, 900), parking('0', undefined, 900)])],
    periods: [minutes('CHARGING', '09:00', '10:01', '5'), minutes('IDLE', '10:01', '10:02')],
    excl: '75 / 60 x 4',
  }),
  priced('charging is rounded up where all parking was within the grace', {
    elements: [element([time('4', undefined, 900), parking('6', undefined, 900)])],
    periods: [minutes('CHARGING', '09:00', '10:01', '5'), minutes('GRACE', '10:01', '10:02')],
    excl: '75 / 60 x 4',
  }),
  priced('time held back is pooled with charging', {
    elements: [at(time('4', undefined, 1800))],
    periods: [minutes('CHARGING', '09:00', '09:20', '5'), minutes('HELD', '09:20', '09:30')],
    excl: '30 / 60 x 4',
  }),
  priced('a minute held back too long', {
    elements: [at(time('4', undefined, 1800))],
    periods: [minutes('CHARGING', '09:00', '09:20', '5'), minutes('HELD', '09:20', '09:31')],
    excl: '60 / 60 x 4',
  }),
  priced('parking of two stretches is pooled', {
    elements: [element([time('4', undefined, 900), parking('6', undefined, 900)])],
    periods: [
      minutes('CHARGING', '09:00', '09:30', '5'),
      minutes('IDLE', '09:30', '09:40'),
      minutes('CHARGING', '09:40', '10:10', '5'),
      minutes('IDLE', '10:10', '10:20'),
    ],
    excl: '60 / 60 x 4 + 30 / 60 x 6',
  }),
  priced('parking whose price doubles at 17:00: the step is at the last price', {
    elements: [at(parking('6', undefined, 900), until17), at(parking('12', undefined, 900))],
    periods: [minutes('IDLE', '15:50', '16:10')],
    excl: '10 / 60 x 6 + 20 / 60 x 12',
  }),
  priced('energy and time each have their step', {
    elements: [element([energy('0.30', undefined, kWh), time('4', undefined, 900)])],
    periods: [minutes('CHARGING', '09:00', '10:01', '3.2')],
    excl: '4 x 0.30 + 75 / 60 x 4',
  }),
  priced('a step is not limited by the restriction that its price is under', {
    elements: [at(energy('0.20', undefined, 10 * kWh), { max_kwh: 5 })],
    periods: charged('4'),
    excl: '10 x 0.20',
  }),
  priced('a step with VAT', {
    elements: [at(energy('0.30', '21', kWh))],
    periods: charged('3.2'),
    excl: '4 x 0.30',
    incl: '4 x 0.30 x 1.21',
  }),
];
