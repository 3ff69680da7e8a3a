import { describe, expect, it } from 'vitest';
import { invoiceLines, percent, priceLines, shownMoney } from './cost-lines.js';
import { issueCdr } from './cdr.js';
import { issueInvoice } from './invoice.js';
import { aPeriod, aTariff, component, element } from '@kilowatch/pricing/builders';
import { priceSession } from '@kilowatch/pricing';
import { stored } from './stored.js';

const price = (parts: Record<string, unknown> = {}, vat?: string) =>
  priceSession({
    tariffs: [aTariff([element([component('ENERGY', '0.5', vat)])], parts)],
    timeZone: 'UTC',
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '3')],
  });

describe('shown lines', () => {
  it('have every figure as text in the digits of the currency', () => {
    expect(priceLines(stored(price({}, '20')))).toEqual([
      expect.objectContaining({
        dimension: 'ENERGY',
        from: new Date('2026-01-15T09:00Z'),
        quantity: '3',
        unit: 'kWh',
        unitPrice: '0.5',
        vatPercent: '20',
        exclVat: { amount: '1.50', currency: 'EUR' },
        vat: { amount: '0.30', currency: 'EUR' },
        inclVat: { amount: '1.80', currency: 'EUR' },
      }),
    ]);
  });

  it('tell what a minimum price added, so that they add up', () => {
    const lines = priceLines(stored(price({ min_price: { excl_vat: '2' } })));
    expect(lines.map((line) => [line.dimension, line.exclVat.amount])).toEqual([
      ['ENERGY', '1.50'],
      ['ADJUSTMENT', '0.50'],
    ]);
  });

  it('are those of the invoice too', () => {
    const priced = price({ max_price: { excl_vat: '1' } });
    const quote = { id: 'Q', tariffId: 'T1', tariffVersion: 1, document: {}, timeZone: 'UTC', hash: '' };
    const issuedAt = new Date('2026-01-15T11:00Z');
    const cdr = issueCdr({ id: 'C', sessionId: 'S', issuedAt, quote, price: priced });
    const party = { name: 'N', address: 'A', country: 'NL' };
    const request = {
      id: 'I',
      number: 'KW-2026-000001',
      issuedAt,
      accountId: 'D',
      seller: party,
      buyer: party,
    };
    const lines = invoiceLines(stored(issueInvoice({ ...request, cdrs: [cdr] })));
    expect(lines.map((line) => [line.dimension, line.quantity, line.exclVat.amount])).toEqual([
      ['ENERGY', '3', '1.50'],
      ['ADJUSTMENT', '1', '-0.50'],
    ]);
  });

  it('show 0 % where VAT does not apply, and whole yen', () => {
    expect(percent(null)).toBe('0');
    expect(shownMoney('1200', 'JPY')).toEqual({ amount: '1200', currency: 'JPY' });
  });
});
