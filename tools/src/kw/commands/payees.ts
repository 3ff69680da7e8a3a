import { randomUUID } from 'node:crypto';
import { wrongInput } from '../kw-error.js';
import { moneyText, type Money } from '../money.js';
import { table } from '../output.js';
import { saveFile } from '../save-file.js';
import type { CommandContext } from './context.js';

export interface StatementRow {
  /** Null: a draft. */
  readonly id: string | null;
  readonly number: string | null;
  readonly state: string;
  readonly month: string;
  readonly earned: Money;
  readonly carriedIn: Money;
  readonly due: Money;
  readonly carriedOut: Money;
  readonly paidReference: string | null;
}

export interface StatementView extends StatementRow {
  readonly lines: readonly {
    readonly locationName: string;
    readonly kind: string;
    readonly value: string;
    readonly correction: boolean;
    readonly sessions: number;
    readonly energyWh: number;
    readonly amount: Money;
  }[];
}

export interface PayeeRow {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly nextMonth: string;
  readonly terms: readonly {
    readonly id: string;
    readonly locationId: string;
    readonly kind: string;
    readonly value: string;
    readonly firstMonth: string;
    readonly lastMonth: string | null;
  }[];
  readonly draft: { readonly due: Money } | null;
}

interface DocumentFile {
  readonly name: string;
  readonly content: string;
}

const MONEY = '{ amount currency }';
const PAYEE = `id name currency nextMonth terms { id locationId kind value firstMonth lastMonth } draft { due ${MONEY} }`;
const ROW = `id number state month earned ${MONEY} carriedIn ${MONEY} due ${MONEY} carriedOut ${MONEY} paidReference`;
const VIEW = `${ROW} lines { locationName kind value correction sessions energyWh amount ${MONEY} }`;
const KINDS: Readonly<Record<string, string>> = {
  share: 'ENERGY_SHARE',
  kwh: 'PER_KWH',
  session: 'PER_SESSION',
};
const MOST = 50;
const USAGE = `kw payees [list] | add CURRENCY NAME, ADDRESS | agree PAYEE LOCATION share|kwh|session VALUE FROM WHY | end TERM MONTH WHY
  | statements [PAYEE] | show STATEMENT | paid STATEMENT REFERENCE | pdf STATEMENT [FILE] [en|nl|de] | csv STATEMENT [FILE]`;

type Verb = (context: CommandContext, args: readonly string[]) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = { list, add, agree, end, statements, show, paid };

/**
 * `kw payees`: who gets a part of what is earned at a location, what was agreed, and the statements of each month. Operators. VALUE: per cent
 * of the net price of the energy, or an amount per kWh or session; FROM, MONTH: months like 2026-03; LOCATION: its id.
 */
export async function payees(
  [name = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (name === 'pdf' || name === 'csv') return save(context, name, args);
  const verb = VERBS[name];
  if (!verb) throw wrongInput(USAGE);
  return verb(context, args);
}

async function list({ client, output }: CommandContext): Promise<number> {
  const { payees: found } = await client.request<{ payees: { edges: { node: PayeeRow }[] } }>(
    `{ payees(first: ${MOST}) { edges { node { ${PAYEE} } } } }`,
  );
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => payeesText(rows));
  return 0;
}

async function add(context: CommandContext, [currency, ...words]: readonly string[]): Promise<number> {
  const [name, ...lines] = words.join(' ').split(', ');
  const address = lines.join(', ');
  if (!currency || !name || address === '') throw wrongInput(USAGE);
  return change(context, 'setPayee', 'SetPayeeInput', {
    ...{ currency, name, address },
    idempotencyKey: randomUUID(),
  });
}

async function agree(
  context: CommandContext,
  [payeeId, locationId, kind = '', value, firstMonth, ...why]: readonly string[],
): Promise<number> {
  const reason = why.join(' ');
  if (!payeeId || !locationId || !KINDS[kind] || !value || !firstMonth || reason === '')
    throw wrongInput(USAGE);
  return change(context, 'agreePayeeTerm', 'AgreePayeeTermInput', {
    ...{ payeeId, locationId, kind: KINDS[kind], value, firstMonth, reason },
    idempotencyKey: randomUUID(),
  });
}

async function end(context: CommandContext, [termId, lastMonth, ...why]: readonly string[]): Promise<number> {
  const reason = why.join(' ');
  if (!termId || !lastMonth || reason === '') throw wrongInput(USAGE);
  return change(context, 'endPayeeTerm', 'EndPayeeTermInput', { termId, lastMonth, reason });
}

