/**
 * What the examples of the OCPI specification come to (mod_tariffs and mod_cdrs of 2.2.1 and 2.3.0), as price cases: its
 * rates, quantities and results, told in our own way. All times are of a Monday in January in Amsterdam, an hour ahead of UTC.
 */
import { component, element, type ElementDocument } from './pricing.builders.js';

/** A price case with its result. */
export interface PriceExample {
  readonly id: string;
  readonly time_zone: string;
  readonly tariff: Readonly<Record<string, unknown>>;
  readonly cdr: Readonly<Record<string, unknown>>;
  readonly reservation_outcome?: 'used' | 'expired';
  /** By OCPI name: before VAT and with it, as decimal text. */
  readonly expected: Readonly<Record<string, readonly [excl: string, incl?: string]>>;
  /** Decimal places to which the result is told, where it is not told exactly. */
  readonly places?: number;
}

type Volumes = Readonly<Record<string, number>>;

interface Course {
  /** `[HH:MM:SS in UTC, volumes]` of each period. */
  readonly periods: readonly (readonly [string, Volumes])[];
  readonly end: string;
  readonly date?: string;
  readonly reservation?: 'used' | 'expired';
}

function example(
  id: string,
  elements: ElementDocument[],
  { periods, end, date = '2026-01-12', reservation }: Course,
  expected: PriceExample['expected'],
  more: { tariff?: Record<string, unknown>; places?: number } = {},
): PriceExample {
  const at = (time: string) => `${date}T${time}Z`;
  return {
    id,
    time_zone: 'Europe/Amsterdam',
    tariff: { id, currency: 'EUR', elements, ...more.tariff },
    cdr: {
      start_date_time: at(periods[0]![0]),
      end_date_time: at(end),
      currency: 'EUR',
      charging_periods: periods.map(([start, volumes]) => ({
        start_date_time: at(start),
        dimensions: Object.entries(volumes).map(([type, volume]) => ({ type, volume })),
      })),
    },
    ...(reservation ? { reservation_outcome: reservation } : {}),
    expected,
    ...(more.places === undefined ? {} : { places: more.places }),
  };
}

const oneHour = (kwh: number): Course => ({ periods: [['09:00:00', { ENERGY: kwh }]], end: '10:00:00' });
const hours = (start: string, end: string, volume: number): Course => ({
  periods: [[start, { TIME: volume }]],
  end,
});
const energy = component('ENERGY', '0.25', '10');
const fee = component('FLAT', '0.5', '20');
const session = element([fee, energy]);

/** A reservation of `minutes`, then 20 kWh. */
const reserved = (minutes: number): Course => ({
  periods: [
    ['09:00:00', { RESERVATION_TIME: Number((minutes / 60).toFixed(10)) }],
    [`09:${minutes}:00`, { ENERGY: 20 }],
  ],
  end: `10:${minutes}:00`,
  reservation: 'used',
});
const workdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];
const expiryFee = [
  element([component('FLAT', '4', '20')], { reservation: 'RESERVATION_EXPIRES' }),
  element([component('TIME', '2', '20', 600)], { reservation: 'RESERVATION' }),
  session,
];
/** Dearer from 17:00 on; no parking fee from 20:00 on. */
const evening = [
  element([component('TIME', '1.2', undefined, 1800), component('PARKING_TIME', '1', undefined, 900)], {
    start_time: '00:00',
    end_time: '17:00',
  }),
  element([component('TIME', '2.4', undefined, 900), component('PARKING_TIME', '1', undefined, 900)], {
    start_time: '17:00',
    end_time: '20:00',
  }),
  element([component('TIME', '2.4', undefined, 900)], { start_time: '20:00', end_time: '00:00' }),
];
const until17 = { start_time: '00:00', end_time: '17:00' };
const bySpeed = (limits: Record<string, number>, price: string) =>
  element([component('ENERGY', price, '20')], limits);

