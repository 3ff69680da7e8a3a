/** Reservations, firmware, logs, display messages and customer information (proto) -> commands of the OCPP library. */
import type { ocppGateway } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import type { Command, RequestLog } from '@kilowatch/ocpp';

const LOG_KINDS: ReadonlySet<string> = new Set(['DIAGNOSTICS', 'SECURITY']);
const MAX_INT = 2_147_483_647;

/** Those that the request holds. Throws INVALID for one that no charger could be asked. */
export function operationsOf(request: ocppGateway.SendRequest): (Command | undefined)[] {
  return [
    request.reserveConnector && reserve(request.reserveConnector),
    request.cancelReservation && {
      type: 'cancelReservation',
      reservationNumber: number(request.cancelReservation.reservationNumber),
    },
    request.updateFirmware && updateFirmware(request.updateFirmware),
    request.requestLog && requestLog(request.requestLog),
    request.setDisplayMessage && setDisplayMessage(request.setDisplayMessage),
    request.clearDisplayMessage && {
      type: 'clearDisplayMessage',
      messageNumber: number(request.clearDisplayMessage.messageNumber),
    },
    request.getDisplayMessages && {
      type: 'getDisplayMessages',
      requestId: number(request.getDisplayMessages.requestId),
    },
    request.requestCustomerInformation && customerInformation(request.requestCustomerInformation),
  ];
}

function reserve(command: ocppGateway.ReserveConnector): Command {
  const { idToken, expiresAt } = command;
  if (!idToken?.value) throw invalid('COMMAND_TOKEN_MISSING', 'A reservation needs a token.');
  if (!expiresAt) throw invalid('COMMAND_EXPIRY_MISSING', 'A reservation needs an end.');
  return {
    type: 'reserve',
    reservationNumber: number(command.reservationNumber),
    evseNumber: command.evseNumber,
    expiresAt,
    idToken: { value: idToken.value, type: idToken.type || null },
    groupId: command.groupId || null,
  };
}

function updateFirmware(command: ocppGateway.UpdateFirmware): Command {
  const { location, retrieveAt, signingCertificate: certificate, signature } = command;
  if (location === '' || !retrieveAt) {
    throw invalid('COMMAND_FIRMWARE', 'A firmware update needs a location and a time.');
  }
  if ((certificate === '') !== (signature === '')) {
    throw invalid('COMMAND_FIRMWARE', 'A signed firmware has a certificate and a signature.');
  }
  return {
    type: 'updateFirmware',
    requestId: number(command.requestId),
    location,
    retrieveAt,
    installAt: command.installAt ?? null,
    signing: certificate === '' ? null : { certificate, signature },
    retries: command.retries || null,
    retryIntervalSeconds: command.retryIntervalSeconds || null,
  };
}

function requestLog(command: ocppGateway.RequestLog): Command {
  if (!LOG_KINDS.has(command.kind)) throw invalid('COMMAND_LOG_KIND', 'A log is DIAGNOSTICS or SECURITY.');
  if (command.location === '') throw invalid('COMMAND_LOG_LOCATION', 'A log needs a place to go.');
  return {
    type: 'requestLog',
    requestId: number(command.requestId),
    kind: command.kind as RequestLog['kind'],
    location: command.location,
    oldest: command.oldest ?? null,
    latest: command.latest ?? null,
  };
}

function setDisplayMessage(command: ocppGateway.SetDisplayMessage): Command {
  return {
    type: 'setDisplayMessage',
    messageNumber: number(command.messageNumber),
    priority: command.priority,
    state: command.state || null,
    format: command.format,
    language: command.language || null,
    content: command.content,
    startAt: command.startAt ?? null,
    endAt: command.endAt ?? null,
    transactionRef: command.transactionRef || null,
  };
}

function customerInformation(command: ocppGateway.RequestCustomerInformation): Command {
  const { idToken, customerIdentifier, report, clear } = command;
  if (!idToken?.value && customerIdentifier === '') {
    throw invalid('COMMAND_CUSTOMER', 'Name the customer by a token or an identifier.');
  }
  return {
    type: 'customerInformation',
    requestId: number(command.requestId),
    report,
    clear,
    idToken: idToken?.value ? { value: idToken.value, type: idToken.type || null } : null,
    customerIdentifier: customerIdentifier || null,
  };
}

/** 0 is "no number" to some chargers (Q30), so it is never given out. */
function number(value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > MAX_INT) {
    throw invalid('COMMAND_NUMBER', 'A number of the command is out of range.');
  }
  return value;
}
