import { minorDigits } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { aPeriod, aTariff, component, element } from './pricing.builders.js';
import { PRICE_CASES } from './pricing.cases.js';
import { priceSession } from './pricing.js';

const AMSTERDAM = 'Europe/Amsterdam';

describe('prices worked out by hand', () => {
  it.each(PRICE_CASES.map((c) => [c.name, c] as const))('%s', (_name, given) => {
    const price = priceSession({
      tariffs: [aTariff(given.elements, given.tariff)],
      timeZone: given.timeZone ?? AMSTERDAM,
      periods: given.periods,
      reservation: given.reservation,
    });
    const digits = minorDigits(price.currency);
    expect({ excl: price.total.excl.toFixed(digits), incl: price.total.incl.toFixed(digits) }).toEqual({
      excl: given.excl,
      incl: given.incl,
    });
  });
});

describe('priceSession', () => {
  const tariff = aTariff([
    element(
      [component('FLAT', '1', '20'), component('ENERGY', '0.4', '10'), component('PARKING_TIME', '6', '20')],
      {
        start_time: '07:00',
        end_time: '23:00',
      },
    ),
    element([component('ENERGY', '0.2', '10')]),
  ]);
  const periods = [
    aPeriod('CHARGING', '2026-01-15T20:00Z', '23:00', '30'),
    aPeriod('HELD', '2026-01-15T23:00Z', '23:30'),
    aPeriod('IDLE', '2026-01-15T23:30Z', '2026-01-16T07:00:00Z'),
  ];
  const price = priceSession({ tariffs: [tariff], timeZone: AMSTERDAM, periods });

  it('lists one line per price, in order of time', () => {
    expect(price.lines.map((l) => [l.dimension, l.quantity.toFixed(), l.unit, l.excl.toFixed(2)])).toEqual([
      ['FLAT', '1', 'session', '1.00'],
      ['ENERGY', '20', 'kWh', '8.00'],
      ['ENERGY', '10', 'kWh', '2.00'],
      ['PARKING_TIME', '1', 'h', '6.00'],
    ]);
  });

  it('marks energy that was split between two meter readings', () => {
    expect(price.lines.map((l) => l.interpolated)).toEqual([false, true, true, false]);
  });

  it('totals by component and by VAT rate', () => {
    const { fixed, energy, time, parking, reservation } = price.components;
    expect([fixed, energy, time, parking, reservation].map((a) => a.incl.toFixed(2))).toEqual([
      '1.20',
      '11.00',
      '0.00',
      '7.20',
      '0.00',
    ]);
    expect(
      price.byVatRate.map((r) => [r.vatPercent?.toFixed(), r.excl.toFixed(2), r.vat.toFixed(2)]),
    ).toEqual([
      ['20', '7.00', '1.40'],
      ['10', '10.00', '1.00'],
    ]);
  });

  it('counts time by kind', () => {
    expect(price.durationMs).toEqual({
      CHARGING: 10_800_000,
      HELD: 1_800_000,
      IDLE: 27_000_000,
      GRACE: 0,
      RESERVED: 0,
    });
    expect(price.energyMwh).toBe(30_000_000);
  });

  it('keeps a period for each change that matters to the price', () => {
    expect(price.periods.map((p) => [p.kind, p.start.toISOString().slice(11, 16), p.energyMwh])).toEqual([
      ['CHARGING', '20:00', 20_000_000],
      ['CHARGING', '22:00', 10_000_000],
      ['HELD', '23:00', 0],
      ['IDLE', '23:30', 0],
      ['IDLE', '06:00', 0],
    ]);
  });

  it('charges nothing for nothing', () => {
    const nothing = priceSession({ tariffs: [tariff], timeZone: AMSTERDAM, periods: [] });
    expect(nothing.lines).toEqual([]);
    expect(nothing.byVatRate).toEqual([]);
    expect(nothing.total.incl.eq('0')).toBe(true);
  });

  it('bills energy that was metered in no time at all', () => {
    const jump = [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:00', '5')];
    expect(
      priceSession({ tariffs: [tariff], timeZone: AMSTERDAM, periods: jump }).components.energy.excl.toFixed(
        2,
      ),
    ).toBe('2.00');
  });

  it('refuses an unknown time zone when local time matters', () => {
    expect(() => priceSession({ tariffs: [tariff], timeZone: 'Mars/Olympus', periods })).toThrow(
      expect.objectContaining({ code: 'TIME_ZONE_UNKNOWN' }),
    );
  });

  it.each([
    ['there is none', []],
    [
      'they are in two currencies',
      [
        aTariff([element([component('ENERGY', '1')])]),
        aTariff([element([component('ENERGY', '1')])], { id: 'T2', currency: 'CHF' }),
      ],
    ],
    ['two have one id', [tariff, tariff]],
  ])('refuses tariffs when %s', (_what, tariffs) => {
    expect(() => priceSession({ tariffs, timeZone: AMSTERDAM, periods })).toThrow(
      expect.objectContaining({ kind: 'INVALID', code: 'BILLING_TARIFFS_INVALID' }),
    );
  });

  it.each([
    [
      'name a tariff that is not there',
      [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '1', { tariffId: 'X' })],
    ],
    [
      'overlap',
      [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00'), aPeriod('CHARGING', '2026-01-15T09:59Z', '11:00')],
    ],
    ['run backwards', [aPeriod('CHARGING', '2026-01-15T09:00Z', '08:00')]],
    ['carry negative energy', [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '-1')]],
    [
      'reserve after the start',
      [aPeriod('IDLE', '2026-01-15T09:00Z', '10:00'), aPeriod('RESERVED', '2026-01-15T10:00Z', '11:00')],
    ],
    ['deliver energy to a reservation', [aPeriod('RESERVED', '2026-01-15T10:00Z', '11:00', '1')]],
    ['have no date', [aPeriod('CHARGING', 'x', '10:00')]],
  ])('refuses periods that %s', (_what, bad) => {
    expect(() => priceSession({ tariffs: [tariff], timeZone: AMSTERDAM, periods: bad })).toThrow(
      expect.objectContaining({ kind: 'INVALID', code: 'BILLING_PERIODS_INVALID' }),
    );
  });
});
