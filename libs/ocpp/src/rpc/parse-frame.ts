// From the text of a WebSocket message to a frame. Tolerant where a charger can still be understood (each tolerance is
// a recorded deviation), precise where it cannot: the fault names the error code of the connection's version.
// OCPP-J 1.6 section 4.2, OCPP 2.0.1 part 4 section 4.2: an unreadable id is answered with id "-1" in 2.x, not at all
// in 1.6; an unknown message type is ignored in 1.6 and answered with MessageTypeNotSupported in 2.x.

import { DeviationList } from '../deviation.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { isTransactionAction } from '../schemas/actions.js';
import { isVersion2, type OcppVersion } from '../version.js';
import { errorCode, type RpcFault } from './error-codes.js';
import { scanText, scanValue } from './frame-scan.js';
import {
  callErrorText,
  callResultErrorText,
  MESSAGE_ID_LENGTH,
  MESSAGE_TYPE,
  type Frame,
  type FrameFault,
  type InvalidFrame,
} from './frame.js';

export interface FrameLimits {
  /** UTF-16 units of text. */
  maxLength: number;
  /** Of a call about a transaction. */
  maxTransactionLength: number;
  maxDepth: number;
}

/**
 * NotifyReport and signed meter values reach tens of kB; nothing valid nests deeper than a sales tariff (12). The end of a transaction may
 * bring all of its samples (StopTxnSampledData, TxEndedMeasurands): a kB for each minute, and a charger that is refused its end sends it
 * for ever, with all that happened since waiting behind.
 */
export const FRAME_LIMITS: FrameLimits = {
  maxLength: 256 * 1024,
  maxTransactionLength: 2 * 1024 * 1024,
  maxDepth: 24,
};

const UNREADABLE_ID = '-1';
const LONGEST_ID = 255;
const CALL_START = /^\s*\[\s*2\s*,\s*"([^"\\]{1,255})"\s*,\s*"([A-Za-z]{1,50})"/;
const ID_IN_BROKEN_CALL = /^\s*\[\s*2\s*,\s*"([^"\\]{1,255})"/;

export function parseFrame(text: string, version: OcppVersion, limits: FrameLimits = FRAME_LIMITS): Frame {
  const fail = rejecter(version);
  if (text.length > limits.maxLength && text.length > limitOf(text, limits))
    return fail('too_large', 'rpcFramework', idInText(text), 'message too large');
  const written = scanText(text);
  if (written.depth > limits.maxDepth)
    return fail('too_deep', 'formation', idInText(text), 'nested too deeply');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const id = idInText(text);
    return fail('not_json', id === null ? 'rpcFramework' : 'formation', id, 'not valid JSON');
  }
  if (!Array.isArray(value)) return fail('not_a_message', 'rpcFramework', null, 'not a JSON array');
  const message = value as unknown[];
  const deviations = new DeviationList();
  const id = messageId(message[1], deviations);
  const isCall = message[0] === MESSAGE_TYPE.CALL || message[0] === MESSAGE_TYPE.SEND;
  if (id === null)
    return isCall || isVersion2(version)
      ? fail('message_id', 'rpcFramework', null, 'message id unreadable')
      : ignored('message_id');
  const answer = isCall ? null : id;
  const refuse = message[0] === MESSAGE_TYPE.CALLRESULT ? resultRefuser(version, fail) : fail;
  const kept = scanValue(value);
  if (kept.forbidden)
    return refuse('forbidden_property', 'formation', id, 'property name not allowed', answer);
  if (kept.properties !== written.properties) {
    return refuse('duplicate_property', 'formation', id, 'duplicate property name', answer);
  }
  switch (message[0]) {
    case MESSAGE_TYPE.CALL:
      return parseCall('call', id, message, deviations, fail);
    case MESSAGE_TYPE.CALLRESULT:
      return parseCallResult(id, message, deviations, refuse);
    case MESSAGE_TYPE.CALLERROR:
      return parseCallError('callError', id, message, deviations);
    case MESSAGE_TYPE.SEND:
      if (version === '2.1') return parseCall('send', id, message, deviations, fail);
      break;
    case MESSAGE_TYPE.CALLRESULTERROR:
      if (version === '2.1') return parseCallError('callResultError', id, message, deviations);
      break;
  }
  return isVersion2(version)
    ? fail('message_type', 'messageType', id, 'message type not supported')
    : ignored('message_type');
}

