import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDocument, component, element } from './pricing.builders.js';
import { priceSchedule } from './price-schedule.js';
import { parseTariff } from './tariff-document.js';
import { clockPutBack, localDocument } from './tariff-local.js';

const AMSTERDAM = 'Europe/Amsterdam';
const HOUR_MS = 3_600_000;
const dated = (price: string, from: string, to: string) =>
  element([component('ENERGY', price)], { start_date_time: from, end_date_time: to });
const rest = { ...element([component('ENERGY', '0.99')]), note: 'fallback' };
const restrictionsOf = (document: unknown) =>
  (document as { elements: { restrictions?: unknown }[] }).elements.map(({ restrictions }) => restrictions);

describe('prices by instants in local time', () => {
  it('are dates and times of day, a day at a time, and notes are gone', () => {
    const document = aDocument({
      elements: [
        dated('0.10', '2026-06-01T22:00:00Z', '2026-06-02T01:00:00Z'),
        dated('0.20', '2026-06-02T01:00:00Z', '2026-06-02T23:15:00Z'),
        rest,
      ],
    });
    const local = localDocument(document, AMSTERDAM, new Date('2026-06-01T12:00:00Z'));
    expect(restrictionsOf(local)).toEqual([
      { start_date: '2026-06-02', end_date: '2026-06-03', end_time: '03:00' },
      { start_date: '2026-06-02', end_date: '2026-06-03', start_time: '03:00' },
      { start_date: '2026-06-03', end_date: '2026-06-04', end_time: '01:15' },
      undefined,
    ]);
    expect(JSON.stringify(local)).not.toContain('fallback');
    expect(clockPutBack(document, AMSTERDAM)).toEqual([]);
  });

  it('leaves other documents as they are', () => {
    const document = aDocument();
    expect(localDocument(document, AMSTERDAM, new Date(0))).toBe(document);
    expect(clockPutBack(document, AMSTERDAM)).toEqual([]);
  });

  // 2026-10-25: 02:00 to 03:00 comes twice, at 00:00 and at 01:00 UTC, at 0.20 and at 0.30.
  const autumn = aDocument({
    elements: [
      dated('0.10', '2026-10-24T22:00:00Z', '2026-10-25T00:00:00Z'),
      dated('0.20', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'),
      dated('0.30', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'),
      dated('0.40', '2026-10-25T02:00:00Z', '2026-10-25T23:00:00Z'),
      rest,
    ],
  });
  const change = new Date('2026-10-25T01:00:00Z');

  it('end where the clock is put back, and go on from there when that has come', () => {
    expect(clockPutBack(autumn, AMSTERDAM)).toEqual([change]);
    const before = localDocument(autumn, AMSTERDAM, new Date('2026-10-24T12:00:00Z'));
    expect(before).toMatchObject({ end_date_time: change.toISOString() });
    expect(before).not.toHaveProperty('start_date_time');
    expect(restrictionsOf(before)).toEqual([
      { start_date: '2026-10-25', end_date: '2026-10-26', end_time: '02:00' },
      { start_date: '2026-10-25', end_date: '2026-10-26', start_time: '02:00', end_time: '03:00' },
      undefined,
    ]);
    const after = localDocument(autumn, AMSTERDAM, change);
    expect(after).toMatchObject({ start_date_time: change.toISOString() });
    expect(after).not.toHaveProperty('end_date_time');
    expect(restrictionsOf(after)).toEqual([
      { start_date: '2026-10-25', end_date: '2026-10-26', start_time: '02:00', end_time: '03:00' },
      { start_date: '2026-10-25', end_date: '2026-10-26', start_time: '03:00' },
      undefined,
    ]);
  });

  it('skip the hour that does not exist in spring', () => {
    const spring = aDocument({
      elements: [
        dated('0.10', '2026-03-28T23:00:00Z', '2026-03-29T01:00:00Z'),
        dated('0.20', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'),
        rest,
      ],
    });
    expect(clockPutBack(spring, AMSTERDAM)).toEqual([]);
    expect(restrictionsOf(localDocument(spring, AMSTERDAM, new Date('2026-03-28T12:00:00Z')))).toEqual([
      { start_date: '2026-03-29', end_date: '2026-03-30', end_time: '03:00' },
      { start_date: '2026-03-29', end_date: '2026-03-30', start_time: '03:00', end_time: '04:00' },
      undefined,
    ]);
  });

  it('cost the same by either, at every instant of the time that is told', () => {
    const days = fc.constantFrom('2026-03-28T23:00:00Z', '2026-10-24T22:00:00Z', '2026-06-01T22:00:00Z');
    const values = fc.array(fc.integer({ min: 10, max: 99 }), { minLength: 26, maxLength: 48 });
    fc.assert(
      fc.property(days, values, fc.nat({ max: 47 }), (day, prices, told) => {
        const start = Date.parse(day);
        const document = aDocument({
          elements: [
            ...prices.map((price, hour) =>
              dated(
                `0.${price}`,
                new Date(start + hour * HOUR_MS).toISOString(),
                new Date(start + (hour + 1) * HOUR_MS).toISOString(),
              ),
            ),
            rest,
          ],
        });
        const at = new Date(start + Math.min(told, prices.length - 1) * HOUR_MS);
        const local = parseTariff(localDocument(document, AMSTERDAM, at));
        const exact = parseTariff(document);
        for (let quarter = 0; quarter < 60; quarter += 1) {
          const moment = new Date(at.getTime() + quarter * 900_000);
          if (local.validUntil && moment >= local.validUntil) break;
          const priceOf = (tariff: typeof exact) =>
            priceSchedule(tariff, AMSTERDAM, moment, 0.01)[0]!.perKwh!.incl.toFixed();
          expect([moment, priceOf(local)]).toEqual([moment, priceOf(exact)]);
        }
      }),
      { numRuns: 8 },
    );
  });
});
