// OCPP 2.1 periodic event streams (use cases N11 to N14): values of a monitor in messages of their own, many at a time.

import { child, children, integer, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type {
  CallContext,
  EventStreamClosedMessage,
  EventStreamDataMessage,
  EventStreamOpenedMessage,
} from '../charger-message.js';

/** ConstantStreamDataType, as a station opens a stream and as it lists those that are open. */
export interface StreamData {
  streamId: number;
  monitorId: number;
  intervalSeconds: number | null;
  values: number | null;
}

export function streamDataOf(data: JsonObject): StreamData {
  const params = child(data, 'params') ?? {};
  return {
    streamId: integer(data, 'id') ?? 0,
    monitorId: integer(data, 'variableMonitoringId') ?? 0,
    intervalSeconds: integer(params, 'interval'),
    values: integer(params, 'values'),
  };
}

export function eventStreamOpened(payload: JsonObject): EventStreamOpenedMessage {
  return { type: 'eventStreamOpened', ...streamDataOf(child(payload, 'constantStreamData') ?? {}) };
}

/** `t` counts seconds from `basetime`. */
export function eventStreamData(payload: JsonObject, { receivedAt }: CallContext): EventStreamDataMessage {
  const base = readTime(payload['basetime']) ?? receivedAt;
  return {
    type: 'eventStreamData',
    streamId: integer(payload, 'id') ?? 0,
    pending: integer(payload, 'pending') ?? 0,
    values: children(payload, 'data').map((element) => {
      const seconds = element['t'];
      return { at: after(base, typeof seconds === 'number' ? seconds : 0), value: text(element, 'v') ?? '' };
    }),
  };
}

export function eventStreamClosed(payload: JsonObject): EventStreamClosedMessage {
  return { type: 'eventStreamClosed', streamId: integer(payload, 'id') ?? 0 };
}

/** A number that leads out of the calendar counts as 0. */
function after(base: Date, seconds: number): Date {
  const at = new Date(base.getTime() + Math.round(seconds * 1000));
  const year = at.getUTCFullYear();
  return year >= 0 && year <= 9999 ? at : base;
}
