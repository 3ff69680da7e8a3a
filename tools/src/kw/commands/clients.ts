import type { GraphqlClient } from '../../client/graphql-client.js';
import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';

export interface MachineClientRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly previousSecretUntil: string | null;
  readonly revokedAt: string | null;
}

interface Issued {
  readonly client: MachineClientRow;
  readonly secret: string;
}

interface ClientPage {
  readonly edges: readonly { readonly node: MachineClientRow }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const PAGE = 100;
const ROW = 'id name scopes createdAt lastUsedAt previousSecretUntil revokedAt';
const USAGE = 'kw clients list | create NAME SCOPE... | rotate ID [HOURS] | revoke ID REASON';

/** `kw clients ...`: programs that act by themselves. Administrators. */
export async function clients(
  [action, ...rest]: readonly string[],
  context: CommandContext,
): Promise<number> {
  switch (action) {
    case undefined:
    case 'list':
      return list(context);
    case 'create':
      return create(rest, context);
    case 'rotate':
      return rotate(rest, context);
    case 'revoke':
      return revoke(rest, context);
    default:
      throw wrongInput(USAGE);
  }
}

async function list({ client, output }: CommandContext): Promise<number> {
  const rows = await allClients(client);
  output.show(rows, () => clientsText(rows));
  return 0;
}

/** All pages, latest first. */
async function allClients(client: Pick<GraphqlClient, 'request'>): Promise<readonly MachineClientRow[]> {
  const rows: MachineClientRow[] = [];
  let after: string | null = null;
  do {
    const { machineClients }: { machineClients: ClientPage } = await client.request<{
      machineClients: ClientPage;
    }>(
      `query($first: Int!, $after: String) { machineClients(first: $first, after: $after) {
        edges { node { ${ROW} } } pageInfo { hasNextPage endCursor } } }`,
      { first: PAGE, after },
    );
    rows.push(...machineClients.edges.map(({ node }) => node));
    after = machineClients.pageInfo.hasNextPage ? machineClients.pageInfo.endCursor : null;
  } while (after !== null);
  return rows;
}

async function create([name, ...named]: readonly string[], { client, output }: CommandContext) {
  // `sessions:read,tokens:read` is meant as two.
  const scopes = named.flatMap((scope) => scope.split(',')).filter((scope) => scope !== '');
  if (!name) throw wrongInput(`what is it called? ${USAGE}`);
  if (scopes.length === 0) throw wrongInput(`what may it? kw clients create ${name} sessions:read ...`);
  const { createMachineClient } = await client.request<{ createMachineClient: Issued }>(
    `mutation($input: CreateMachineClientInput!) { createMachineClient(input: $input) { secret client { ${ROW} } } }`,
    { input: { name, scopes } },
  );
  output.show(createMachineClient, () => issuedText(createMachineClient));
  return 0;
}

async function rotate([clientId, hours]: readonly string[], { client, output }: CommandContext) {
  if (!clientId) throw wrongInput(`which client? ${USAGE}`);
  const input = { clientId, ...(hours !== undefined && { graceHours: graceHours(hours) }) };
  const { rotateMachineClientSecret } = await client.request<{ rotateMachineClientSecret: Issued }>(
    `mutation($input: RotateMachineClientSecretInput!) {
      rotateMachineClientSecret(input: $input) { secret client { ${ROW} } } }`,
    { input },
  );
  output.show(rotateMachineClientSecret, () => issuedText(rotateMachineClientSecret));
  return 0;
}

async function revoke([clientId, ...words]: readonly string[], { client, output }: CommandContext) {
  if (!clientId) throw wrongInput(`which client? ${USAGE}`);
  const reason = words.join(' ').trim();
  if (reason === '') throw wrongInput(`why? The reason is kept. ${USAGE}`);
  const { revokeMachineClient } = await client.request<{ revokeMachineClient: { client: MachineClientRow } }>(
    `mutation($input: RevokeMachineClientInput!) { revokeMachineClient(input: $input) { client { ${ROW} } } }`,
    { input: { clientId, reason } },
  );
  const { client: revoked } = revokeMachineClient;
  output.show(revoked, () => `${revoked.name} gets no more tokens; those that are out end within 15 minutes`);
  return 0;
}

function graceHours(text: string): number {
  if (!/^\d+$/.test(text)) throw wrongInput(`HOURS is a whole number, 0 to 168: ${USAGE}`);
  return Number(text);
}

/** One line a client. */
export function clientsText(rows: readonly MachineClientRow[]): string {
  if (rows.length === 0) return 'no machine clients yet: kw clients create NAME SCOPE...';
  return table(
    ['id', 'name', 'state', 'last used', 'scopes'],
    rows.map(({ id, name, scopes, lastUsedAt, revokedAt }) => [
      id,
      name,
      revokedAt ? 'revoked' : 'in use',
      lastUsedAt ?? 'never',
      scopes.join(' '),
    ]),
  );
}

/** What a program needs, and that it is shown this once. */
export function issuedText({ client, secret }: Issued): string {
  const { id, name, previousSecretUntil } = client;
  return [
    `client_id      ${id}`,
    `client_secret  ${secret}`,
    `${name}: keep the secret now, it is not shown again. Tokens: POST /oauth/token (client credentials).`,
    ...(previousSecretUntil ? [`The secret before counts until ${previousSecretUntil}.`] : []),
  ].join('\n');
}
