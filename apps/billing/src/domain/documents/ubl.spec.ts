import { type Decimal, decimal, mwh, ZERO } from '@kilowatch/kernel';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cdr, issueCdr } from '../cdr.js';
import { creditInvoice, issueInvoice, type Invoice } from '../invoice.js';
import { lockQuote, priceUnderQuote } from '../quote.js';
import { stored } from '../stored.js';
import { ublOf } from './ubl.js';

const START = new Date('2026-01-15T23:30:00Z');
const digest = (text: string) => text;
const seller = {
  name: 'Demo & Söhne <GmbH>',
  address: 'Kade 1\n3511 Utrecht',
  country: 'NL',
  vatId: 'NL001B01',
};
const buyer = { name: 'Ada "A." Driver', address: '', country: '' };
const context = { country: 'NL', timeZone: 'Europe/Amsterdam' };

type Rates = readonly (string | null)[];

function aCdr(id: string, energy: number, rates: Rates, more: Record<string, unknown> = {}): Cdr {
  const [flat, perKwh] = [rates[0] ?? null, rates[1] ?? null];
  const document = aDocument({
    elements: [
      element([
        component('FLAT', '0.125', flat ?? undefined),
        component('ENERGY', more['negative_total'] ? '-0.2533' : '0.2533', perKwh ?? undefined),
      ]),
    ],
    ...more,
  });
  const quote = lockQuote({ id: `Q-${id}`, document, tariffVersion: 1, timeZone: 'UTC', now: START }, digest);
  const end = new Date(START.getTime() + 3_600_000);
  const price = priceUnderQuote(
    quote,
    [{ start: START, end, kind: 'CHARGING', energyMwh: mwh(energy) }],
    digest,
  );
  return issueCdr({ id, sessionId: `S-${id}`, issuedAt: end, quote, price });
}

const invoiceOf = (cdrs: readonly Cdr[]): Invoice =>
  issueInvoice({
    id: 'I1',
    number: 'DEMO-2026-000001',
    issuedAt: START,
    accountId: 'A1',
    seller,
    buyer,
    cdrs: [...cdrs],
  });

type Node = Record<string, unknown>;
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, removeNSPrefix: true });
const list = (value: unknown): Node[] => (value === undefined ? [] : ([value].flat() as Node[]));
const text = (value: unknown): string =>
  typeof value === 'object' && value !== null ? String((value as Node)['#text']) : String(value);
const number = (value: unknown): Decimal => decimal(text(value));
const total = (values: readonly Decimal[]) => values.reduce((sum, one) => sum.plus(one), ZERO);
const at = (node: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Node | undefined)?.[key], node);

