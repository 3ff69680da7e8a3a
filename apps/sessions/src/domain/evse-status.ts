/** An EVSE serves one car at a time (OCPP 2.0.1 part 1, 2.2): a connector in use speaks for all of them. */
import type { ConnectorStatus } from './connector-status.js';

const BY_WEIGHT: readonly ConnectorStatus[] = [
  'CHARGING',
  'SUSPENDED_EV',
  'SUSPENDED_EVSE',
  'FINISHING',
  'PREPARING',
  'RESERVED',
  'AVAILABLE',
  'FAULTED',
  'UNAVAILABLE',
];

export function evseStatus(connectors: readonly ConnectorStatus[]): ConnectorStatus {
  return BY_WEIGHT.find((status) => connectors.includes(status)) ?? 'UNKNOWN';
}
