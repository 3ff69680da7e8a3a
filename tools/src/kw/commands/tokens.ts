import { isUuid, tokenKey } from '@kilowatch/kernel';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { untilInterrupted } from '../../system/interruption.js';
import { KwError, wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { Command, CommandContext } from './context.js';

export interface BlockProgress {
  readonly token: { readonly id: string; readonly masked: string; readonly status: string };
  readonly mayCharge: boolean;
  readonly confirmed: number;
  readonly pending: number;
  readonly offline: number;
  readonly failed: number;
  readonly stations: { readonly edges: readonly { readonly node: OpenStation }[] };
}

interface OpenStation {
  readonly identity: string;
  readonly state: string;
  readonly inList: boolean;
  readonly inCache: boolean;
  readonly reason: string | null;
}

interface Found {
  readonly id: string;
  readonly masked: string;
  readonly type: string;
  readonly status: string;
}

const LOOK_MS = 1_000;
const USAGE = 'kw tokens block TOKEN REASON | unblock TOKEN REASON | progress TOKEN';

/** Blocks a token and shows how stations let go of it, until all that are connected have been told, or until Ctrl-C. */
export const blockToken: Command = async ([name, ...reason], context) => {
  const token = await setStatus(context, name, 'BLOCKED', reason.join(' '));
  return follow(context, token.id);
};

export const unblockToken: Command = async ([name, ...reason], context) => {
  const token = await setStatus(context, name, 'ACTIVE', reason.join(' '));
  context.output.show(token, () => `${token.masked} may charge again; stations are told`);
  return 0;
};

export const tokenProgress: Command = async ([name], context) =>
  follow(context, (await findToken(context.client, name)).id);

async function setStatus(
  { client }: CommandContext,
  name: string | undefined,
  status: string,
  reason: string,
): Promise<Found> {
  if (reason.trim() === '') throw wrongInput(`why? The reason is kept. ${USAGE}`);
  const { id: tokenId } = await findToken(client, name);
  const { setTokenStatus } = await client.request<{ setTokenStatus: { token: Found } }>(
    'mutation($input: SetTokenStatusInput!) { setTokenStatus(input: $input) { token { id masked type status } } }',
    { input: { tokenId, status, reason } },
  );
  return setTokenStatus.token;
}

/** By its id or its value. A value that is part of several names none of them. */
export async function findToken(
  client: Pick<GraphqlClient, 'request'>,
  name: string | undefined,
): Promise<{ id: string }> {
  if (!name) throw wrongInput(`which token? ${USAGE}`);
  if (isUuid(name)) return { id: name };
  const { tokens } = await client.request<{ tokens: { edges: { node: Found }[] } }>(
    'query($search: String!) { tokens(first: 10, search: $search) { edges { node { id masked type status } } } }',
    { search: tokenKey(name) },
  );
  const [found, ...others] = tokens.edges.map(({ node }) => node);
  if (!found) throw new KwError('NOT_FOUND', 'there is no such token');
  if (others.length === 0) return found;
  const lines = [found, ...others].map(
    ({ id, masked, type, status }) => `  ${id}  ${masked}  ${type}  ${status}`,
  );
  throw wrongInput(`several tokens contain this: name one by its id\n${lines.join('\n')}`);
}

/** 0: every station has confirmed it. 1: some have not, and are named. */
async function follow({ client, output, signal }: CommandContext, tokenId: string): Promise<number> {
  let shown = '';
  const interrupted = untilInterrupted(signal);
  for (;;) {
    const progress = await look(client, tokenId);
    const text = countsText(progress);
    if (text !== shown) output.next(progress, () => text);
    shown = text;
    if (progress.pending === 0) {
      const open = progress.stations.edges.map(({ node }) => node);
      if (open.length > 0) output.note(openText(open, progress.offline + progress.failed));
      return open.length === 0 ? 0 : 1;
    }
    await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), interrupted]);
    if (signal.aborted) return 1;
  }
}

async function look(client: GraphqlClient, tokenId: string): Promise<BlockProgress> {
  const { tokenBlockProgress } = await client.request<{ tokenBlockProgress: BlockProgress }>(
    `query($id: ID!) { tokenBlockProgress(tokenId: $id) { token { id masked status } mayCharge confirmed pending offline failed
      stations(first: 50, states: [PENDING, OFFLINE, FAILED]) { edges { node { identity state inList inCache reason } } } } }`,
    { id: tokenId },
  );
  return tokenBlockProgress;
}

export function countsText({ token, mayCharge, confirmed, pending, offline, failed }: BlockProgress): string {
  if (mayCharge) return `${token.masked} may charge`;
  if (confirmed + pending + offline + failed === 0) return `${token.masked}: no station knows it`;
  return `${token.masked}: ${confirmed} confirmed, ${pending} pending, ${offline} offline, ${failed} failed`;
}

/** `total`: all that have not confirmed it. */
export function openText(stations: readonly OpenStation[], total: number): string {
  return table(
    ['station', 'state', 'may have it in', 'why'],
    stations.map(({ identity, state, inList, inCache, reason }) => [
      identity,
      state.toLowerCase(),
      [...(inList ? ['list'] : []), ...(inCache ? ['cache'] : [])].join(', '),
      reason ?? '-',
    ]),
    total,
  );
}
