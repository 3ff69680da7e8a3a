/** What stands on the paper of a payee's statement, and its lines as CSV: from what was stored when it was issued, so the same for ever. */
import { decimal, localParts, minorDigits } from '@kilowatch/kernel';
import type { Party } from '../invoice.js';
import type { PayeeTermKind, StatementFigures } from '../payee-statement.js';
import { csv } from '../csv.js';
import type { Stored } from '../stored.js';
import type { InvoiceSheet } from './invoice-sheet.js';

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

const KINDS: Readonly<Record<PayeeTermKind, string>> = {
  ENERGY_SHARE: 'share of the net price of the energy',
  PER_KWH: 'for each kWh',
  PER_SESSION: 'for each session',
};

export function statementSheet(statement: StatementPaper, seller: Party, timeZone: string): InvoiceSheet {
  const { number, month, currency, issuedAt, document } = statement;
  const { payee, lines, carriedIn, earned, due, carriedOut } = document;
  const money = (amount: string) => `${decimal(amount).toFixed(minorDigits(currency))} ${currency}`;
  const used = (amount: string) => !decimal(amount).eq('0');
  return {
    title: `Statement ${number}`,
    seller: [seller.name, ...seller.address.split('\n'), seller.country].filter(Boolean),
    buyer: [payee.name, ...payee.address.split('\n'), payee.vatId && `VAT id ${payee.vatId}`].filter(Boolean),
    buyerLabel: 'Paid to',
    facts: [
      ['Number', number],
      ['Month', month],
      ['Date', localParts(issuedAt, timeZone).date],
    ],
    heads: { description: 'Place', quantity: 'Of', unitPrice: 'Agreed', vat: '', amount: 'Amount' },
    groups: [
      {
        heading: undefined,
        rows: lines.map((line) => ({
          description: lineText(line),
          quantity: ofText(line, money),
          unitPrice: agreedText(line, money),
          vat: '',
          amount: money(line.amount),
        })),
      },
    ],
    totals: [
      ['For this month', money(earned)],
      ...(used(carriedIn) ? ([['From the statement before', money(carriedIn)]] as const) : []),
      ...(used(carriedOut) ? ([['Into the next statement', money(carriedOut)]] as const) : []),
    ],
    grandTotal: ['To be paid', money(due)],
    favour: undefined,
    sessions: [],
    footer: 'Amounts are before taxes. Corrections are of sessions that an earlier statement had.',
  };
}

function lineText({ locationName, locationId, kind, correction }: Line): string {
  return `${correction ? 'Correction: ' : ''}${locationName || locationId}, ${KINDS[kind]}`;
}

const kwh = (energyMwh: number) => `${(energyMwh / 1_000_000).toFixed(3)} kWh`;

function ofText({ kind, energyMwh, energyNet, sessions }: Line, money: (amount: string) => string): string {
  if (kind === 'ENERGY_SHARE') return money(energyNet);
  return kind === 'PER_KWH' ? kwh(energyMwh) : String(sessions);
}

function agreedText({ kind, value }: Line, money: (amount: string) => string): string {
  // All decimals of what was agreed, and the currency of the rest.
  return kind === 'ENERGY_SHARE' ? `${value} %` : `${value} ${money('0').split(' ')[1]}`;
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
