// What a charger says, without its version. The gateway speaks to the services in these terms only.
// EVSEs: a 1.6 connector n is EVSE n with connector 1; 0 is the whole station.

import type { Deviation } from '../deviation.js';
import type { JsonObject } from '../json.js';
import type { Reading } from './reading.js';

export interface IdToken {
  value: string;
  /** 2.x IdTokenEnumType; null in 1.6, which does not say. One card may come with two types. */
  type: string | null;
}

export interface BootMessage {
  type: 'boot';
  vendor: string;
  model: string;
  serialNumber: string | null;
  firmwareVersion: string | null;
  meterType: string | null;
  meterSerialNumber: string | null;
  iccid: string | null;
  imsi: string | null;
  reason: string | null;
}

export interface HeartbeatMessage {
  type: 'heartbeat';
}

export interface ConnectorStatusMessage {
  type: 'connectorStatus';
  evseNumber: number;
  connectorNumber: number;
  /** Word of the charger's version: 1.6 has nine, 2.x five; may be one that no version knows. */
  status: string;
  errorCode: string | null;
  vendorErrorCode: string | null;
  info: string | null;
  occurredAt: Date;
}

export interface CertificateHash {
  hashAlgorithm: string;
  issuerNameHash: string;
  issuerKeyHash: string;
  serialNumber: string;
  responderUrl: string;
}

export interface AuthorizeMessage {
  type: 'authorize';
  idToken: IdToken;
  /** Contract certificate chain, PEM (2.x plug and charge). */
  certificate: string | null;
  certificateHashes: CertificateHash[];
}

export interface TransactionMessage {
  type: 'transaction';
  kind: 'STARTED' | 'UPDATED' | 'ENDED';
  /** Null for a 1.6 start (it gets one) and when the charger names none (absent, 0, negative). */
  transactionRef: string | null;
  evseNumber: number | null;
  connectorNumber: number | null;
  idToken: IdToken | null;
  occurredAt: Date;
  trigger: string | null;
  chargingState: string | null;
  stoppedReason: string | null;
  seqNo: number | null;
  offline: boolean;
  remoteStartId: number | null;
  reservationId: number | null;
  /** 1.6 meterStart / meterStop, decimal text in Wh, for the business key. */
  registerWh: string | null;
  numberOfPhasesUsed: number | null;
  readings: Reading[];
}

export interface MeterValuesMessage {
  type: 'meterValues';
  evseNumber: number;
  connectorNumber: number | null;
  transactionRef: string | null;
  readings: Reading[];
}

export interface ReportedVariable {
  component: string;
  componentInstance: string | null;
  evseNumber: number | null;
  connectorNumber: number | null;
  variable: string;
  variableInstance: string | null;
  attributeType: string;
  value: string | null;
  mutability: string | null;
  dataType: string | null;
  unit: string | null;
}

export interface ReportMessage {
  type: 'report';
  requestId: number;
  seqNo: number;
  toBeContinued: boolean;
  generatedAt: Date;
  variables: ReportedVariable[];
}

export interface DataTransferMessage {
  type: 'dataTransfer';
  vendorId: string;
  messageId: string | null;
  /** Text in 1.6; in 2.x any JSON, given as its JSON text unless it is a string. */
  data: string | null;
}

/** Everything that is stored and acknowledged: firmware and log progress, security events, reports of other kinds. */
export interface OtherMessage {
  type: 'other';
  action: string;
  payload: JsonObject;
}

export type ChargerMessage =
  | BootMessage
  | HeartbeatMessage
  | ConnectorStatusMessage
  | AuthorizeMessage
  | TransactionMessage
  | MeterValuesMessage
  | ReportMessage
  | DataTransferMessage
  | OtherMessage;

export interface MappedCall {
  message: ChargerMessage;
  deviations: Deviation[];
}

/** Stands in for times that a charger left out or that nobody can read. */
export interface CallContext {
  receivedAt: Date;
}
