import { randomUUID } from 'node:crypto';
import { isUuid } from '@kilowatch/kernel';
import { wrongInput } from '../kw-error.js';
import { moneyText, type Money } from '../money.js';
import { table } from '../output.js';
import { saveFile } from '../save-file.js';
import type { CommandContext } from './context.js';

export interface InvoiceRow {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly issuedAt: string;
  readonly totalInclVat: Money;
}

export interface InvoiceView extends InvoiceRow {
  readonly paidAt: string | null;
  readonly paymentMethod: string | null;
  readonly totalExclVat: Money;
  readonly totalVat: Money;
  readonly lines: readonly { readonly explanation: string; readonly inclVat: Money }[];
  readonly month: string | null;
  readonly owedInclVat: Money;
  readonly sessions: {
    readonly edges: readonly { readonly node: { readonly session: { readonly id: string } } }[];
  };
}

interface DocumentFile {
  readonly name: string;
  readonly content: string;
}

const ROW = 'id number status issuedAt totalInclVat { amount currency }';
const MOST = 100;
const USAGE =
  'kw invoices list|overdue [N] | show ID | paid ID [AMOUNT] REFERENCE | pdf ID [FILE] [en|nl|de] | ubl ID [FILE]';

/**
 * `kw invoices list|overdue|show|paid|pdf|ubl`: one's own; operators those of their company, and they record transfers that arrived:
 * AMOUNT, or what is owed of the invoice, and the bank's REFERENCE. ID: the id or the number.
 */
export async function invoices(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (action === 'list' || action === 'overdue') return list(context, action === 'overdue', args[0]);
  if (action === 'paid') return paid(context, args);
  if (action === 'show') return show(context, args[0]);
  if (action === 'pdf' || action === 'ubl') return save(context, action, args);
  throw wrongInput(USAGE);
}

async function list({ client, output }: CommandContext, overdue: boolean, count = '20'): Promise<number> {
  const first = Number(count);
  if (!Number.isInteger(first) || first < 1 || first > MOST)
    throw wrongInput(`N is a number from 1 to ${MOST}: ${USAGE}`);
  const { invoices: found } = await client.request<{ invoices: { edges: { node: InvoiceRow }[] } }>(
    `query($first: Int!, $overdue: Boolean) { invoices(first: $first, overdue: $overdue) { edges { node { ${ROW} } } } }`,
    { first, overdue },
  );
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => invoicesText(rows));
  return 0;
}

async function show(context: CommandContext, name: string | undefined): Promise<number> {
  if (!name) throw wrongInput(USAGE);
  const { client, output } = context;
  const { invoice } = await client.request<{ invoice: InvoiceView }>(
    `query($id: ID!) { invoice(id: $id) { ${ROW} paidAt paymentMethod totalExclVat { amount currency }
      totalVat { amount currency } owedInclVat { amount currency }
      month lines { explanation inclVat { amount currency } } sessions(first: ${MOST}) { edges { node { session { id } } } } } }`,
    { id: await idOf(context, name) },
  );
  output.show(invoice, () => invoiceText(invoice));
  return 0;
}

async function paid(context: CommandContext, [name, ...words]: readonly string[]): Promise<number> {
  const amount = /^\d+(\.\d+)?$/.test(words[0] ?? '') && words.length > 1 ? words[0] : undefined;
  const reference = words.slice(amount === undefined ? 0 : 1).join(' ');
  if (!name || reference === '') throw wrongInput(USAGE);
  const { client, output } = context;
  const input = {
    invoiceId: await idOf(context, name),
    ...(amount === undefined ? {} : { amount }),
    ...{ reference, idempotencyKey: randomUUID() },
  };
  const { recordTransfer } = await client.request<{
    recordTransfer: { invoice: Pick<InvoiceView, 'number' | 'status' | 'owedInclVat'> };
  }>(
    `mutation($input: RecordTransferInput!) { recordTransfer(input: $input) { invoice { number status owedInclVat { amount currency } } } }`,
    { input },
  );
  const { invoice } = recordTransfer;
  output.show(
    invoice,
    () => `${invoice.number}: ${invoice.status}, ${moneyText(invoice.owedInclVat)} to pay`,
  );
  return 0;
}

async function save(
  context: CommandContext,
  kind: 'pdf' | 'ubl',
  [name, file, locale]: readonly string[],
): Promise<number> {
  if (!name || (locale !== undefined && kind === 'ubl')) throw wrongInput(USAGE);
  const { client, output } = context;
  const field = kind === 'pdf' ? 'pdf(locale: $locale)' : 'ubl';
  const { invoice } = await client.request<{ invoice: Record<'pdf' | 'ubl', DocumentFile> }>(
    `query($id: ID!${kind === 'pdf' ? ', $locale: String' : ''}) { invoice(id: $id) { ${field} { name content } } }`,
    { id: await idOf(context, name), ...(kind === 'pdf' ? { locale: locale ?? null } : {}) },
  );
  const document = invoice[kind];
  saveFile(output, file ?? document.name, document.content);
  return 0;
}

/** People have the number in their hands; it is looked for among the latest. */
async function idOf({ client }: CommandContext, name: string): Promise<string> {
  if (isUuid(name)) return name;
  let after: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const {
      invoices: found,
    }: {
      invoices: {
        edges: { node: { id: string; number: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    } = await client.request(
      `query($after: String) { invoices(first: ${MOST}, after: $after) { edges { node { id number } } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    const wanted = found.edges.find(({ node }) => node.number === name);
    if (wanted) return wanted.node.id;
    if (!found.pageInfo.hasNextPage) break;
    after = found.pageInfo.endCursor;
  }
  throw wrongInput(`there is no invoice ${name} among the latest ${10 * MOST}: give its id`);
}

export function invoicesText(rows: readonly InvoiceRow[]): string {
  if (rows.length === 0) return 'no invoices yet';
  return table(
    ['number', 'issued', 'total', 'status', 'id'],
    rows.map((row) => [
      row.number,
      row.issuedAt.slice(0, 10),
      moneyText(row.totalInclVat),
      row.status,
      row.id,
    ]),
  );
}

export function invoiceText(invoice: InvoiceView): string {
  const { number, status, issuedAt, paidAt, paymentMethod, lines, month, sessions } = invoice;
  const paid = paidAt
    ? `, ${paidAt.slice(0, 10)}${paymentMethod ? ` by ${paymentMethod.toLowerCase()}` : ''}`
    : '';
  return [
    `${number} of ${issuedAt.slice(0, 10)}${month ? ` for ${month}` : ''}: ${status}${paid}`,
    '',
    table(
      ['line', 'incl. VAT'],
      lines.map((line) => [line.explanation, moneyText(line.inclVat)]),
    ),
    '',
    `excl. VAT  ${moneyText(invoice.totalExclVat)}`,
    `VAT        ${moneyText(invoice.totalVat)}`,
    `incl. VAT  ${moneyText(invoice.totalInclVat)}`,
    ...(status === 'OPEN' ? [`to pay     ${moneyText(invoice.owedInclVat)}`] : []),
    ...sessions.edges.map(({ node }) => `session    ${node.session.id}`),
  ].join('\n');
}
