import { wrongInput } from '../kw-error.js';
import type { Money } from '../money.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface ChargebackRow {
  readonly reference: string;
  readonly state: string;
  readonly reason: string;
  readonly openedAt: string;
  readonly evidenceDueAt: string | null;
  readonly evidenceSent: boolean;
  readonly amount: Money;
  readonly withdrawn: Money;
  readonly fee: Money;
  readonly invoice: { readonly number: string } | null;
  readonly session: { readonly id: string } | null;
}

const MONEY = '{ amount currency }';
const FIELDS = `reference state reason openedAt evidenceDueAt evidenceSent amount ${MONEY} withdrawn ${MONEY} fee ${MONEY}
  invoice { number } session { id }`;
const MOST = 50;
const USAGE = 'kw chargebacks [all]';

/** `kw chargebacks`: card payments that banks take back, those that nobody has decided, or all; latest first. Operators. */
export async function chargebacks(
  args: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  const [which = 'undecided', ...more] = args;
  if (more.length > 0 || !['undecided', 'all'].includes(which)) throw wrongInput(USAGE);
  const { chargebacks: found } = await client.request<{
    chargebacks: { totalCount: number; edges: { node: ChargebackRow }[] };
  }>(
    `query($undecided: Boolean) { chargebacks(first: ${MOST}, undecided: $undecided) { totalCount edges { node { ${FIELDS} } } } }`,
    { undecided: which === 'undecided' },
  );
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => chargebacksText(rows, found.totalCount));
  return 0;
}

export function chargebacksText(rows: readonly ChargebackRow[], total: number): string {
  if (rows.length === 0) return 'no chargebacks';
  const lines = table(
    ['day', 'reference', 'state', 'amount', 'taken', 'fee', 'evidence until', 'invoice', 'reason'],
    rows.map((row) => [
      ...[row.openedAt.slice(0, 10), row.reference, row.state.toLowerCase()],
      ...[`${row.amount.amount} ${row.amount.currency}`, row.withdrawn.amount, row.fee.amount],
      row.evidenceSent ? 'is there' : (row.evidenceDueAt?.slice(0, 10) ?? ''),
      ...[row.invoice?.number ?? '', row.reason],
    ]),
  );
  return total > rows.length ? `${lines}\n${rows.length} of ${total}` : lines;
}
