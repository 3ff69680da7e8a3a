import { importStations, importTokens } from '../seed/seed-demo.js';
import type { GraphqlClient } from '../client/graphql-client.js';
import type { BenchCharger } from './load.js';

const BATCH = 100;

/**
 * Stations for the load, the first `charging` of them with a token: profile 0, because password hashing is not what is measured
 * here. May be called again for more.
 */
export async function provisionChargers(
  operator: GraphqlClient,
  count: number,
  charging = count,
): Promise<BenchCharger[]> {
  const chargers = Array.from({ length: count }, (_, i) => ({
    identity: `BENCH-${i}`,
    token: `04BE7C${String(i).padStart(8, '0')}`,
  }));
  for (let from = 0; from < charging; from += BATCH) {
    const part = chargers.slice(from, Math.min(charging, from + BATCH));
    await importTokens(
      operator,
      part.map(({ token }) => ({ value: token, allowConcurrent: true })),
    );
  }
  for (let from = 0; from < count; from += BATCH) {
    await importStations(
      operator,
      chargers.slice(from, from + BATCH).map(({ identity }) => ({
        identity,
        location: `Bench ${Math.floor(from / BATCH)}`,
        securityProfile: 0,
        password: null,
        connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
      })),
    );
  }
  return chargers;
}
