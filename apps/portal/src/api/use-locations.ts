import type { ApolloClient } from '@apollo/client';
import { useEffect, useState } from 'react';
import { useApi } from './api-context.js';
import { LocationNamesDocument, type LocationNamesQuery } from './documents/stations.js';

export type NamedLocation = LocationNamesQuery['locations']['edges'][number]['node'];

const PAGE_SIZE = 100;
const MOST_PAGES = 20;

/** All locations by their names, in the order of the alphabet. Undefined: not known yet, or they could not be asked for. */
export function useLocations(): readonly NamedLocation[] | undefined {
  const { client } = useApi();
  const [locations, setLocations] = useState<readonly NamedLocation[]>();
  useEffect(() => {
    let isGone = false;
    allLocations(client)
      .then((found) => !isGone && setLocations(found))
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [client]);
  return locations;
}

async function allLocations(client: ApolloClient): Promise<NamedLocation[]> {
  const found: NamedLocation[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const variables: { first: number; after: string | null } = { first: PAGE_SIZE, after };
    const { data } = await client.query({ query: LocationNamesDocument, variables });
    if (!data) break;
    found.push(...data.locations.edges.map(({ node }) => node));
    if (!data.locations.pageInfo.hasNextPage) break;
    after = data.locations.pageInfo.endCursor;
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}
