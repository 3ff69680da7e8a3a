import type { ApolloClient } from '@apollo/client';
import { FindAccountDocument, FindStationDocument } from './documents/price-groups.js';

export type Found = { readonly id: string } | { readonly problem: string };

/** The account of an address, written as people write it. */
export async function findPerson(client: ApolloClient, email: string): Promise<Found> {
  const wanted = email.trim().toLowerCase();
  const { data } = await client.query({
    query: FindAccountDocument,
    variables: { search: wanted },
    fetchPolicy: 'network-only',
  });
  const found = data?.accounts.edges.find(({ node }) => node.email.toLowerCase() === wanted);
  return found ? { id: found.node.id } : { problem: `Nobody here has the address ${wanted}.` };
}

/** The station of an identity or a name. */
export async function findStation(client: ApolloClient, text: string): Promise<Found> {
  const wanted = text.trim();
  const { data } = await client.query({
    query: FindStationDocument,
    variables: { filter: { search: wanted } },
    fetchPolicy: 'network-only',
  });
  const nodes = data?.stations.edges.map(({ node }) => node) ?? [];
  const named = nodes.filter(({ name }) => name === wanted);
  const found =
    nodes.find(({ identity }) => identity === wanted) ?? (named.length === 1 ? named[0] : undefined);
  return found ? { id: found.id } : { problem: `No station has the identity or name ${wanted}.` };
}
