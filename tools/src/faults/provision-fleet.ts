import type { GraphqlClient } from '../client/graphql-client.js';
import { DEMO_ACCOUNTS } from '../seed/demo-data.js';
import { importStations, importTokens } from '../seed/seed-demo.js';

export interface Provisioned {
  readonly identity: string;
  readonly token: string;
}

const AT_ONCE = 100;

/**
 * Stations `<prefix>-0`, `<prefix>-1`, ... of profile 1, one EVSE each, at locations of at most 100 stations without a limit, and
 * for each a card of the demo's driver, whose account gets the invoices.
 */
export async function provisionFleet(
  operator: GraphqlClient,
  prefix: string,
  count: number,
): Promise<Provisioned[]> {
  const all = Array.from({ length: count }, (_, index) => ({
    identity: `${prefix}-${index}`,
    token: `FA${prefix}${String(index).padStart(6, '0')}`,
  }));
  for (let from = 0; from < count; from += AT_ONCE) {
    const part = all.slice(from, from + AT_ONCE);
    await importTokens(
      operator,
      part.map(({ token }) => ({
        value: token,
        type: 'ISO14443',
        accountEmail: DEMO_ACCOUNTS[1].email,
        allowConcurrent: true,
      })),
    );
    await importStations(
      operator,
      part.map(({ identity }) => ({
        identity,
        location: `Fleet ${prefix} ${from / AT_ONCE}`,
        connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
      })),
    );
  }
  return all;
}
