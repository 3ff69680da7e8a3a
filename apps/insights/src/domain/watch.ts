/**
 * What is kept of a transaction to judge it while it runs: O(1), whatever its length. All times are device time, ms.
 */
import type { FullTime } from '@kilowatch/kernel';

export const ANOMALY_KINDS = ['ZERO_ENERGY', 'POWER_DROP', 'INTERRUPTION', 'NO_READINGS'] as const;
export type AnomalyKind = (typeof ANOMALY_KINDS)[number];

/** One reading; an absent figure was not measured. */
export interface Sample {
  readonly at: number;
  readonly energyMwh?: number | undefined;
  readonly powerW?: number | undefined;
  readonly socPercent?: number | undefined;
  readonly offeredMa?: number | undefined;
  /** False for back-fill: it corrects registers, but says nothing about now. */
  readonly live: boolean;
}

/** What sessions says of it. */
export interface SessionFacts {
  readonly active: boolean;
  readonly chargingState: string;
  /** Since when it is in this state. */
  readonly stateSince: number;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly stopReason: string;
  /** Time in CHARGING so far, without the present stretch. */
  readonly chargedMs: number;
  /** It was CHARGING when it ended. */
  readonly endedCharging: boolean;
  /** No token is allowed to charge: none was shown, or it was refused. */
  readonly nobodys?: boolean | undefined;
  readonly full?: FullTime | undefined;
}

/** Everything beside the readings. */
export interface Surroundings {
  readonly facts?: SessionFacts | undefined;
  /** What load management lets it draw. */
  readonly limitMa?: number | undefined;
  /** Its connector is faulted since. */
  readonly faultedAt?: number | undefined;
  /** Device time of this look; only when time itself asked for it. */
  readonly now?: number | undefined;
  /** Closed energy of the ended session. */
  readonly metered?: { readonly energyMwh: number; readonly measured: boolean } | undefined;
}

/** Plain JSON: it is stored as such. */
export interface DetectorState {
  firstAt?: number;
  firstMwh?: number;
  lastAt?: number;
  lastMwh?: number;
  /** Integral of the measured power: registers may be coarse. */
  integralMwh: number;
  /** Of the last live reading. */
  at?: number;
  powerW?: number;
  socPercent?: number;
  offeredMa?: number;
  /** The lower of the charger's offer and load management's limit at the last reading. */
  offerMa?: number;
  /** Until when it was not allowed to charge. */
  pausedUntil?: number;
  /** The level power has settled at, scaled down with the offer. */
  levelW?: number;
  levelSince?: number;
  peakW: number;
  lowSince?: number;
  lowCount: number;
  zeroSince?: number;
  /** It has delivered energy: said once. */
  delivered: boolean;
  incidents: Partial<Record<AnomalyKind, Incident>>;
}

export interface Incident {
  readonly onset: number;
  readonly open: boolean;
  readonly cause: string;
}

export interface Suspicion {
  readonly cause: string;
  readonly onset: number;
  /** 0..1 */
  readonly confidence: number;
  readonly evidence: Readonly<Record<string, number | string>>;
}

/** What one detector says: something is wrong, it is over since, or nothing new. */
export type Verdict = { readonly wrong: Suspicion } | { readonly overSince: number } | undefined;

export function newState(): DetectorState {
  return { integralMwh: 0, peakW: 0, lowCount: 0, delivered: false, incidents: {} };
}

/** The most energy that registers or power speak for. */
export function energySoFar(state: DetectorState): number {
  const register =
    state.lastMwh !== undefined && state.firstMwh !== undefined ? state.lastMwh - state.firstMwh : 0;
  return Math.max(register, state.integralMwh);
}
