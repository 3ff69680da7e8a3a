/**
 * The one connector status, from both versions' words. 1.6 says everything itself (ChargePointStatus); 2.0.1 says
 * Occupied and leaves the rest to the transaction (ConnectorStatusEnumType), so that is derived here. A charger that
 * reports Available with a cable in (Q48) is corrected by the open session, never the other way round.
 */
import type { ChargingState } from './charging-state.js';

export const CONNECTOR_STATUSES = [
  'AVAILABLE',
  'PREPARING',
  'CHARGING',
  'SUSPENDED_EV',
  'SUSPENDED_EVSE',
  'FINISHING',
  'RESERVED',
  'UNAVAILABLE',
  'FAULTED',
  'UNKNOWN',
] as const;
export type ConnectorStatus = (typeof CONNECTOR_STATUSES)[number];

/** What the station itself said; OCCUPIED exists only here. */
export type ReportedStatus = ConnectorStatus | 'OCCUPIED';

const REPORTED: Readonly<Record<string, ReportedStatus>> = {
  available: 'AVAILABLE',
  preparing: 'PREPARING',
  charging: 'CHARGING',
  suspendedev: 'SUSPENDED_EV',
  suspendedevse: 'SUSPENDED_EVSE',
  finishing: 'FINISHING',
  reserved: 'RESERVED',
  unavailable: 'UNAVAILABLE',
  faulted: 'FAULTED',
  occupied: 'OCCUPIED',
};

export function reportedStatus(text: string): ReportedStatus {
  return REPORTED[text.toLowerCase()] ?? 'UNKNOWN';
}

/** What the derivation needs to know of the open session on the connector. */
export interface OpenSessionView {
  readonly chargingState: ChargingState;
  /** It has charged before: connected again means finishing, not preparing. */
  readonly hasCharged: boolean;
}

/** The status people see. `previousSessionEnded`: a session ended here since the connector was last free. */
export function connectorStatus(
  reported: ReportedStatus,
  open: OpenSessionView | undefined,
  previousSessionEnded: boolean,
): ConnectorStatus {
  if (reported !== 'OCCUPIED' && reported !== 'AVAILABLE' && reported !== 'UNKNOWN') return reported;
  if (open) return statusOfSession(open, reported);
  if (reported === 'OCCUPIED') return previousSessionEnded ? 'FINISHING' : 'PREPARING';
  return reported;
}

function statusOfSession(open: OpenSessionView, reported: ReportedStatus): ConnectorStatus {
  switch (open.chargingState) {
    case 'CHARGING':
    case 'SUSPENDED_EV':
    case 'SUSPENDED_EVSE':
      return open.chargingState;
    case 'EV_CONNECTED':
      return open.hasCharged ? 'FINISHING' : 'PREPARING';
    case 'IDLE':
      // Authorised or unplugged, the session still open: only an Occupied connector has a cable in it.
      if (reported === 'OCCUPIED') return open.hasCharged ? 'FINISHING' : 'PREPARING';
      return reported === 'AVAILABLE' ? 'AVAILABLE' : 'UNKNOWN';
  }
}

export type PlugState = 'PLUGGED' | 'UNPLUGGED' | 'UNKNOWN';

/** Q48: from transaction and status together. */
export function plugState(reported: ReportedStatus, open: OpenSessionView | undefined): PlugState {
  if (open && open.chargingState !== 'IDLE') return 'PLUGGED';
  switch (reported) {
    case 'AVAILABLE':
      return 'UNPLUGGED';
    case 'OCCUPIED':
    case 'PREPARING':
    case 'CHARGING':
    case 'SUSPENDED_EV':
    case 'SUSPENDED_EVSE':
    case 'FINISHING':
      return 'PLUGGED';
    default:
      return 'UNKNOWN';
  }
}

/** 1.6 sends NoError with every healthy status; 2.0.1 sends none. */
export function errorCodeOf(errorCode: string): string {
  return errorCode.toLowerCase() === 'noerror' ? '' : errorCode;
}
