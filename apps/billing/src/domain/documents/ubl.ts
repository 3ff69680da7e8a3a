/**
 * An invoice or credit note as EN 16931 has it, in UBL 2.1 (Directive 2014/55/EU; syntax binding CEN/TS 16931-3-2). BT-numbers and BR-rules
 * are those of EN 16931-1. From the stored document alone: the same invoice is the same text for ever. EN 16931 knows no tax but VAT: an
 * invoice with another one is plain UBL, each tax with a subtotal and a scheme (UN/ECE 5153) of its own.
 */
import { type Decimal, decimal, invalid, minorDigits, precondition, ZERO } from '@kilowatch/kernel';
import { type Tax, VAT } from '@kilowatch/pricing';
import { lastDayToPay } from '../due-date.js';
import { isCreditNote, type Invoice, type InvoiceLine, type Party } from '../invoice.js';
import type { Stored } from '../stored.js';
import { element, type Element } from './xml.js';

const CUSTOMIZATION = 'urn:cen.eu:en16931:2017';
/** UN/ECE Recommendation 20. */
const UNITS: Readonly<Record<string, string>> = { kWh: 'KWH', h: 'HUR', session: 'C62' };
const INVOICE = '380';
const CREDIT_NOTE = '381';

export interface UblContext {
  /** ISO 3166-1 alpha-2, for parties whose address names no country: BT-40 and BT-55 must be there. */
  readonly country: string;
  /** The seller's calendar: which day it was issued. */
  readonly timeZone: string;
}

interface Category {
  /** S: standard rated, Z: zero rated, E: exempt (UNCL 5305). */
  readonly code: 'S' | 'Z' | 'E';
  readonly percent: Decimal;
  readonly base: Decimal;
  readonly vat: Decimal;
}

type Line = Stored<InvoiceLine>;

const OF_THE_WHOLE: ReadonlySet<string> = new Set(['ADJUSTMENT', 'ROUNDING']);

