import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface OrphanRow {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
  readonly state: string;
  readonly transactionId: string | null;
  readonly occurredAt: string;
  readonly station: { readonly identity: string };
  readonly session: { readonly id: string } | null;
  readonly attachableTo: readonly { readonly id: string }[];
}

const ROW =
  'id kind reason state transactionId occurredAt station { identity } session { id } attachableTo { id }';
const USAGE = 'kw orphans [list | attach ID SESSION [NOTE] | dismiss ID REASON]';

/** Transaction messages that belong to no session: those that wait, and what to do with one. */
export async function orphans(
  [verb = 'list', id, ...rest]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (verb === 'list') {
    const { orphanedTransactionMessages: found } = await client.request<{
      orphanedTransactionMessages: { totalCount: number; edges: { node: OrphanRow }[] };
    }>(
      `{ orphanedTransactionMessages(first: 50, filter: { open: true }) { totalCount edges { node { ${ROW} } } } }`,
    );
    const rows = found.edges.map(({ node }) => node);
    output.show(rows, () => orphansText(rows, found.totalCount));
    return 0;
  }
  if (!id || (verb !== 'attach' && verb !== 'dismiss')) throw wrongInput(USAGE);
  const [sessionId, ...note] = rest;
  if (verb === 'attach' && !sessionId) throw wrongInput(`to which session? ${USAGE}`);
  const [mutation, input] =
    verb === 'attach'
      ? ['attachOrphanedMessage', { messageId: id, sessionId, note: note.join(' ') }]
      : ['dismissOrphanedMessage', { messageId: id, reason: rest.join(' ') }];
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await client.request<Record<string, { message: OrphanRow }>>(
    `mutation($input: ${type}!) { ${mutation}(input: $input) { message { ${ROW} } } }`,
    { input },
  );
  const { message } = answer[mutation]!;
  output.show(message, () => decidedText(message));
  return 0;
}

export function orphansText(rows: readonly OrphanRow[], total: number): string {
  if (rows.length === 0) return 'nothing waits';
  return table(
    ['id', 'at', 'station', 'kind', 'why', 'may belong to'],
    rows.map((row) => [
      row.id,
      row.occurredAt,
      row.station.identity,
      row.kind,
      row.reason.toLowerCase().replaceAll('_', ' '),
      row.attachableTo.map(({ id }) => id).join(' ') || '-',
    ]),
    total,
  );
}

export function decidedText({ kind, station, state, session }: OrphanRow): string {
  const what = session ? `attached to ${session.id}` : state.toLowerCase();
  return `${kind} of ${station.identity}: ${what}`;
}
