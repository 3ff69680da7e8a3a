/**
 * POWER_DROP: power below half of the settled level for a minute and two readings. Silent: taper from 80 % SoC on,
 * suspended states, a lowered offer or limit (the level follows), ramp-up, gaps. No power at all is an interruption.
 */
import { isSettled, LOW_SHARE } from './observe.js';
import type { DetectorState, Surroundings, Verdict } from './watch.js';

const TAPER_SOC = 80;
const CONFIRM_MS = 60_000;
const CONFIRM_READINGS = 2;
const RECOVERED_SHARE = 0.7;
/** A suspension that began by then was the cause; its news may come after the readings. */
const EXPLAINED_WITHIN_MS = 120_000;

export function powerDrop(state: DetectorState, { facts }: Surroundings): Verdict {
  const incident = state.incidents.POWER_DROP;
  const { at, powerW, levelW, lowSince } = state;
  if (!facts) return undefined;
  if (incident?.open) {
    if (!facts.active) return { overSince: facts.endedAt ?? at ?? facts.stateSince };
    if (facts.chargingState !== 'CHARGING' && facts.stateSince <= incident.onset + EXPLAINED_WITHIN_MS) {
      return { overSince: facts.stateSince };
    }
  }
  if (!facts.active || at === undefined || powerW === undefined || levelW === undefined) return undefined;
  if (powerW >= RECOVERED_SHARE * levelW && isSettled(state, at)) return { overSince: at };
  if (facts.chargingState !== 'CHARGING' || (state.socPercent ?? 0) >= TAPER_SOC) return undefined;
  if (lowSince === undefined || state.lowCount < CONFIRM_READINGS || at - lowSince < CONFIRM_MS)
    return undefined;
  const share = powerW / levelW;
  const evidence = {
    levelW: Math.round(levelW),
    powerW,
    share: Math.round(share * 100) / 100,
    ...(state.socPercent === undefined ? {} : { socPercent: state.socPercent }),
    ...(state.offerMa === undefined ? {} : { offeredA: state.offerMa / 1000 }),
  };
  // Without a state of charge an unusual taper cannot be ruled out.
  const certainty = state.socPercent === undefined ? 0.7 : 0.85;
  const confidence = Math.min(0.99, certainty + 0.2 * (1 - share / LOW_SHARE));
  return {
    wrong: {
      cause: 'BELOW_LEVEL',
      onset: lowSince,
      confidence: Math.round(confidence * 100) / 100,
      evidence,
    },
  };
}