/** Throws INVALID when no country is known at all. */
export function ublOf(invoice: Stored<Invoice>, { country, timeZone }: UblContext): string {
  const isCredit = isCreditNote(invoice);
  // What is in the buyer's favour is positive in a credit note: whose it is is said by its type (docs/adr/0020).
  const sign = decimal(isCredit ? -1 : 1);
  const money = (value: string | Decimal) => decimal(value).times(sign);
  const digits = minorDigits(invoice.currency);
  if (digits > 2)
    throw precondition(
      'BILLING_UBL_CURRENCY',
      `EN 16931 has amounts of two decimals: there is no such invoice in ${invoice.currency}.`,
    );
  const amount = (name: string, value: Decimal) =>
    element(name, { currencyID: invoice.currency }, value.toFixed(2));
  const categories = categoriesOf(invoice, money);
  // What a minimum price or rounding changes is of no line: it is an allowance or a charge of the whole document, by rate.
  const services = invoice.lines.filter(({ dimension }) => !OF_THE_WHOLE.has(dimension));
  const listed = services.length > 0 ? services : invoice.lines.slice(0, 1);
  const lineTotal = sum(listed.map(({ excl }) => money(excl)));
  const differences = categories.flatMap((category) => {
    const lines = listed.filter(
      (line) => (categories.find((one) => isOf(line, one)) ?? categories[0]) === category,
    );
    const difference = category.base.minus(sum(lines.map(({ excl }) => money(excl))));
    return difference.eq(ZERO) ? [] : [{ category, difference }];
  });
  const charges = sum(differences.map(({ difference }) => (difference.gt(ZERO) ? difference : ZERO)));
  const allowances = sum(
    differences.map(({ difference }) => (difference.lt(ZERO) ? difference.neg() : ZERO)),
  );
  const [root, type, line, quantity] = isCredit
    ? (['CreditNote', 'CreditNoteTypeCode', 'CreditNoteLine', 'CreditedQuantity'] as const)
    : (['Invoice', 'InvoiceTypeCode', 'InvoiceLine', 'InvoicedQuantity'] as const);
  const document = element(
    root,
    {
      xmlns: `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`,
      'xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
      'xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
    },
    [
      ...(invoice.byTax ? [] : [cbc('CustomizationID', CUSTOMIZATION)]),
      cbc('ID', invoice.number),
      cbc('IssueDate', dayIn(timeZone, invoice.issuedAt)),
      // BT-9; UBL has none in a credit note.
      ...(invoice.dueAt === undefined || isCredit
        ? []
        : [cbc('DueDate', dayIn(timeZone, lastDayToPay(new Date(invoice.dueAt)).toISOString()))]),
      cbc(type, isCredit ? CREDIT_NOTE : INVOICE),
      cbc('DocumentCurrencyCode', invoice.currency),
      element('cac:InvoicePeriod', {}, [
        cbc('StartDate', dayIn(timeZone, invoice.suppliedFrom)),
        cbc('EndDate', dayIn(timeZone, invoice.suppliedTo)),
      ]),
      ...(invoice.credits === null
        ? []
        : [
            element('cac:BillingReference', {}, [
              element('cac:InvoiceDocumentReference', {}, [cbc('ID', invoice.credits)]),
            ]),
          ]),
      element('cac:AccountingSupplierParty', {}, [partyOf(invoice.seller, country)]),
      element('cac:AccountingCustomerParty', {}, [partyOf(invoice.buyer, country)]),
      ...differences.map(({ category, difference }) =>
        element('cac:AllowanceCharge', {}, [
          cbc('ChargeIndicator', String(difference.gt(ZERO))),
          cbc('AllowanceChargeReason', reasonOf(invoice)),
          amount('cbc:Amount', difference.abs()),
          ...(invoice.byTax ? [] : [taxCategory('cac:TaxCategory', category)]),
        ]),
      ),
      element('cac:TaxTotal', {}, [
        amount('cbc:TaxAmount', money(invoice.total.vat)),
        ...subtotalsOf(invoice, categories, money).map(({ base, tax, category }) =>
          element('cac:TaxSubtotal', {}, [
            amount('cbc:TaxableAmount', base),
            amount('cbc:TaxAmount', tax),
            category,
          ]),
        ),
      ]),
      element('cac:LegalMonetaryTotal', {}, [
        amount('cbc:LineExtensionAmount', lineTotal),
        amount('cbc:TaxExclusiveAmount', money(invoice.total.excl)),
        amount('cbc:TaxInclusiveAmount', money(invoice.total.incl)),
        ...(allowances.gt(ZERO) ? [amount('cbc:AllowanceTotalAmount', allowances)] : []),
        ...(charges.gt(ZERO) ? [amount('cbc:ChargeTotalAmount', charges)] : []),
        amount('cbc:PayableAmount', money(invoice.total.incl)),
      ]),
      ...listed.map((one, index) => {
        const category = categories.find((candidate) => isOf(one, candidate)) ?? categories[0]!;
        return lineOf(one, { index, category, money, amount, names: { line, quantity } });
      }),
    ],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document.text}\n`;
}

function lineOf(
  line: Line,
  {
    index,
    category,
    money,
    amount,
    names,
  }: {
    index: number;
    category: Category;
    money: (value: string | Decimal) => Decimal;
    amount: (name: string, value: Decimal) => Element;
    names: { line: string; quantity: string };
  },
): Element {
  const excl = money(line.excl);
  const unit = line.unit ?? 'session';
  // BR-27: a price is not negative; what is paid out is a negative quantity of it.
  const price = line.unitPrice === null ? excl.abs() : decimal(line.unitPrice).abs();
  const size = line.quantity === null ? decimal(1) : decimal(line.quantity).abs();
  const quantity = excl.lt(ZERO) ? size.neg() : size;
  return element(`cac:${names.line}`, {}, [
    cbc('ID', String(index + 1)),
    element(`cbc:${names.quantity}`, { unitCode: UNITS[unit] ?? 'C62' }, quantity.toFixed()),
    amount('cbc:LineExtensionAmount', excl),
    element('cac:Item', {}, [
      cbc('Description', line.description),
      cbc('Name', NAMES[line.dimension] ?? 'Charging'),
      ...(line.taxes
        ? line.taxes.map((tax) => otherTax('cac:ClassifiedTaxCategory', tax))
        : [taxCategory('cac:ClassifiedTaxCategory', category)]),
    ]),
    element('cac:Price', {}, [element('cbc:PriceAmount', priceCurrency(amount), price.toFixed())]),
  ]);
}

/** Prices have as many decimals as the tariff. */
function priceCurrency(amount: (name: string, value: Decimal) => Element): Readonly<Record<string, string>> {
  return amount('cbc:Amount', ZERO).attributes;
}

export const NAMES: Readonly<Record<string, string>> = {
  ENERGY: 'Energy',
  TIME: 'Charging time',
  PARKING_TIME: 'Time connected without charging',
  FLAT: 'Fee for a session',
  RESERVATION_FLAT: 'Fee for a reservation',
  RESERVATION_TIME: 'Reserved time',
  ADJUSTMENT: 'Minimum or maximum price',
  ROUNDING: 'Rounding',
};

/** By VAT rate, as the invoice has them. Where no rate is stated at all, nothing is taxed. */
function categoriesOf(
  invoice: Stored<Invoice>,
  money: (value: string | Decimal) => Decimal,
): readonly Category[] {
  return invoice.byVatRate.map((row) => {
    const percent = row.vatPercent === null ? ZERO : decimal(row.vatPercent);
    const code = row.vatPercent === null ? 'E' : percent.eq(ZERO) ? 'Z' : 'S';
    return { code, percent, base: money(row.excl), vat: money(row.vat) };
  });
}

interface Subtotal {
  readonly base: Decimal;
  readonly tax: Decimal;
  readonly category: Element;
}

function subtotalsOf(
  { byTax }: Stored<Invoice>,
  categories: readonly Category[],
  money: (value: string | Decimal) => Decimal,
): readonly Subtotal[] {
  if (!byTax) {
    return categories.map((category) => ({
      base: category.base,
      tax: category.vat,
      category: taxCategory('cac:TaxCategory', category),
    }));
  }
  return byTax.map((row) => ({
    base: money(row.base),
    tax: money(row.amount),
    category: otherTax('cac:TaxCategory', row),
  }));
}

/** UN/ECE 5153: VAT, GST, or another one by its name. */
function otherTax(field: string, { name, percent }: Stored<Tax>): Element {
  const code = name === VAT || name === 'GST' ? name : 'OTH';
  return element(field, {}, [
    cbc('ID', 'S'),
    cbc('Percent', decimal(percent).toFixed()),
    element('cac:TaxScheme', {}, [cbc('ID', code), ...(code === 'OTH' ? [cbc('Name', name)] : [])]),
  ]);
}

function isOf({ vatPercent }: Line, { code, percent }: Category): boolean {
  return vatPercent === null ? code === 'E' : code !== 'E' && decimal(vatPercent).eq(percent);
}

function reasonOf(invoice: Stored<Invoice>): string {
  const adjustment = invoice.lines.find(({ dimension }) => dimension === 'ADJUSTMENT');
  return adjustment ? adjustment.description : 'Rounding of the lines';
}

function taxCategory(name: string, { code, percent }: Category): Element {
  return element(name, {}, [
    cbc('ID', code),
    cbc('Percent', percent.toFixed()),
    // BR-E-10, of the breakdown alone.
    ...(code === 'E' && name === 'cac:TaxCategory' ? [cbc('TaxExemptionReason', 'No VAT is stated')] : []),
    element('cac:TaxScheme', {}, [cbc('ID', 'VAT')]),
  ]);
}

function partyOf(party: Stored<Party>, fallback: string): Element {
  const code = (party.country || fallback).toUpperCase();
  if (!/^[A-Z]{2}$/.test(code))
    throw invalid(
      'BILLING_UBL_COUNTRY',
      'An electronic invoice names the countries of seller and buyer: set KW_SELLER_COUNTRY.',
    );
  return element('cac:Party', {}, [
    element('cac:PartyName', {}, [cbc('Name', party.name)]),
    element('cac:PostalAddress', {}, [
      ...(party.address === '' ? [] : [cbc('StreetName', party.address.replace(/\s*\n\s*/g, ', '))]),
      element('cac:Country', {}, [cbc('IdentificationCode', code)]),
    ]),
    ...(party.vatId
      ? [
          element('cac:PartyTaxScheme', {}, [
            cbc('CompanyID', party.vatId),
            element('cac:TaxScheme', {}, [cbc('ID', 'VAT')]),
          ]),
        ]
      : []),
    element('cac:PartyLegalEntity', {}, [cbc('RegistrationName', party.name)]),
  ]);
}

function cbc(name: string, text: string): Element {
  return element(`cbc:${name}`, {}, text.replace(/\s*\n\s*/g, ' '));
}

function dayIn(timeZone: string, instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(instant));
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), ZERO);
}
