// The messages of the OCPP-J remote procedure call layer (OCPP-J 1.6 section 4, OCPP 2.0.1/2.1 part 4 section 4).

import type { Deviation } from '../deviation.js';
import type { JsonObject } from '../json.js';

export const MESSAGE_TYPE = { CALL: 2, CALLRESULT: 3, CALLERROR: 4, CALLRESULTERROR: 5, SEND: 6 } as const;

/** Longest message id of the specification. Longer ones are accepted from chargers, never sent. */
export const MESSAGE_ID_LENGTH = 36;
const DESCRIPTION_LENGTH = 255;

export interface CallFrame {
  kind: 'call';
  id: string;
  action: string;
  payload: JsonObject;
  deviations: Deviation[];
}
/** 2.1 only: a CALL that gets no answer. */
export interface SendFrame {
  kind: 'send';
  id: string;
  action: string;
  payload: JsonObject;
  deviations: Deviation[];
}
export interface CallResultFrame {
  kind: 'callResult';
  id: string;
  payload: JsonObject;
  deviations: Deviation[];
}
/** `callResultError` (2.1) says that the other side could not use our CALLRESULT. */
export interface CallErrorFrame {
  kind: 'callError' | 'callResultError';
  id: string;
  code: string;
  description: string;
  details: JsonObject;
  deviations: Deviation[];
}

export type FrameFault =
  | 'too_large'
  | 'too_deep'
  | 'not_json'
  | 'not_a_message'
  | 'message_id'
  | 'message_type'
  | 'action'
  | 'payload'
  | 'duplicate_property'
  | 'forbidden_property';

export interface InvalidFrame {
  kind: 'invalid';
  fault: FrameFault;
  /**
   * What to answer with, null when the protocol has no answer for it: a CALLERROR; for an answer to our call (2.1) the
   * CALLRESULTERROR, if we made that call.
   */
  reply: string | null;
  /** Set when the frame was an unusable answer to our call with this id: the call has failed. */
  answersCall: string | null;
  text: string;
}

export type Frame = CallFrame | SendFrame | CallResultFrame | CallErrorFrame | InvalidFrame;

export function callText(id: string, action: string, payload: JsonObject): string {
  return JSON.stringify([MESSAGE_TYPE.CALL, id, action, payload]);
}

export function callResultText(id: string, payload: JsonObject): string {
  return JSON.stringify([MESSAGE_TYPE.CALLRESULT, id, payload]);
}

export function callErrorText(id: string, code: string, description = '', details: JsonObject = {}): string {
  return errorText(MESSAGE_TYPE.CALLERROR, id, code, description, details);
}

/** 2.1 only: we could not use the CALLRESULT with this id. */
export function callResultErrorText(id: string, code: string, description = ''): string {
  return errorText(MESSAGE_TYPE.CALLRESULTERROR, id, code, description, {});
}

function errorText(type: number, id: string, code: string, description: string, details: JsonObject): string {
  return JSON.stringify([type, id, code, description.slice(0, DESCRIPTION_LENGTH), details]);
}
