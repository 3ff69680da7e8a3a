// OCPP 2.1 periodic event streams (use cases N11 to N14): values of a monitor in messages of their own, many at a time.

import { child, children, int32, text, type JsonObject } from '../../json.js';
import { readTime } from '../../wire-time.js';
import type {
  CallContext,
  EventStreamClosedMessage,
  EventStreamDataMessage,
  EventStreamOpenedMessage,
} from '../charger-message.js';

/** A number that no stream or monitor of ours has. */
const UNKNOWN = -1;

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
    streamId: int32(data, 'id') ?? UNKNOWN,
    monitorId: int32(data, 'variableMonitoringId') ?? UNKNOWN,
    intervalSeconds: int32(params, 'interval'),
    values: int32(params, 'values'),
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
    streamId: int32(payload, 'id') ?? UNKNOWN,
    pending: int32(payload, 'pending') ?? 0,
    values: children(payload, 'data').map((element) => {
      const seconds = element['t'];
      return { at: after(base, typeof seconds === 'number' ? seconds : 0), value: text(element, 'v') ?? '' };
    }),
  };
}

export function eventStreamClosed(payload: JsonObject): EventStreamClosedMessage {
  return { type: 'eventStreamClosed', streamId: int32(payload, 'id') ?? UNKNOWN };
}

/** A number that leads out of the calendar counts as 0. */
function after(base: Date, seconds: number): Date {
  const at = new Date(base.getTime() + Math.round(seconds * 1000));
  const year = at.getUTCFullYear();
  return year >= 0 && year <= 9999 ? at : base;
}
