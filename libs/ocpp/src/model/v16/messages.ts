// OCPP 1.6 requests of the charge point -> charger messages (section 4, operations initiated by the charge point).
// Payloads have passed validateInbound. reservationId and connectorId 0 in a start mean absent, transaction ids of 0
// and below are none: chargers use them for "I do not know".

import { DeviationList } from '../../deviation.js';
import { children, integer, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type { CallContext, ChargerMessage, IdToken, MappedCall } from '../charger-message.js';
import { signCertificate } from '../certificate-messages.js';
import { securityEvent } from '../security-event.js';
import { firmwareStatus, logStatus } from '../station-operations.js';
import { readingsOf, registerReading } from './readings.js';

type Mapper = (payload: JsonObject, context: CallContext, deviations: DeviationList) => ChargerMessage;

export function mapCall16(action: string, payload: JsonObject, context: CallContext): MappedCall {
  const deviations = new DeviationList();
  const mapper = Object.hasOwn(MAPPERS, action) ? MAPPERS[action] : undefined;
  const message: ChargerMessage = mapper?.(payload, context, deviations) ?? {
    type: 'other',
    action,
    payload,
  };
  return { message, deviations: deviations.items };
}

const MAPPERS: Readonly<Record<string, Mapper>> = {
  SecurityEventNotification: (payload, { receivedAt }) => securityEvent(payload, receivedAt),
  SignCertificate: (payload) => signCertificate(payload, 'ChargingStationCertificate'),
  FirmwareStatusNotification: firmwareStatus,
  SignedFirmwareStatusNotification: firmwareStatus,
  DiagnosticsStatusNotification: logStatus,
  LogStatusNotification: logStatus,
  BootNotification: (payload) => ({
    type: 'boot',
    vendor: text(payload, 'chargePointVendor') ?? '',
    model: text(payload, 'chargePointModel') ?? '',
    serialNumber: text(payload, 'chargePointSerialNumber') ?? text(payload, 'chargeBoxSerialNumber'),
    firmwareVersion: text(payload, 'firmwareVersion'),
    meterType: text(payload, 'meterType'),
    meterSerialNumber: text(payload, 'meterSerialNumber'),
    iccid: text(payload, 'iccid'),
    imsi: text(payload, 'imsi'),
    reason: null,
  }),
  Heartbeat: () => ({ type: 'heartbeat' }),
  StatusNotification: (payload, { receivedAt }) => {
    const connectorId = integer(payload, 'connectorId') ?? 0;
    return {
      type: 'connectorStatus',
      evseNumber: connectorId,
      connectorNumber: connectorId === 0 ? 0 : 1,
      status: text(payload, 'status') ?? '',
      errorCode: text(payload, 'errorCode'),
      vendorErrorCode: text(payload, 'vendorErrorCode'),
      info: text(payload, 'info'),
      occurredAt: readTime(payload['timestamp']) ?? receivedAt,
    };
  },
  Authorize: (payload) => ({
    type: 'authorize',
    idToken: idTag(payload) ?? { value: '', type: null },
    certificate: null,
    certificateHashes: [],
  }),
  StartTransaction: startTransaction,
  StopTransaction: stopTransaction,
  MeterValues: (payload, { receivedAt }, deviations) => ({
    type: 'meterValues',
    evseNumber: integer(payload, 'connectorId') ?? 0,
    connectorNumber: integer(payload, 'connectorId') ? 1 : null,
    transactionRef: transactionRef(payload, deviations),
    readings: readingsOf(children(payload, 'meterValue'), receivedAt),
  }),
  DataTransfer: (payload) => ({
    type: 'dataTransfer',
    vendorId: text(payload, 'vendorId') ?? '',
    messageId: text(payload, 'messageId'),
    data: text(payload, 'data'),
  }),
};

function startTransaction(payload: JsonObject, { receivedAt }: CallContext): ChargerMessage {
  const occurredAt = readTime(payload['timestamp']);
  const registerWh = text(payload, 'meterStart');
  const connectorId = integer(payload, 'connectorId') || null;
  return {
    ...NO_TRANSACTION_DETAILS,
    kind: 'STARTED',
    transactionRef: null,
    evseNumber: connectorId,
    connectorNumber: connectorId === null ? null : 1,
    // A blank one is judged as well: somebody charges.
    idToken: idTag(payload) ?? { value: '', type: null },
    occurredAt,
    reservationId: integer(payload, 'reservationId') || null,
    registerWh,
    readings:
      registerWh === null ? [] : [registerReading(registerWh, 'Transaction.Begin', occurredAt ?? receivedAt)],
  };
}

function stopTransaction(
  payload: JsonObject,
  { receivedAt }: CallContext,
  deviations: DeviationList,
): ChargerMessage {
  const occurredAt = readTime(payload['timestamp']);
  const registerWh = text(payload, 'meterStop');
  const end =
    registerWh === null ? [] : [registerReading(registerWh, 'Transaction.End', occurredAt ?? receivedAt)];
  return {
    ...NO_TRANSACTION_DETAILS,
    kind: 'ENDED',
    transactionRef: transactionRef(payload, deviations),
    evseNumber: null,
    connectorNumber: null,
    idToken: idTag(payload),
    occurredAt,
    // Section 7.40: no reason means Local.
    stoppedReason: text(payload, 'reason') ?? 'Local',
    registerWh,
    readings: [...end, ...readingsOf(children(payload, 'transactionData'), receivedAt)],
  };
}

const NO_TRANSACTION_DETAILS = {
  type: 'transaction',
  trigger: null,
  chargingState: null,
  stoppedReason: null,
  seqNo: null,
  offline: false,
  remoteStartId: null,
  reservationId: null,
  numberOfPhasesUsed: null,
} as const;

function idTag(payload: JsonObject): IdToken | null {
  const value = text(payload, 'idTag');
  return value === null ? null : { value, type: null };
}

function transactionRef(payload: JsonObject, deviations: DeviationList): string | null {
  const id = integer(payload, 'transactionId');
  if (id !== null && id > 0) return String(id);
  if (id !== null) deviations.add('transaction_id_absent', '/transactionId', String(id));
  return null;
}
