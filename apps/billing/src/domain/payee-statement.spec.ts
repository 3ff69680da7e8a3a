import fc from 'fast-check';
import { decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { balanceOf } from './ledger.js';
import {
  checkTerm,
  payableTo,
  postStatement,
  postStatementPaid,
  statementOf,
  type PayeeTerm,
  type StatedRevenue,
} from './payee-statement.js';

const stated = (over: Partial<StatedRevenue> = {}): StatedRevenue => ({
  ...{ termId: 't', locationId: 'l', locationName: 'Square', kind: 'ENERGY_SHARE', value: decimal('12.5') },
  ...{ correction: false, sessions: 2, energyMwh: 20_000_000, energyNet: decimal('8') },
  ...over,
});

describe('what a payee gets', () => {
  it.each<[string, Partial<StatedRevenue>, string]>([
    ['a share of the net price of the energy', {}, '1'],
    ['so much for each kWh', { kind: 'PER_KWH', value: decimal('0.0333') }, '0.67'],
    ['so much for each session', { kind: 'PER_SESSION', value: decimal('0.25') }, '0.5'],
    [
      'less for what was taken back',
      { kind: 'PER_KWH', value: decimal('0.1'), energyMwh: -5_000_000 },
      '-0.5',
    ],
    [
      'less for sessions that were taken back',
      { kind: 'PER_SESSION', value: decimal('0.25'), sessions: -1 },
      '-0.25',
    ],
  ])('is %s', (_what, over, amount) => {
    expect(statementOf([stated(over)], ZERO, 'EUR')!.earned.toFixed()).toBe(amount);
  });

  it('is nothing where nothing was billed, and no statement then', () => {
    expect(statementOf([], decimal('-3'), 'EUR')).toBeUndefined();
  });

  it('is never asked back: what is below zero goes into the next statement', () => {
    const first = statementOf([stated({ energyNet: decimal('-80') })], ZERO, 'EUR')!;
    expect([first.due.toFixed(), first.carriedOut.toFixed()]).toEqual(['0', '-10']);
    const second = statementOf([stated({ energyNet: decimal('96') })], first.carriedOut, 'EUR')!;
    expect([second.earned.toFixed(), second.due.toFixed(), second.carriedOut.toFixed()]).toEqual([
      '12',
      '2',
      '0',
    ]);
  });

  it('comes to what was earned in all, whatever is taken back and when, and the ledger says so', () => {
    const cents = fc.integer({ min: -5_000, max: 5_000 }).map((n) => decimal(String(n)).times('0.01'));
    fc.assert(
      fc.property(fc.array(fc.array(cents, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), (months) => {
        let carried = ZERO;
        const dues = [];
        const earned = [];
        const postings = [];
        for (const [n, month] of months.entries()) {
          const statement = statementOf(
            month.map((energyNet) => stated({ energyNet })),
            carried,
            'EUR',
          );
          if (!statement) continue;
          expect(statement.due.gte('0') && !statement.carriedOut.gt('0')).toBe(true);
          carried = statement.carriedOut;
          dues.push(statement.due);
          earned.push(statement.earned);
          const money = { payeeId: 'p', currency: 'EUR', reference: String(n) };
          const key = { id: String(n), postedAt: new Date(n) };
          postings.push(postStatement(money, statement.earned, key));
          postings.push(postStatementPaid(money, statement.due, key));
        }
        expect(sumDecimals(dues).plus(carried).eq(sumDecimals(earned))).toBe(true);
        expect(balanceOf(postings, payableTo('p'), 'EUR').neg().eq(carried)).toBe(true);
      }),
    );
  });
});

describe('a term of a payee', () => {
  const held: PayeeTerm = {
    ...{ id: 't', locationId: 'l', kind: 'PER_KWH', value: decimal('0.05') },
    ...{ firstMonth: '2026-03', lastMonth: '2026-06' },
  };
  const { id: _id, ...term } = held;

  it('may follow another, stand beside one of another kind, or be for another place', () => {
    checkTerm({ ...term, firstMonth: '2026-07', lastMonth: undefined }, [held]);
    checkTerm({ ...term, firstMonth: '2026-01', lastMonth: '2026-02' }, [held]);
    checkTerm({ ...term, kind: 'PER_SESSION' }, [held]);
    checkTerm({ ...term, locationId: 'm' }, [held]);
  });

  it.each([
    [{ firstMonth: '2026-06', lastMonth: undefined }, 'BILLING_PAYEE_TERM'],
    [{ firstMonth: '2026-01', lastMonth: undefined }, 'BILLING_PAYEE_TERM'],
    [{ firstMonth: '2026-09', lastMonth: '2026-08' }, 'BILLING_PAYEE_MONTHS'],
    [{ value: ZERO }, 'BILLING_PAYEE_VALUE'],
    [{ value: decimal('0.0000001') }, 'BILLING_PAYEE_VALUE'],
    [{ kind: 'ENERGY_SHARE' as const, value: decimal('100.1') }, 'BILLING_PAYEE_VALUE'],
  ])('%j is refused', (over, code) => {
    expect(() => checkTerm({ ...term, ...over }, [held])).toThrow(expect.objectContaining({ code }));
  });
});
