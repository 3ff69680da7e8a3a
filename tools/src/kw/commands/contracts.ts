import { isUuid } from '@kilowatch/kernel';
import type { GraphqlClient } from '../../client/graphql-client.js';
import { KwError, wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { Command, CommandContext } from './context.js';

interface Place {
  readonly at: string;
  readonly stationIdentity: string | null;
  readonly locationName: string | null;
}

export interface ContractRow {
  readonly id: string;
  readonly masked: string;
  readonly status: string;
  readonly validUntil: string | null;
  readonly lastUse: Place | null;
  readonly token: { readonly account: { readonly email: string } | null };
}

export interface ContractDetails extends ContractRow {
  readonly certificates: readonly {
    readonly serial: string;
    readonly firstSeenAt: string;
    readonly validUntil: string | null;
    readonly revoked: boolean;
  }[];
  readonly installations: readonly Place[];
}

export interface RequestRow {
  readonly id: string;
  readonly kind: string;
  readonly masked: string;
  readonly createdAt: string;
  readonly note: string | null;
  readonly account: { readonly email: string } | null;
  readonly proof: Place | null;
}

const PLACE = 'at stationIdentity locationName';
const ROW = `id masked status validUntil lastUse { ${PLACE} } token { account { email } }`;
const USAGE =
  'kw contracts list [PART] | show CONTRACT | block CONTRACT REASON | unblock CONTRACT REASON | requests | approve ID [REASON] | decline ID REASON';
const PAGE = 50;

/** `kw contracts ...`: contracts of Plug & Charge, and what drivers ask for about them. */
export const contracts: Command = ([action = 'list', ...args], context) => {
  const run = ACTIONS[action];
  if (!run) throw wrongInput(USAGE);
  return run(args, context);
};

const ACTIONS: Readonly<Record<string, Command | undefined>> = {
  list: async ([search], { client, output }) => {
    const { contracts: found } = await client.request<{
      contracts: { totalCount: number; edges: { node: ContractRow }[] };
    }>(
      `query($search: String) { contracts(first: ${PAGE}, search: $search) { totalCount edges { node { ${ROW} } } } }`,
      { search: search ?? null },
    );
    const rows = found.edges.map(({ node }) => node);
    output.show(rows, () => contractsText(rows, found.totalCount));
    return 0;
  },
  show: async ([name], { client, output }) => {
    const { contract } = await client.request<{ contract: ContractDetails | null }>(
      `query($id: ID!) { contract(id: $id) { ${ROW} certificates { serial firstSeenAt validUntil revoked }
        installations { ${PLACE} } } }`,
      { id: await findContract(client, name) },
    );
    if (!contract) throw new KwError('NOT_FOUND', 'there is no such contract');
    output.show(contract, () => contractText(contract));
    return 0;
  },
  block: (args, context) => setStatus(args, context, 'BLOCKED'),
  unblock: (args, context) => setStatus(args, context, 'ACTIVE'),
  requests: async (_, { client, output }) => {
    const { contractRequests } = await client.request<{
      contractRequests: { edges: { node: RequestRow }[]; pageInfo: { hasNextPage: boolean } };
    }>(
      `{ contractRequests(first: ${PAGE}, state: WAITING) { edges { node { id kind masked createdAt note
        account { email } proof { ${PLACE} } } } pageInfo { hasNextPage } } }`,
    );
    const rows = contractRequests.edges.map(({ node }) => node);
    output.show(rows, () => requestsText(rows));
    if (contractRequests.pageInfo.hasNextPage) output.note(`the latest ${PAGE}; there are more`);
    return 0;
  },
  approve: (args, context) => decide(args, context, true),
  decline: (args, context) => decide(args, context, false),
};

async function setStatus(
  [name, ...words]: readonly string[],
  { client, output }: CommandContext,
  status: string,
): Promise<number> {
  const reason = words.join(' ');
  if (reason.trim() === '') throw wrongInput(`why? The reason is kept. ${USAGE}`);
  const { setContractStatus } = await client.request<{
    setContractStatus: { contract: { masked: string; status: string } };
  }>(
    `mutation($input: SetContractStatusInput!) { setContractStatus(input: $input) { contract { id masked status } } }`,
    { input: { contractId: await findContract(client, name), status, reason } },
  );
  const { contract } = setContractStatus;
  output.show(contract, () => `${contract.masked} is ${contract.status.toLowerCase()}`);
  return 0;
}

async function decide(
  [id, ...words]: readonly string[],
  { client, output }: CommandContext,
  approve: boolean,
): Promise<number> {
  const reason = words.join(' ');
  if (!id || (!approve && reason.trim() === '')) throw wrongInput(`which request, and why? ${USAGE}`);
  const { decideContractRequest } = await client.request<{
    decideContractRequest: { request: { masked: string; state: string } };
  }>(
    `mutation($input: DecideContractRequestInput!) { decideContractRequest(input: $input) { request { id masked state } } }`,
    { input: { id, approve, reason } },
  );
  const { request } = decideContractRequest;
  output.show(request, () => `${request.masked}: ${request.state.toLowerCase()}`);
  return 0;
}

/** By its id or a part of its eMAID; a part of several names none of them. */
async function findContract(
  client: Pick<GraphqlClient, 'request'>,
  name: string | undefined,
): Promise<string> {
  if (!name) throw wrongInput(`which contract? ${USAGE}`);
  if (isUuid(name)) return name;
  const { contracts: found } = await client.request<{ contracts: { edges: { node: ContractRow }[] } }>(
    `query($search: String!) { contracts(first: 10, search: $search) { edges { node { ${ROW} } } } }`,
    { search: name },
  );
  const [one, ...others] = found.edges.map(({ node }) => node);
  if (!one) throw new KwError('NOT_FOUND', 'there is no such contract');
  if (others.length === 0) return one.id;
  throw wrongInput(
    `several contracts contain this: name one by its id\n${contractsText([one, ...others], others.length + 1)}`,
  );
}

const placeText = (place: Place | null | undefined): string =>
  place ? `${place.at.slice(0, 16)} ${place.stationIdentity ?? 'a station that is gone'}` : '-';

export function contractsText(rows: readonly ContractRow[], total: number): string {
  if (rows.length === 0) return 'no contracts';
  return table(
    ['id', 'contract', 'status', 'account', 'certificate until', 'last use'],
    rows.map(({ id, masked, status, token, validUntil, lastUse }) => [
      id,
      masked,
      status,
      token.account?.email ?? '-',
      validUntil?.slice(0, 10) ?? '-',
      placeText(lastUse),
    ]),
    total,
  );
}

export function contractText(contract: ContractDetails): string {
  const { certificates, installations } = contract;
  return [
    contractsText([contract], 1),
    '',
    certificates.length === 0
      ? 'no car has shown its certificate'
      : table(
          ['certificate', 'first seen', 'good until', 'revoked'],
          certificates.map((one) => [
            one.serial,
            one.firstSeenAt.slice(0, 16),
            one.validUntil?.slice(0, 10) ?? '-',
            one.revoked ? 'yes' : 'no',
          ]),
        ),
    '',
    installations.length === 0
      ? 'where it went into a car is not known'
      : table(['put into a car'], installations.map((one) => [placeText(one)])), // prettier-ignore
  ].join('\n');
}

export function requestsText(rows: readonly RequestRow[]): string {
  if (rows.length === 0) return 'no request waits';
  return table(
    ['id', 'asks to', 'contract', 'account', 'asked', 'its car was seen', 'note'],
    rows.map(({ id, kind, masked, account, createdAt, proof, note }) => [
      id,
      kind.toLowerCase(),
      masked,
      account?.email ?? '-',
      createdAt.slice(0, 16),
      placeText(proof),
      note ?? '-',
    ]),
  );
}
