import { type Decimal, mwh, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cdr, issueCdr } from './cdr.js';
import { type Invoice, type InvoicedCdr, creditInvoice, isCreditNote, issueInvoice } from './invoice.js';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { lockQuote, priceUnderQuote } from './quote.js';
import { revivedCdr, revivedInvoice } from './revive.js';
import { stored } from './stored.js';

const START = new Date('2026-01-15T09:00:00Z');
const digest = (text: string) => text;
const seller = { name: 'Demo Charging B.V.', address: 'Kade 1, Utrecht', country: 'NL', vatId: 'NL001B01' };
const buyer = { name: 'Ada Driver', address: '', country: 'NL' };

function aCdr(id: string, energy: number, tariff: Record<string, unknown> = {}, minutes = 60): Cdr {
  const document = aDocument({
    elements: [element([component('FLAT', '0.125', '20'), component('ENERGY', '0.2533', '10')])],
    ...tariff,
  });
  const quote = lockQuote({ id: `Q-${id}`, document, tariffVersion: 1, timeZone: 'UTC', now: START }, digest);
  const end = new Date(START.getTime() + minutes * 60_000);
  const price = priceUnderQuote(
    quote,
    [{ start: START, end, kind: 'CHARGING', energyMwh: mwh(energy) }],
    digest,
  );
  return issueCdr({ id, sessionId: `S-${id}`, issuedAt: end, quote, price });
}

const TWO_TAXES = {
  elements: [
    element([
      Object.assign(component('ENERGY', '0.30'), {
        taxes: [
          { name: 'GST', percentage: '5' },
          { name: 'QST', percentage: '9.975' },
        ],
      }),
    ]),
  ],
};

const invoiceOf = (cdrs: readonly InvoicedCdr[], parts: Partial<Invoice> = {}) =>
  issueInvoice({
    id: 'I1',
    number: 'DEMO-2026-000001',
    issuedAt: START,
    accountId: 'A1',
    seller,
    buyer,
    cdrs,
    ...parts,
  });

const sum = (rows: readonly { excl: Decimal; vat: Decimal; incl: Decimal }[]) => ({
  excl: sumDecimals(rows.map((r) => r.excl)).toFixed(2),
  vat: sumDecimals(rows.map((r) => r.vat)).toFixed(2),
  incl: sumDecimals(rows.map((r) => r.incl)).toFixed(2),
});

describe('issueInvoice', () => {
  it('collects sessions with their lines, times and VAT', () => {
    const invoice = invoiceOf([aCdr('C1', 20_000_000), aCdr('C2', 10_000_000, {}, 90)]);
    expect(invoice).toMatchObject({
      number: 'DEMO-2026-000001',
      currency: 'EUR',
      suppliedFrom: START,
      suppliedTo: new Date('2026-01-15T10:30:00Z'),
      credits: null,
    });
    expect(new Set(invoice.lines.map((l) => l.cdrId))).toEqual(new Set(['C1', 'C2']));
    expect(invoice.byVatRate.map((row) => row.vatPercent?.toFixed())).toEqual(['20', '10']);
  });

  it('adds up in every direction, whatever was charged', () => {
    const limits = fc.constantFrom(
      {},
      { min_price: { excl_vat: 3, incl_vat: 3.4 } },
      { max_price: { excl_vat: 2 } },
    );
    const sessions = fc.array(fc.tuple(fc.nat({ max: 80_000_000 }), limits), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sessions, (given) => {
        const invoice = invoiceOf(given.map(([energy, limit], i) => aCdr(`C${i}`, energy, limit)));
        const total = sum([invoice.total]);
        expect(sum(invoice.lines)).toEqual(total);
        expect(sum(invoice.byVatRate)).toEqual(total);
        expect(invoice.total.excl.plus(invoice.total.vat).eq(invoice.total.incl)).toBe(true);
        for (const line of invoice.lines.filter((l) => l.dimension === 'ROUNDING'))
          expect(line.excl.abs().lte('0.02')).toBe(true);
      }),
    );
  });

  it('shows a minimum price as a line of its own', () => {
    const invoice = invoiceOf([aCdr('C1', 1_000_000, { min_price: { excl_vat: 3, incl_vat: 3.4 } })]);
    expect(invoice.lines.find((l) => l.dimension === 'ADJUSTMENT')?.description).toBe(
      'Minimum price of a session',
    );
    expect(sum([invoice.total])).toEqual({ excl: '3.00', vat: '0.40', incl: '3.40' });
  });

  it('refuses what cannot be one invoice', () => {
    const euro = aCdr('C1', 1_000_000);
    const dollar = aCdr('C2', 1_000_000, { currency: 'USD' });
    expect(() => invoiceOf([])).toThrow('BILLING_INVOICE_EMPTY');
    expect(() => invoiceOf([euro, dollar])).toThrow('BILLING_INVOICE_MIXED');
    expect(() => invoiceOf([{ ...euro, credit: true }])).toThrow('BILLING_INVOICE_MIXED');
    expect(() => invoiceOf([euro], { seller: { ...seller, name: ' ' } })).toThrow('BILLING_INVOICE_SELLER');
  });
});

