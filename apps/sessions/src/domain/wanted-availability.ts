/**
 * What an operator wants of a station, an EVSE or a connector (OCPP 1.6 section 5.2, 2.x G03 and G04): in service or out of it.
 * Stations should keep it over a reboot and some do not, so it is told again after each boot while it shows otherwise. Scheduled
 * is success (Q49): the station will do it when the present transaction ends.
 */
import type { CommandOutcome } from './command-outcome.js';
import type { ConnectorStatus } from './connector-status.js';

/** 0 in both numbers: the whole station; 0 in the second: the whole EVSE. */
export interface WantedAvailability {
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly operative: boolean;
  /** The station said yes to this wish at least once. */
  readonly confirmed: boolean;
  readonly attempts: number;
}

export interface ShownConnector {
  readonly evseNumber: number;
  readonly number: number;
  readonly status: ConnectorStatus;
}

/** After a boot or a reconnection: stations send their first statuses before anything is judged by them. */
export const SETTLE_MS = 60_000;
export const MOST_ATTEMPTS = 5;

/** Must the station be told again? A car that charges is left alone: the station was told, and does it when the car is gone. */
export function mustTell(wanted: WantedAvailability, connectors: readonly ShownConnector[]): boolean {
  if (!wanted.confirmed) return true;
  if (wanted.operative) return false;
  return connectors
    .filter((connector) => covers(wanted, connector))
    .some(({ status }) => status !== 'UNAVAILABLE' && status !== 'FAULTED');
}

export function covers(
  wanted: Pick<WantedAvailability, 'evseNumber' | 'connectorNumber'>,
  connector: Pick<ShownConnector, 'evseNumber' | 'number'>,
): boolean {
  if (wanted.evseNumber === 0) return true;
  if (wanted.evseNumber !== connector.evseNumber) return false;
  return wanted.connectorNumber === 0 || wanted.connectorNumber === connector.number;
}

/** When to look again after it was told; undefined: not before the next boot. */
export function nextLook(outcome: CommandOutcome, attempts: number): number | undefined {
  return outcome === 'UNKNOWN' && attempts < MOST_ATTEMPTS ? SETTLE_MS * 2 ** attempts : undefined;
}