async function change(
  { client, output }: CommandContext,
  name: string,
  type: string,
  input: Record<string, unknown>,
): Promise<number> {
  const done = await client.request<Record<string, { payee: PayeeRow }>>(
    `mutation($input: ${type}!) { ${name}(input: $input) { payee { ${PAYEE} } } }`,
    { input },
  );
  const { payee } = done[name]!;
  output.show(payee, () => payeesText([payee]));
  return 0;
}

async function statements(
  { client, output }: CommandContext,
  [payeeId = null]: readonly (string | null)[],
): Promise<number> {
  const { payeeStatements } = await client.request<{
    payeeStatements: { edges: { node: StatementRow }[] };
  }>(
    `query($payeeId: ID) { payeeStatements(first: ${MOST}, payeeId: $payeeId) { edges { node { ${ROW} } } } }`,
    { payeeId },
  );
  const rows = payeeStatements.edges.map(({ node }) => node);
  output.show(rows, () => statementsText(rows));
  return 0;
}

async function show({ client, output }: CommandContext, [id]: readonly string[]): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { payeeStatement } = await client.request<{ payeeStatement: StatementView }>(
    `query($id: ID!) { payeeStatement(id: $id) { ${VIEW} } }`,
    { id },
  );
  output.show(payeeStatement, () => statementText(payeeStatement));
  return 0;
}

async function paid(
  { client, output }: CommandContext,
  [statementId, ...words]: readonly string[],
): Promise<number> {
  const reference = words.join(' ');
  if (!statementId || reference === '') throw wrongInput(USAGE);
  const { payPayeeStatement } = await client.request<{ payPayeeStatement: { statement: StatementRow } }>(
    `mutation($input: PayPayeeStatementInput!) { payPayeeStatement(input: $input) { statement { ${ROW} } } }`,
    { input: { statementId, reference, idempotencyKey: randomUUID() } },
  );
  output.show(payPayeeStatement.statement, () => statementsText([payPayeeStatement.statement]));
  return 0;
}

async function save(
  { client, output }: CommandContext,
  kind: 'pdf' | 'csv',
  [id, file, locale]: readonly string[],
): Promise<number> {
  if (!id || (locale !== undefined && kind === 'csv')) throw wrongInput(USAGE);
  const field = kind === 'pdf' ? 'pdf(locale: $locale)' : 'csv';
  const { payeeStatement } = await client.request<{
    payeeStatement: Record<string, DocumentFile | null>;
  }>(
    `query($id: ID!${kind === 'pdf' ? ', $locale: String' : ''}) { payeeStatement(id: $id) { ${field} { name content } } }`,
    { id, ...(kind === 'pdf' ? { locale: locale ?? null } : {}) },
  );
  const found = payeeStatement[kind];
  if (!found) throw wrongInput('a draft has no file');
  saveFile(output, file ?? found.name, found.content);
  return 0;
}

const word = (code: string) => code.toLowerCase().replaceAll('_', ' ');
const months = (first: string, last: string | null) => `${first}..${last ?? ''}`;

export function payeesText(rows: readonly PayeeRow[]): string {
  if (rows.length === 0) return 'nobody gets a part: kw payees add';
  const none = { id: '', locationId: '', kind: '', value: '', firstMonth: '', lastMonth: null };
  return table(
    ['id', 'name', 'next month', 'due so far', 'agreed', '', 'location', 'months', 'term'],
    rows.flatMap(({ id, name, nextMonth, draft, terms }) =>
      (terms.length > 0 ? terms : [none]).map((term, index) => [
        ...(index === 0 ? [id, name, nextMonth, draft ? moneyText(draft.due) : ''] : ['', '', '', '']),
        ...[word(term.kind), term.value, term.locationId],
        ...[term.firstMonth && months(term.firstMonth, term.lastMonth), term.id],
      ]),
    ),
  );
}

export function statementsText(rows: readonly StatementRow[]): string {
  if (rows.length === 0) return 'nothing was stated yet';
  return table(
    ['id', 'number', 'month', 'state', 'earned', 'from before', 'due', 'carried on', 'paid by'],
    rows.map((row) => [
      ...[row.id ?? '', row.number ?? '', row.month, word(row.state), row.earned.amount],
      ...[row.carriedIn.amount, moneyText(row.due), row.carriedOut.amount, row.paidReference ?? ''],
    ]),
  );
}

export function statementText(one: StatementView): string {
  const lines = one.lines.map((line) => [
    `${line.locationName}${line.correction ? ' (correction)' : ''}`,
    ...[word(line.kind), line.value, String(line.sessions)],
    ...[(line.energyWh / 1000).toFixed(1), moneyText(line.amount)],
  ]);
  return [
    statementsText([one]),
    '',
    table(['location', 'agreed', '', 'sessions', 'kWh', 'amount'], lines),
  ].join('\n');
}
