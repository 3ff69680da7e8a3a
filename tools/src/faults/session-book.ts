import type { LedgerEntry } from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';
import { expectedTotal } from '../demo/price-judge.js';

/** A session as the API tells it, reduced to what a fault must not change. */
export interface BookedSession {
  readonly id: string;
  readonly state: string;
  readonly transactionId: string;
  readonly startedAt: string;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
  readonly station: { readonly identity: string };
}

export interface BookedInvoice {
  readonly number: string;
  readonly kind: 'INVOICE' | 'CREDIT_NOTE';
  readonly status: 'OPEN' | 'PAID' | 'CREDITED';
  readonly totalInclVat: { readonly amount: string };
  /** Null: a collective invoice. */
  readonly session: { readonly id: string } | null;
}

/** Everything Kilowatch holds for the tenant. */
export interface Books {
  readonly sessions: readonly BookedSession[];
  readonly invoices: readonly BookedInvoice[];
}

const SESSIONS = `query($after: String) { page: sessions(first: 100, after: $after) {
  edges { node { id state transactionId startedAt energyWh energyStatus station { identity } } }
  pageInfo { hasNextPage endCursor } } }`;
const INVOICES = `query($after: String) { page: invoices(first: 100, after: $after) {
  edges { node { number kind status totalInclVat { amount } session { id } } } pageInfo { hasNextPage endCursor } } }`;

interface Page<T> {
  readonly page: {
    readonly edges: readonly { readonly node: T }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

export async function readBooks(operator: GraphqlClient): Promise<Books> {
  return {
    sessions: await all<BookedSession>(operator, SESSIONS),
    invoices: await all<BookedInvoice>(operator, INVOICES),
  };
}

/** At most 100 pages. */
async function all<T>(operator: GraphqlClient, query: string): Promise<T[]> {
  const nodes: T[] = [];
  let after: string | null = null;
  for (let count = 0; count < 100; count += 1) {
    const { page }: Page<T> = await operator.request<Page<T>>(query, { after });
    nodes.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  return nodes;
}

/**
 * Compares what the chargers counted with what Kilowatch holds: each transaction exactly one ended session with the same energy and
 * exactly one invoice that stands, of what meter and tariff say, no lost message, and nothing in the books that no charger knows of. The cars
 * are never full, so that no idle time is owed. One sentence per difference.
 */
export function audit(ledger: readonly LedgerEntry[], books: Books): string[] {
  const problems: string[] = [];
  const standing = books.invoices.filter(({ kind, status }) => kind === 'INVOICE' && status !== 'CREDITED');
  const known = new Set<BookedSession>();
  for (const entry of ledger) {
    const found = books.sessions.filter(
      (session) =>
        session.station.identity === entry.identity && session.transactionId === String(entry.transactionId),
    );
    found.forEach((session) => known.add(session));
    const where = `${entry.identity} transaction ${entry.transactionId ?? '?'}`;
    const [session] = found;
    const differences =
      session && found.length === 1 ? differencesOf(entry, session, standing) : [`${found.length} sessions`];
    problems.push(...differences.map((difference) => `${where}: ${difference}`));
  }
  for (const { id, station, transactionId } of books.sessions.filter((session) => !known.has(session))) {
    problems.push(`session ${id} of ${station.identity}: the charger knows no transaction ${transactionId}`);
  }
  if (books.sessions.length !== ledger.length || standing.length !== ledger.length) {
    problems.push(
      `the chargers counted ${ledger.length} transactions, Kilowatch ${books.sessions.length} sessions and ${standing.length} invoices`,
    );
  }
  const numbers = books.invoices.map((invoice) => invoice.number);
  if (new Set(numbers).size !== numbers.length) problems.push('an invoice number was given twice');
  return problems;
}

function differencesOf(
  entry: LedgerEntry,
  session: BookedSession,
  invoices: readonly BookedInvoice[],
): string[] {
  const problems: string[] = [];
  const energyWh = (entry.energyMwh ?? -1) / 1000;
  if (session.state !== 'ENDED') problems.push(`is ${session.state}`);
  if (session.energyWh !== energyWh) {
    problems.push(
      `the charger counted ${energyWh} Wh, Kilowatch ${session.energyWh} Wh (${session.energyStatus})`,
    );
  }
  const bills = invoices.filter((invoice) => invoice.session?.id === session.id);
  if (bills.length !== 1) problems.push(`${bills.length} invoices`);
  const owed = expectedTotal({
    energyMwh: entry.energyMwh ?? 0,
    fullAt: undefined,
    endedAt: entry.endedAt ?? new Date(0),
  }).toFixed(2);
  for (const { number, totalInclVat } of bills) {
    if (totalInclVat.amount !== owed)
      problems.push(`meter and tariff say ${owed}, invoice ${number} ${totalInclVat.amount}`);
  }
  if (entry.lostMessages.length > 0)
    problems.push(`the charger gave up ${entry.lostMessages.length} messages`);
  return problems;
}
