/**
 * ZERO_ENERGY: a session that says it charges and delivers nothing (3-10 % of sessions in published data). While it runs:
 * CHARGING for 5 minutes with less than 100 Wh; after its end: at least 3 minutes with less than 100 Wh. Silent: pauses by
 * an offer or limit below 6 A, a full battery, and where nobody may charge: no token was shown, or it was refused.
 */
import { isPaused } from './observe.js';
import {
  energySoFar,
  type DetectorState,
  type SessionFacts,
  type Surroundings,
  type Verdict,
} from './watch.js';

export const ZERO_ENERGY_MWH = 100_000;
const CHARGING_MS = 5 * 60_000;
const ENDED_MS = 3 * 60_000;
const FULL_SOC = 95;
/** A kWh at 6 A of one phase. */
const KWH_MS = 45 * 60_000;

export function zeroEnergy(state: DetectorState, around: Surroundings): Verdict {
  const { facts, metered } = around;
  if (!facts || facts.nobodys || (state.socPercent ?? 0) >= FULL_SOC) return undefined;
  if (!facts.active)
    return metered && !mayNotHaveMoved(state, facts)
      ? afterEnd(facts.startedAt, facts.endedAt, facts.chargedMs, metered)
      : undefined;
  const energyMwh = energySoFar(state);
  if (energyMwh >= ZERO_ENERGY_MWH) return state.at === undefined ? undefined : { overSince: state.at };
  const isMeasured = state.powerW !== undefined || (state.firstAt !== state.lastAt && !isCoarse(state));
  if (state.at === undefined || !isMeasured || facts.chargingState !== 'CHARGING' || isPaused(state))
    return undefined;
  const since = Math.max(facts.stateSince, facts.startedAt, state.pausedUntil ?? 0);
  if (state.at - since < CHARGING_MS) return undefined;
  const seconds = Math.round((state.at - since) / 1000);
  const evidence = { energyWh: energyMwh / 1000, chargingSeconds: seconds, powerW: state.powerW ?? 0 };
  return { wrong: { cause: 'NO_ENERGY_WHILE_CHARGING', onset: since, confidence: 0.85, evidence } };
}

/** A register of whole kWh, and nothing else to go by, in so short a charge that it need not have moved. */
function mayNotHaveMoved(state: DetectorState, { chargedMs }: SessionFacts): boolean {
  return isCoarse(state) && state.powerW === undefined && chargedMs < KWH_MS;
}

/** Its register may count whole kWh. */
function isCoarse({ lastMwh = 0 }: DetectorState): boolean {
  return lastMwh > 0 && lastMwh % 1_000_000 === 0;
}

function afterEnd(
  startedAt: number,
  endedAt: number | undefined,
  chargedMs: number,
  metered: { energyMwh: number; measured: boolean },
): Verdict {
  if (endedAt === undefined || endedAt - startedAt < ENDED_MS) return undefined;
  if (metered.energyMwh >= ZERO_ENERGY_MWH) return { overSince: endedAt };
  const seconds = Math.round((endedAt - startedAt) / 1000);
  const evidence = {
    energyWh: metered.energyMwh / 1000,
    sessionSeconds: seconds,
    chargingSeconds: Math.round(chargedMs / 1000),
  };
  // A car that never drew may have been full; an estimate is no measurement.
  const confidence = metered.measured && chargedMs >= 60_000 ? 0.95 : 0.6;
  return { wrong: { cause: 'ENDED_WITHOUT_ENERGY', onset: startedAt, confidence, evidence } };
}
