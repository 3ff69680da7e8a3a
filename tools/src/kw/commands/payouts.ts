import { wrongInput } from '../kw-error.js';
import type { Money } from '../money.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface PayoutRow {
  readonly reference: string;
  readonly state: string;
  readonly toldAt: string;
  readonly amount: Money;
  readonly payoutAmount: Money;
  readonly payments: Money;
  readonly refunds: Money;
  readonly chargebacks: Money;
  readonly other: Money;
  readonly fees: Money;
}

const MONEY = '{ amount currency }';
const FIELDS = `reference state toldAt amount ${MONEY} payoutAmount ${MONEY} payments ${MONEY} refunds ${MONEY} chargebacks ${MONEY} other ${MONEY} fees ${MONEY}`;
const MOST = 50;

/** `kw payouts`: what the payment provider paid into the bank, the part of the company, latest first. Operators. */
export async function payouts(args: readonly string[], { client, output }: CommandContext): Promise<number> {
  if (args.length > 0) throw wrongInput('kw payouts');
  const { providerPayouts } = await client.request<{ providerPayouts: { edges: { node: PayoutRow }[] } }>(
    `{ providerPayouts(first: ${MOST}) { edges { node { ${FIELDS} } } } }`,
  );
  const rows = providerPayouts.edges.map(({ node }) => node);
  output.show(rows, () => payoutsText(rows));
  return 0;
}

export function payoutsText(rows: readonly PayoutRow[]): string {
  if (rows.length === 0) return 'nothing was paid out yet';
  return table(
    [
      'day',
      'reference',
      'state',
      'payments',
      'refunds',
      'chargebacks',
      'other',
      'fees',
      'ours',
      'bank received',
    ],
    rows.map((row) => [
      ...[row.toldAt.slice(0, 10), row.reference, row.state.toLowerCase(), row.payments.amount],
      ...[row.refunds.amount, row.chargebacks.amount, row.other.amount, row.fees.amount],
      ...[`${row.amount.amount} ${row.amount.currency}`, row.payoutAmount.amount],
    ]),
  );
}