/** The rules of EN 16931-1 that are about figures, and what must be there. The names of those that are broken. */
function brokenRules(xml: string): string[] {
  const root = parser.parse(xml) as Node;
  const [name, document] = Object.entries(root).find(([key]) => key !== '?xml') as [string, Node];
  const lines = list(document[`${name}Line`]);
  const totals = document['LegalMonetaryTotal'];
  const money = (field: string) => (at(totals, field) === undefined ? ZERO : number(at(totals, field)));
  const tax = document['TaxTotal'];
  const subtotals = list(at(tax, 'TaxSubtotal'));
  const extras = list(document['AllowanceCharge']);
  const signed = (extra: Node) =>
    text(extra['ChargeIndicator']) === 'true' ? number(extra['Amount']) : number(extra['Amount']).neg();
  const categoryOf = (node: unknown, field: string) =>
    `${text(at(node, field, 'ID'))} ${text(at(node, field, 'Percent'))}`;
  const checks: [string, boolean][] = [
    ['BR-01', text(document['CustomizationID']) === 'urn:cen.eu:en16931:2017'],
    ['BR-02', text(document['ID']) !== ''],
    ['BR-03', /^\d{4}-\d{2}-\d{2}$/.test(text(document['IssueDate']))],
    ['BR-04', ['380', '381'].includes(text(document[`${name}TypeCode`]))],
    [
      'BR-06',
      text(at(document, 'AccountingSupplierParty', 'Party', 'PartyLegalEntity', 'RegistrationName')) !== '',
    ],
    [
      'BR-07',
      text(at(document, 'AccountingCustomerParty', 'Party', 'PartyLegalEntity', 'RegistrationName')) !== '',
    ],
    ...['AccountingSupplierParty', 'AccountingCustomerParty'].map((party): [string, boolean] => [
      `BR-09/11 ${party}`,
      /^[A-Z]{2}$/.test(text(at(document, party, 'Party', 'PostalAddress', 'Country', 'IdentificationCode'))),
    ]),
    ['BR-16', lines.length > 0],
    ['BR-27', lines.every((line) => number(at(line, 'Price', 'PriceAmount')).gte(ZERO))],
    [
      'BR-CO-10',
      money('LineExtensionAmount').eq(total(lines.map((line) => number(line['LineExtensionAmount'])))),
    ],
    [
      'BR-CO-13',
      money('TaxExclusiveAmount').eq(
        money('LineExtensionAmount').minus(money('AllowanceTotalAmount')).plus(money('ChargeTotalAmount')),
      ),
    ],
    [
      'BR-CO-11/12',
      money('ChargeTotalAmount')
        .minus(money('AllowanceTotalAmount'))
        .eq(total(extras.map(signed))),
    ],
    ['BR-CO-14', number(at(tax, 'TaxAmount')).eq(total(subtotals.map((one) => number(one['TaxAmount']))))],
    [
      'BR-CO-15',
      money('TaxInclusiveAmount').eq(money('TaxExclusiveAmount').plus(number(at(tax, 'TaxAmount')))),
    ],
    ['BR-CO-16', money('PayableAmount').eq(money('TaxInclusiveAmount'))],
    ['BR-CO-18', subtotals.length > 0],
    [
      'BR-DEC',
      [...lines.map((line) => line['LineExtensionAmount']), ...Object.values(totals as Node)].every((value) =>
        /^-?\d+\.\d{2}$/.test(text(value)),
      ),
    ],
    ...subtotals.flatMap((subtotal): [string, boolean][] => {
      const category = categoryOf(subtotal, 'TaxCategory');
      const base = total([
        ...lines.flatMap((line) =>
          categoryOf(line['Item'], 'ClassifiedTaxCategory') === category
            ? [number(line['LineExtensionAmount'])]
            : [],
        ),
        ...extras.flatMap((extra) => (categoryOf(extra, 'TaxCategory') === category ? [signed(extra)] : [])),
      ]);
      const expected = base.times(category.split(' ')[1]!).div('100');
      return [
        [`BR-S/E/Z-08 ${category}`, number(subtotal['TaxableAmount']).eq(base)],
        // Rounding may be distributed over the rates: the rule allows for a unit.
        [`BR-S/E/Z-09 ${category}`, number(subtotal['TaxAmount']).minus(expected).abs().lt('1')],
      ];
    }),
    [
      'BR-E-10',
      subtotals.every(
        (one) =>
          text(at(one, 'TaxCategory', 'ID')) !== 'E' ||
          at(one, 'TaxCategory', 'TaxExemptionReason') !== undefined,
      ),
    ],
  ];
  return checks.filter(([, holds]) => !holds).map(([rule]) => rule);
}

