import { priceSchedule } from '@kilowatch/pricing';
import { aTariff, component, element, type ElementDocument } from '@kilowatch/pricing/builders';
import { describe, expect, it } from 'vitest';
import { isRefused, shownPrices, transparencyOf } from './transparency.js';

const energy = component('ENERGY', '0.50', '19');
const idle = component('PARKING_TIME', '6.00', '19');
const found = (
  elements: ElementDocument[],
  country: string,
  maxPowerW: number,
  over: Record<string, unknown> = {},
) =>
  transparencyOf(aTariff(elements, over), [{ country, maxPowerW }]).map(
    ({ rule, severity }) => `${rule} ${severity}`,
  );

describe('a tariff where it is assigned', () => {
  it.each<[string, ElementDocument[], string, number, Record<string, unknown>, string[]]>([
    ['per kWh at a fast charger', [element([energy])], 'NLD', 150_000, {}, []],
    ['per kWh with an occupancy fee at a fast charger', [element([energy, idle])], 'FRA', 50_000, {}, []],
    [
      'with a session fee at a fast charger',
      [element([energy, component('FLAT', '1')])],
      'NLD',
      50_000,
      {},
      ['AFIR_50_KW VIOLATION'],
    ],
    ['with a session fee of nothing', [element([energy, component('FLAT', '0')])], 'NLD', 50_000, {}, []],
    [
      'by time at a fast charger',
      [element([energy, component('TIME', '1')])],
      'ESP',
      350_000,
      {},
      ['AFIR_50_KW VIOLATION'],
    ],
    [
      'without a price per kWh at a fast charger',
      [element([idle])],
      'ITA',
      60_000,
      {},
      ['AFIR_50_KW VIOLATION'],
    ],
    ['with a session fee below 50 kW', [element([energy, component('FLAT', '1')])], 'NLD', 49_999, {}, []],
    [
      'with a session fee where the power is not known',
      [element([energy, component('FLAT', '1')])],
      'NLD',
      0,
      {},
      [],
    ],
    ['of a contract', [element([energy, component('FLAT', '1')])], 'NLD', 150_000, { type: 'REGULAR' }, []],
    [
      'of those who pay ad hoc',
      [element([energy, component('FLAT', '1')])],
      'NLD',
      150_000,
      { type: 'AD_HOC_PAYMENT' },
      ['AFIR_50_KW VIOLATION'],
    ],
    [
      'with a fee for reservations',
      [element([energy]), element([component('FLAT', '1')], { reservation: 'RESERVATION' })],
      'NLD',
      150_000,
      {},
      [],
    ],
    ['outside of the Union', [element([energy, component('FLAT', '1')])], 'CHE', 150_000, {}, []],
    [
      'by time in Germany',
      [element([component('TIME', '3')])],
      'DEU',
      22_000,
      {},
      ['PANGV_KWH VIOLATION', 'MESSEG_TIME WARNING'],
    ],
    ['with an idle fee in Germany', [element([energy, idle])], 'DEU', 22_000, {}, ['MESSEG_TIME WARNING']],
    [
      'by the hour in Germany',
      [element([energy], { start_time: '08:00', end_time: '20:00' }), element([energy])],
      'DEU',
      22_000,
      {},
      ['MESSEG_STEP WARNING'],
    ],
    [
      'by the market in Germany',
      [
        element([energy], { start_date_time: '2026-01-01T00:00:00Z', end_date_time: '2026-01-01T01:00:00Z' }),
        element([energy]),
      ],
      'DEU',
      22_000,
      {},
      ['MESSEG_STEP WARNING'],
    ],
    ['in dollars per kWh', [element([energy])], 'USA', 150_000, { currency: 'USD' }, []],
    ['in euro in the USA', [element([energy])], 'USA', 150_000, {}, ['NEVI_KWH VIOLATION']],
    [
      'by time in the USA',
      [element([component('TIME', '3')])],
      'USA',
      150_000,
      { currency: 'USD' },
      ['NEVI_KWH VIOLATION'],
    ],
    [
      'that rises during a session in the USA',
      [element([energy], { max_kwh: 20 }), element([energy])],
      'USA',
      150_000,
      { currency: 'USD' },
      ['NEVI_FIXED VIOLATION'],
    ],
    ['anywhere else', [element([component('TIME', '3')])], '', 150_000, {}, []],
  ])('%s', (_what, elements, country, maxPowerW, over, expected) => {
    expect(found(elements, country, maxPowerW, over)).toEqual(expected);
  });

  it('is judged once a country, and refused for a violation alone', () => {
    const tariff = aTariff([element([energy, idle, component('FLAT', '1')])]);
    const places = [150_000, 50_000, 22_000].map((maxPowerW) => ({ country: 'DEU', maxPowerW }));
    const findings = transparencyOf(tariff, [...places, { country: 'NLD', maxPowerW: 50_000 }]);
    expect(findings.map(({ rule, country }) => `${rule} ${country}`)).toEqual([
      'AFIR_50_KW DEU',
      'MESSEG_TIME DEU',
      'AFIR_50_KW NLD',
    ]);
    expect(isRefused(findings)).toBe(true);
    expect(isRefused(findings.filter(({ severity }) => severity === 'WARNING'))).toBe(false);
  });
});

describe('what a driver is shown', () => {
  // 0.50 with 19 % is 0.595; 6.00 an hour with 19 % is 7.14, 0.119 a minute.
  it('is the price per kWh, then per minute, then per session, with taxes', () => {
    const tariff = aTariff([
      element([component('FLAT', '1.00', '19'), idle, component('TIME', '0'), energy]),
    ]);
    const [now] = priceSchedule(tariff, 'Europe/Berlin', new Date('2026-06-01T10:00:00Z'));
    expect(shownPrices(now!).map(({ per, price }) => `${per} ${price.toFixed()}`)).toEqual([
      'KWH 0.595',
      'IDLE_MINUTE 0.119',
      'SESSION 1.19',
    ]);
  });
});
