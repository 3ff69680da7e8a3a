import { createHash } from 'node:crypto';
import { decimal, mwh, ZERO } from '@kilowatch/kernel';
import { parseTariff, periodsFromSession, priceSchedule, priceSession } from '@kilowatch/pricing';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laidOut, type Stretch } from '../feeds/curve.js';
import { deliveryDay } from '../feeds/price-feed.js';
import { estimateUnderQuote, lockQuote, priceUnderQuote } from '../quote.js';
import { curveDocument, priceAt, readRule, type CurveTariff, type FallbackTariff } from './curve-tariff.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const QUARTER_MS = 900_000;
const fallback: FallbackTariff = {
  id: 'STD',
  version: 1,
  document: aDocument({ elements: [element([component('ENERGY', '0.77', '21')])] }),
};
const aTariff = (rule: CurveTariff['rule'], timeZone: string): CurveTariff => ({
  id: 'SPOT',
  currency: 'EUR',
  definition: {
    elements: [element([component('ENERGY', '0', '21')])],
    min_price: { excl_vat: '0', incl_vat: '0' },
  },
  idleGraceMinutes: null,
  timeZone,
  rule,
});

/** Both clock-change days and an ordinary one, in zones that change by a whole hour, by half of one, and not at all. */
const days = fc.constantFrom('2026-03-29', '2026-10-25', '2026-06-15', '2026-04-05', '2026-10-04');
const zones = fc.constantFrom('Europe/Amsterdam', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata');
/** Quarters of an hour of two days with a price from -0.5 to 0.5, some of them not known. */
const prices = fc.array(fc.option(fc.integer({ min: -500, max: 500 }), { nil: undefined, freq: 8 }), {
  minLength: 192,
  maxLength: 192,
});
const rules = fc.record({
  marginPercent: fc.integer({ min: -50, max: 50 }).map(String),
  margin: fc.integer({ min: -100, max: 100 }).map((value) => decimal(value).times('0.001').toFixed()),
});

function curveOf(from: Date, values: readonly (number | undefined)[]): Stretch[] {
  return laidOut(
    values.flatMap((value, index) =>
      value === undefined
        ? []
        : [
            {
              start: new Date(from.getTime() + index * QUARTER_MS),
              end: new Date(from.getTime() + (index + 1) * QUARTER_MS),
              value: decimal(value).times('0.001'),
              unit: 'EUR',
            },
          ],
    ),
  );
}

describe('a curve that became a tariff', () => {
  it('prices every quarter of an hour as the curve says, and as the fallback where it says nothing', () => {
    fc.assert(
      fc.property(days, zones, prices, rules, (day, timeZone, values, settings) => {
        const { from } = deliveryDay(new Date(`${day}T11:00:00Z`), timeZone);
        const to = new Date(from.getTime() + values.length * QUARTER_MS);
        const rule = readRule('SPOT', settings);
        const { document } = curveDocument(aTariff(rule, timeZone), curveOf(from, values), fallback, {
          from,
          to,
        });
        const schedule = priceSchedule(parseTariff(document), timeZone, from, 48);
        values.forEach((value, index) => {
          const at = new Date(from.getTime() + index * QUARTER_MS + 1);
          const step = schedule.find(({ start, end }) => start <= at && at < end)!;
          const expected =
            value === undefined ? decimal('0.77') : priceAt(rule, decimal(value).times('0.001'));
          expect(step.perKwh!.excl.eq(expected)).toBe(true);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('costs what energy times price add up to, through gaps and clock changes, before the one rounding', () => {
    fc.assert(
      fc.property(
        days,
        prices,
        fc.nat({ max: 90 }),
        fc.integer({ min: 1, max: 96 }),
        (day, values, first, count) => {
          const timeZone = 'Europe/Amsterdam';
          const { from } = deliveryDay(new Date(`${day}T11:00:00Z`), timeZone);
          const to = new Date(from.getTime() + values.length * QUARTER_MS);
          const rule = readRule('SPOT', { margin: '0.25' });
          const { document } = curveDocument(
            {
              ...aTariff(rule, timeZone),
              definition: {
                elements: [element([component('ENERGY', '0')])],
                min_price: { excl_vat: '0', incl_vat: '0' },
              },
            },
            curveOf(from, values),
            { ...fallback, document: aDocument({ elements: [element([component('ENERGY', '0.77')])] }) },
            { from, to },
          );
          const start = new Date(from.getTime() + first * QUARTER_MS);
          const end = new Date(start.getTime() + count * QUARTER_MS);
          // One kWh a quarter.
          const energyMwh = mwh(count * 1_000_000);
          const { exact } = priceSession({
            tariffs: [parseTariff(document)],
            timeZone,
            periods: [{ start, end, kind: 'CHARGING', energyMwh }],
          });
          const sum = values
            .slice(first, first + count)
            .reduce(
              (total, value) =>
                total.plus(value === undefined ? '0.77' : priceAt(rule, decimal(value).times('0.001'))),
              ZERO,
            );
          const expected = sum.lt('0') ? ZERO : sum;
          expect(exact.total.excl.toFixed()).toBe(expected.toFixed());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is billed as it was quoted when the session goes as planned', () => {
    fc.assert(
      fc.property(
        days,
        zones,
        prices,
        fc.nat({ max: 90 }),
        fc.integer({ min: 1, max: 600 }),
        (day, timeZone, values, first, minutes) => {
          const { from } = deliveryDay(new Date(`${day}T11:00:00Z`), timeZone);
          const to = new Date(from.getTime() + values.length * QUARTER_MS);
          const { document } = curveDocument(
            aTariff(readRule('SPOT', {}), timeZone),
            curveOf(from, values),
            fallback,
            { from, to },
          );
          const start = new Date(from.getTime() + first * QUARTER_MS);
          const quote = lockQuote({ id: 'Q', document, tariffVersion: 1, timeZone, now: start }, sha256);
          const energyMwh = mwh(37_123_457);
          const end = new Date(start.getTime() + minutes * 60_000);
          const estimate = estimateUnderQuote(quote, { start, chargingMinutes: minutes, energyMwh }, sha256);
          const receipt = priceUnderQuote(
            quote,
            periodsFromSession({
              start,
              end,
              states: [{ state: 'CHARGING', from: start, to: end }],
              intervals: [{ from: start, to: end, energyMwh }],
              idleGraceMinutes: 0,
            }),
            sha256,
          );
          expect(JSON.stringify(receipt)).toBe(JSON.stringify(estimate));
        },
      ),
      { numRuns: 12 },
    );
  });
});
