import { mwh } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { cdrDimensions, creditCdr, issueCdr, periodsToReprice } from './cdr.js';
import { aPeriod, aDocument, component, element } from '@kilowatch/pricing/builders';
import { lockQuote, priceUnderQuote } from './quote.js';

const digest = (text: string) => `hash of ${text}`;
const quote = lockQuote(
  {
    id: 'Q1',
    document: aDocument({
      elements: [element([component('ENERGY', '0.50', '20', 500), component('PARKING_TIME', '6', '20')])],
      max_price: { excl_vat: 11, incl_vat: 13.2 },
    }),
    tariffVersion: 2,
    timeZone: 'Europe/Amsterdam',
    now: new Date('2026-01-15T09:00:00Z'),
  },
  digest,
);
const price = priceUnderQuote(
  quote,
  [
    aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '20.3'),
    aPeriod('HELD', '2026-01-15T10:00Z', '10:30'),
    aPeriod('GRACE', '2026-01-15T10:30Z', '10:45'),
    aPeriod('IDLE', '2026-01-15T10:45Z', '11:00'),
  ],
  digest,
);
const issuedAt = new Date('2026-01-15T11:05:00Z');
const cdr = issueCdr({ id: 'CDR-1', sessionId: 'S1', issuedAt, quote, price });

describe('issueCdr', () => {
  it('carries the frozen tariff, the quote and the whole session', () => {
    expect(cdr).toMatchObject({
      tariffId: 'T1',
      tariffVersion: 2,
      tariffDocument: quote.document,
      quoteId: 'Q1',
      quoteHash: quote.hash,
      timeZone: 'Europe/Amsterdam',
      start: new Date('2026-01-15T09:00:00Z'),
      end: new Date('2026-01-15T11:00:00Z'),
      energyMwh: 20_300_000,
      chargingMs: 3_600_000,
      heldMs: 1_800_000,
      graceMs: 900_000,
      idleMs: 900_000,
      credit: false,
      creditReferenceId: null,
    });
    expect([cdr.total.excl.toFixed(2), cdr.total.incl.toFixed(2)]).toEqual(['11.00', '13.20']);
  });

  it('can be priced again from its own periods', () => {
    const again = priceUnderQuote(quote, periodsToReprice(cdr), digest);
    expect(JSON.stringify(again.total)).toBe(JSON.stringify(cdr.total));
  });

  it('refuses a session without periods and an id no partner can hold', () => {
    const empty = priceUnderQuote(quote, [], digest);
    expect(() => issueCdr({ id: 'CDR-2', sessionId: 'S1', issuedAt, quote, price: empty })).toThrow(
      'BILLING_CDR_EMPTY',
    );
    for (const id of ['', 'x'.repeat(37), 'a\nb']) {
      expect(() => issueCdr({ id, sessionId: 'S1', issuedAt, quote, price })).toThrow('BILLING_CDR_ID');
    }
  });
});

describe('cdrDimensions', () => {
  const shown = (index: number) =>
    cdrDimensions(price.periods[index]!).map((d) => [d.type, d.volume.toFixed()]);

  it('counts held time as time charging and leaves grace out of parking', () => {
    expect(shown(0)).toEqual([
      ['ENERGY', '20.3'],
      ['TIME', '1'],
      ['MIN_POWER', '20.3'],
      ['MAX_POWER', '20.3'],
    ]);
    expect(shown(1).slice(0, 2)).toEqual([
      ['ENERGY', '0'],
      ['TIME', '0.5'],
    ]);
    expect(shown(2).map(([type]) => type)).toEqual(['ENERGY', 'MIN_POWER', 'MAX_POWER']);
    expect(shown(3).slice(0, 2)).toEqual([
      ['ENERGY', '0'],
      ['PARKING_TIME', '0.25'],
    ]);
  });

  it('gives current where it is known and only time for a reservation', () => {
    const period = { ...price.periods[0]!, currentMa: { min: 15_500, max: 16_000 } };
    expect(
      cdrDimensions(period)
        .slice(4)
        .map((d) => [d.type, d.volume.toFixed()]),
    ).toEqual([
      ['MIN_CURRENT', '15.5'],
      ['MAX_CURRENT', '16'],
    ]);
    const reserved = { ...price.periods[0]!, kind: 'RESERVED' as const, energyMwh: mwh(0) };
    expect(cdrDimensions(reserved).map((d) => d.type)).toEqual(['RESERVATION_TIME']);
  });
});

describe('creditCdr', () => {
  const credit = creditCdr(cdr, { id: 'CDR-1-CR', issuedAt });

  it('negates the total and nothing else', () => {
    expect(credit.total.excl.plus(cdr.total.excl).eq('0')).toBe(true);
    expect(credit.total.incl.plus(cdr.total.incl).eq('0')).toBe(true);
    expect(credit).toMatchObject({ credit: true, creditReferenceId: 'CDR-1' });
    expect(credit.components).toEqual(cdr.components);
    expect(credit.price).toBe(cdr.price);
    expect(cdr.credit).toBe(false);
  });

  it('refuses a credit of a credit and a reused id', () => {
    expect(() => creditCdr(credit, { id: 'x', issuedAt })).toThrow(
      expect.objectContaining({ kind: 'CONFLICT' }),
    );
    expect(() => creditCdr(cdr, { id: 'CDR-1', issuedAt })).toThrow('BILLING_CDR_ID');
  });

  it('allows three characters more than a CDR', () => {
    expect(creditCdr(cdr, { id: 'x'.repeat(39), issuedAt }).id).toHaveLength(39);
    expect(() => creditCdr(cdr, { id: 'x'.repeat(40), issuedAt })).toThrow('BILLING_CDR_ID');
  });
});
