import { forbidden } from '@kilowatch/kernel';
import type { ChargerAnswer, ChargerMessage } from '@kilowatch/ocpp';
import { mayTell } from '../domain/registration-gate.js';
import { notesOf } from './connection-notes.js';
import { handleAuthorize } from './handle-authorize.js';
import { handleBoot } from './handle-boot.js';
import { handleCarSchedule, handleChargingNeeds } from './handle-charging-needs.js';
import { handleConnectorStatus } from './handle-connector-status.js';
import { handleCertificateStatus, handleChainStatus, handleContractCertificate } from './handle-contracts.js';
import { handleDataTransfer } from './handle-data-transfer.js';
import { handleDeviceEvents } from './handle-device-events.js';
import { handleDynamicScheduleAsked } from './handle-dynamic-schedule.js';
import {
  handleEventStreamClosed,
  handleEventStreamData,
  handleEventStreamOpened,
} from './handle-event-streams.js';
import { handleHeartbeat } from './handle-heartbeat.js';
import { handleMeterValues } from './handle-meter-values.js';
import { handleMonitoringReport } from './handle-monitoring-report.js';
import { handleNotice } from './handle-notice.js';
import { handleReport } from './handle-report.js';
import { handleSecurityEvent } from './handle-security-event.js';
import {
  handleCustomerInformation,
  handleDisplayMessages,
  handleFirmwareStatus,
  handleLogStatus,
  handleReservationUpdate,
} from './handle-station-operations.js';
import { handleSignCertificate } from './handle-sign-certificate.js';
import { handleTransaction } from './handle-transaction.js';
import { handleVatNumber } from './handle-vat-number.js';
import type { Handler, HandlerPorts, StationCall } from './station-call.js';

type Routes = { readonly [T in ChargerMessage['type']]: Handler<Extract<ChargerMessage, { type: T }>> };

/** The road of each message of a charger. */
export const ROUTES: Routes = {
  boot: handleBoot,
  heartbeat: handleHeartbeat,
  connectorStatus: handleConnectorStatus,
  authorize: handleAuthorize,
  transaction: handleTransaction,
  meterValues: handleMeterValues,
  report: handleReport,
  dataTransfer: handleDataTransfer,
  securityEvent: handleSecurityEvent,
  deviceEvents: handleDeviceEvents,
  monitoringReport: handleMonitoringReport,
  reservationUpdate: handleReservationUpdate,
  firmwareStatus: handleFirmwareStatus,
  logStatus: handleLogStatus,
  displayMessages: handleDisplayMessages,
  customerInformation: handleCustomerInformation,
  eventStreamOpened: handleEventStreamOpened,
  eventStreamData: handleEventStreamData,
  eventStreamClosed: handleEventStreamClosed,
  dynamicScheduleAsked: handleDynamicScheduleAsked,
  vatNumber: handleVatNumber,
  chargingNeeds: handleChargingNeeds,
  carSchedule: handleCarSchedule,
  signCertificate: handleSignCertificate,
  contractCertificate: handleContractCertificate,
  certificateStatus: handleCertificateStatus,
  chainStatus: handleChainStatus,
  other: handleNotice,
};

/** Rejects with FORBIDDEN, a SecurityError for the charger, what it may not tell before it is accepted. */
export async function route(
  ports: HandlerPorts,
  call: StationCall,
  message: ChargerMessage,
  deviations: readonly string[],
): Promise<ChargerAnswer> {
  const registration = notesOf(call.station, call.receivedAt).registration;
  // One that is to be repaired first is pending before it says so itself.
  if (!mayTell(registration ?? (call.station.provisional ? 'Pending' : undefined), message.type))
    throw forbidden('OCPP_NOT_ACCEPTED', 'The station is not accepted.');
  const handler = ROUTES[message.type] as Handler<ChargerMessage>;
  return handler(ports, call, message, deviations);
}
