import { describe, expect, it } from 'vitest';
import { cardText, invoiceWord, paymentMethodText, paymentWord } from './invoice-words.js';

describe('the state of an invoice', () => {
  it('is overdue while it is open and should have been paid, and settled where it gives back', () => {
    expect(invoiceWord({ status: 'OPEN', kind: 'INVOICE', credits: null, overdue: true }).text).toBe(
      'Overdue',
    );
    expect(invoiceWord({ status: 'OPEN', kind: 'INVOICE', credits: null, overdue: false }).text).toBe('Open');
    expect(invoiceWord({ status: 'WRITTEN_OFF', kind: 'INVOICE', credits: null }).text).toBe('Given up');
    expect(invoiceWord({ status: 'PAID', kind: 'CREDIT_NOTE', credits: 'KW-1' }).text).toBe('Settled');
    expect(invoiceWord({ status: 'CREDITED', kind: 'CREDIT_NOTE', credits: null }).text).toBe('Taken back');
  });

  it('says whose a bill is that came to less than nothing', () => {
    expect(invoiceWord({ status: 'PAID', kind: 'CREDIT_NOTE', credits: null })).toEqual({
      text: 'In your favour',
      tone: 'good',
    });
  });
});

describe('how an invoice was paid', () => {
  it.each([
    ['CARD', 'by card'],
    ['WALLET', 'from the wallet'],
    ['CASH', 'by cash'],
    [null, ''],
  ])('%s is told as "%s"', (method, text) => {
    expect(paymentMethodText(method)).toBe(text);
  });

  it('names the card by its brand and its end', () => {
    expect(cardText({ brand: 'visa', last4: '4242' })).toBe('Visa ending in 4242');
    expect(cardText(null)).toBe('A card that was removed');
  });

  it('warns of what was declined and of what waits for its driver', () => {
    expect([paymentWord({ state: 'DECLINED' }).tone, paymentWord({ state: 'REQUIRES_ACTION' }).tone]).toEqual(
      ['warn', 'warn'],
    );
    expect(paymentWord({ state: 'CAPTURED' })).toEqual({ text: 'Paid', tone: 'good' });
  });
});
