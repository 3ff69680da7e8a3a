import type { LedgerEntry } from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';

/** A session as the API tells it, reduced to what a fault must not change. */
export interface BookedSession {
  readonly id: string;
  readonly state: string;
  readonly transactionId: string;
  readonly startedAt: string;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
  readonly station: { readonly identity: string };
  readonly invoice: { readonly number: string; readonly totalInclVat: { readonly amount: string } } | null;
}

const SESSIONS = `query($after: String) { sessions(first: 100, after: $after) {
  edges { node { id state transactionId startedAt energyWh energyStatus station { identity } invoice { number totalInclVat { amount } } } }
  pageInfo { hasNextPage endCursor } } }`;

interface Page {
  readonly sessions: {
    readonly edges: readonly { readonly node: BookedSession }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** All sessions of the tenant; at most 100 pages. */
export async function bookedSessions(operator: GraphqlClient): Promise<BookedSession[]> {
  const sessions: BookedSession[] = [];
  let after: string | null = null;
  for (let page = 0; page < 100; page += 1) {
    const answer: Page = await operator.request<Page>(SESSIONS, { after });
    sessions.push(...answer.sessions.edges.map((edge) => edge.node));
    if (!answer.sessions.pageInfo.hasNextPage) break;
    after = answer.sessions.pageInfo.endCursor;
  }
  return sessions;
}

/**
 * Compares what the chargers counted with what Kilowatch holds: each transaction exactly one ended session with the same
 * energy and exactly one invoice, no lost message, no invoice number twice. One sentence per difference.
 */
export function audit(ledger: readonly LedgerEntry[], booked: readonly BookedSession[]): string[] {
  const problems: string[] = [];
  for (const entry of ledger) {
    const where = `${entry.identity} transaction ${entry.transactionId ?? '?'}`;
    const found = booked.filter(
      (session) =>
        session.station.identity === entry.identity && session.transactionId === String(entry.transactionId),
    );
    if (found.length !== 1) {
      problems.push(`${where}: ${found.length} sessions`);
      continue;
    }
    const session = found[0]!;
    const energyWh = (entry.energyMwh ?? -1) / 1000;
    if (session.state !== 'ENDED') problems.push(`${where}: is ${session.state}`);
    if (session.energyWh !== energyWh) {
      problems.push(
        `${where}: the charger counted ${energyWh} Wh, Kilowatch ${session.energyWh} Wh (${session.energyStatus})`,
      );
    }
    if (!session.invoice) problems.push(`${where}: no invoice`);
    if (entry.lostMessages.length > 0)
      problems.push(`${where}: the charger gave up ${entry.lostMessages.length} messages`);
  }
  const numbers = booked.flatMap((session) => (session.invoice ? [session.invoice.number] : []));
  if (new Set(numbers).size !== numbers.length) problems.push('an invoice number was given twice');
  return problems;
}
