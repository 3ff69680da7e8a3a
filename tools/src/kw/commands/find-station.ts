import { KwError } from '../kw-error.js';
import type { GraphqlClient } from '../../client/graphql-client.js';

export interface FoundStation {
  readonly id: string;
  readonly identity: string;
  readonly evses: readonly {
    readonly number: number;
    readonly connectors: readonly { readonly id: string }[];
  }[];
}

/** A station by its identity, in any spelling of upper and lower case. */
export async function stationNamed(client: GraphqlClient, identity: string): Promise<FoundStation> {
  const { stations } = await client.request<{ stations: { edges: { node: FoundStation }[] } }>(
    `query($search: String!) { stations(first: 100, filter: { search: $search }) { edges { node {
      id identity evses { number connectors { id } } } } } }`,
    { search: identity },
  );
  const found = stations.edges.find(({ node }) => node.identity.toLowerCase() === identity.toLowerCase());
  if (!found) throw new KwError('NOT_FOUND', `there is no station ${identity}`);
  return found.node;
}

/** Its id. */
export async function findStation(client: GraphqlClient, identity: string): Promise<string> {
  return (await stationNamed(client, identity)).id;
}

/** The first connector of an EVSE. */
export function connectorOf(station: FoundStation, evseNumber: number): string {
  const connector = station.evses.find(({ number }) => number === evseNumber)?.connectors[0];
  if (!connector) throw new KwError('NOT_FOUND', `${station.identity} has no EVSE ${evseNumber}`);
  return connector.id;
}
