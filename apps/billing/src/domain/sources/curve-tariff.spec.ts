import { decimal } from '@kilowatch/kernel';
import { parseTariff, priceSchedule } from '@kilowatch/pricing';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { describe, expect, it } from 'vitest';
import { deliveryDay } from '../feeds/price-feed.js';
import {
  checkCurveTariff,
  curveDocument,
  fromThenOn,
  priceAt,
  readRule,
  type CurveTariff,
  type FallbackTariff,
} from './curve-tariff.js';

const AMSTERDAM = 'Europe/Amsterdam';
const definition = {
  elements: [element([component('ENERGY', '0', '21'), component('PARKING_TIME', '6', '21')])],
};
const fallback: FallbackTariff = {
  id: 'STD',
  version: 3,
  document: aDocument({
    elements: [element([component('ENERGY', '0.40', '21'), component('FLAT', '1', '21')])],
  }),
};
const aCurveTariff = (
  settings: Record<string, unknown> = { floor: '0' },
  over: Partial<CurveTariff> = {},
): CurveTariff => ({
  id: 'SPOT',
  currency: 'EUR',
  definition,
  idleGraceMinutes: null,
  timeZone: AMSTERDAM,
  rule: readRule('steps' in settings ? 'STEPS' : 'SPOT', settings),
  ...over,
});
/** One price an hour (or so many minutes) from a moment on. */
const curveFrom = (from: string, prices: readonly string[], minutes = 60) =>
  prices.map((value, index) => ({
    start: new Date(Date.parse(from) + index * minutes * 60_000),
    end: new Date(Date.parse(from) + (index + 1) * minutes * 60_000),
    value: decimal(value),
    unit: 'EUR',
  }));

describe('the price by the market', () => {
  // spot + 10 % of its amount + 0.05, not below 0.02, not above 0.60.
  const rule = readRule('SPOT', { marginPercent: '10', margin: '0.05', floor: '0.02', cap: '0.60' });
  it.each([
    ['0.10 + 0.01 + 0.05', '0.10', '0.16'],
    ['0 + 0 + 0.05', '0', '0.05'],
    ['-0.02 + 0.002 + 0.05', '-0.02', '0.032'],
    ['-0.10 + 0.01 + 0.05 = -0.04: the floor', '-0.10', '0.02'],
    ['0.50 + 0.05 + 0.05: the cap itself', '0.50', '0.6'],
    ['0.55 + 0.055 + 0.05 = 0.655: the cap', '0.55', '0.6'],
    ['0.1234567 + 0.01234567 + 0.05, to six places', '0.1234567', '0.185802'],
  ])('%s', (_hand, spot, price) => {
    expect(priceAt(rule, decimal(spot)).toFixed()).toBe(price);
  });

  it('has neither floor nor cap when none is named, and goes below zero', () => {
    const bare = readRule('SPOT', { margin: '0.01' });
    expect(priceAt(bare, decimal('-0.20')).toFixed()).toBe('-0.19');
    expect(priceAt(bare, decimal('9')).toFixed()).toBe('9.01');
  });
});

describe('the price by steps', () => {
  const rule = readRule('STEPS', {
    steps: [{ below: '30', price: '0.60' }, { below: '70', price: '0.45' }, { price: '0.30' }],
  });
  it.each([
    ['0', '0.6'],
    ['29.999', '0.6'],
    ['30', '0.45'],
    ['69.9', '0.45'],
    ['70', '0.3'],
    ['100', '0.3'],
    ['-5', '0.6'],
  ])('at %s is %s', (value, price) => {
    expect(priceAt(rule, decimal(value)).toFixed()).toBe(price);
  });
});

