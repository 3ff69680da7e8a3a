import type { ExpectedSession } from './expected-sessions.js';

export interface FoundSession {
  readonly id: string;
  readonly state: string;
  readonly startedAt: string;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
  readonly meterDeviations?: readonly string[] | null;
}

/** Chargers tell times to the second. */
const SAME_START_MS = 1_000;

/**
 * Compares the sessions of one station with what its recording says: each there once, ended as told, with the energy told, and
 * none that the recording does not know. `before` holds the ids of sessions that were there before it was played.
 */
export function judgeSessions(
  station: string,
  expected: readonly ExpectedSession[],
  found: readonly FoundSession[],
  before: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  const open = new Set(found);
  for (const session of expected) {
    const where = `${station} session of ${session.startedAt}`;
    const match = bestMatch(session, [...open]);
    if (!match) {
      problems.push(`${where}: is not there`);
      continue;
    }
    open.delete(match);
    if (session.ended && match.state !== 'ENDED')
      problems.push(`${where}: is ${match.state}, the charger ended it`);
    if (session.energyWh !== undefined && match.energyWh !== session.energyWh) {
      problems.push(
        `${where}: the charger counted ${session.energyWh} Wh, Kilowatch ${match.energyWh} Wh (${match.energyStatus})`,
      );
    }
    const unrecorded = (session.deviations ?? []).filter((kind) => !match.meterDeviations?.includes(kind));
    if (unrecorded.length > 0)
      problems.push(`${where}: ${unrecorded.join(', ')} of its readings not recorded`);
  }
  for (const { id, startedAt } of open) {
    if (!before.has(id)) problems.push(`${station}: session ${id} of ${startedAt} is in no recording`);
  }
  return problems;
}

/** Of several that began together, the one with the energy told. */
function bestMatch(expected: ExpectedSession, candidates: readonly FoundSession[]): FoundSession | undefined {
  const startedAt = Date.parse(expected.startedAt);
  const began = candidates.filter(
    (session) => Math.abs(Date.parse(session.startedAt) - startedAt) < SAME_START_MS,
  );
  return began.find((session) => session.energyWh === expected.energyWh) ?? began[0];
}
