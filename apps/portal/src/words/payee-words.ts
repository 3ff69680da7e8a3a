import type { PayeesQuery, StatementParts } from '../api/documents/payees.js';
import { formatEnergy, formatMoney } from '../ui/format.js';

type Kind = StatementParts['lines'][number]['kind'];
type Term = PayeesQuery['payees']['edges'][number]['node']['terms'][number];

export const TERM_KINDS: Readonly<Record<Kind, string>> = {
  ENERGY_SHARE: 'Per cent of the net price of the energy',
  PER_KWH: 'Amount for each kWh',
  PER_SESSION: 'Amount for each session',
};

/** `10 % of the net price of the energy`, `0.05 EUR for each kWh`. */
export function agreedText({ kind, value }: Pick<Term, 'kind' | 'value'>, currency: string): string {
  if (kind === 'ENERGY_SHARE') return `${value} % of the net price of the energy`;
  return `${value} ${currency} ${kind === 'PER_KWH' ? 'for each kWh' : 'for each session'}`;
}

export function monthsText({ firstMonth, lastMonth }: Pick<Term, 'firstMonth' | 'lastMonth'>): string {
  if (lastMonth === null) return `from ${firstMonth}`;
  return lastMonth < firstMonth ? 'never counts' : `${firstMonth} to ${lastMonth}`;
}

export function lineText(line: StatementParts['lines'][number], currency: string): string {
  const { correction, locationName, sessions, energyWh, amount } = line;
  const of = `${formatEnergy(energyWh)}, ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`;
  const what = `${correction ? 'Correction of earlier months, ' : ''}${locationName || 'unnamed place'}`;
  return `${what}: ${agreedText(line, currency)} (${of}): ${formatMoney(amount)}`;
}

/** What was carried over, where something was. */
export function carriedTexts({
  carriedIn,
  carriedOut,
}: Pick<StatementParts, 'carriedIn' | 'carriedOut'>): string[] {
  return [
    Number(carriedIn.amount) === 0 ? '' : `From the statement before: ${formatMoney(carriedIn)}`,
    Number(carriedOut.amount) === 0 ? '' : `Into the next statement: ${formatMoney(carriedOut)}`,
  ].filter(Boolean);
}

/** The month before or after `2026-03`. */
export function monthBeside(month: string, step: -1 | 1): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7);
}

/** Months in which it may end: those that are stated stay, and it ends the month before it begins at the earliest. Undefined: none. */
export function endsBetween(
  { firstMonth, lastMonth }: Pick<Term, 'firstMonth' | 'lastMonth'>,
  nextMonth: string,
): { readonly first: string; readonly last: string | undefined } | undefined {
  const [stated, begin] = [monthBeside(nextMonth, -1), monthBeside(firstMonth, -1)];
  const first = stated > begin ? stated : begin;
  if (lastMonth !== null && lastMonth <= first) return undefined;
  return { first, last: lastMonth ?? undefined };
}
