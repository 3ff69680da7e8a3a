/** Prices worked out by hand. Local time is Amsterdam's unless a case names another zone. */
import { type ElementDocument, aPeriod, component, element } from './pricing.builders.js';
import type { PricingPeriod } from './slices.js';
import type { ReservationOutcome } from './uses.js';

export interface PriceCase {
  readonly name: string;
  readonly elements: ElementDocument[];
  /** Other fields of the tariff document. */
  readonly tariff?: Record<string, unknown>;
  readonly timeZone?: string;
  readonly periods: PricingPeriod[];
  readonly reservation?: ReservationOutcome;
  readonly excl: string;
  readonly incl: string;
}

const dayAndNight = [
  element([component('ENERGY', '0.40', '21')], { start_time: '07:00', end_time: '23:00' }),
  element([component('ENERGY', '0.20', '21')], { start_time: '23:00', end_time: '07:00' }),
];
const dearSmallHour = [
  element([component('TIME', '6')], { start_time: '02:00', end_time: '03:00' }),
  element([component('TIME', '3')]),
];
const energyAndIdle = [element([component('ENERGY', '0.30'), component('PARKING_TIME', '6')])];

export const PRICE_CASES: readonly PriceCase[] = [
  {
    name: 'energy only: 12.345 kWh at 0.49, 21 % VAT',
    elements: [element([component('ENERGY', '0.49', '21')])],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '12.345')],
    excl: '6.05', // 6.04905
    incl: '7.32', // 7.3193505
  },
  {
    name: 'night price from 23:00 local: half of 20 kWh each',
    elements: dayAndNight,
    periods: [aPeriod('CHARGING', '2026-01-15T21:00Z', '23:00', '20')],
    excl: '6.00', // 10 x 0.40 + 10 x 0.20
    incl: '7.26',
  },
  {
    name: 'the same in summer, an hour earlier in UTC',
    elements: dayAndNight,
    periods: [aPeriod('CHARGING', '2026-07-15T20:00Z', '22:00', '20')],
    excl: '6.00',
    incl: '7.26',
  },
  {
    name: 'weekend price from midnight of Friday to Saturday',
    elements: [
      element([component('ENERGY', '0.30', '21')], { day_of_week: ['SATURDAY', 'SUNDAY'] }),
      element([component('ENERGY', '0.50', '21')]),
    ],
    periods: [aPeriod('CHARGING', '2026-01-16T22:00Z', '2026-01-17T00:00:00Z', '8')],
    excl: '3.20', // 4 x 0.50 + 4 x 0.30
    incl: '3.87', // 3.872
  },
  {
    name: 'spring night: the hour from 02:00 to 03:00 does not exist and is not billed',
    elements: dearSmallHour,
    periods: [aPeriod('CHARGING', '2026-03-29T00:30Z', '01:30', '5')],
    excl: '3.00', // 01:30 to 03:30 on the clock is one hour, all of it at 3
    incl: '3.00',
  },
  {
    name: 'autumn night: the hour from 02:00 to 03:00 happens twice and is billed twice',
    elements: dearSmallHour,
    periods: [aPeriod('CHARGING', '2026-10-24T23:30Z', '2026-10-25T02:30:00Z', '5')],
    excl: '15.00', // 2 h at 6, 1 h at 3
    incl: '15.00',
  },
  {
    name: 'autumn night: a window that opens inside the doubled hour opens twice',
    elements: [element([component('TIME', '6')], { start_time: '02:30', end_time: '04:00' })],
    periods: [aPeriod('CHARGING', '2026-10-25T00:00Z', '04:00', '5')],
    excl: '12.00', // 00:30-01:00Z, then 01:30-03:00Z
    incl: '12.00',
  },
  {
    name: 'time held back by the station is not idle',
    elements: energyAndIdle,
    periods: [
      aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10'),
      aPeriod('HELD', '2026-01-15T10:00Z', '12:00'),
    ],
    excl: '3.00',
    incl: '3.00',
  },
  {
    name: 'idle is billed after the grace',
    elements: energyAndIdle,
    periods: [
      aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10'),
      aPeriod('GRACE', '2026-01-15T10:00Z', '10:30'),
      aPeriod('IDLE', '2026-01-15T10:30Z', '12:00'),
    ],
    excl: '12.00', // 3 + 1.5 h at 6
    incl: '12.00',
  },
  {
    name: 'the first 10 kWh are cheaper',
    elements: [
      element([component('ENERGY', '0.20')], { max_kwh: 10 }),
      element([component('ENERGY', '0.50')]),
    ],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '25')],
    excl: '9.50', // 10 x 0.20 + 15 x 0.50
    incl: '9.50',
  },
  {
    name: 'the first hour is free',
    elements: [element([component('TIME', '12', '20')], { min_duration: 3600 })],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:30', '5')],
    excl: '6.00',
    incl: '7.20',
  },
  {
    name: 'a minimum price lifts both figures',
    elements: [element([component('ENERGY', '0.25', '10')])],
    tariff: { min_price: { excl_vat: 1, incl_vat: 1.1 } },
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '1')],
    excl: '1.00',
    incl: '1.10',
  },
  {
    name: 'a maximum price before VAT caps the price with VAT in proportion',
    elements: [element([component('FLAT', '5', '20'), component('ENERGY', '0.50', '10')])],
    tariff: { max_price: { excl_vat: '12' } },
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '20')],
    excl: '12.00', // of 15
    incl: '13.60', // 17 x 12 / 15
  },
  {
    name: 'a flat fee is due once per element, however often the element applies',
    elements: [
      element([component('FLAT', '1')], { start_time: '07:00', end_time: '23:00' }),
      element([component('FLAT', '2')], { start_time: '23:00', end_time: '07:00' }),
    ],
    periods: [
      aPeriod('CHARGING', '2026-01-15T20:00Z', '21:00', '1'),
      aPeriod('HELD', '2026-01-15T21:00Z', '21:30'),
      aPeriod('CHARGING', '2026-01-15T21:30Z', '22:30', '1'),
    ],
    excl: '3.00',
    incl: '3.00',
  },
  {
    name: 'the step of the last price rounds the whole time up, at the last price',
    elements: [
      element([component('TIME', '2', undefined, 3600)], { max_duration: 1800 }),
      element([component('TIME', '4', undefined, 900)]),
    ],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:36', '5')],
    excl: '2.00', // 36 min become 45: 30 min at 2, 15 min at 4
    incl: '2.00',
  },
  {
    name: 'yen have no minor unit',
    elements: [element([component('ENERGY', '31', '10')])],
    tariff: { currency: 'JPY' },
    timeZone: 'Asia/Tokyo',
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10.5')],
    excl: '326', // 325.5
    incl: '358', // 358.05
  },
  {
    name: 'dinars have three digits',
    elements: [element([component('ENERGY', '0.0455')])],
    tariff: { currency: 'KWD' },
    timeZone: 'Asia/Kuwait',
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '7.777')],
    excl: '0.354', // 0.3538535
    incl: '0.354',
  },
  {
    name: 'the time of an expired reservation has its own price instead of the usual one',
    elements: [
      element([component('TIME', '3', '20', 600)], { reservation: 'RESERVATION' }),
      element([component('TIME', '6', '20', 600)], { reservation: 'RESERVATION_EXPIRES' }),
    ],
    periods: [aPeriod('RESERVED', '2026-01-15T09:00Z', '09:12')],
    reservation: 'EXPIRED',
    excl: '2.00', // 12 min become 20, at 6
    incl: '2.40',
  },
  {
    name: 'no energy: only the flat fee',
    elements: [element([component('FLAT', '0.35'), component('ENERGY', '0.40')])],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:05')],
    excl: '0.35',
    incl: '0.35',
  },
  {
    name: 'an offer ends with the local year',
    elements: [
      element([component('ENERGY', '0.10')], { end_date: '2026-01-01' }),
      element([component('ENERGY', '0.40')]),
    ],
    periods: [aPeriod('CHARGING', '2025-12-31T22:00Z', '2026-01-01T00:00:00Z', '4')],
    excl: '1.00', // 2 x 0.10 + 2 x 0.40
    incl: '1.00',
  },
  {
    name: 'fast charging costs more while it is fast',
    elements: [
      element([component('ENERGY', '0.60')], { min_power: 50 }),
      element([component('ENERGY', '0.30')]),
    ],
    periods: [
      aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', '30'),
      aPeriod('CHARGING', '2026-01-15T09:30Z', '10:00', '10'),
    ],
    excl: '21.00', // 60 kW: 18, 20 kW: 3
    incl: '21.00',
  },
  {
    name: 'a dimension nothing prices is free',
    elements: [element([component('ENERGY', '0.30')], { start_time: '00:00', end_time: '06:00' })],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10')],
    excl: '0.00',
    incl: '0.00',
  },
];
