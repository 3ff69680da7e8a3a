/** What holds of sessions at hours of the market whose energy is worth less than nothing, where the tariff lets them (docs/adr/0020). */
import { decimal, mwh, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PricedSession, type PricingPeriod, priceSession } from './pricing.js';
import { checkTariff } from './tariff-check.js';

const HOUR = 3_600_000;
const DAY = Date.UTC(2026, 4, 1);
const timeZone = 'Europe/Amsterdam';
/** Six decimals, as the market's tariffs have them. */
const price = fc.integer({ min: -900_000, max: 900_000 }).map((n) => (n / 1_000_000).toFixed(6));
const below = fc.integer({ min: -900_000, max: -1 }).map((n) => (n / 1_000_000).toFixed(6));
const vat = fc.constantFrom('0', '9', '21');
const hoursOf = (one: fc.Arbitrary<string>) => fc.array(one, { minLength: 24, maxLength: 24 });

const documentOf = (
  prices: readonly string[],
  more: Record<string, unknown> = {},
  tax = '21',
  step_size = 1,
) => ({
  id: 'SPOT',
  currency: 'EUR',
  negative_total: true,
  elements: prices.map((one, hour) => ({
    price_components: [{ type: 'ENERGY', price: one, vat: tax, step_size }],
    restrictions: {
      start_date_time: new Date(DAY + hour * HOUR).toISOString(),
      end_date_time: new Date(DAY + (hour + 1) * HOUR).toISOString(),
    },
  })),
  ...more,
});

/** Even power in whole mWh a millisecond, within the day: wherever it is cut, the energy is whole. */
const periods = fc
  .tuple(
    fc.integer({ min: 0, max: 20 * HOUR }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 40 * 60_000 }), fc.constantFrom(0, 1, 3)), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([start, parts]) => {
    let at = DAY + start;
    return parts.map(([ms, power]): PricingPeriod => {
      const period = { kind: 'CHARGING' as const, start: new Date(at), end: new Date(at + ms) };
      at += ms;
      return { ...period, energyMwh: mwh(ms * power) };
    });
  });

const priced = (document: unknown, list: readonly PricingPeriod[]) =>
  priceSession({ tariffs: [checkTariff(document)], timeZone, periods: list });
const figures = ({ total, exact, byVatRate }: PricedSession) =>
  JSON.stringify([total, exact.total, byVatRate]);
const runs = { numRuns: 300 };

describe('a session at hours below zero', () => {
  it('costs the same when a period is cut in two', () => {
    fc.assert(
      fc.property(hoursOf(price), vat, periods, fc.nat(), fc.nat(), (prices, tax, list, which, where) => {
        const document = documentOf(prices, {}, tax);
        const index = which % list.length;
        const one = list[index]!;
        const ms = one.end.getTime() - one.start.getTime();
        const part = where % ms;
        const middle = new Date(one.start.getTime() + part);
        const first = mwh((one.energyMwh / ms) * part);
        const cut = [
          ...list.slice(0, index),
          { ...one, end: middle, energyMwh: first },
          { ...one, start: middle, energyMwh: mwh(one.energyMwh - first) },
          ...list.slice(index + 1),
        ];
        expect(figures(priced(document, cut))).toBe(figures(priced(document, list)));
      }),
      runs,
    );
  });

  it('is the sum of its lines, and each line what its energy is worth', () => {
    fc.assert(
      fc.property(hoursOf(price), vat, periods, (prices, tax, list) => {
        const { lines, exact, total } = priced(documentOf(prices, {}, tax), list);
        const worth = sumDecimals(
          lines.map((line) => decimal(line.billedExact).times('0.000001').times(line.unitPrice)),
        );
        expect(worth.eq(exact.total.excl)).toBe(true);
        const factor = decimal(tax).times('0.01').plus('1');
        expect(exact.total.incl.minus(worth.times(factor)).abs().lte('1e-20')).toBe(true);
        // Each figure is rounded once: the lines differ from the total by less than a cent each.
        const most = decimal(lines.length + 1).times('0.005');
        expect(
          sumDecimals(lines.map((line) => line.incl))
            .minus(total.incl)
            .abs()
            .lte(most),
        ).toBe(true);
      }),
      runs,
    );
  });

  it('never costs anything when every hour is below zero, and is the mirror of the same hours above it', () => {
    fc.assert(
      fc.property(hoursOf(below), vat, periods, (prices, tax, list) => {
        // A step rounds up what is owed alone: without steps both are exact.
        const found = priced(documentOf(prices, {}, tax, 0), list);
        const above = prices.map((one) => one.slice(1));
        const mirror = priced(documentOf(above, {}, tax, 0), list);
        expect(found.total.incl.lte('0')).toBe(true);
        expect(found.exact.total.excl.neg().eq(mirror.exact.total.excl)).toBe(true);
        expect(found.exact.total.incl.neg().eq(mirror.exact.total.incl)).toBe(true);
      }),
      runs,
    );
  });

  it('costs at least the minimum of its tariff, before taxes and with them', () => {
    const limits = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 }));
    fc.assert(
      fc.property(hoursOf(price), periods, limits, (prices, list, [excl, more]) => {
        const least = { excl_vat: String(excl), incl_vat: String(excl + more) };
        const bare = priced(documentOf(prices), list);
        const { total, exact, adjustment } = priced(documentOf(prices, { min_price: least }), list);
        expect(exact.total.excl.gte(least.excl_vat) && exact.total.incl.gte(least.incl_vat)).toBe(true);
        const isAbove =
          bare.exact.total.excl.gte(least.excl_vat) && bare.exact.total.incl.gte(least.incl_vat);
        expect(adjustment === null).toBe(isAbove);
        expect(total.excl.plus(total.vat).eq(total.incl)).toBe(true);
      }),
      runs,
    );
  });
});