type Fail = (
  fault: FrameFault,
  rpcFault: RpcFault,
  id: string | null,
  text: string,
  answersCall?: string | null,
) => InvalidFrame;

function rejecter(version: OcppVersion): Fail {
  return (fault, rpcFault, id, text, answersCall = null) => {
    const replyId = id ?? (isVersion2(version) ? UNREADABLE_ID : null);
    // An answer is never answered: that could go on for ever.
    const reply =
      replyId === null || answersCall !== null
        ? null
        : callErrorText(replyId, errorCode(version, rpcFault), text);
    return { kind: 'invalid', fault, reply, answersCall, text };
  };
}

/** 2.1: the other side is told that its result could not be used. That is not answered in turn. */
function resultRefuser(version: OcppVersion, fail: Fail): Fail {
  if (version !== '2.1') return fail;
  return (fault, rpcFault, id, text, answersCall = null) => {
    const reply =
      answersCall === null ? null : callResultErrorText(answersCall, errorCode(version, rpcFault), text);
    return { ...fail(fault, rpcFault, id, text, answersCall), reply };
  };
}

function ignored(fault: FrameFault): InvalidFrame {
  return { kind: 'invalid', fault, reply: null, answersCall: null, text: 'ignored' };
}

function limitOf(text: string, { maxLength, maxTransactionLength }: FrameLimits): number {
  const call = callBegun(text);
  return call && isTransactionAction(call.action) ? maxTransactionLength : maxLength;
}

/** Id and action of a text that begins as a call, whether or not the rest of it can be read. */
export function callBegun(text: string): { id: string; action: string } | undefined {
  const [, id, action] = CALL_START.exec(text.slice(0, 512)) ?? [];
  return id === undefined || action === undefined ? undefined : { id, action };
}

function idInText(text: string): string | null {
  return ID_IN_BROKEN_CALL.exec(text.slice(0, 512))?.[1] ?? null;
}

function messageId(value: unknown, deviations: DeviationList): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) {
    deviations.add('message_id_not_text', 'messageId');
    return String(value);
  }
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_ID) return null;
  if (value.length > MESSAGE_ID_LENGTH) deviations.add('message_id_long', 'messageId', String(value.length));
  return value;
}

function payloadOf(value: unknown, deviations: DeviationList): JsonObject | null {
  if (isJsonObject(value)) return value;
  if (value === null) {
    deviations.add('payload_null', 'payload');
    return {};
  }
  if (value === undefined) {
    deviations.add('payload_missing', 'payload');
    return {};
  }
  return null;
}

function parseCall(
  kind: 'call' | 'send',
  id: string,
  message: unknown[],
  deviations: DeviationList,
  fail: Fail,
): Frame {
  const action = message[2];
  if (typeof action !== 'string' || action === '')
    return fail('action', 'formation', id, 'action unreadable');
  const payload = payloadOf(message[3], deviations);
  if (payload === null) return fail('payload', 'formation', id, 'payload is not a JSON object');
  if (message.length > 4) deviations.add('extra_element', 'message');
  return { kind, id, action, payload, deviations: deviations.items };
}

function parseCallResult(id: string, message: unknown[], deviations: DeviationList, fail: Fail): Frame {
  const payload = payloadOf(message[2], deviations);
  if (payload === null) return fail('payload', 'formation', id, 'payload is not a JSON object', id);
  if (message.length > 3) deviations.add('extra_element', 'message');
  return { kind: 'callResult', id, payload, deviations: deviations.items };
}

function parseCallError(
  kind: 'callError' | 'callResultError',
  id: string,
  message: unknown[],
  deviations: DeviationList,
): Frame {
  const [, , code, description, details] = message;
  return {
    kind,
    id,
    code: typeof code === 'string' && code !== '' ? code : 'GenericError',
    description: typeof description === 'string' ? description : '',
    details: isJsonObject(details) ? details : {},
    deviations: deviations.items,
  };
}
