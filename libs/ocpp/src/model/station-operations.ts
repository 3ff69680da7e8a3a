// Messages about what we asked a station to do: firmware (1.6 section 4.5 and the security white paper, 2.x block L), logs
// (1.6 4.4, 2.x N01), reservations (2.x H04), display messages (2.x O), customer information (2.x N09). They have one shape
// in all versions that know them.

import { child, children, integer, text, type JsonObject } from '../json.js';
import { readTime } from '../wire-time.js';
import type {
  CallContext,
  CustomerInformationMessage,
  DisplayMessagesMessage,
  FirmwareStatusMessage,
  LogStatusMessage,
  ReservationUpdateMessage,
  ShownMessage,
} from './charger-message.js';

export function firmwareStatus(payload: JsonObject): FirmwareStatusMessage {
  return { type: 'firmwareStatus', kind: 'INSTALL', ...statusOf(payload) };
}

export function publishFirmwareStatus(payload: JsonObject): FirmwareStatusMessage {
  return { type: 'firmwareStatus', kind: 'PUBLISH', ...statusOf(payload) };
}

/** 1.6 DiagnosticsStatusNotification too: its words are a part of LogStatusNotification's, but for one. */
export function logStatus(payload: JsonObject): LogStatusMessage {
  const { status, requestId } = statusOf(payload);
  return { type: 'logStatus', status: status === 'UploadFailed' ? 'UploadFailure' : status, requestId };
}

export function reservationUpdate(payload: JsonObject): ReservationUpdateMessage {
  return {
    type: 'reservationUpdate',
    reservationNumber: integer(payload, 'reservationId') ?? 0,
    status: text(payload, 'reservationUpdateStatus') ?? '',
  };
}

export function displayMessages(payload: JsonObject): DisplayMessagesMessage {
  return {
    type: 'displayMessages',
    requestId: integer(payload, 'requestId') ?? 0,
    toBeContinued: payload['tbc'] === true,
    messages: children(payload, 'messageInfo').map(shownMessage),
  };
}

export function customerInformation(
  payload: JsonObject,
  { receivedAt }: CallContext,
): CustomerInformationMessage {
  return {
    type: 'customerInformation',
    requestId: integer(payload, 'requestId') ?? 0,
    seqNo: integer(payload, 'seqNo') ?? 0,
    toBeContinued: payload['tbc'] === true,
    // Not `text`: a page cut within a blank is a page.
    data: typeof payload['data'] === 'string' ? payload['data'] : '',
    generatedAt: readTime(payload['generatedAt']) ?? receivedAt,
  };
}

function statusOf(payload: JsonObject): { status: string; requestId: number | null } {
  return { status: text(payload, 'status') ?? '', requestId: integer(payload, 'requestId') };
}

function shownMessage(info: JsonObject): ShownMessage {
  const content = child(info, 'message') ?? {};
  return {
    messageNumber: integer(info, 'id') ?? 0,
    priority: text(info, 'priority') ?? '',
    state: text(info, 'state'),
    format: text(content, 'format') ?? '',
    language: text(content, 'language'),
    content: text(content, 'content') ?? '',
    startAt: readTime(info['startDateTime']),
    endAt: readTime(info['endDateTime']),
    transactionRef: text(info, 'transactionId'),
  };
}
