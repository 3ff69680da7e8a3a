import { adviceFor } from '../../domain/refusal-advice.js';
import { maskFrame } from '../../domain/frame-mask.js';
import { timeOfFrame } from '../../domain/trace-slot.js';
import type {
  ConnectionAttempt,
  ConnectionState,
  DeviationCount,
  HeldFrame,
  HeldNotice,
  LoggedCommand,
  WireFrame,
} from '../../usecases/view-wire.js';

export function toConnectionNode(state: ConnectionState) {
  return { ...state, online: state.disconnectedAt === null };
}

/** What a GraphQL Int holds. */
const MOST = 2_147_483_647;

export function toDeviationNode({ kind, messages, path, firstAt, lastAt }: DeviationCount) {
  return { kind, messages: Math.min(messages, MOST), path, firstAt, lastAt };
}

export function toAttemptNode(attempt: ConnectionAttempt) {
  const { attemptId, stationId, reason, protocol, tls } = attempt;
  return {
    ...attempt,
    id: attemptId,
    station: stationId === null ? null : { id: stationId },
    reason: reason || null,
    advice: adviceFor(reason) || null,
    protocol: protocol || null,
    tls: tls || null,
  };
}

export function toFrameNode(frame: WireFrame) {
  const { no, sent, action, messageId, text, truncated, bytes, connectionId } = frame;
  return {
    id: String(no),
    at: timeOfFrame(no),
    direction: sent ? 'SENT' : 'RECEIVED',
    action: action || null,
    messageId: messageId || null,
    text,
    truncated,
    length: bytes,
    connectionId,
  };
}

export function toQuarantinedNode(held: HeldFrame) {
  return {
    id: held.frameId,
    station: { id: held.stationId },
    action: held.action,
    errorCode: held.errorCode,
    protocol: held.protocol,
    receivedAt: held.receivedAt,
    repeats: held.repeats,
    transactionId: held.transactionRef,
    text: maskFrame(held.text).text,
    resolution: held.resolution,
    resolutionNote: held.resolutionNote,
    resolvedAt: held.resolvedAt,
  };
}

const OUTCOME = /^COMMAND_OUTCOME_(ACCEPTED|REJECTED|CHARGER_ERROR|OFFLINE|UNKNOWN)$/;

export function toCommandNode(command: LoggedCommand) {
  const { commandId, outcome, status, errorCode, errorDescription } = command;
  return {
    ...command,
    id: commandId,
    outcome: OUTCOME.exec(outcome ?? '')?.[1] ?? null,
    status: status || null,
    errorCode: errorCode || null,
    errorDescription: errorDescription || null,
  };
}

export function toNoticeNode(notice: HeldNotice) {
  return {
    id: notice.notice_id,
    action: notice.action,
    vendorId: notice.vendor_id || null,
    messageId: notice.message_id || null,
    content: notice.content,
    truncated: notice.truncated,
    receivedAt: notice.received_at,
  };
}