describe('an invoice with several taxes', () => {
  it('lists them by name and rate; a session with VAT alone counts as that tax', () => {
    const invoice = invoiceOf([aCdr('C1', 20_000_000, TWO_TAXES), aCdr('C2', 10_000_000)]);
    expect(
      invoice.byTax?.map(({ name, percent, base, amount }) => [
        name,
        percent.toFixed(),
        base.toFixed(2),
        amount.toFixed(2),
      ]),
    ).toEqual([
      // 20 kWh x 0.30 = 6.00; 10 kWh x 0.2533 = 2.53 and 0.125.
      ['GST', '5', '6.00', '0.30'],
      ['QST', '9.975', '6.00', '0.60'],
      ['VAT', '20', '0.13', '0.03'],
      ['VAT', '10', '2.53', '0.25'],
    ]);
    expect(invoice.lines.find(({ taxes }) => taxes)?.vatPercent?.toFixed()).toBe('14.975');
    expect(sumDecimals(invoice.byTax!.map(({ amount }) => amount)).eq(invoice.total.vat)).toBe(true);
  });

  it('says nothing of them where there is VAT alone', () => {
    expect(invoiceOf([aCdr('C1', 20_000_000)])).not.toHaveProperty('byTax');
  });

  it('is the same after it was stored', () => {
    const invoice = invoiceOf([aCdr('C1', 20_000_000, TWO_TAXES)]);
    expect(stored(revivedInvoice(stored(invoice)))).toEqual(stored(invoice));
    const cdr = aCdr('C1', 20_000_000, TWO_TAXES);
    expect(stored(invoiceOf([revivedCdr(stored(cdr))]))).toEqual(stored(invoiceOf([cdr])));
  });
});

