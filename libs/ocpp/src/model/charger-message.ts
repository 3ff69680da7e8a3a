// What a charger says, without its version. The gateway speaks to the services in these terms only.
// EVSEs: a 1.6 connector n is EVSE n with connector 1; 0 is the whole station.

import type { Deviation } from '../deviation.js';
import type { JsonObject } from '../json.js';
import type { SignCertificateMessage } from './certificate-messages.js';
import type {
  CertificateStatusMessage,
  ChainStatusMessage,
  ContractCertificateMessage,
} from './contract-messages.js';
import type {
  CarScheduleMessage,
  ChargingNeedsMessage,
  DynamicScheduleAskedMessage,
} from './energy-messages.js';
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
  /** By the charger's clock; null when it tells no time that can be read: then it happened when it was received. */
  occurredAt: Date | null;
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

export interface ReportedVariable extends VariablePlace {
  attributeType: string;
  value: string | null;
  mutability: string | null;
  dataType: string | null;
  unit: string | null;
  /** Comma list of allowed words, or `lowest..highest`. */
  possibleValues: string | null;
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

export interface SecurityEventMessage {
  type: 'securityEvent';
  /** A name of the specification's list (`TamperDetectionActivated`), or the vendor's own. */
  kind: string;
  occurredAt: Date;
  techInfo: string | null;
}

/** A component and a variable of the 2.x device model. */
export interface VariablePlace {
  component: string;
  componentInstance: string | null;
  evseNumber: number | null;
  connectorNumber: number | null;
  variable: string;
  variableInstance: string | null;
}

export interface DeviceEvent extends VariablePlace {
  eventId: number;
  occurredAt: Date;
  /** Alerting, Delta or Periodic. */
  trigger: string;
  /** Of which event this one is a consequence. */
  cause: number | null;
  actualValue: string;
  techCode: string | null;
  techInfo: string | null;
  cleared: boolean;
  transactionRef: string | null;
  monitorId: number | null;
  /** HardWiredNotification, HardWiredMonitor, PreconfiguredMonitor or CustomMonitor. */
  notificationType: string;
  /** 0 (danger) to 9 (debug); 2.0.1 leaves it to the monitor. */
  severity: number | null;
}

export interface DeviceEventsMessage {
  type: 'deviceEvents';
  events: DeviceEvent[];
}

export interface ReportedMonitor extends VariablePlace {
  monitorId: number;
  /** UpperThreshold, LowerThreshold, Delta, Periodic, PeriodicClockAligned. */
  kind: string;
  /** Decimal text. */
  value: string;
  severity: number;
  onlyInTransaction: boolean;
  /** As in events; null in 2.0.1. */
  notificationType: string | null;
}

export interface MonitoringReportMessage {
  type: 'monitoringReport';
  requestId: number;
  seqNo: number;
  toBeContinued: boolean;
  generatedAt: Date;
  monitors: ReportedMonitor[];
}

export interface ReservationUpdateMessage {
  type: 'reservationUpdate';
  reservationNumber: number;
  /** `Expired`, `Removed`; 2.1 also `NoTransaction`. */
  status: string;
}

export interface FirmwareStatusMessage {
  type: 'firmwareStatus';
  /** PUBLISH: a local controller offers the firmware to the stations behind it. */
  kind: 'INSTALL' | 'PUBLISH';
  status: string;
  /** Null in plain 1.6, and from chargers that leave it out. */
  requestId: number | null;
}

export interface LogStatusMessage {
  type: 'logStatus';
  /** 1.6 `UploadFailed` comes as 2.x says it: `UploadFailure`. */
  status: string;
  requestId: number | null;
}

export interface ShownMessage {
  messageNumber: number;
  priority: string;
  state: string | null;
  format: string;
  language: string | null;
  content: string;
  startAt: Date | null;
  endAt: Date | null;
  transactionRef: string | null;
}

export interface DisplayMessagesMessage {
  type: 'displayMessages';
  requestId: number;
  toBeContinued: boolean;
  messages: ShownMessage[];
}

export interface CustomerInformationMessage {
  type: 'customerInformation';
  requestId: number;
  seqNo: number;
  toBeContinued: boolean;
  data: string;
  generatedAt: Date;
}

/** The station offers to tell the values of a monitor as a stream (2.1, use case N11). */
export interface EventStreamOpenedMessage {
  type: 'eventStreamOpened';
  streamId: number;
  monitorId: number;
  /** Longest time between two messages, s. */
  intervalSeconds: number | null;
  /** Values after which a message is sent earlier. */
  values: number | null;
}

export interface StreamValue {
  at: Date;
  value: string;
}

/** Values of a stream; a SEND, which nobody answers. */
export interface EventStreamDataMessage {
  type: 'eventStreamData';
  streamId: number;
  /** Values that still wait at the station. */
  pending: number;
  values: StreamValue[];
}

export interface EventStreamClosedMessage {
  type: 'eventStreamClosed';
  streamId: number;
}

/** A driver typed the VAT number that the receipt shall name (2.1, use case C23). */
export interface VatNumberMessage {
  type: 'vatNumber';
  vatNumber: string;
  evseNumber: number | null;
}

/** Everything that is stored and acknowledged: reports and notices that no service acts on yet. */
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
  | SecurityEventMessage
  | DeviceEventsMessage
  | MonitoringReportMessage
  | ReservationUpdateMessage
  | FirmwareStatusMessage
  | LogStatusMessage
  | DisplayMessagesMessage
  | CustomerInformationMessage
  | EventStreamOpenedMessage
  | EventStreamDataMessage
  | EventStreamClosedMessage
  | DynamicScheduleAskedMessage
  | VatNumberMessage
  | ChargingNeedsMessage
  | CarScheduleMessage
  | SignCertificateMessage
  | ContractCertificateMessage
  | CertificateStatusMessage
  | ChainStatusMessage
  | OtherMessage;

export interface MappedCall {
  message: ChargerMessage;
  deviations: Deviation[];
}

/** Stands in for times that a charger left out or that nobody can read. */
export interface CallContext {
  receivedAt: Date;
}
