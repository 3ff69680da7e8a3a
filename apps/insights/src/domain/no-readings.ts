/**
 * NO_READINGS: a session that says it charges and of which nothing is measured. Stations accept the settings of their meter and
 * send nothing, because the meter is not one they can read (docs/ocpp-notes.md Q17). Found 20 minutes after the last reading, or
 * after charging began; over with the next reading or the session. Needs the time: nothing comes that could ask for a look.
 */
import type { DetectorState, Surroundings, Verdict } from './watch.js';

export const SILENCE_MS = 20 * 60_000;

export function noReadings(state: DetectorState, { facts, now }: Surroundings): Verdict {
  if (!facts) return undefined;
  const incident = state.incidents.NO_READINGS;
  if (incident?.open) {
    if (!facts.active) return { overSince: facts.endedAt ?? incident.onset };
    return state.at !== undefined && state.at > incident.onset ? { overSince: state.at } : undefined;
  }
  if (now === undefined || !facts.active || facts.chargingState !== 'CHARGING') return undefined;
  const since = silentSince(state, facts.stateSince);
  if (now - since < SILENCE_MS) return undefined;
  const seconds = Math.round((now - since) / 1000);
  const never = state.at === undefined && state.firstAt === undefined;
  return {
    wrong: { cause: never ? 'NEVER_ANY' : 'STOPPED', onset: since, confidence: 0.8, evidence: { seconds } },
  };
}

/** When to look again whether readings still come, by the charger's clock. */
export function silenceDueAt(state: DetectorState, stateSince: number, now: number): number {
  return Math.max(silentSince(state, stateSince), now - SILENCE_MS / 2) + SILENCE_MS;
}

function silentSince(state: DetectorState, stateSince: number): number {
  return Math.max(stateSince, state.at ?? 0);
}
