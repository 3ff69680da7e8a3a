import { ZERO, decimal, mwh, sumDecimals } from '@kilowatch/kernel';
import type { MeteredInterval, SessionCourse } from '@kilowatch/pricing';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issueCdr } from './cdr.js';
import {
  courseUnder,
  decidedEnergy,
  decidedReason,
  decisionNote,
  priceUnder,
  type BillDecision,
} from './decision.js';
import { issueInvoice } from './invoice.js';
import { lockQuote, priceUnderQuote } from './quote.js';

const START = new Date('2026-01-15T09:00:00Z');
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000);
const digest = (text: string) => text;

const course = (...energies: number[]): SessionCourse => ({
  start: START,
  end: at(60),
  states: [],
  intervals: energies.map((energy, index): MeteredInterval => ({
    from: at(index),
    to: at(index + 1),
    energyMwh: mwh(energy),
  })),
  idleGraceMinutes: 0,
});
const toEnergy = (energy: number) => ({ kind: 'ENERGY' as const, energyMwh: mwh(energy) });
const toAmount = (amount: string) => ({ kind: 'AMOUNT' as const, inclVat: decimal(amount) });

/** 0.125 plus 20 %, and 0.2533 per kWh plus 10 %. */
const quote = lockQuote(
  {
    id: 'Q',
    document: aDocument({
      elements: [element([component('FLAT', '0.125', '20'), component('ENERGY', '0.2533', '10')])],
    }),
    tariffVersion: 1,
    timeZone: 'UTC',
    now: START,
  },
  digest,
);
const priceOf = (energy: number) =>
  priceUnderQuote(quote, [{ start: START, end: at(60), kind: 'CHARGING', energyMwh: mwh(energy) }], digest);
const decision = (over: Partial<BillDecision> = {}): BillDecision => ({
  id: 'D',
  kind: 'WAIVE',
  energyMwh: null,
  inclVat: null,
  reason: 'The meter was wrong.',
  decidedBy: 'operator',
  decidedAt: START,
  ...over,
});

describe('energy that was decided', () => {
  it('is spread like the measured one', () => {
    expect(courseUnder(course(6, 3, 1), toEnergy(5)).intervals.map(({ energyMwh }) => energyMwh)).toEqual([
      3, 1, 1,
    ]);
  });

  it('is all of it, whatever was measured, and no part is negative', () => {
    const energies = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(energies, fc.integer({ min: 0, max: 5_000_000_000 }), (measured, wanted) => {
        const parts = courseUnder(course(...measured), toEnergy(wanted)).intervals.map(
          ({ energyMwh }) => energyMwh as number,
        );
        expect(parts.reduce((a, b) => a + b, 0)).toBe(wanted);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('lies over the whole session where none was measured', () => {
    expect(courseUnder(course(0, 0), toEnergy(7)).intervals).toEqual([
      { from: START, to: at(60), energyMwh: 7 },
    ]);
  });

  it('changes nothing where another thing was decided', () => {
    const measured = course(6, 4);
    expect(courseUnder(measured, undefined)).toBe(measured);
    expect(courseUnder(measured, { kind: 'AS_MEASURED', energyMwh: null })).toBe(measured);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 5_000_001])('is refused as %s Wh', (wh) => {
    expect(() => decidedEnergy(wh)).toThrow(expect.objectContaining({ code: 'BILLING_ENERGY' }));
  });

  it('is read to the milliwatt-hour', () => {
    expect(decidedEnergy(1234.5678)).toBe(1_234_568);
  });
});

describe('an amount that was decided', () => {
  // 10 kWh: 0.125 x 1.2 + 2.533 x 1.1 = 2.94 (excl. 2.66); half of it.
  it('takes its share off each VAT rate', () => {
    const before = priceOf(10_000_000);
    expect(before.total.incl.toFixed(2)).toBe('2.94');
    const price = priceUnder(before, toAmount('1.47'));
    expect(price.total.incl.toFixed(2)).toBe('1.47');
    expect(price.adjustment).toMatchObject({ reason: 'AGREED' });
    expect(price.adjustment!.incl.toFixed(2)).toBe('-1.47');
    for (const row of price.byVatRate) {
      const rate = row.vatPercent!.div('100');
      expect(Math.abs(Number(row.excl.times(rate).minus(row.vat).toFixed()))).toBeLessThanOrEqual(0.01);
    }
  });

  it('always adds up: rates, totals and the lines of the invoice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90_000_000 }), fc.nat(1_000), (energy, permille) => {
        const before = priceOf(energy);
        const amount = before.total.incl.times(decimal(permille)).div('1000').round(2, 0);
        const price = priceUnder(before, { kind: 'AMOUNT', inclVat: amount });
        const { total, byVatRate } = price;
        expect(total.incl.eq(amount)).toBe(true);
        expect(total.excl.plus(total.vat).eq(total.incl)).toBe(true);
        expect(sumDecimals(byVatRate.map((row) => row.vat)).eq(total.vat)).toBe(true);
        expect(byVatRate.every((row) => row.excl.gte('0') && row.vat.gte('0'))).toBe(true);
        const cdr = issueCdr({ id: 'C', sessionId: 'S', issuedAt: at(61), quote, price });
        const party = { name: 'Seller', address: 'Street', country: 'NL' };
        const invoice = issueInvoice({
          ...{ id: 'I', number: 'KW-2026-000001', issuedAt: at(61), accountId: 'A' },
          ...{ seller: party, buyer: party, cdrs: [cdr] },
        });
        expect(sumDecimals(invoice.lines.map((line) => line.incl)).eq(amount)).toBe(true);
        expect(sumDecimals(invoice.lines.map((line) => line.vat)).eq(total.vat)).toBe(true);
      }),
    );
  });

  it('of nothing waives the session', () => {
    const price = priceUnder(priceOf(10_000_000), { kind: 'WAIVE', inclVat: null });
    expect(price.total.incl.eq(ZERO)).toBe(true);
    expect(price.total.vat.eq(ZERO)).toBe(true);
  });

  it('is the price itself when it is the same', () => {
    const price = priceOf(10_000_000);
    expect(priceUnder(price, toAmount('2.94'))).toBe(price);
    expect(priceUnder(price, undefined)).toBe(price);
  });

  it.each(['-0.01', '2.95', '1.005'])('is refused as %s', (amount) => {
    expect(() => priceUnder(priceOf(10_000_000), toAmount(amount))).toThrow(
      expect.objectContaining({ code: 'BILLING_AMOUNT' }),
    );
  });
});

describe('the note', () => {
  it('says what was decided and why, and not by whom', () => {
    const note = (over: Partial<BillDecision>) => decisionNote(decision(over), mwh(10_000_000), 'EUR');
    expect(note({ kind: 'ENERGY', energyMwh: mwh(8_000_000) })).toBe(
      'Looked at by a person on 2026-01-15, billed by 8 kWh in place of the 10 kWh of the meter: The meter was wrong.',
    );
    expect(note({ kind: 'AS_MEASURED' })).toContain('billed by the 10 kWh of the meter');
    expect(note({ kind: 'AMOUNT', inclVat: decimal('3') })).toContain('reduced to 3.00 EUR');
    expect(note({})).toContain('not billed');
    expect(note({})).not.toContain('operator');
  });

  it('needs a reason', () => {
    expect(decidedReason('  because  ')).toBe('because');
    for (const text of ['', '  ', 'x'.repeat(501)]) {
      expect(() => decidedReason(text)).toThrow(expect.objectContaining({ code: 'BILLING_REASON' }));
    }
  });
});
