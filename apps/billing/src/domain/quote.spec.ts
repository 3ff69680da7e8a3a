import { createHash } from 'node:crypto';
import { mwh } from '@kilowatch/kernel';
import { parseTariff, periodsFromSession, priceSession } from '@kilowatch/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { type QuoteRequest, estimateUnderQuote, lockQuote, priceUnderQuote, tariffOfQuote } from './quote.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const NOW = new Date('2026-10-24T20:00:00Z');
const dayAndNight = aDocument({
  elements: [
    element([component('ENERGY', '0.40', '21'), component('PARKING_TIME', '6', '21')], {
      start_time: '07:00',
      end_time: '23:00',
    }),
    element([component('ENERGY', '0.20', '21')]),
  ],
});
const aQuote = (parts: Partial<QuoteRequest> = {}) =>
  lockQuote(
    { id: 'Q1', document: dayAndNight, tariffVersion: 3, timeZone: 'Europe/Amsterdam', now: NOW, ...parts },
    sha256,
  );

describe('lockQuote', () => {
  it('locks version, zone and hash for fifteen minutes', () => {
    expect(aQuote()).toMatchObject({
      tariffId: 'T1',
      tariffVersion: 3,
      currency: 'EUR',
      expiresAt: new Date('2026-10-24T20:15:00Z'),
      timeVariable: true,
      conditional: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('shows the prices of the next 24 hours, through the clock change', () => {
    const shown = aQuote().schedule.map((e) => [
      e.start.toISOString().slice(0, 16),
      e.perKwh?.incl.toFixed(),
      e.perHourIdle?.incl.toFixed(),
    ]);
    expect(shown).toEqual([
      ['2026-10-24T20:00', '0.484', '7.26'],
      ['2026-10-24T21:00', '0.242', undefined],
      ['2026-10-25T06:00', '0.484', '7.26'],
    ]);
    expect(aQuote().schedule[2]!.end.toISOString()).toBe('2026-10-25T20:00:00.000Z');
  });

  it('has one entry when the clock changes nothing', () => {
    const { schedule, timeVariable } = aQuote({ document: aDocument() });
    expect(timeVariable).toBe(false);
    expect(schedule).toHaveLength(1);
    expect(schedule[0]).toMatchObject({ perHourCharging: null, perHourIdle: null, perSession: null });
  });

  it('refuses a tariff outside its validity', () => {
    const document = aDocument({ end_date_time: '2026-10-24T20:00:00Z' });
    expect(() => aQuote({ document })).toThrow(
      expect.objectContaining({ kind: 'PRECONDITION', code: 'BILLING_TARIFF_NOT_VALID_NOW' }),
    );
  });

  it('refuses a bad tariff', () => {
    expect(() => aQuote({ document: aDocument({ currency: 'XYZ' }) })).toThrow(
      'BILLING_TARIFF_CURRENCY_UNKNOWN',
    );
  });
});

describe('the hash of a quote', () => {
  it('does not depend on the order of keys', () => {
    const reordered = Object.fromEntries(Object.entries(dayAndNight).reverse());
    expect(aQuote({ document: reordered }).hash).toBe(aQuote().hash);
  });

  it.each([
    ['a price', { document: aDocument() }],
    ['the version', { tariffVersion: 4 }],
    ['the time zone', { timeZone: 'Europe/London' }],
  ])('changes with %s', (_what, parts) => {
    expect(aQuote(parts).hash).not.toBe(aQuote().hash);
  });

  it('betrays a quote that was altered after it was locked', () => {
    const altered = { ...aQuote(), document: aDocument() };
    expect(() => tariffOfQuote(altered, sha256)).toThrow(
      expect.objectContaining({ code: 'BILLING_QUOTE_ALTERED' }),
    );
    expect(() => priceUnderQuote(altered, [], sha256)).toThrow('BILLING_QUOTE_ALTERED');
  });
});

describe('quote and receipt', () => {
  it('are equal when the session goes as planned, at any hour', () => {
    const quote = aQuote();
    fc.assert(
      fc.property(
        fc.nat({ max: 1440 }),
        fc.integer({ min: 1, max: 600 }),
        fc.nat({ max: 600 }),
        fc.nat({ max: 80_000_000 }),
        (wait, charging, idle, energy) => {
          const start = new Date(NOW.getTime() + wait * 60_000);
          const full = new Date(start.getTime() + charging * 60_000);
          const end = new Date(full.getTime() + idle * 60_000);
          const estimate = estimateUnderQuote(
            quote,
            { start, chargingMinutes: charging, idleMinutes: idle, energyMwh: mwh(energy) },
            sha256,
          );
          const periods = periodsFromSession({
            start,
            end,
            states: [
              { state: 'CHARGING', from: start, to: full },
              { state: 'SUSPENDED_EV', from: full },
            ],
            intervals: [{ from: start, to: full, energyMwh: mwh(energy) }],
            fullToldAt: full,
            idleGraceMinutes: 0,
          });
          const receipt = priceUnderQuote(quote, periods, sha256);
          expect(JSON.stringify(receipt.total)).toBe(JSON.stringify(estimate.total));
          expect(JSON.stringify(receipt.lines)).toBe(JSON.stringify(estimate.lines));
        },
      ),
    );
  });

  it('stay equal when the tariff is changed after the quote was locked', () => {
    const document = structuredClone(dayAndNight);
    const quote = aQuote({ document: structuredClone(document) });
    document.elements = [element([component('ENERGY', '9.99', '21')])];
    const plan = { start: NOW, chargingMinutes: 60, energyMwh: mwh(10_000_000) };
    expect(estimateUnderQuote(quote, plan, sha256).total.excl.toFixed(2)).toBe('4.00');
  });

  it('come from the same engine', () => {
    const periods = [
      {
        start: NOW,
        end: new Date('2026-10-25T08:00:00Z'),
        kind: 'CHARGING' as const,
        energyMwh: mwh(44_000_000),
      },
    ];
    const { exact: _, ...direct } = priceSession({
      tariffs: [parseTariff(dayAndNight)],
      timeZone: 'Europe/Amsterdam',
      periods,
    });
    expect(JSON.stringify(priceUnderQuote(aQuote(), periods, sha256))).toBe(JSON.stringify(direct));
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth, keeps lists in order and drops what JSON does not have', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }, 2], a: new Date(0) })).toBe(
      '{"a":"1970-01-01T00:00:00.000Z","b":[{"d":1},2]}',
    );
  });
});
