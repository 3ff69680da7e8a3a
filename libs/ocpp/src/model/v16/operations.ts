// Reservations, firmware and logs -> OCPP 1.6 requests of the central system (section 5.2, 5.9, 5.13, 5.19, and the security
// white paper for signed firmware and security logs). Display messages and customer information came with 2.0.1.

import { invalid } from '@kilowatch/kernel';
import { wireTime } from '../../wire-time.js';
import type { CommandCall, OperationCommand, RequestLog, UpdateFirmware } from '../command.js';
import { call, present } from '../command-call.js';

const LONGEST_ID_TAG = 20;

export function operation16(command: OperationCommand): CommandCall {
  switch (command.type) {
    case 'reserve':
      return call('ReserveNow', {
        connectorId: command.evseNumber,
        expiryDate: wireTime(command.expiresAt),
        idTag: command.idToken.value,
        // A longer group cannot be said in 1.6; the token itself still opens the reservation.
        parentIdTag: command.groupId && command.groupId.length <= LONGEST_ID_TAG ? command.groupId : null,
        reservationId: command.reservationNumber,
      });
    case 'cancelReservation':
      return call('CancelReservation', { reservationId: command.reservationNumber });
    case 'updateFirmware':
      return updateFirmware(command);
    case 'requestLog':
      return requestLog(command);
    case 'setDisplayMessage':
    case 'clearDisplayMessage':
    case 'getDisplayMessages':
    case 'customerInformation':
      throw invalid('OCPP_NOT_IN_VERSION', 'Stations of OCPP 1.6 cannot do this.');
  }
}

function updateFirmware(command: UpdateFirmware): CommandCall {
  const { location, signing } = command;
  const tries = { retries: command.retries, retryInterval: command.retryIntervalSeconds };
  if (!signing) {
    return call('UpdateFirmware', { location, retrieveDate: wireTime(command.retrieveAt), ...tries });
  }
  return call('SignedUpdateFirmware', {
    ...tries,
    requestId: command.requestId,
    firmware: present({
      location,
      retrieveDateTime: wireTime(command.retrieveAt),
      installDateTime: command.installAt && wireTime(command.installAt),
      signingCertificate: signing.certificate,
      signature: signing.signature,
    }),
  });
}

function requestLog({ kind, requestId, location, oldest, latest }: RequestLog): CommandCall {
  if (kind === 'DIAGNOSTICS') {
    return call('GetDiagnostics', {
      location,
      startTime: oldest && wireTime(oldest),
      stopTime: latest && wireTime(latest),
    });
  }
  return call('GetLog', {
    logType: 'SecurityLog',
    requestId,
    log: present({
      remoteLocation: location,
      oldestTimestamp: oldest && wireTime(oldest),
      latestTimestamp: latest && wireTime(latest),
    }),
  });
}
