/** Quote, receipt and recomputed invoice are one price, whatever the tariff and however the facts came. */
import { createHash } from 'node:crypto';
import { mwh } from '@kilowatch/kernel';
import { checkTariff, periodsFromSession } from '@kilowatch/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { type Quote, estimateUnderQuote, lockQuote, priceUnderQuote } from './quote.js';
import { type KnownSession, courseOf, revivedCourse } from './session-course.js';
import { stored } from './stored.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const MINUTE = 60_000;
/** The evening before the autumn clock change. */
const NOW = new Date('2026-10-24T18:00:00Z');
const after = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE);

const price = fc.integer({ min: 0, max: 9_999 }).map((n) => (n / 10_000).toFixed(4));
const taxes = fc.constantFrom<Record<string, unknown>>(
  {},
  { vat: '21' },
  { vat: 5.2 },
  {
    taxes: [
      { name: 'GST', percentage: 5 },
      { name: 'QST', percentage: '9.975' },
    ],
  },
);
const restrictions = fc.constantFrom<Record<string, unknown> | undefined>(
  undefined,
  { start_time: '23:00', end_time: '07:00' },
  { start_time: '02:15', end_time: '02:45' },
  { day_of_week: ['SUNDAY'] },
  { end_date: '2026-10-25' },
  { min_kwh: 7 },
  { max_kwh: 12 },
  { min_duration: 2_700 },
  { max_duration: 5_400 },
  { min_power: 10 },
  { max_power: 10 },
  { min_current: 6 },
);
const element = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'), { minLength: 1 }),
    fc.array(fc.tuple(price, fc.constantFrom(0, 1, 60, 900, 1000), taxes), { minLength: 4, maxLength: 4 }),
    restrictions,
  )
  .map(([types, parts, r]) => ({
    price_components: types.map((type, i) => {
      const [amount, step_size, taxed] = parts[i]!;
      return { type, price: amount, step_size, ...taxed };
    }),
    ...(r ? { restrictions: r } : {}),
  }));
const document = fc
  .record({
    elements: fc.array(element, { minLength: 1, maxLength: 4 }),
    tax_included: fc.constantFrom('YES', 'NO', undefined),
    max_price: fc.constantFrom(undefined, { excl_vat: 8 }, { excl_vat: 8, incl_vat: '9.5' }),
  })
  .map((parts) => ({ id: 'T', currency: 'EUR', ...parts }))
  .filter((one) => {
    try {
      return checkTariff(one) !== undefined;
    } catch {
      return false;
    }
  });
const quote: fc.Arbitrary<Quote> = document.map((one) =>
  lockQuote({ id: 'Q', document: one, tariffVersion: 1, timeZone: 'Europe/Amsterdam', now: NOW }, sha256),
);
const runs = { numRuns: 300 };

const state = fc.constantFrom('CHARGING', 'SUSPENDED_EV', 'SUSPENDED_EVSE', 'EV_CONNECTED');
/** States and readings in order of time, readings in one go among them; states may begin at the same instant. */
const session: fc.Arbitrary<KnownSession> = fc
  .record({
    states: fc.array(fc.tuple(fc.nat({ max: 60 }), state), { maxLength: 6 }),
    readings: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 9_000_000 })), {
      minLength: 1,
      maxLength: 8,
    }),
    idleGraceMinutes: fc.nat({ max: 30 }),
  })
  .map(({ states, readings, idleGraceMinutes }) => {
    let at = 0;
    const begun = states.map(([wait, name]) => ({ state: name, from: (at += wait) }));
    let from = 0;
    const intervals = readings.map(([minutes, energyMwh]) => {
      const start = from;
      from += minutes;
      return { from: after(start), to: after(from), energyMwh };
    });
    return {
      startedAt: NOW,
      until: after(Math.max(at, from) + 1),
      statePeriods: begun.map((one, i) => ({
        state: one.state,
        from: after(one.from),
        to: begun[i + 1] && after(begun[i + 1]!.from),
      })),
      intervals,
      energyMwh: intervals.reduce((sum, interval) => sum + interval.energyMwh, 0),
      idleGraceMinutes,
    };
  });

const receiptOf = (locked: Quote, known: KnownSession) =>
  priceUnderQuote(locked, periodsFromSession(courseOf(known)), sha256);

describe('the price of a session', () => {
  it('does not depend on the order in which its facts came', () => {
    const shuffled = session.chain((known) =>
      fc.record({
        known: fc.constant(known),
        statePeriods: fc.shuffledSubarray([...known.statePeriods], {
          minLength: known.statePeriods.length,
        }),
        intervals: fc.shuffledSubarray([...known.intervals], { minLength: known.intervals.length }),
      }),
    );
    fc.assert(
      fc.property(quote, shuffled, (locked, { known, statePeriods, intervals }) => {
        const late = receiptOf(locked, { ...known, statePeriods, intervals });
        expect(canonicalJson(late)).toBe(canonicalJson(receiptOf(locked, known)));
      }),
      runs,
    );
  });

  it('is the same from what was stored: quote, course and price', () => {
    fc.assert(
      fc.property(quote, session, (locked, known) => {
        const course = courseOf(known);
        const first = priceUnderQuote(locked, periodsFromSession(course), sha256);
        const kept = { ...locked, document: JSON.parse(JSON.stringify(locked.document)) as unknown };
        const again = priceUnderQuote(kept, periodsFromSession(revivedCourse(stored(course))), sha256);
        expect(canonicalJson(again)).toBe(canonicalJson(first));
        expect(first).not.toHaveProperty('exact');
      }),
      runs,
    );
  });

  it('is that of the quote when all went as planned, however often the meter was read', () => {
    const plan = fc.record({
      wait: fc.nat({ max: 900 }),
      charging: fc.integer({ min: 1, max: 300 }),
      idle: fc.nat({ max: 120 }),
      // 3.6, 7.2, 18 kW: whole mWh in each millisecond.
      power: fc.constantFrom(1, 2, 5),
      readAt: fc.uniqueArray(fc.integer({ min: 1, max: 299 }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(quote, plan, (locked, { wait, charging, idle, power, readAt }) => {
        const [start, full, end] = [after(wait), after(wait + charging), after(wait + charging + idle)];
        const edges = [0, ...readAt.filter((minute) => minute < charging).sort((a, b) => a - b), charging];
        const energy = (minutes: number) => minutes * MINUTE * power;
        const known: KnownSession = {
          startedAt: start,
          until: end,
          statePeriods: [
            { state: 'CHARGING', from: start, to: full },
            ...(idle > 0 ? [{ state: 'SUSPENDED_EV', from: full }] : []),
          ],
          intervals: edges.slice(1).map((to, i) => ({
            from: after(wait + edges[i]!),
            to: after(wait + to),
            energyMwh: energy(to - edges[i]!),
          })),
          energyMwh: energy(charging),
          idleGraceMinutes: 0,
        };
        const estimate = estimateUnderQuote(
          locked,
          { start, chargingMinutes: charging, idleMinutes: idle, energyMwh: mwh(energy(charging)) },
          sha256,
        );
        const { total, byVatRate, byTax, components } = receiptOf(locked, known);
        const { lines: _, periods: __, ...expected } = estimate;
        expect(canonicalJson({ total, byVatRate, byTax, components })).toBe(
          canonicalJson({
            total: expected.total,
            byVatRate: expected.byVatRate,
            byTax: expected.byTax,
            components: expected.components,
          }),
        );
      }),
      runs,
    );
  });
});