const anInvoice = fc
  .array(
    fc.record({
      energy: fc.nat(90_000_000),
      rates: fc.tuple(...[0, 1].map(() => fc.constantFrom('0', '7', '19', '21', '5.5', null))),
      bounds: fc.constantFrom<Record<string, unknown>>(
        {},
        { negative_total: true },
        { min_price: { excl_vat: '3.00' } },
        { max_price: { excl_vat: '1.00' } },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((sessions) =>
    invoiceOf(sessions.map(({ energy, rates, bounds }, i) => aCdr(`C${i}`, energy, rates, bounds))),
  );

describe('an invoice in UBL', () => {
  it('keeps the rules of EN 16931, whatever was charged', () => {
    fc.assert(
      fc.property(anInvoice, (invoice) => {
        expect(brokenRules(ublOf(stored(invoice), context))).toEqual([]);
      }),
    );
  });

  it('keeps them as a credit note, whose figures are positive and which names what it cancels', () => {
    fc.assert(
      fc.property(anInvoice, (invoice) => {
        const credit = creditInvoice(invoice, { id: 'I2', number: 'DEMO-C-2026-000001', issuedAt: START });
        const xml = ublOf(stored(credit), context);
        expect(brokenRules(xml)).toEqual([]);
        // What takes back a bill in the buyer's favour asks for money.
        const document = (parser.parse(xml) as Node)[invoice.total.incl.lt('0') ? 'Invoice' : 'CreditNote'];
        expect(text(at(document, 'BillingReference', 'InvoiceDocumentReference', 'ID'))).toBe(invoice.number);
        expect(number(at(document, 'LegalMonetaryTotal', 'PayableAmount')).eq(invoice.total.incl.abs())).toBe(
          true,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is a credit note that cancels nothing where it comes to less than nothing, and never asks for less than nothing', () => {
    fc.assert(
      fc.property(anInvoice, (invoice) => {
        const root = parser.parse(ublOf(stored(invoice), context)) as Node;
        const isBelow = invoice.total.incl.lt('0');
        const document = root[isBelow ? 'CreditNote' : 'Invoice'];
        expect(text(at(document, isBelow ? 'CreditNoteTypeCode' : 'InvoiceTypeCode'))).toBe(
          isBelow ? '381' : '380',
        );
        expect(number(at(document, 'LegalMonetaryTotal', 'PayableAmount')).eq(invoice.total.incl.abs())).toBe(
          true,
        );
        expect(at(document, 'BillingReference')).toBeUndefined();
      }),
    );
  });

  it('says the day of the seller’s calendar, the parties, and nothing that breaks out of the text', () => {
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 20_000_000, ['21', '21'])])), context);
    const document = (parser.parse(xml) as Node)['Invoice'];
    expect(text(at(document, 'IssueDate'))).toBe('2026-01-16');
    expect(text(at(document, 'InvoicePeriod', 'StartDate'))).toBe('2026-01-16');
    expect(text(at(document, 'AccountingSupplierParty', 'Party', 'PartyName', 'Name'))).toBe(seller.name);
    expect(text(at(document, 'AccountingSupplierParty', 'Party', 'PartyTaxScheme', 'CompanyID'))).toBe(
      'NL001B01',
    );
    expect(text(at(document, 'AccountingSupplierParty', 'Party', 'PostalAddress', 'StreetName'))).toBe(
      'Kade 1, 3511 Utrecht',
    );
    expect(text(at(document, 'AccountingCustomerParty', 'Party', 'PartyName', 'Name'))).toBe(buyer.name);
    expect(xml).not.toContain('<GmbH>');
  });

  it('tells quantities in the units of UN/ECE, at the price of the tariff', () => {
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 20_000_000, ['21', '21'])])), context);
    expect(xml).toContain('<cbc:InvoicedQuantity unitCode="KWH">20</cbc:InvoicedQuantity>');
    expect(xml).toContain('<cbc:PriceAmount currencyID="EUR">0.2533</cbc:PriceAmount>');
    expect(xml).toContain('<cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>');
  });

  it('keeps what carries no VAT as lines of their own beside what does', () => {
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 20_000_000, ['21', null])])), context);
    expect(brokenRules(xml)).toEqual([]);
    expect(xml.match(/<cac:InvoiceLine>/g)).toHaveLength(2);
    // A cent of rounding at most, and not what was charged.
    expect(xml).not.toContain('<cbc:Amount currencyID="EUR">5');
  });

  it('has a line though nothing but a minimum price is charged', () => {
    const minimum = {
      min_price: { excl_vat: '3.00' },
      elements: [element([component('ENERGY', '0.25', '21')])],
    };
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 0, ['21', '21'], minimum)])), context);
    expect(brokenRules(xml)).toEqual([]);
    expect(xml.match(/<cac:InvoiceLine>/g)).toHaveLength(1);
  });

  it('is not had in a currency of three decimals', () => {
    const invoice = stored(invoiceOf([aCdr('C1', 20_000_000, ['21', '21'], { currency: 'KWD' })]));
    expect(() => ublOf(invoice, context)).toThrow(/two decimals/);
  });

  it('names each of several taxes with a scheme of its own, and is no EN 16931 then', () => {
    const taxes = [
      { name: 'GST', percentage: '5' },
      { name: 'QST', percentage: '9.975' },
    ];
    const tariff = { elements: [element([Object.assign(component('ENERGY', '0.30'), { taxes })])] };
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 20_000_000, [], tariff)])), context);
    const document = (parser.parse(xml) as Node)['Invoice'] as Node;
    const subtotals = list(at(document, 'TaxTotal', 'TaxSubtotal'));
    expect(
      subtotals.map((one) => [
        text(at(one, 'TaxCategory', 'TaxScheme', 'ID')),
        text(at(one, 'TaxCategory', 'Percent')),
        text(one['TaxableAmount']),
        text(one['TaxAmount']),
      ]),
    ).toEqual([
      ['GST', '5', '6.00', '0.30'],
      ['OTH', '9.975', '6.00', '0.60'],
    ]);
    expect(text(at(subtotals[1], 'TaxCategory', 'TaxScheme', 'Name'))).toBe('QST');
    expect(number(at(document, 'TaxTotal', 'TaxAmount')).toFixed(2)).toBe('0.90');
    expect(list(at(list(document['InvoiceLine'])[0], 'Item', 'ClassifiedTaxCategory'))).toHaveLength(2);
    expect(xml).not.toContain('en16931');
  });

  it('is exempt where no VAT is stated', () => {
    const xml = ublOf(stored(invoiceOf([aCdr('C1', 20_000_000, [null, null])])), context);
    expect(brokenRules(xml)).toEqual([]);
    expect(xml).toContain('<cbc:TaxExemptionReason>');
  });

  it('is refused when nobody knows a country, with what to do', () => {
    const invoice = stored(issueInvoice({ ...invoiceOf([aCdr('C1', 1, ['21', '21'])]), seller: { ...seller, country: '' }, cdrs: [aCdr('C1', 1, ['21', '21'])] })); // prettier-ignore
    expect(() => ublOf(invoice, { ...context, country: '' })).toThrow(/KW_SELLER_COUNTRY/);
  });
});
