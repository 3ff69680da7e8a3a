/**
 * What a session's state and connector mean for the plan (OCPP 2.0.1 ChargingStateEnumType; 1.6 through sessions).
 */
import type { Deciampere } from './plan.js';

const VOLTS_PER_PHASE = 230;

/** SuspendedEVSE counts as charging: it is our own pause, and without a share it would never end. */
export function isCharging(chargingState: string): boolean {
  return chargingState === 'CHARGING' || chargingState === 'SUSPENDED_EVSE';
}

/** Nor does a car that has told what it needs (ISO 15118) wait for its share: one that came later would make it negotiate twice. */
export function isAboutToCharge(chargingState: string, hasToldNeeds: boolean): boolean {
  return hasToldNeeds && chargingState === 'EV_CONNECTED';
}

/**
 * Has it a place in the plan? One that a card began before the cable was in (2.x) has none yet: its EVSE is not known, nothing flows, and
 * no profile can be sent to it.
 */
export function isPlaced(session: { readonly evseNumber: number; readonly chargingState: string }): boolean {
  return session.evseNumber > 0 || isCharging(session.chargingState);
}

export interface Plate {
  /** 0: unknown. */
  readonly maxCurrentA: number;
  readonly maxVoltageV: number;
  /** 1 or 3; 0 for DC. */
  readonly phases: number;
}

/** Most current per phase a connector draws from the site; undefined when unknown. DC: of its rectifier's three phases. */
export function connectorCap(plate: Plate): Deciampere | undefined {
  if (plate.maxCurrentA <= 0) return undefined;
  if (plate.phases > 0) return plate.maxCurrentA * 10;
  return Math.ceil((plate.maxCurrentA * plate.maxVoltageV * 10) / (3 * VOLTS_PER_PHASE)) || undefined;
}
