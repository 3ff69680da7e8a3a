/** What stands on the paper of a payee's statement, and its lines as CSV: from what was stored when it was issued, so the same for ever. */
import { decimal } from '@kilowatch/kernel';
import type { Party } from '../invoice.js';
import type { StatementFigures } from '../payee-statement.js';
import { csv } from '../csv.js';
import type { Stored } from '../stored.js';
import type { InvoiceSheet, SheetRow } from './invoice-sheet.js';
import { SHEET_TEXTS, type SheetLocale } from './sheet-texts.js';
import { sheetWords, type SheetWords } from './sheet-words.js';
import { STATEMENT_TEXTS, type StatementTexts } from './statement-texts.js';

export interface StatementPaper {
  readonly number: string;
  readonly month: string;
  readonly currency: string;
  readonly issuedAt: Date;
  readonly document: Stored<StatementFigures> & {
    readonly payee: { readonly name: string; readonly address: string; readonly vatId: string };
  };
}

type Line = StatementPaper['document']['lines'][number];

export function statementSheet(
  statement: StatementPaper,
  seller: Party,
  timeZone: string,
  locale: SheetLocale,
): InvoiceSheet {
  const { number, month, currency, issuedAt, document } = statement;
  const { payee, lines, carriedIn, earned, due, carriedOut } = document;
  const texts = STATEMENT_TEXTS[locale];
  const sheetTexts = SHEET_TEXTS[locale];
  const words = sheetWords(sheetTexts, currency);
  const used = (amount: string) => !decimal(amount).eq('0');
  return {
    title: `${texts.statement} ${number}`,
    seller: [seller.name, ...seller.address.split('\n'), seller.country].filter(Boolean),
    buyer: [
      payee.name,
      ...payee.address.split('\n'),
      payee.vatId && `${sheetTexts.vatId} ${payee.vatId}`,
    ].filter(Boolean),
    buyerLabel: texts.paidTo,
    facts: [
      [sheetTexts.number, number],
      [texts.month, month],
      [texts.date, words.day(issuedAt.toISOString(), timeZone)],
    ],
    heads: {
      description: texts.place,
      quantity: texts.of,
      unitPrice: texts.agreed,
      vat: '',
      amount: texts.amount,
    },
    groups: [{ heading: undefined, rows: lines.map((line) => rowOf(line, texts, words)) }],
    totals: [
      [texts.earned, words.money(earned)],
      ...(used(carriedIn) ? ([[texts.carriedIn, words.money(carriedIn)]] as const) : []),
      ...(used(carriedOut) ? ([[texts.carriedOut, words.money(carriedOut)]] as const) : []),
    ],
    grandTotal: [texts.due, words.money(due)],
    favour: undefined,
    sessions: [],
    footer: texts.footer,
  };
}

function rowOf(line: Line, texts: StatementTexts, words: SheetWords): SheetRow {
  const { locationName, locationId, kind, correction, value } = line;
  return {
    description: `${correction ? `${texts.correction}: ` : ''}${locationName || locationId}, ${texts.kinds[kind]}`,
    quantity: ofText(line, words),
    // All decimals of what was agreed.
    unitPrice: kind === 'ENERGY_SHARE' ? `${words.number(value)} %` : words.price(value),
    vat: '',
    amount: words.money(line.amount),
  };
}

const kwh = (energyMwh: number) => decimal(energyMwh).div('1000000').toFixed(3);

function ofText({ kind, energyMwh, energyNet, sessions }: Line, words: SheetWords): string {
  if (kind === 'ENERGY_SHARE') return words.money(energyNet);
  return kind === 'PER_KWH' ? `${words.fixed(kwh(energyMwh))} kWh` : String(sessions);
}

const HEADER = [
  ...['number', 'month', 'currency', 'location_id', 'location', 'correction', 'kind', 'value'],
  ...['sessions', 'energy_kwh', 'energy_net', 'amount'],
] as const;

/** One line each; what was carried in from the statement before is the last. */
export function statementCsv({ number, month, currency, document }: StatementPaper): string {
  const rows = document.lines.map((line) => [
    ...[number, month, currency, line.locationId, line.locationName, line.correction ? 'yes' : 'no'],
    ...[line.kind, line.value, String(line.sessions), (line.energyMwh / 1_000_000).toFixed(6)],
    ...[decimal(line.energyNet).toFixed(2), decimal(line.amount).toFixed(2)],
  ]);
  const carried = decimal(document.carriedIn);
  if (carried.eq('0')) return csv(HEADER, rows);
  const last = [number, month, currency, '', '', '', 'CARRIED_IN', '', '', '', '', carried.toFixed(2)];
  return csv(HEADER, [...rows, last]);
}
