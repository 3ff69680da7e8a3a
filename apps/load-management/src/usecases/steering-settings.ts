import type { ConfigOf } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import type { Steering } from '../domain/steering.js';

/** Injection token of `Steering`. */
export const STEERING = Symbol('STEERING');

/** Longer than the gateway needs to tell "no answer" after its own waiting. */
const GATEWAY_MARGIN_SECONDS = 5;

export function steeringOf(config: ConfigOf<typeof configShape>): Steering {
  return {
    leaseMs: config.KW_PROFILE_LEASE_SECONDS * 1000,
    flightMs: (config.KW_PROFILE_TIMEOUT_SECONDS + 2 * GATEWAY_MARGIN_SECONDS) * 1000,
  };
}

/** Deadline of one call to the gateway, ms: before the flight lapses. */
export function callDeadlineMs(steering: Steering): number {
  return steering.flightMs - GATEWAY_MARGIN_SECONDS * 1000;
}

/** What the charger has to answer, s. */
export function chargerTimeoutSeconds(steering: Steering): number {
  return steering.flightMs / 1000 - 2 * GATEWAY_MARGIN_SECONDS;
}
