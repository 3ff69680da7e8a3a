import { type Decimal, decimal, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoice.js';
import {
  type LedgerEntry,
  type Posting,
  REVENUE,
  balanceOf,
  post,
  postInvoice,
  postTopUp,
  postTransfer,
  postWalletPayment,
  receivableOf,
  reverse,
  vatOf,
  walletBalance,
} from './ledger.js';

const postedAt = new Date('2026-01-15T12:00:00Z');
const key = { id: 'P1', postedAt };
const cents = (n: number) => decimal(n).div('100');
const entry = (account: string, amount: string, currency = 'EUR'): LedgerEntry => ({
  account,
  amount: decimal(amount),
  currency,
});
const posting = (...entries: LedgerEntry[]): Posting => ({
  ...key,
  reason: 'INVOICE',
  reference: 'R',
  entries,
});

function anInvoice(
  rows: { rate: string; excl: number; vat: number }[],
  credits: string | null = null,
): Invoice {
  const byVatRate = rows.map(({ rate, excl, vat }) => ({
    vatPercent: decimal(rate),
    excl: cents(excl),
    vat: cents(vat),
    incl: cents(excl + vat),
  }));
  const total = (pick: (row: { excl: number; vat: number }) => number) =>
    cents(rows.reduce((sum, row) => sum + pick(row), 0));
  return {
    id: 'I1',
    number: 'DEMO-2026-000001',
    issuedAt: postedAt,
    accountId: 'A1',
    seller: { name: 'Demo', address: 'Kade 1', country: 'NL' },
    buyer: { name: 'Ada', address: '', country: 'NL' },
    currency: 'EUR',
    suppliedFrom: postedAt,
    suppliedTo: postedAt,
    lines: [],
    byVatRate,
    total: { excl: total((r) => r.excl), vat: total((r) => r.vat), incl: total((r) => r.excl + r.vat) },
    credits,
  };
}

describe('post', () => {
  it('refuses what does not sum to zero in each currency', () => {
    expect(() => post(posting(entry('a', '1'), entry('b', '-0.99')))).toThrow('BILLING_LEDGER_UNBALANCED');
    expect(() => post(posting(entry('a', '1', 'EUR'), entry('b', '-1', 'USD')))).toThrow(
      'BILLING_LEDGER_UNBALANCED',
    );
  });

  it('refuses fractions of a cent', () => {
    expect(() => post(posting(entry('a', '0.005'), entry('b', '-0.005')))).toThrow(
      'BILLING_LEDGER_NOT_ROUNDED',
    );
  });

  it('leaves out entries of nothing', () => {
    expect(post(posting(entry('a', '1'), entry('b', '-1'), entry('c', '0'))).entries).toHaveLength(2);
  });
});

describe('postings of a driver', () => {
  const invoice = anInvoice([
    { rate: '20', excl: 100, vat: 20 },
    { rate: '10', excl: 500, vat: 50 },
  ]);

  it('book an invoice to receivable, revenue and VAT by rate', () => {
    const booked = [postInvoice(invoice, key)];
    const balance = (account: string) => balanceOf(booked, account, 'EUR').toFixed(2);
    expect([receivableOf('A1'), REVENUE, vatOf(decimal('20')), vatOf(decimal('10'))].map(balance)).toEqual([
      '6.70',
      '-6.00',
      '-0.20',
      '-0.50',
    ]);
  });

  it('settle an invoice from a wallet filled before', () => {
    const movement = { accountId: 'A1', currency: 'EUR' };
    const booked = [
      postTopUp({ ...movement, amount: decimal('10'), reference: 'T1', provider: 'bank' }, key),
      postInvoice(invoice, key),
      postWalletPayment({ ...movement, amount: decimal('6.70'), reference: invoice.number }, key),
    ];
    expect(balanceOf(booked, receivableOf('A1'), 'EUR').eq('0')).toBe(true);
    expect(walletBalance(booked, 'A1', 'EUR').toFixed(2)).toBe('3.30');
    expect(balanceOf(booked, 'cash:bank', 'EUR').toFixed(2)).toBe('10.00');
  });

  it('settle an invoice by transfer', () => {
    const transfer = {
      accountId: 'A1',
      currency: 'EUR',
      amount: decimal('6.70'),
      reference: 'B1',
      provider: 'bank',
    };
    const booked = [postInvoice(invoice, key), postTransfer(transfer, key)];
    expect(balanceOf(booked, receivableOf('A1'), 'EUR').eq('0')).toBe(true);
  });

  it('are undone by their mirror', () => {
    const booked = postInvoice(invoice, key);
    const mirror = reverse(booked, { id: 'P2', postedAt });
    expect(mirror).toMatchObject({ reason: 'REVERSAL', reference: 'P1' });
    for (const { account } of booked.entries)
      expect(balanceOf([booked, mirror], account, 'EUR').eq('0')).toBe(true);
  });

  it('call the booking of a credit note by its name', () => {
    expect(
      postInvoice(anInvoice([{ rate: '20', excl: -100, vat: -20 }], 'DEMO-2026-000001'), key).reason,
    ).toBe('CREDIT_NOTE');
  });
});

describe('the ledger as a whole', () => {
  const amount = fc.integer({ min: 1, max: 1_000_000 });
  const account = fc.constantFrom('A1', 'A2', 'A3');
  const step = fc.oneof(
    fc
      .tuple(amount, fc.nat({ max: 200_000 }))
      .map(([excl, vat]) => postInvoice(anInvoice([{ rate: '21', excl, vat }]), key)),
    fc
      .tuple(account, amount, fc.constantFrom('EUR', 'USD'))
      .map(([accountId, n, currency]) =>
        postTopUp({ accountId, amount: cents(n), currency, reference: 'T', provider: 'bank' }, key),
      ),
    fc
      .tuple(account, amount)
      .map(([accountId, n]) =>
        postWalletPayment({ accountId, amount: cents(n), currency: 'EUR', reference: 'W' }, key),
      ),
  );

  it('sums to zero in each currency after any history, reversals included', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean())), (steps) => {
        const booked = steps.flatMap(([p, undone]) => (undone ? [p, reverse(p, key)] : [p]));
        for (const currency of ['EUR', 'USD']) {
          const amounts: Decimal[] = booked
            .flatMap((p) => p.entries)
            .filter((e) => e.currency === currency)
            .map((e) => e.amount);
          expect(sumDecimals(amounts).eq('0')).toBe(true);
        }
      }),
    );
  });

  it('keeps the wallets of two drivers apart', () => {
    const topUp = (accountId: string, n: number) =>
      postTopUp({ accountId, amount: cents(n), currency: 'EUR', reference: 'T', provider: 'bank' }, key);
    const booked = [topUp('A1', 500), topUp('A2', 700)];
    expect(walletBalance(booked, 'A1', 'EUR').toFixed(2)).toBe('5.00');
    expect(walletBalance(booked, 'A', 'EUR').toFixed(2)).toBe('0.00');
  });
});
