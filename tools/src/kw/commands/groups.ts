import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { CommandContext } from './context.js';
import { findAccount } from './find-account.js';
import { findStation } from './find-station.js';

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
}

export interface MemberRow {
  readonly kind: string;
  readonly ref: string;
  readonly account: { readonly email: string } | null;
  readonly station: { readonly identity: string } | null;
  readonly location: { readonly name: string } | null;
}

interface MemberPage {
  readonly edges: readonly { readonly node: MemberRow }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const USAGE =
  'kw groups list | add NAME | show GROUP | put GROUP driver|station|location WHICH | take GROUP driver|station|location WHICH';
const ROW = 'id name memberCount';
const KINDS = ['driver', 'station', 'location'];

/** `kw groups`: drivers, stations and locations that have a tariff together. GROUP: its name or id. */
export async function groups(
  [action = 'list', ...args]: readonly string[],
  context: CommandContext,
): Promise<number> {
  switch (action) {
    case 'list':
      return list(context);
    case 'add':
      return add(args, context);
    case 'show':
      return show(args, context);
    case 'put':
      return change('add', args, context);
    case 'take':
      return change('remove', args, context);
    default:
      throw wrongInput(USAGE);
  }
}

async function list({ client, output }: CommandContext): Promise<number> {
  const rows = await allGroups(client);
  output.show(rows, () => groupsText(rows));
  return 0;
}

/** The first 100 by name. */
async function allGroups(client: CommandContext['client']): Promise<GroupRow[]> {
  const { tariffGroups } = await client.request<{ tariffGroups: { edges: { node: GroupRow }[] } }>(
    `{ tariffGroups(first: 100) { edges { node { ${ROW} } } } }`,
  );
  return tariffGroups.edges.map(({ node }) => node);
}

async function groupNamed(client: CommandContext['client'], name: string): Promise<GroupRow> {
  const found = (await allGroups(client)).find((one) => one.id === name || one.name === name);
  if (!found) throw wrongInput(`there is no group ${name}: kw groups list`);
  return found;
}

async function add([name]: readonly string[], context: CommandContext): Promise<number> {
  if (!name) throw wrongInput(USAGE);
  return set(context, { name });
}

async function show([name]: readonly string[], { client, output }: CommandContext): Promise<number> {
  if (!name) throw wrongInput(USAGE);
  const group = await groupNamed(client, name);
  const members = await allMembers(client, group.id);
  output.show({ ...group, members }, () => membersText(members));
  return 0;
}

async function allMembers(client: CommandContext['client'], groupId: string): Promise<MemberRow[]> {
  const rows: MemberRow[] = [];
  let after: string | null = null;
  do {
    const { tariffGroupMembers }: { tariffGroupMembers: MemberPage } = await client.request<{
      tariffGroupMembers: MemberPage;
    }>(
      `query($groupId: ID!, $after: String) { tariffGroupMembers(groupId: $groupId, first: 100, after: $after) {
        edges { node { kind ref account { email } station { identity } location { name } } }
        pageInfo { hasNextPage endCursor } } }`,
      { groupId, after },
    );
    rows.push(...tariffGroupMembers.edges.map(({ node }) => node));
    after = tariffGroupMembers.pageInfo.hasNextPage ? tariffGroupMembers.pageInfo.endCursor : null;
  } while (after !== null);
  return rows;
}

async function change(
  how: 'add' | 'remove',
  [name, kind = '', which]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (!name || !which || !KINDS.includes(kind)) throw wrongInput(USAGE);
  const { client } = context;
  const group = await groupNamed(client, name);
  const ref =
    kind === 'driver'
      ? await findAccount(client, which)
      : kind === 'station'
        ? await findStation(client, which)
        : which;
  return set(context, { id: group.id, name: group.name, [how]: [{ kind: kind.toUpperCase(), ref }] });
}

async function set({ client, output }: CommandContext, input: Record<string, unknown>): Promise<number> {
  const { setTariffGroup } = await client.request<{ setTariffGroup: { group: GroupRow } }>(
    `mutation($input: SetTariffGroupInput!) { setTariffGroup(input: $input) { group { ${ROW} } } }`,
    { input },
  );
  output.show(setTariffGroup.group, () => groupsText([setTariffGroup.group]));
  return 0;
}

export function groupsText(rows: readonly GroupRow[]): string {
  if (rows.length === 0) return 'no group yet: kw groups add NAME';
  return table(
    ['id', 'name', 'members'],
    rows.map(({ id, name, memberCount }) => [id, name, String(memberCount)]),
  );
}

export function membersText(rows: readonly MemberRow[]): string {
  if (rows.length === 0) return 'nobody is in it: kw groups put GROUP driver|station|location WHICH';
  return table(
    ['kind', 'who', 'id'],
    rows.map(({ kind, ref, account, station, location }) => [
      kind.toLowerCase(),
      account?.email ?? station?.identity ?? location?.name ?? '-',
      ref,
    ]),
  );
}
