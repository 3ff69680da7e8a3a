import type { Token } from './dialect.js';
import type { Goal } from './evse.js';
import type { Vehicle } from './meter.js';

export interface ChargePlan {
  token: Token | string;
  evse?: number;
  vehicle?: Vehicle;
  /** Default true: asks the CSMS first (not while offline). */
  authorize?: boolean;
  /** The driver leaves after the first sample at which one of these holds; none given: when the vehicle is full. */
  energyWh?: number;
  socPercent?: number;
  durationMs?: number;
}

/** 1.6 knows tokens by value only. */
export function asToken(token: Token | string): Token {
  return typeof token === 'string' ? { value: token } : token;
}

/** The plan's end, asked after each sample. */
export function goalOf(plan: ChargePlan): Goal {
  const { energyWh = Infinity, durationMs = Infinity, socPercent = 100 } = plan;
  return (sample, entry) =>
    sample.registerMwh - entry.beginMwh >= energyWh * 1_000 ||
    sample.at.getTime() - entry.startedAt.getTime() >= durationMs ||
    sample.socPercent >= socPercent;
}
