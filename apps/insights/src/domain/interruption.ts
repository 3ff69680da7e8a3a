/**
 * INTERRUPTION: a session that charged and stopped for no reason of the driver's: its connector faulted, it ended with a
 * fault (OCPP 1.6 Reason 7.36, 2.0.1 ReasonEnumType 3.73) or by the plug while power flowed, or power stayed at zero for
 * 2 minutes while the state still says charging. Over when power is back. Silent: a car that was full lost nothing.
 */
import { wasFull } from '@kilowatch/kernel';
import { LOW_SHARE } from './observe.js';
import type { DetectorState, SessionFacts, Surroundings, Suspicion, Verdict } from './watch.js';

const FAULT_REASONS: ReadonlySet<string> = new Set([
  'EmergencyStop',
  'PowerLoss',
  'Reboot',
  'HardReset',
  'ImmediateReset',
  'GroundFault',
  'OvercurrentFault',
  'PowerQuality',
]);
const NO_POWER_MS = 120_000;
const FULL_SOC = 95;
const TAPER_SOC = 80;
/** Power that was surely charging. */
const FLOWING_W = 300;
const EXPLAINED_WITHIN_MS = 120_000;

export function interruption(state: DetectorState, around: Surroundings): Verdict {
  const { facts, faultedAt } = around;
  if (!facts) return undefined;
  const wrong = !facts.active ? byEnd(state, facts) : (byFault(facts, faultedAt) ?? byNoPower(state, facts));
  if (wrong) return { wrong };
  const incident = state.incidents.INTERRUPTION;
  return incident?.open && facts.active
    ? recovery(state, facts, incident.onset, incident.cause, faultedAt)
    : undefined;
}

function byEnd(state: DetectorState, facts: SessionFacts): Suspicion | undefined {
  const { endedAt, stopReason } = facts;
  if (endedAt === undefined || facts.chargedMs <= 0) return undefined;
  const evidence = { stopReason, powerW: state.powerW ?? 0 };
  if (FAULT_REASONS.has(stopReason) && !wasFull(facts.full, endedAt))
    return { cause: 'STOPPED_BY_FAULT', onset: endedAt, confidence: 0.95, evidence };
  const wasFlowing =
    facts.endedCharging && (state.powerW ?? 0) >= FLOWING_W && (state.socPercent ?? 0) < TAPER_SOC;
  // Many drivers end a session by the plug: no more than a hint.
  if (stopReason === 'EVDisconnected' && wasFlowing)
    return { cause: 'UNPLUGGED', onset: endedAt, confidence: 0.5, evidence };
  return undefined;
}

function byFault(facts: SessionFacts, faultedAt: number | undefined): Suspicion | undefined {
  if (faultedAt === undefined || faultedAt < facts.startedAt || wasFull(facts.full, faultedAt))
    return undefined;
  const hasCharged =
    facts.chargedMs > 0 || (facts.chargingState === 'CHARGING' && facts.stateSince <= faultedAt);
  if (!hasCharged) return undefined;
  return {
    cause: 'CONNECTOR_FAULT',
    onset: faultedAt,
    confidence: 0.95,
    evidence: { connectorStatus: 'FAULTED' },
  };
}

function byNoPower(state: DetectorState, facts: SessionFacts): Suspicion | undefined {
  const { at, zeroSince, levelW } = state;
  if (
    facts.chargingState !== 'CHARGING' ||
    at === undefined ||
    zeroSince === undefined ||
    levelW === undefined
  )
    return undefined;
  // From a level that had come down by itself a car just stops when it is full.
  const wasAbrupt = levelW >= LOW_SHARE * state.peakW;
  if (at - zeroSince < NO_POWER_MS || !wasAbrupt || (state.socPercent ?? 0) >= FULL_SOC) return undefined;
  const seconds = Math.round((at - zeroSince) / 1000);
  const evidence = { levelW: Math.round(levelW), powerW: state.powerW ?? 0, seconds };
  return { cause: 'NO_POWER', onset: zeroSince, confidence: 0.9, evidence };
}

function recovery(
  state: DetectorState,
  facts: SessionFacts,
  onset: number,
  cause: string,
  faultedAt: number | undefined,
): Verdict {
  if (faultedAt !== undefined) return undefined;
  const { at, powerW, levelW } = state;
  if (
    cause === 'NO_POWER' &&
    facts.chargingState !== 'CHARGING' &&
    facts.stateSince <= onset + EXPLAINED_WITHIN_MS
  ) {
    return { overSince: facts.stateSince };
  }
  if (powerW === undefined || at === undefined) {
    return facts.chargingState === 'CHARGING' && facts.stateSince > onset
      ? { overSince: facts.stateSince }
      : undefined;
  }
  const flows = at > onset && powerW >= Math.max(FLOWING_W, LOW_SHARE * (levelW ?? 0));
  return flows && facts.chargingState === 'CHARGING' ? { overSince: at } : undefined;
}
