import { setTimeout as pause } from 'node:timers/promises';
import { GraphqlError, type GraphqlClient } from '../client/graphql-client.js';
import { DEMO_ACCOUNTS } from '../seed/demo-data.js';
import { importStations, importTokens } from '../seed/seed-demo.js';

export interface Provisioned {
  readonly identity: string;
  readonly token: string;
}

/** Each password is hashed, slowly on purpose. */
const AT_ONCE = 20;
const ATTEMPTS = 5;

/**
 * Stations `<prefix>-0`, `<prefix>-1`, ... of profile 1, one EVSE each, at locations of some stations without a limit, and
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
    const tokens = part.map(({ token }) => ({
      value: token,
      type: 'ISO14443',
      accountEmail: DEMO_ACCOUNTS[1].email,
      allowConcurrent: true,
    }));
    const stations = part.map(({ identity }) => ({
      identity,
      location: `Fleet ${prefix} ${from / AT_ONCE}`,
      connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
    }));
    await patiently(() => importTokens(operator, tokens));
    await patiently(() => importStations(operator, stations));
  }
  return all;
}

/** An import may be repeated, and a busy machine may need it to be. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const busy = error instanceof GraphqlError && error.code === 'SERVICE_UNAVAILABLE';
      if (!busy || attempt >= ATTEMPTS) throw error;
      await pause(1_000 * attempt);
    }
  }
}
