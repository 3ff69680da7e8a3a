import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import { timeOf } from '../time-of.js';
import type { CommandContext } from './context.js';
import { findAccount } from './find-account.js';

export interface SubscriptionRow {
  readonly id: string;
  readonly accountId: string;
  readonly account: { readonly email: string } | null;
  readonly plan: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
}

const USAGE = 'kw subscriptions list [ACCOUNT] | add ACCOUNT PLAN [FROM] [UNTIL] | end ID [TIME]';
const ROW = 'id accountId account { email } plan validFrom validUntil';

/** `kw subscriptions`: who pays the prices of a plan. ACCOUNT: e-mail address or id. */
export async function subscriptions(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  switch (action) {
    case 'list':
      return list(args, context);
    case 'add':
      return add(args, context);
    case 'end':
      return end(args, context);
    default:
      throw wrongInput(USAGE);
  }
}

/** The latest 100. */
async function list([name]: readonly string[], { client, output }: CommandContext): Promise<number> {
  const accountId = name === undefined ? null : await findAccount(client, name);
  const { subscriptions: found } = await client.request<{
    subscriptions: { edges: { node: SubscriptionRow }[] };
  }>(
    `query($accountId: ID) { subscriptions(first: 100, accountId: $accountId) { edges { node { ${ROW} } } } }`,
    {
      accountId,
    },
  );
  const rows = found.edges.map(({ node }) => node);
  output.show(rows, () => subscriptionsText(rows));
  return 0;
}

async function add(
  [name, plan, from, until]: readonly string[],
  { client, output }: CommandContext,
): Promise<number> {
  if (!name || !plan) throw wrongInput(USAGE);
  const input = {
    accountId: await findAccount(client, name),
    plan,
    ...(from === undefined ? {} : { validFrom: timeOf(from) }),
    ...(until === undefined ? {} : { validUntil: timeOf(until) }),
  };
  const { addSubscription } = await client.request<{ addSubscription: { subscription: SubscriptionRow } }>(
    `mutation($input: AddSubscriptionInput!) { addSubscription(input: $input) { subscription { ${ROW} } } }`,
    { input },
  );
  output.show(addSubscription.subscription, () => subscriptionsText([addSubscription.subscription]));
  return 0;
}

async function end([id, until]: readonly string[], { client, output }: CommandContext): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { endSubscription } = await client.request<{ endSubscription: { subscription: SubscriptionRow } }>(
    `mutation($input: EndSubscriptionInput!) { endSubscription(input: $input) { subscription { ${ROW} } } }`,
    { input: { id, ...(until === undefined ? {} : { until: timeOf(until) }) } },
  );
  output.show(endSubscription.subscription, () => subscriptionsText([endSubscription.subscription]));
  return 0;
}

export function subscriptionsText(rows: readonly SubscriptionRow[]): string {
  if (rows.length === 0) return 'nobody subscribes to a plan';
  return table(
    ['id', 'who', 'plan', 'from', 'until'],
    rows.map((row) => [
      row.id,
      row.account?.email ?? row.accountId,
      row.plan,
      row.validFrom,
      row.validUntil ?? '-',
    ]),
  );
}
