import { describe, expect, it } from 'vitest';
import { cardText, paymentMethodText, paymentWord } from './invoice-words.js';

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
