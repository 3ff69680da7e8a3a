import { randomUUID } from 'node:crypto';
import { wrongInput } from '../kw-error.js';
import { moneyText, type Money } from '../money.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface CaseRow {
  readonly id: string;
  readonly state: string;
  readonly level: number;
  readonly letter: string | null;
  readonly blocks: boolean;
  readonly invoiceNumber: string;
  readonly pausedUntil: string | null;
  readonly chargesOpen: Money;
  readonly next: { readonly letter: string | null; readonly end: string | null; readonly on: string } | null;
  readonly invoice: { readonly owedInclVat: Money };
}

export interface CaseView extends CaseRow {
  readonly history: readonly {
    readonly at: string;
    readonly change: string;
    readonly level: number;
    readonly owed: Money;
    readonly fee: Money;
    readonly interest: Money;
    readonly amount: Money;
    readonly reason: string;
  }[];
}

const MONEY = '{ amount currency }';
const ROW = `id state level letter blocks invoiceNumber pausedUntil chargesOpen ${MONEY} next { letter end on } invoice { owedInclVat ${MONEY} }`;
const VIEW = `${ROW} history { at change level owed ${MONEY} fee ${MONEY} interest ${MONEY} amount ${MONEY} reason }`;
const STATES = ['active', 'paused', 'collection', 'written-off', 'settled'];
const ACTS: Readonly<Record<string, string>> = {
  resume: 'resumeDunning',
  raise: 'raiseDunning',
  'write-off': 'writeOffInvoice',
  waive: 'waiveDunningCharges',
};
const USAGE = `kw dunning list [${STATES.join('|')}] | show ID | pause ID [until DAY] WHY | resume|raise|write-off|waive ID WHY`;

/** `kw dunning`: cases of overdue invoices, one's own or the company's, and what operators do about them. DAY: like 2026-03-31. */
export async function dunning(
  [verb = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (verb === 'list') return list(context, args[0]);
  const [id, ...words] = args;
  if (!id) throw wrongInput(USAGE);
  if (verb === 'show') return show(context, id);
  const until = verb === 'pause' && words[0] === 'until' ? words.splice(0, 2)[1] : undefined;
  const name = verb === 'pause' ? 'pauseDunning' : ACTS[verb];
  const reason = words.join(' ');
  if (name === undefined) throw wrongInput(USAGE);
  if (reason === '') throw wrongInput(`say why: ${USAGE}`);
  const type = verb === 'pause' ? 'PauseDunningInput' : 'DunningActInput';
  const input = { caseId: id, reason, idempotencyKey: randomUUID(), ...(until ? { until } : {}) };
  const done = await context.client.request<Record<string, { case: CaseRow }>>(
    `mutation($input: ${type}!) { ${name}(input: $input) { case { ${ROW} } } }`,
    { input },
  );
  const row = done[name]!.case;
  context.output.show(row, () => casesText([row], 1));
  return 0;
}

async function list({ client, output }: CommandContext, state: string | undefined): Promise<number> {
  if (state !== undefined && !STATES.includes(state)) throw wrongInput(USAGE);
  const { dunningCases: found } = await client.request<{
    dunningCases: { totalCount: number; edges: { node: CaseRow }[] };
  }>(
    `query($state: DunningState) { dunningCases(first: 50, state: $state) { totalCount edges { node { ${ROW} } } } }`,
    { state: state?.toUpperCase().replace('-', '_') ?? null },
  );
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => casesText(rows, found.totalCount));
  return 0;
}

async function show({ client, output }: CommandContext, id: string): Promise<number> {
  const { dunningCase } = await client.request<{ dunningCase: CaseView }>(
    `query($id: ID!) { dunningCase(id: $id) { ${VIEW} } }`,
    { id },
  );
  output.show(dunningCase, () => caseText(dunningCase));
  return 0;
}

const words = (code: string) => code.toLowerCase().replaceAll('_', ' ');

function nextText({ next, pausedUntil }: CaseRow): string {
  if (pausedUntil) return `goes on ${pausedUntil}`;
  return next ? `${words(next.letter ?? next.end ?? '')} ${next.on}` : '';
}

export function casesText(rows: readonly CaseRow[], total: number): string {
  if (rows.length === 0) return 'nothing is overdue';
  return table(
    ['id', 'invoice', 'state', 'letter', 'owed', 'charges', 'blocked', 'next'],
    rows.map((row) => [
      row.id,
      row.invoiceNumber,
      words(row.state),
      row.letter ? words(row.letter) : '',
      moneyText(row.invoice.owedInclVat),
      moneyText(row.chargesOpen),
      row.blocks ? 'yes' : '',
      nextText(row),
    ]),
    total,
  );
}

export function caseText(one: CaseView): string {
  const rows = one.history.map(({ at, change, level, owed, fee, interest, amount, reason }) => [
    at.slice(0, 10),
    change === 'LETTER' ? `letter ${level}` : words(change),
    moneyText(owed),
    fee.amount,
    interest.amount,
    amount.amount,
    reason,
  ]);
  return [
    casesText([one], 1),
    '',
    table(['day', 'what', 'owed after', 'fee', 'interest', 'amount', 'why'], rows),
  ].join('\n');
}
