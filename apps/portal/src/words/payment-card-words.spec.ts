import { describe, expect, it } from 'vitest';
import { expiryText, isWebAddress, methodText, setupOutcome } from './payment-card-words.js';

const card = { id: 'c', brand: 'visa', last4: '4242', expiresMonth: 2, expiresYear: 2027, isDefault: true };

describe('a saved card', () => {
  it('is good until its month is over', () => {
    expect(expiryText(card, new Date('2027-02-28T23:59:59Z'))).toEqual({ text: '02/2027', isOver: false });
    expect(expiryText(card, new Date('2027-03-01T00:00:00Z')).isOver).toBe(true);
    const december = { expiresMonth: 12, expiresYear: 2026 };
    expect(expiryText(december, new Date('2026-12-31T12:00:00Z')).isOver).toBe(false);
    expect(expiryText(december, new Date('2027-01-01T00:00:00Z')).isOver).toBe(true);
  });

  it('is used, not used, or missing', () => {
    const texts = [
      methodText({ method: 'CARD', cards: [card] }),
      methodText({ method: 'CARD', cards: [] }),
      methodText({ method: 'AS_AGREED', cards: [card] }),
    ];
    expect(texts[0]).toContain('first of your cards');
    expect(texts[1]).toContain('add one');
    expect(texts[2]).toContain('as agreed');
  });
});

it('says of each end of a visit to the provider what to do', () => {
  expect(setupOutcome('DONE').tone).toBe('good');
  expect(setupOutcome('FAILED')).toMatchObject({ tone: 'warn', text: expect.stringContaining('again') });
  expect(setupOutcome('OPEN').text).toContain('in a minute');
});

it('sends people to addresses of the web alone', () => {
  expect(isWebAddress('https://checkout.stripe.com/c/pay/cs_1')).toBe(true);
  expect(isWebAddress('http://127.0.0.1:1/pay/cs_1')).toBe(true);
  for (const url of ['javascript:alert(1)', 'data:text/html,x', '/account', ''])
    expect(isWebAddress(url)).toBe(false);
});
