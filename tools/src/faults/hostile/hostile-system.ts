import { importStations } from '../../seed/seed-demo.js';
import type { SystemOptions } from '../../system/system-options.js';
import type { Stage } from '../stage.js';

/** Longest time between two pings, in seconds. */
export const PING_S = 5;
/** What the gateway's heap may grow to: V8 ends a process that needs more. */
const HEAP_MB = 192;

/** One object for all faults of hostile peers, so that they share a system: short pings, and a heap that is limited. */
export const HOSTILE_SYSTEM: Partial<SystemOptions> = {
  extraEnv: {
    'ocpp-gateway': {
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`,
      KW_OCPP_PING_SECONDS_MIN: String(PING_S - 1),
      KW_OCPP_PING_SECONDS_MAX: String(PING_S),
    },
  },
};

const AT_ONCE = 100;
let fleets = 0;

/** Identities of stations that get in without a password (profile 0): who attacks here is inside already. */
export async function hostileStations(stage: Stage, count: number): Promise<string[]> {
  fleets += 1;
  const identities = Array.from({ length: count }, (_, index) => `HOSTILE-${fleets}-${index}`);
  for (let from = 0; from < count; from += AT_ONCE) {
    const part = identities.slice(from, from + AT_ONCE);
    await importStations(
      stage.people.operator,
      part.map((identity) => ({
        identity,
        location: `Hostile ${fleets} ${from / AT_ONCE}`,
        securityProfile: 0,
        password: null,
        connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
      })),
    );
  }
  return identities;
}
