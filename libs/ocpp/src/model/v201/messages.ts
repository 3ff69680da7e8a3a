// OCPP 2.0.1 requests of the charging station -> charger messages. 2.1 keeps these messages and adds to them, so its
// connections use the same mapping. Payloads have passed validateInbound.

import { child, children, int32, integer, text, type JsonObject, type JsonValue } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type {
  CallContext,
  ChargerMessage,
  IdToken,
  MappedCall,
  TransactionMessage,
} from '../charger-message.js';
import { signCertificate } from '../certificate-messages.js';
import { securityEvent } from '../security-event.js';
import {
  customerInformation,
  displayMessages,
  firmwareStatus,
  logStatus,
  publishFirmwareStatus,
  reservationUpdate,
} from '../station-operations.js';
import { carSchedule, chargingNeeds } from './charging-needs.js';
import { certificateStatus, chainStatus, contractCertificate } from './contracts.js';
import { mapDeviceEvents } from './device-events.js';
import { eventStreamClosed, eventStreamData, eventStreamOpened } from './event-streams.js';
import { mapMonitoringReport } from './monitoring-report.js';
import { readingsOf } from './readings.js';
import { mapReport } from './report.js';

type Mapper = (payload: JsonObject, context: CallContext) => ChargerMessage;

export function mapCall201(action: string, payload: JsonObject, context: CallContext): MappedCall {
  const mapper = Object.hasOwn(MAPPERS, action) ? MAPPERS[action] : undefined;
  return { message: mapper?.(payload, context) ?? { type: 'other', action, payload }, deviations: [] };
}

const MAPPERS: Readonly<Record<string, Mapper>> = {
  SecurityEventNotification: (payload, { receivedAt }) => securityEvent(payload, receivedAt),
  SignCertificate: (payload) => signCertificate(payload, 'CombinedCertificate'),
  FirmwareStatusNotification: firmwareStatus,
  PublishFirmwareStatusNotification: publishFirmwareStatus,
  LogStatusNotification: logStatus,
  Get15118EVCertificate: contractCertificate,
  GetCertificateStatus: certificateStatus,
  GetCertificateChainStatus: chainStatus,
  ReservationStatusUpdate: reservationUpdate,
  NotifyDisplayMessages: displayMessages,
  NotifyCustomerInformation: customerInformation,
  BootNotification: (payload) => {
    const station = child(payload, 'chargingStation') ?? {};
    const modem = child(station, 'modem') ?? {};
    return {
      type: 'boot',
      vendor: text(station, 'vendorName') ?? '',
      model: text(station, 'model') ?? '',
      serialNumber: text(station, 'serialNumber'),
      firmwareVersion: text(station, 'firmwareVersion'),
      meterType: null,
      meterSerialNumber: null,
      iccid: text(modem, 'iccid'),
      imsi: text(modem, 'imsi'),
      reason: text(payload, 'reason'),
    };
  },
  Heartbeat: () => ({ type: 'heartbeat' }),
  StatusNotification: (payload, { receivedAt }) => ({
    type: 'connectorStatus',
    evseNumber: integer(payload, 'evseId') ?? 0,
    connectorNumber: integer(payload, 'connectorId') ?? 0,
    status: text(payload, 'connectorStatus') ?? '',
    errorCode: null,
    vendorErrorCode: null,
    info: null,
    occurredAt: readTime(payload['timestamp']) ?? receivedAt,
  }),
  Authorize: (payload) => ({
    type: 'authorize',
    idToken: idToken(child(payload, 'idToken')) ?? { value: '', type: null },
    certificate: text(payload, 'certificate'),
    certificateHashes: children(payload, 'iso15118CertificateHashData').map((hash) => ({
      hashAlgorithm: text(hash, 'hashAlgorithm') ?? '',
      issuerNameHash: text(hash, 'issuerNameHash') ?? '',
      issuerKeyHash: text(hash, 'issuerKeyHash') ?? '',
      serialNumber: text(hash, 'serialNumber') ?? '',
      responderUrl: text(hash, 'responderURL') ?? '',
    })),
  }),
  TransactionEvent: transactionEvent,
  MeterValues: (payload, { receivedAt }) => ({
    type: 'meterValues',
    evseNumber: integer(payload, 'evseId') ?? 0,
    connectorNumber: null,
    transactionRef: null,
    readings: readingsOf(children(payload, 'meterValue'), receivedAt),
  }),
  NotifyReport: mapReport,
  NotifyEvent: mapDeviceEvents,
  NotifyMonitoringReport: mapMonitoringReport,
  OpenPeriodicEventStream: eventStreamOpened,
  NotifyPeriodicEventStream: eventStreamData,
  ClosePeriodicEventStream: eventStreamClosed,
  PullDynamicScheduleUpdate: (payload) => ({
    type: 'dynamicScheduleAsked',
    profileId: int32(payload, 'chargingProfileId') ?? -1,
  }),
  NotifyEVChargingNeeds: chargingNeeds,
  NotifyEVChargingSchedule: carSchedule,
  VatNumberValidation: (payload) => ({
    type: 'vatNumber',
    vatNumber: text(payload, 'vatNumber') ?? '',
    evseNumber: int32(payload, 'evseId'),
  }),
  DataTransfer: (payload) => ({
    type: 'dataTransfer',
    vendorId: text(payload, 'vendorId') ?? '',
    messageId: text(payload, 'messageId'),
    data: dataText(payload['data']),
  }),
};

const KINDS: Readonly<Record<string, TransactionMessage['kind']>> = {
  Started: 'STARTED',
  Updated: 'UPDATED',
  Ended: 'ENDED',
};

function transactionEvent(payload: JsonObject, { receivedAt }: CallContext): ChargerMessage {
  const info = child(payload, 'transactionInfo') ?? {};
  const evse = child(payload, 'evse') ?? {};
  return {
    type: 'transaction',
    kind: KINDS[text(payload, 'eventType') ?? ''] ?? 'UPDATED',
    transactionRef: text(info, 'transactionId'),
    // 0 is "not known yet": shiv3 reports evse 0 with connector 0, others connector 0 of a real EVSE.
    evseNumber: integer(evse, 'id') || null,
    connectorNumber: integer(evse, 'connectorId') || null,
    idToken: idToken(child(payload, 'idToken')),
    occurredAt: readTime(payload['timestamp']),
    trigger: text(payload, 'triggerReason'),
    chargingState: text(info, 'chargingState'),
    stoppedReason: text(info, 'stoppedReason'),
    seqNo: integer(payload, 'seqNo'),
    offline: payload['offline'] === true,
    remoteStartId: integer(info, 'remoteStartId'),
    reservationId: integer(payload, 'reservationId') || null,
    registerWh: null,
    numberOfPhasesUsed: integer(payload, 'numberOfPhasesUsed'),
    readings: readingsOf(children(payload, 'meterValue'), receivedAt),
  };
}

/** The start button (NoAuthorization) has no value: its type alone says what it is. */
function idToken(token: JsonObject | null): IdToken | null {
  return token && { value: text(token, 'idToken') ?? '', type: text(token, 'type') };
}

function dataText(data: JsonValue | undefined): string | null {
  if (data === undefined || data === null) return null;
  return typeof data === 'string' ? data : JSON.stringify(data);
}
