// Reservations (H), firmware (L), logs (N01), display messages (O), customer information (N09) -> requests of OCPP 2.0.1
// and 2.1.

import { wireTime } from '../../wire-time.js';
import type { CommandCall, OperationCommand, SetDisplayMessage, UpdateFirmware } from '../command.js';
import { call, present } from '../command-call.js';
import { idToken201 } from './id-token.js';

export function operation201(command: OperationCommand): CommandCall {
  switch (command.type) {
    case 'reserve':
      return call('ReserveNow', {
        id: command.reservationNumber,
        expiryDateTime: wireTime(command.expiresAt),
        idToken: idToken201(command.idToken),
        evseId: command.evseNumber || null,
        groupIdToken: command.groupId ? { idToken: command.groupId, type: 'Central' } : null,
      });
    case 'cancelReservation':
      return call('CancelReservation', { reservationId: command.reservationNumber });
    case 'updateFirmware':
      return updateFirmware(command);
    case 'requestLog':
      return call('GetLog', {
        logType: command.kind === 'SECURITY' ? 'SecurityLog' : 'DiagnosticsLog',
        requestId: command.requestId,
        log: present({
          remoteLocation: command.location,
          oldestTimestamp: command.oldest && wireTime(command.oldest),
          latestTimestamp: command.latest && wireTime(command.latest),
        }),
      });
    case 'setDisplayMessage':
      return call('SetDisplayMessage', { message: messageInfo(command) });
    case 'clearDisplayMessage':
      return call('ClearDisplayMessage', { id: command.messageNumber });
    case 'getDisplayMessages':
      return call('GetDisplayMessages', { requestId: command.requestId });
    case 'customerInformation':
      return call('CustomerInformation', {
        requestId: command.requestId,
        report: command.report,
        clear: command.clear,
        idToken: command.idToken && idToken201(command.idToken),
        customerIdentifier: command.customerIdentifier,
      });
  }
}

function updateFirmware(command: UpdateFirmware): CommandCall {
  const { signing } = command;
  return call('UpdateFirmware', {
    retries: command.retries,
    retryInterval: command.retryIntervalSeconds,
    requestId: command.requestId,
    firmware: present({
      location: command.location,
      retrieveDateTime: wireTime(command.retrieveAt),
      installDateTime: command.installAt && wireTime(command.installAt),
      signingCertificate: signing?.certificate,
      signature: signing?.signature,
    }),
  });
}

function messageInfo(command: SetDisplayMessage): object {
  return present({
    id: command.messageNumber,
    priority: command.priority,
    state: command.state,
    startDateTime: command.startAt && wireTime(command.startAt),
    endDateTime: command.endAt && wireTime(command.endAt),
    transactionId: command.transactionRef,
    message: present({
      format: command.format,
      language: command.language,
      content: command.content,
    }),
  });
}