describe('the tariff of a curve', () => {
  const day = { from: new Date('2026-06-01T22:00Z'), to: new Date('2026-06-02T22:00Z') };

  it('has one element for neighbours of one price, its own fees beside, and the fallback behind', () => {
    const curve = curveFrom('2026-06-01T22:00Z', ['0.10', '0.10', '0.20', ...Array<string>(21).fill('0.30')]);
    const { document, gaps, note } = curveDocument(
      aCurveTariff({ margin: '0.05', floor: '0' }),
      curve,
      fallback,
      day,
    );
    expect(gaps).toEqual([]);
    expect(note).toBe(
      'Prices by the curve from 2026-06-01T22:00:00.000Z to 2026-06-02T22:00:00.000Z. Wherever it says nothing: tariff STD, version 3.',
    );
    expect(document.elements).toEqual([
      {
        price_components: [{ type: 'ENERGY', price: '0.15', vat: '21', step_size: 1 }],
        restrictions: {
          start_date_time: '2026-06-01T22:00:00.000Z',
          end_date_time: '2026-06-02T00:00:00.000Z',
        },
      },
      {
        price_components: [{ type: 'ENERGY', price: '0.25', vat: '21', step_size: 1 }],
        restrictions: {
          start_date_time: '2026-06-02T00:00:00.000Z',
          end_date_time: '2026-06-02T01:00:00.000Z',
        },
      },
      {
        price_components: [{ type: 'ENERGY', price: '0.35', vat: '21', step_size: 1 }],
        restrictions: {
          start_date_time: '2026-06-02T01:00:00.000Z',
          end_date_time: '2026-06-02T22:00:00.000Z',
        },
      },
      { price_components: [{ type: 'PARKING_TIME', price: '6', vat: '21', step_size: 1 }] },
      {
        price_components: [{ type: 'ENERGY', price: '0.40', vat: '21', step_size: 1 }],
        note: 'no price of the market is known for this time: that of tariff STD, version 3',
      },
    ]);
  });

  it('falls back for exactly the gap, and takes no other fee of the fallback', () => {
    const curve = [
      ...curveFrom('2026-06-01T22:00Z', ['0.10', '0.10', '0.10']),
      ...curveFrom('2026-06-02T02:00Z', Array<string>(20).fill('0.10')),
    ];
    const made = curveDocument(aCurveTariff(), curve, fallback, day);
    expect(made.gaps).toEqual([{ from: new Date('2026-06-02T01:00Z'), to: new Date('2026-06-02T02:00Z') }]);
    expect(made.note).toContain('nothing is known from 2026-06-02T01:00:00.000Z to 2026-06-02T02:00:00.000Z');
    const schedule = priceSchedule(parseTariff(made.document), AMSTERDAM, day.from, 24);
    expect(
      schedule.map((step) => [
        step.start.toISOString().slice(11, 16),
        step.perKwh?.excl.toFixed(),
        step.perSession,
      ]),
    ).toEqual([
      ['22:00', '0.1', null],
      ['01:00', '0.4', null],
      ['02:00', '0.1', null],
    ]);
  });

  it.each([
    ['23 hours', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 23],
    ['25 hours', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
  ])('has a price for each hour of the day of %s', (_what, from, to, hours) => {
    const prices = Array.from({ length: hours }, (_, hour) => `0.${String(hour + 10)}`);
    const window = { from: new Date(from), to: new Date(to) };
    const { document, gaps } = curveDocument(aCurveTariff(), curveFrom(from, prices), fallback, window);
    expect(gaps).toEqual([]);
    const schedule = priceSchedule(parseTariff(document), AMSTERDAM, window.from, hours);
    expect(schedule.map(({ perKwh }) => Number(perKwh!.excl.toFixed()))).toEqual(prices.map(Number));
  });

  it('has a price for each quarter of an hour, 100 of them on the day of 25 hours', () => {
    const day25 = deliveryDay(new Date('2026-10-25T11:00Z'), AMSTERDAM);
    const prices = Array.from({ length: 100 }, (_, index) => `0.${String(index + 100)}`);
    const curve = curveFrom(day25.from.toISOString(), prices, 15);
    const { document } = curveDocument(aCurveTariff(), curve, fallback, day25);
    expect((document.elements as unknown[]).length).toBe(102);
    const schedule = priceSchedule(parseTariff(document), AMSTERDAM, day25.from, 25);
    expect(schedule.map(({ perKwh }) => Number(perKwh!.excl.toFixed()))).toEqual(prices.map(Number));
  });

  it('says the same from a moment on when only what is over differs', () => {
    const now = new Date('2026-06-02T00:30Z');
    const first = curveDocument(
      aCurveTariff(),
      curveFrom('2026-06-01T22:00Z', ['0.1', '0.2', '0.3', '0.4']),
      fallback,
      day,
    );
    const again = curveDocument(
      aCurveTariff(),
      curveFrom('2026-06-01T22:00Z', ['0.9', '0.9', '0.3', '0.4']),
      fallback,
      day,
    );
    expect(fromThenOn(first.document, now)).toEqual(fromThenOn(again.document, now));
    const other = curveDocument(
      aCurveTariff(),
      curveFrom('2026-06-01T22:00Z', ['0.1', '0.2', '0.3', '0.5']),
      fallback,
      day,
    );
    expect(fromThenOn(first.document, now)).not.toEqual(fromThenOn(other.document, now));
  });
});

describe('what can become a tariff', () => {
  it.each<[string, Record<string, unknown>, Partial<CurveTariff>, string]>([
    ['a floor above the cap', { floor: '0.5', cap: '0.4' }, {}, 'BILLING_SOURCE_LIMITS'],
    ['prices below zero without a minimum', { margin: '0.1' }, {}, 'BILLING_SOURCE_FLOOR'],
    ['a floor below zero without a minimum', { floor: '-0.1' }, {}, 'BILLING_SOURCE_FLOOR'],
    ['a margin beyond sense', { marginPercent: '-101', floor: '0' }, {}, 'BILLING_SOURCE_MARGIN'],
    ['no element', { floor: '0' }, { definition: {} }, 'BILLING_SOURCE_DEFINITION'],
    [
      'several elements',
      { floor: '0' },
      { definition: { elements: [...definition.elements, ...definition.elements] } },
      'BILLING_SOURCE_DEFINITION',
    ],
    [
      'an element with restrictions',
      { floor: '0' },
      { definition: { elements: [element([component('ENERGY', '0')], { max_kwh: 1 })] } },
      'BILLING_SOURCE_DEFINITION',
    ],
    [
      'no energy',
      { floor: '0' },
      { definition: { elements: [element([component('FLAT', '1')])] } },
      'BILLING_SOURCE_DEFINITION',
    ],
    [
      'a fee that is wrong',
      { floor: '0' },
      { definition: { elements: [element([component('ENERGY', '0'), component('FLAT', '-1')])] } },
      'BILLING_TARIFF_PRICE_NEGATIVE',
    ],
    ['one step', { steps: [{ price: '1' }] }, {}, 'BILLING_SOURCE_STEPS'],
    [
      'steps that fall',
      { steps: [{ below: '5', price: '1' }, { below: '4', price: '1' }, { price: '1' }] },
      {},
      'BILLING_SOURCE_STEPS',
    ],
    [
      'a last step with a bound',
      {
        steps: [
          { below: '5', price: '1' },
          { below: '6', price: '1' },
        ],
      },
      {},
      'BILLING_SOURCE_STEPS',
    ],
    [
      'a step before the last without a bound',
      { steps: [{ price: '1' }, { price: '2' }] },
      {},
      'BILLING_SOURCE_STEPS',
    ],
    [
      'a step below zero',
      { steps: [{ below: '5', price: '-1' }, { price: '1' }] },
      {},
      'BILLING_SOURCE_STEPS',
    ],
  ])('is not %s', (_what, settings, over, code) => {
    expect(() => checkCurveTariff(aCurveTariff(settings, over))).toThrow(
      expect.objectContaining({ kind: 'INVALID', code }),
    );
  });

  it.each([[{ margin: 'much' }], [{ margin: '0.1234567' }], [{ margins: '1' }], [{ cap: '9999999' }]])(
    'has no rule %j',
    (settings) => {
      expect(() => readRule('SPOT', settings)).toThrow(
        expect.objectContaining({ code: 'BILLING_SOURCE_RULE' }),
      );
    },
  );

  it('is one with prices below zero above a minimum', () => {
    const withMinimum = { ...definition, min_price: { excl_vat: '0', incl_vat: '0' } };
    expect(() =>
      checkCurveTariff(aCurveTariff({ margin: '0.1' }, { definition: withMinimum })),
    ).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['in another currency', aDocument({ currency: 'CHF' })],
    ['with taxes in its prices', aDocument({ tax_included: 'YES' })],
    [
      'that leaves hours without a price',
      aDocument({ elements: [element([component('ENERGY', '1')], { end_time: '12:00' })] }),
    ],
    ['without a price of energy', aDocument({ elements: [element([component('TIME', '1')])] })],
  ])('does not fall back to a tariff %s', (_what, document) => {
    const window = { from: new Date('2026-06-01T22:00Z'), to: new Date('2026-06-02T22:00Z') };
    expect(() => curveDocument(aCurveTariff(), [], { ...fallback, document }, window)).toThrow(
      expect.objectContaining({ code: 'BILLING_SOURCE_FALLBACK' }),
    );
  });
});