describe('creditInvoice', () => {
  const invoice = invoiceOf([aCdr('C1', 20_000_000)]);
  const note = creditInvoice(invoice, { id: 'I2', number: 'DEMO-2026-000002', issuedAt: START });

  it('mirrors the invoice under its own number', () => {
    expect(note).toMatchObject({ number: 'DEMO-2026-000002', credits: 'DEMO-2026-000001' });
    expect(sum([invoice.total, note.total])).toEqual({ excl: '0.00', vat: '0.00', incl: '0.00' });
    expect(sum([...invoice.lines, ...note.lines])).toEqual({ excl: '0.00', vat: '0.00', incl: '0.00' });
    expect(sum([...invoice.byVatRate, ...note.byVatRate])).toEqual({
      excl: '0.00',
      vat: '0.00',
      incl: '0.00',
    });
  });

  it('of one session takes back its part alone; those of all sessions take back the whole', () => {
    const limits = fc.constantFrom({}, { min_price: { excl_vat: 3, incl_vat: 3.4 } });
    const sessions = fc.array(fc.tuple(fc.integer({ min: 1, max: 80_000_000 }), limits, fc.boolean()), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(sessions, (given) => {
        const cdrs = given.map(([energy, limit, hasTwo], i) =>
          aCdr(`C${i}`, energy, hasTwo ? { ...limit, ...TWO_TAXES } : limit),
        );
        const month = invoiceOf(cdrs, { month: '2026-01' });
        const notes = cdrs.map((cdr) => creditInvoice(month, { id: 'N', number: 'N', issuedAt: START }, cdr));
        notes.forEach((part, i) => {
          expect(part.lines.every(({ cdrId }) => cdrId === `C${i}`)).toBe(true);
          expect(sum(part.lines)).toEqual(sum([part.total]));
          expect(sum(part.byVatRate)).toEqual(sum([part.total]));
        });
        const nothing = { excl: '0.00', vat: '0.00', incl: '0.00' };
        expect(sum([month.total, ...notes.map(({ total }) => total)])).toEqual(nothing);
        expect(sum([...month.byVatRate, ...notes.flatMap(({ byVatRate }) => byVatRate)])).toEqual(nothing);
        const taxes = (rows: typeof month.byTax) => sumDecimals((rows ?? []).map(({ amount }) => amount));
        if (month.byTax) expect(taxes(month.byTax).eq(month.total.vat)).toBe(true);
        for (const part of notes) if (part.byTax) expect(taxes(part.byTax).eq(part.total.vat)).toBe(true);
      }),
    );
  });

  it('cannot be credited itself', () => {
    expect(() => creditInvoice(note, { id: 'I3', number: 'DEMO-2026-000003', issuedAt: START })).toThrow(
      expect.objectContaining({ kind: 'CONFLICT', code: 'BILLING_INVOICE_IS_CREDIT' }),
    );
  });
});

describe('a bill that comes to less than nothing', () => {
  const below = { negative_total: true, elements: [element([component('ENERGY', '-0.20', '21')])] };
  const dueAt = new Date('2026-02-01T00:00:00Z');

  it('is a credit note that takes nothing back and asks for nothing', () => {
    const bill = invoiceOf([aCdr('1', 10_000_000, below)], { dueAt });
    expect([bill.total.incl.toFixed(2), bill.credits, isCreditNote(bill)]).toEqual(['-2.42', null, true]);
    expect(bill).not.toHaveProperty('dueAt');
    expect(isCreditNote(invoiceOf([aCdr('1', 10_000_000)], { dueAt }))).toBe(false);
  });

  it('is taken back by an invoice, which is due', () => {
    const bill = invoiceOf([aCdr('1', 10_000_000, below)]);
    const asked = creditInvoice(bill, { id: 'I2', number: 'DEMO-2026-000002', issuedAt: START, dueAt });
    expect([asked.total.incl.toFixed(2), asked.credits, isCreditNote(asked)]).toEqual([
      '2.42',
      bill.number,
      false,
    ]);
    expect(asked.dueAt).toEqual(dueAt);
    const given = creditInvoice(invoiceOf([aCdr('1', 10_000_000)]), {
      ...{ id: 'I3', number: 'C-1', issuedAt: START, dueAt },
    });
    expect(isCreditNote(given)).toBe(true);
    expect(given).not.toHaveProperty('dueAt');
  });

  it('is told by its sum where it is over several sessions; nothing at all is an invoice', () => {
    const [low, high] = [aCdr('1', 10_000_000, below), aCdr('2', 20_000_000)];
    expect(isCreditNote(invoiceOf([low, high]))).toBe(false);
    const above = { elements: [element([component('ENERGY', '0.20', '21')])] };
    expect(isCreditNote(invoiceOf([low, aCdr('3', 10_000_000, above)]))).toBe(false);
  });
});
