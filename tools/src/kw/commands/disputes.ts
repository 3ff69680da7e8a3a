import { randomUUID } from 'node:crypto';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';
import { wattHours } from './holds.js';

export interface DisputeRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly text: string;
  readonly openedAt: string;
  readonly answer: string | null;
  readonly session: { readonly id: string };
  readonly invoice: {
    readonly number: string;
    readonly totalInclVat: { readonly amount: string; readonly currency: string };
  };
}

const ROW =
  'id state reason text openedAt answer session { id } invoice { number totalInclVat { amount currency } }';
const REASONS = ['energy', 'price', 'idle', 'not-mine', 'other'];
const USAGE = `kw disputes [list | open SESSION ${REASONS.join('|')} TEXT | reject ID ANSWER
  | accept ID measured ANSWER | accept ID energy WH ANSWER | accept ID amount TOTAL ANSWER | accept ID waive ANSWER]`;

/** `kw disputes`: what drivers object to, one's own or the company's, and the answers. WH: what is billed; TOTAL: with VAT. */
export async function disputes(
  [verb = 'list', id, ...rest]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (verb === 'list') return list(context);
  if (!id) throw wrongInput(USAGE);
  if (verb === 'open') return open(context, id, rest);
  if (verb === 'reject') return decide(context, { disputeId: id, decision: 'REJECT' }, rest);
  if (verb !== 'accept') throw wrongInput(USAGE);
  const [how, ...words] = rest;
  return decide(context, { disputeId: id, decision: 'ACCEPT', ...correction(how, words) }, words);
}

/** Takes the figure, where there is one, out of `words`. */
function correction(how: string | undefined, words: string[]) {
  if (how === 'measured') return { correction: 'AS_MEASURED' };
  if (how === 'waive') return { correction: 'WAIVE' };
  if (how === 'energy') return { correction: 'ENERGY', energyWh: wattHours(words.shift(), USAGE) };
  if (how !== 'amount') throw wrongInput(USAGE);
  const totalInclVat = words.shift() ?? '';
  if (!/^\d+(\.\d+)?$/.test(totalInclVat)) throw wrongInput(`TOTAL is an amount such as 12.50: ${USAGE}`);
  return { correction: 'AMOUNT', totalInclVat };
}

async function list({ client, output }: CommandContext): Promise<number> {
  const { disputes: found } = await client.request<{
    disputes: { totalCount: number; edges: { node: DisputeRow }[] };
  }>(`{ disputes(first: 50) { totalCount edges { node { ${ROW} } } } }`);
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => disputesText(rows, found.totalCount));
  return 0;
}

async function open(
  { client, output }: CommandContext,
  sessionId: string,
  [reason = '', ...words]: readonly string[],
): Promise<number> {
  const text = words.join(' ');
  if (!REASONS.includes(reason) || text === '') throw wrongInput(USAGE);
  const input = {
    sessionId,
    reason: reason.toUpperCase().replace('-', '_'),
    text,
    idempotencyKey: randomUUID(),
  };
  const { openDispute } = await client.request<{ openDispute: { session: { disputes: DisputeRow[] } } }>(
    `mutation($input: OpenDisputeInput!) { openDispute(input: $input) { session { disputes { ${ROW} } } } }`,
    { input },
  );
  const opened = openDispute.session.disputes;
  output.show(opened, () => disputesText(opened, opened.length));
  return 0;
}

async function decide(
  { client, output }: CommandContext,
  decision: Readonly<Record<string, unknown>>,
  words: readonly string[],
): Promise<number> {
  const answer = words.join(' ');
  if (answer === '') throw wrongInput(`the driver needs an answer: ${USAGE}`);
  const { decideDispute } = await client.request<{
    decideDispute: { session: { disputes: DisputeRow[] } };
  }>(
    `mutation($input: DecideDisputeInput!) { decideDispute(input: $input) { session { disputes { ${ROW} } } } }`,
    { input: { ...decision, answer, idempotencyKey: randomUUID() } },
  );
  const decided = decideDispute.session.disputes;
  output.show(decided, () => disputesText(decided, decided.length));
  return 0;
}

export function disputesText(rows: readonly DisputeRow[], total: number): string {
  if (rows.length === 0) return 'nobody objects to a bill';
  return table(
    ['id', 'opened', 'state', 'invoice', 'total', 'about', 'text'],
    rows.map(({ id, openedAt, state, invoice, reason, text, answer }) => [
      id,
      openedAt.slice(0, 10),
      state,
      invoice.number,
      `${invoice.totalInclVat.amount} ${invoice.totalInclVat.currency}`,
      reason.toLowerCase().replaceAll('_', ' '),
      answer ? `${text} / ${answer}` : text,
    ]),
    total,
  );
}