export const OCPI_EXAMPLES: readonly PriceExample[] = [
  example('energy', [element([energy])], oneHour(20), {
    total_cost: ['5', '5.5'],
    total_energy_cost: ['5', '5.5'],
  }),
  example('energy and a fee', [session], oneHour(20), {
    total_cost: ['5.5', '6.1'],
    total_fixed_cost: ['0.5', '0.6'],
    total_energy_cost: ['5', '5.5'],
  }),
  example(
    'a minimum price that is reached',
    [element([energy])],
    oneHour(20),
    { total_cost: ['5', '5.5'] },
    { tariff: { min_price: { excl_vat: 0.5, incl_vat: 0.55 } } },
  ),
  example(
    'energy, a fee and parking',
    [element([fee, energy, component('PARKING_TIME', '2', '20', 900)])],
    {
      periods: [
        ['09:00:00', { ENERGY: 20 }],
        ['10:00:00', { PARKING_TIME: 0.6666666667 }],
      ],
      end: '10:40:00',
    },
    {
      total_cost: ['7', '7.9'],
      total_fixed_cost: ['0.5', '0.6'],
      total_energy_cost: ['5', '5.5'],
      total_parking_cost: ['1.5', '1.8'],
    },
  ),
  example(
    'a maximum price that is exceeded',
    [session],
    oneHour(50),
    { total_cost: ['10', '11'] },
    { tariff: { max_price: { excl_vat: 10, incl_vat: 11 } } },
  ),
  example(
    'a maximum price that is not reached',
    [session],
    oneHour(30),
    { total_cost: ['8', '8.85'] },
    { tariff: { max_price: { excl_vat: 10, incl_vat: 11 } } },
  ),
  example('time', [element([component('TIME', '2', '10', 60)])], hours('09:00:00', '11:30:00', 2.5), {
    total_cost: ['5', '5.5'],
    total_time_cost: ['5', '5.5'],
  }),
  example(
    'an odd rate of VAT',
    [element([component('TIME', '1.9', '5.2', 300)])],
    hours('09:00:00', '11:30:00', 2.5),
    { total_cost: ['4.75', '5.00'] },
    { tariff: { type: 'AD_HOC_PAYMENT' }, places: 2 },
  ),
  example(
    'steps of 100 Wh',
    [element([fee, component('ENERGY', '0.25', '10', 100)])],
    oneHour(20.45),
    { total_cost: ['5.63', '6.24'], total_fixed_cost: ['0.5', '0.6'], total_energy_cost: ['5.13', '5.64'] },
    { tariff: { type: 'PROFILE_CHEAP' }, places: 2 },
  ),
  example(
    'by current, day and time of day',
    [
      element([component('FLAT', '2.5', '15')]),
      element([component('TIME', '1', '20', 900)], { max_current: 32 }),
      element([component('TIME', '2', '20', 600)], { min_current: 32, day_of_week: workdays }),
      element([component('TIME', '1.25', '20', 600)], {
        min_current: 32,
        day_of_week: ['SATURDAY', 'SUNDAY'],
      }),
      element([component('PARKING_TIME', '5', '10', 300)], {
        start_time: '09:00',
        end_time: '18:00',
        day_of_week: workdays,
      }),
      element([component('PARKING_TIME', '6', '10', 300)], {
        start_time: '10:00',
        end_time: '17:00',
        day_of_week: ['SATURDAY'],
      }),
    ],
    {
      periods: [
        ['08:30:00', { TIME: 2.75, MIN_CURRENT: 16, MAX_CURRENT: 16 }],
        ['11:15:00', { PARKING_TIME: 0.7 }],
      ],
      end: '11:57:00',
    },
    {
      total_cost: ['9', '10.3'],
      total_fixed_cost: ['2.5', '2.875'],
      total_time_cost: ['2.75', '3.3'],
      total_parking_cost: ['3.75', '4.125'],
    },
  ),
  example(
    'free of charge',
    [element([component('FLAT', '0', undefined, 0)])],
    { periods: [['09:00:00', { ENERGY: 20, TIME: 1 }]], end: '10:00:00' },
    { total_cost: ['0'] },
  ),
  example(
    'a reservation by the hour',
    [element([component('TIME', '5', '20', 60)], { reservation: 'RESERVATION' }), session],
    reserved(15),
    {
      total_cost: ['6.75', '7.6'],
      total_fixed_cost: ['0.5', '0.6'],
      total_energy_cost: ['5', '5.5'],
      total_reservation_cost: ['1.25', '1.5'],
    },
  ),
  example(
    'a reservation with a fee',
    [
      element([component('FLAT', '2', '20'), component('TIME', '5', '20', 300)], {
        reservation: 'RESERVATION',
      }),
      session,
    ],
    reserved(13),
    {
      total_cost: ['8.75', '10'],
      total_fixed_cost: ['0.5', '0.6'],
      total_energy_cost: ['5', '5.5'],
      total_reservation_cost: ['3.25', '3.9'],
    },
  ),
  example('a fee for expiry, not due', expiryFee, reserved(22), {
    total_cost: ['6.5', '7.3'],
    total_reservation_cost: ['1', '1.2'],
  }),
  example(
    'a fee for expiry, due',
    expiryFee,
    { periods: [['09:00:00', { RESERVATION_TIME: 1 }]], end: '10:00:00', reservation: 'expired' },
    { total_cost: ['6', '7.2'], total_reservation_cost: ['6', '7.2'] },
  ),
  example(
    'an hourly price for expiry, not due',
    [
      element([component('TIME', '6', '20', 600)], { reservation: 'RESERVATION_EXPIRES' }),
      element([component('TIME', '3', '20', 600)], { reservation: 'RESERVATION' }),
      session,
    ],
    reserved(22),
    { total_cost: ['7', '7.9'], total_reservation_cost: ['1.5', '1.8'] },
  ),
  example('steps of 1 Wh', [element([component('ENERGY', '0.25')])], oneHour(0.1152), {
    total_cost: ['0.029'],
  }),
  example('steps of 500 Wh', [element([component('ENERGY', '0.25', undefined, 500)])], oneHour(0.1152), {
    total_cost: ['0.125'],
  }),
  example(
    'the step of parking counts, not that of charging',
    evening,
    {
      periods: [
        ['15:55:00', { TIME: 0.0833333333 }],
        ['16:00:00', { TIME: 0.0833333333 }],
        ['16:05:00', { PARKING_TIME: 0.0333333333 }],
      ],
      end: '16:07:00',
    },
    { total_cost: ['0.55'], total_time_cost: ['0.3'], total_parking_cost: ['0.25'] },
  ),
  example(
    'parking becomes free',
    evening,
    {
      periods: [
        ['18:40:00', { TIME: 0.2 }],
        ['18:52:00', { PARKING_TIME: 0.1333333333 }],
        ['19:00:00', { PARKING_TIME: 0.2 }],
      ],
      end: '19:12:00',
    },
    { total_cost: ['0.73'], total_time_cost: ['0.48'], total_parking_cost: ['0.25'] },
  ),
  example(
    'the step of all energy together',
    [
      element([component('ENERGY', '0.2', undefined, 500)], until17),
      element([component('ENERGY', '0.27', undefined, 500)]),
    ],
    {
      periods: [
        ['15:00:00', { ENERGY: 4.3 }],
        ['16:00:00', { ENERGY: 1.1 }],
      ],
      end: '16:30:00',
    },
    { total_cost: ['1.184'] }, // 5.4 kWh become 5.5: 4.3 x 0.20 + 1.2 x 0.27
  ),
  example(
    'the step of all time together',
    [
      element([component('TIME', '5', undefined, 600)], until17),
      element([component('TIME', '7', undefined, 600)]),
    ],
    {
      periods: [
        ['15:54:00', { TIME: 0.1 }],
        ['16:00:00', { TIME: 0.3666666667 }],
      ],
      end: '16:22:00',
    },
    { total_cost: ['3.3'] }, // 28 min become 30: 6 min at 5, 24 min at 7
  ),
  example(
    'charging exact, parking rounded up',
    [element([component('TIME', '1', undefined, 600), component('PARKING_TIME', '2', undefined, 600)])],
    {
      periods: [
        ['09:00:00', { TIME: 0.35 }],
        ['09:21:00', { PARKING_TIME: 0.2666666667 }],
      ],
      end: '09:37:00',
    },
    { total_cost: ['1.016667'] }, // 21 min at 1, 20 min at 2: 0.35 + 2/3
    { places: 6 },
  ),
  example(
    'by power',
    [bySpeed({ max_power: 16 }, '0.2'), bySpeed({ max_power: 32 }, '0.35'), bySpeed({}, '0.5')],
    {
      periods: [
        ['09:00:00', { ENERGY: 1, MIN_POWER: 6, MAX_POWER: 6 }],
        ['09:10:00', { ENERGY: 40, MIN_POWER: 48, MAX_POWER: 48 }],
        ['10:00:00', { ENERGY: 0.5, MIN_POWER: 4, MAX_POWER: 4 }],
      ],
      end: '10:08:00',
    },
    { total_cost: ['20.3'] },
  ),
  example(
    'two hours, told as 1.973',
    [element([component('TIME', '2', '10', 300)])],
    { ...hours('21:39:09', '23:37:32', 1.973), date: '2026-06-29' },
    { total_cost: ['4', '4.4'], total_time_cost: ['4', '4.4'] },
  ),
];
