/** Tokens between OCPP and the services: statuses by name, and the type that OCPP 1.6 does not say. */
import { auth, type common } from '@kilowatch/contracts';
import type { IdToken, TokenStatus } from '@kilowatch/ocpp';

const STATUS: Readonly<Record<auth.DecisionStatus, TokenStatus>> = {
  [auth.DecisionStatus.DECISION_STATUS_UNSPECIFIED]: 'Invalid',
  [auth.DecisionStatus.DECISION_STATUS_ACCEPTED]: 'Accepted',
  [auth.DecisionStatus.DECISION_STATUS_BLOCKED]: 'Blocked',
  [auth.DecisionStatus.DECISION_STATUS_CONCURRENT_TX]: 'ConcurrentTx',
  [auth.DecisionStatus.DECISION_STATUS_EXPIRED]: 'Expired',
  [auth.DecisionStatus.DECISION_STATUS_INVALID]: 'Invalid',
  [auth.DecisionStatus.DECISION_STATUS_NO_CREDIT]: 'NoCredit',
  [auth.DecisionStatus.DECISION_STATUS_NOT_ALLOWED_TYPE_EVSE]: 'NotAllowedTypeEVSE',
  [auth.DecisionStatus.DECISION_STATUS_NOT_AT_THIS_LOCATION]: 'NotAtThisLocation',
  [auth.DecisionStatus.DECISION_STATUS_NOT_AT_THIS_TIME]: 'NotAtThisTime',
  [auth.DecisionStatus.DECISION_STATUS_UNKNOWN]: 'Unknown',
};

/** A status of a newer auth service that we do not know yet is Invalid: never a silent yes. */
export function tokenStatus(status: auth.DecisionStatus): TokenStatus {
  return STATUS[status] ?? 'Invalid';
}

/** RFID serial numbers have 4, 7 or 10 bytes (ISO 14443-3); any other 1.6 idTag may be anything. */
const RFID = /^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/i;

/** OCPP 2.x C02; in 1.6 a blank idTag. The value, when a station sends one all the same, is nobody's. */
const START_BUTTON: common.IdToken = { value: '', type: 'NoAuthorization' };

export function idTokenToWire(token: IdToken | null): common.IdToken | undefined {
  if (token === null) return undefined;
  if (token.value === '' || token.type?.toLowerCase() === START_BUTTON.type.toLowerCase())
    return START_BUTTON;
  return { value: token.value, type: token.type ?? (RFID.test(token.value) ? 'ISO14443' : 'Unknown') };
}
