import type { JsonObject, OcppVersion } from '@kilowatch/ocpp';

/** What the station says to a command: its result, a CALLERROR, text of its own, or nothing at all. */
export type Reply =
  | { readonly kind: 'result'; readonly payload: JsonObject }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  | { readonly kind: 'text'; readonly write: (messageId: string) => string }
  | { readonly kind: 'silence' };

export type Responder = (payload: JsonObject) => Reply;

export const SILENCE: Reply = { kind: 'silence' };
export const ACCEPTED: Reply = { kind: 'result', payload: { status: 'Accepted' } };

export function result(payload: JsonObject): Reply {
  return { kind: 'result', payload };
}

export function status(word: string): Reply {
  return result({ status: word });
}

export function callError(code: string, description = ''): Reply {
  return { kind: 'error', code, description };
}

/** The answer of a station that nobody told what to say: yes, in the shape that its version wants. */
export function usualReply(version: OcppVersion, action: string, payload: JsonObject): JsonObject {
  const each = (list: unknown, entry: (item: JsonObject) => JsonObject) =>
    Array.isArray(list) ? (list as JsonObject[]).map(entry) : [];
  switch (action) {
    case 'GetConfiguration':
      return { configurationKey: [], unknownKey: Array.isArray(payload['key']) ? payload['key'] : [] };
    case 'GetLocalListVersion':
      return version === '1.6' ? { listVersion: 0 } : { versionNumber: 0 };
    case 'UpdateFirmware':
      return version === '1.6' ? {} : { status: 'Accepted' };
    case 'GetDiagnostics':
    case 'CostUpdated':
    case 'NotifyWebPaymentStarted':
      return {};
    case 'GetVariables':
      return {
        getVariableResult: each(payload['getVariableData'], ({ component, variable }) => ({
          attributeStatus: 'UnknownVariable',
          component,
          variable,
        })),
      };
    case 'SetVariables':
      return {
        setVariableResult: each(payload['setVariableData'], ({ component, variable }) => ({
          attributeStatus: 'Accepted',
          component,
          variable,
        })),
      };
    case 'GetTransactionStatus':
      return { messagesInQueue: false };
    case 'UnlockConnector':
      return { status: 'Unlocked' };
    default:
      return { status: 'Accepted' };
  }
}
