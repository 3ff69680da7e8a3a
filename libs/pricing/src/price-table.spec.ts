/** Prices that no public source gives: each with its calculation by hand, which is worked out apart from the engine. */
import { decimal, roundMoney, sumDecimals } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import type { TableCase } from './case-table.js';
import { AMOUNT_CASES } from './cases/amount.cases.js';
import { CLOCK_CASES } from './cases/clock.cases.js';
import { LIMIT_CASES } from './cases/limit.cases.js';
import { RESERVATION_CASES } from './cases/reservation.cases.js';
import { SEVERAL_TARIFFS_CASES } from './cases/several-tariffs.cases.js';
import { INSTANT_CASES } from './cases/instant.cases.js';
import { SPOT_CASES } from './cases/spot.cases.js';
import { STEP_CASES } from './cases/step.cases.js';
import { TAX_CASES } from './cases/tax.cases.js';
import { workedOut } from './hand-calculation.js';
import { priceSession } from './pricing.js';
import { parseTariff } from './tariff-document.js';

const TABLES: Readonly<Record<string, readonly TableCase[]>> = {
  'by the clock': CLOCK_CASES,
  'by amount': AMOUNT_CASES,
  'in steps': STEP_CASES,
  'with taxes': TAX_CASES,
  'within limits': LIMIT_CASES,
  'under several tariffs': SEVERAL_TARIFFS_CASES,
  'of reservations': RESERVATION_CASES,
  'of the market': SPOT_CASES,
  'by instants': INSTANT_CASES,
};

describe.each(Object.entries(TABLES))('prices %s', (_topic, cases) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const price = priceSession({
      tariffs: one.tariffs.map((document) => parseTariff(document)),
      timeZone: one.timeZone,
      periods: one.periods,
      reservation: one.reservation,
    });
    const { total, byVatRate, currency, byTax } = price;
    expect({ excl: price.exact.total.excl.toFixed(), incl: price.exact.total.incl.toFixed() }).toEqual({
      excl: workedOut(one.excl),
      incl: workedOut(one.incl),
    });
    expect(total.excl.toFixed()).toBe(roundMoney(decimal(workedOut(one.excl)), currency).toFixed());
    expect(total.incl.toFixed()).toBe(roundMoney(decimal(workedOut(one.incl)), currency).toFixed());
    expect(sumDecimals(byVatRate.map((row) => row.excl)).toFixed()).toBe(total.excl.toFixed());
    expect(sumDecimals(byVatRate.map((row) => row.vat)).toFixed()).toBe(total.vat.toFixed());
    const taxes = byTax?.map((row) => [row.name, row.base.toFixed(), row.amount.toFixed()]);
    const expected = one.byTax?.map(([name, ...figures]) => [
      name,
      ...figures.map((figure) => decimal(figure).toFixed()),
    ]);
    expect(taxes).toEqual(expected);
    if (byTax) expect(sumDecimals(byTax.map((row) => row.amount)).toFixed()).toBe(total.vat.toFixed());
  });
});

describe('the tables', () => {
  it('have at least 150 cases, each named once', () => {
    const names = Object.values(TABLES).flatMap((cases) => cases.map((one) => one.name));
    expect(names.length).toBeGreaterThanOrEqual(150);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a calculation by hand', () => {
  it.each([
    ['1 + 2 x 3', '7'],
    ['(1 + 2) x 3 - 0.5', '8.5'],
    ['2 / 3', '0.666666666666666666666666666667'],
    ['1 - 2 x -0.5 - 3', '-1'],
    ['10 / 4 / 5 x 2', '1'],
    ['0 x 5', '0'],
  ])('%s is %s', (calculation, value) => {
    expect(workedOut(calculation)).toBe(value);
  });

  it.each(['', '1 +', '(1', '1 1', 'a', '1 ** 2'])('is refused when it is none: %s', (text) => {
    expect(() => workedOut(text)).toThrow(Error);
  });
});
