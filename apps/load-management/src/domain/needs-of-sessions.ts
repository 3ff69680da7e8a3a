/**
 * Which session the needs of a car belong to. A station names the EVSE only (NotifyEVChargingNeeds), and may tell them before the
 * transaction has begun: those wait some minutes for the next session there. Needs whose session is over, or that waited in vain, go.
 */
import type { ChargingNeeds } from './charging-needs.js';

export interface HeldNeeds {
  readonly stationId: string;
  readonly evseNumber: number;
  /** Null: there was no session when they were told. */
  readonly sessionId: string | null;
  /** Null: the car told a schedule only. */
  readonly needs: ChargingNeeds | null;
  /** Grows with each telling. */
  readonly no: number;
  readonly toldAt: Date;
}

export interface SessionThere {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  /** By our clock. */
  readonly startedAt: Date;
}

export interface Assignment {
  readonly bySession: ReadonlyMap<string, HeldNeeds>;
  /** Those that waited and have found their session. */
  readonly found: readonly (HeldNeeds & { readonly sessionId: string })[];
  readonly stale: readonly HeldNeeds[];
}

/** How long needs wait for a session. */
const WAIT_MS = 600_000;
/** A session may begin a little before the needs, and clocks differ. */
const BEFORE_MS = 60_000;

export function assignNeeds(
  held: readonly HeldNeeds[],
  sessions: readonly SessionThere[],
  now: Date,
): Assignment {
  const bySession = new Map<string, HeldNeeds>();
  const found: (HeldNeeds & { sessionId: string })[] = [];
  const stale: HeldNeeds[] = [];
  for (const each of held) {
    const session = sessionOf(each, sessions);
    if (!session) {
      const waits = each.sessionId === null && now.getTime() - each.toldAt.getTime() <= WAIT_MS;
      if (!waits) stale.push(each);
      continue;
    }
    const { sessionId } = session;
    bySession.set(sessionId, each);
    if (each.sessionId === null) found.push({ ...each, sessionId });
  }
  return { bySession, found, stale };
}

function sessionOf(held: HeldNeeds, sessions: readonly SessionThere[]): SessionThere | undefined {
  if (held.sessionId !== null) return sessions.find(({ sessionId }) => sessionId === held.sessionId);
  const toldAt = held.toldAt.getTime();
  return sessions
    .filter(({ stationId, evseNumber }) => stationId === held.stationId && evseNumber === held.evseNumber)
    .filter(({ startedAt }) => {
      const after = startedAt.getTime() - toldAt;
      return after >= -BEFORE_MS && after <= WAIT_MS;
    })
    .sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime())[0];
}
