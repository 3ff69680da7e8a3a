import { wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { Command } from './context.js';

export interface UnknownRow {
  readonly id: string;
  readonly masked: string;
  readonly type: string;
  readonly lastSeen: string;
  readonly times: number;
  readonly stations: readonly ({ readonly identity: string } | null)[];
}

const ROW = 'id masked type lastSeen times stations { identity }';
const USAGE =
  'kw tokens unknown [ignored] | approve ID [driver=EMAIL] [group=GROUP] | ignore ID | list-again ID';
const PAGE = 50;

/** `kw tokens unknown [ignored]`: cards that nobody has and that were shown at stations, the last shown first. */
export const listUnknownTokens: Command = async ([which], { client, output }) => {
  if (which !== undefined && which !== 'ignored') throw wrongInput(USAGE);
  const { unknownTokens } = await client.request<{
    unknownTokens: { edges: { node: UnknownRow }[]; pageInfo: { hasNextPage: boolean } };
  }>(
    `query($ignored: Boolean!) { unknownTokens(first: ${PAGE}, ignored: $ignored) {
      edges { node { ${ROW} } } pageInfo { hasNextPage } } }`,
    { ignored: which === 'ignored' },
  );
  const rows = unknownTokens.edges.map(({ node }) => node);
  output.show(rows, () => unknownText(rows));
  if (unknownTokens.pageInfo.hasNextPage) output.note(`the last ${PAGE}; there are more`);
  return 0;
};

/** Takes one in: for a driver, for a group, or for whoever has it. */
export const approveToken: Command = async ([id, ...choices], { client, output }) => {
  if (!id) throw wrongInput(USAGE);
  const { approveUnknownToken } = await client.request<{
    approveUnknownToken: { token: { id: string; masked: string } };
  }>(
    `mutation($input: ApproveUnknownTokenInput!) { approveUnknownToken(input: $input) {
      token { id masked type status groupId } } }`,
    { input: { id, ...wantedOwner(choices) } },
  );
  const { token } = approveUnknownToken;
  output.show(token, () => `${token.masked} may charge: token ${token.id}`);
  return 0;
};

export const ignoreToken: Command = (args, context) => setIgnored(args, context, true);
export const listTokenAgain: Command = (args, context) => setIgnored(args, context, false);

async function setIgnored(
  [id]: readonly string[],
  { client, output }: Parameters<Command>[1],
  ignored: boolean,
): Promise<number> {
  if (!id) throw wrongInput(USAGE);
  const { ignoreUnknownToken } = await client.request<{ ignoreUnknownToken: { unknownToken: UnknownRow } }>(
    `mutation($input: IgnoreUnknownTokenInput!) { ignoreUnknownToken(input: $input) { unknownToken { ${ROW} } } }`,
    { input: { id, ignored } },
  );
  const { unknownToken } = ignoreUnknownToken;
  output.show(
    unknownToken,
    () => `${unknownToken.masked} is ${ignored ? 'not listed any more' : 'listed again'}`,
  );
  return 0;
}

export function wantedOwner(choices: readonly string[]): { accountEmail?: string; groupId?: string } {
  const wanted: { accountEmail?: string; groupId?: string } = {};
  for (const choice of choices) {
    const at = choice.indexOf('=');
    const value = choice.slice(at + 1);
    const name = at < 0 ? '' : choice.slice(0, at);
    if (value === '' || (name !== 'driver' && name !== 'group')) throw wrongInput(USAGE);
    if (name === 'driver') wanted.accountEmail = value;
    else wanted.groupId = value;
  }
  return wanted;
}

export function unknownText(rows: readonly UnknownRow[]): string {
  if (rows.length === 0) return 'no unknown card was shown';
  return table(
    ['id', 'card', 'type', 'last shown', 'times', 'where'],
    rows.map(({ id, masked, type, lastSeen, times, stations }) => [
      id,
      masked,
      type,
      lastSeen,
      String(times),
      stations.map((station) => station?.identity ?? '?').join(', '),
    ]),
  );
}
