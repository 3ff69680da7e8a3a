import { invalid } from '@kilowatch/kernel';
import { sessions, type common } from '@kilowatch/contracts';
import { chargingStateOf201, isProtocol16 } from '../domain/charging-state.js';
import { effectiveTime, isLate } from '../domain/device-time.js';
import type { MessageKind, TransactionMessage } from '../domain/transaction-message.js';
import { isUsableRef } from '../domain/transaction-ref.js';
import { tokenHash } from './token-hash.js';

const MAX_INT = 2_147_483_647;
const MAX_REF = 255;

/** The gateway's message as the domain knows it. Throws INVALID for what no charger can mean. */
export function messageOf(
  tenant: string,
  request: sessions.RecordTransactionEventRequest,
  now: Date,
): TransactionMessage {
  const kind = kindOf(request.kind);
  requireNumber('EVSE', request.evseNumber);
  requireNumber('CONNECTOR', request.connectorNumber);
  if (request.seqNo !== undefined) requireNumber('SEQ_NO', request.seqNo);
  if (request.transactionRef.length > MAX_REF) {
    throw invalid('SESSIONS_TRANSACTION_REF', 'The transaction id is too long.');
  }
  const is16Start = kind === 'STARTED' && isProtocol16(request.protocol);
  if (kind === 'STARTED' && !is16Start && request.transactionRef === '') {
    throw invalid('SESSIONS_TRANSACTION_REF', 'A transaction starts with its id.');
  }
  const receivedAt = request.receivedAt ?? now;
  const { clockOffsetSeconds, idToken: token } = request;
  return {
    kind,
    protocol: request.protocol,
    transactionRef: is16Start ? '' : request.transactionRef,
    ...(is16Start && isUsableRef(request.assignedTransactionRef)
      ? { assignedRef: request.assignedTransactionRef.slice(0, MAX_REF) }
      : {}),
    evseNumber: request.evseNumber,
    connectorNumber: request.connectorNumber,
    at: effectiveTime(request.occurredAt, receivedAt),
    deviceTime: request.occurredAt,
    receivedAt,
    ...(clockOffsetSeconds === undefined ? {} : { clockOffsetSeconds }),
    seqNo: request.seqNo,
    chargingState: chargingStateOf201(request.chargingState),
    trigger: request.trigger,
    offline: request.offline,
    ...(is16Start && isLate(request.occurredAt, receivedAt, clockOffsetSeconds) ? { late: true } : {}),
    stoppedReason: request.stoppedReason,
    registerMwh: request.registerMwh,
    token: token && { tokenHash: hashOf(tenant, token), tokenType: token.type },
    remoteStartId: request.remoteStartId,
    ...(request.reservationId ? { reservationNumber: request.reservationId } : {}),
  };
}

/** Nobody's token, the start button (OCPP 2.x C02), has no hash: all of them are one, and none of them is anybody's. */
function hashOf(tenant: string, { value, type }: common.IdToken): string {
  return value.trim() === '' || type.toLowerCase() === 'noauthorization' ? '' : tokenHash(tenant, value);
}

/** Throws INVALID unless 0 .. 2^31 - 1. */
export function requireNumber(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > MAX_INT) {
    throw invalid(`SESSIONS_${what}_NUMBER`, 'A number of the message is out of range.', { what, value });
  }
}

function kindOf(kind: sessions.TransactionEventKind): MessageKind {
  switch (kind) {
    case sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_STARTED:
      return 'STARTED';
    case sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_UPDATED:
      return 'UPDATED';
    case sessions.TransactionEventKind.TRANSACTION_EVENT_KIND_ENDED:
      return 'ENDED';
    default:
      throw invalid('SESSIONS_EVENT_KIND', 'The message says neither start, update nor end.', { kind });
  }
}
