import { describe, expect, it } from 'vitest';
import { SHEET_LOCALES, SHEET_TEXTS } from './sheet-texts.js';
import { statementSheet, type StatementPaper } from './statement-sheet.js';
import { STATEMENT_TEXTS } from './statement-texts.js';

const line: StatementPaper['document']['lines'][number] = {
  ...{ termId: 't', locationId: 'l', locationName: 'Square', kind: 'ENERGY_SHARE', value: '12.5' },
  ...{ correction: false, sessions: 2, energyMwh: 20_000_000, energyNet: '8', amount: '1' },
};
const paper: StatementPaper = {
  ...{ number: 'KWP-2026-000001', month: '2026-03', currency: 'EUR' },
  issuedAt: new Date('2026-03-31T22:30:00Z'),
  document: {
    payee: { name: 'Owner BV', address: 'Quay 1\n1000 AA Town', vatId: 'NL1' },
    lines: [
      line,
      { ...line, kind: 'PER_KWH', value: '0.0333', amount: '0.67' },
      { ...line, kind: 'PER_SESSION', value: '0.25', correction: true, sessions: -1, amount: '-0.25' },
    ],
    ...{ carriedIn: '-3', earned: '1.42', due: '0', carriedOut: '-1.58' },
  },
};
const seller = { name: 'Seller Ltd', address: 'Street 1', vatId: 'NL2', country: 'NL' };
const sheetIn = (locale: (typeof SHEET_LOCALES)[number]) =>
  statementSheet(paper, seller, 'Europe/Amsterdam', locale);

describe('the paper of a statement', () => {
  it('says in English what was agreed and what came of it, on the day it was on the clock of the seller', () => {
    const sheet = sheetIn('en');
    expect(sheet.facts).toEqual([
      ['Number', 'KWP-2026-000001'],
      ['Month', '2026-03'],
      ['Date', '01/04/2026'],
    ]);
    expect(
      sheet.groups[0]!.rows.map(({ description, quantity, unitPrice, amount }) => [
        ...[description, quantity, unitPrice, amount],
      ]),
    ).toEqual([
      ['Square, share of the net price of the energy', '8.00 EUR', '12.5 %', '1.00 EUR'],
      ['Square, for each kWh', '20.000 kWh', '0.0333 EUR', '0.67 EUR'],
      ['Correction: Square, for each session', '-1', '0.25 EUR', '-0.25 EUR'],
    ]);
    expect(sheet.totals).toEqual([
      ['For this month', '1.42 EUR'],
      ['From the statement before', '-3.00 EUR'],
      ['Into the next statement', '-1.58 EUR'],
    ]);
  });

  it('says the same in Dutch and German, with their decimals and dates', () => {
    const [nl, de] = [sheetIn('nl'), sheetIn('de')];
    expect([nl.title, de.title]).toEqual(['Afrekening KWP-2026-000001', 'Abrechnung KWP-2026-000001']);
    expect([nl.facts[2], de.facts[2]]).toEqual([
      ['Datum', '01-04-2026'],
      ['Datum', '01.04.2026'],
    ]);
    expect(de.buyer).toEqual(['Owner BV', 'Quay 1', '1000 AA Town', 'USt-IdNr. NL1']);
    expect(de.groups[0]!.rows[1]).toMatchObject({
      ...{
        description: 'Square, je kWh',
        quantity: '20,000 kWh',
        unitPrice: '0,0333 EUR',
        amount: '0,67 EUR',
      },
    });
    expect(nl.grandTotal).toEqual(['Te betalen', '0,00 EUR']);
  });

  it('has a place for the same figures in each language', () => {
    const shape = (locale: (typeof SHEET_LOCALES)[number]) =>
      JSON.stringify(sheetIn(locale), (_key, value: unknown) => (typeof value === 'string' ? '' : value));
    for (const locale of SHEET_LOCALES) expect(shape(locale)).toBe(shape('en'));
  });
});

describe('the words on papers', () => {
  it('are there for the same things in each language', () => {
    const keysOf = (texts: object): unknown =>
      Object.entries(texts)
        .map(([key, text]: [string, unknown]) => (typeof text === 'object' ? [key, keysOf(text!)] : [key]))
        .sort();
    for (const catalogue of [SHEET_TEXTS, STATEMENT_TEXTS])
      for (const locale of SHEET_LOCALES) {
        expect(keysOf(catalogue[locale])).toEqual(keysOf(catalogue.en));
        expect(JSON.stringify(catalogue[locale])).not.toMatch(/:""/);
      }
  });
});
