import type {
  EventStreamClosedMessage,
  EventStreamDataMessage,
  EventStreamOpenedMessage,
} from '@kilowatch/ocpp';
import { keepNotice } from './handle-notice.js';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';

/** Periodic event streams of 2.1 stations. What belongs to no stream that sessions knows is kept as a notice. */
export const handleEventStreamOpened: Handler<EventStreamOpenedMessage> = async (ports, call, message) => {
  const { streamId, monitorId, intervalSeconds, values } = message;
  const { eventStream } = await recordStationMessage(ports, call, {
    eventStreamOpened: {
      streamId,
      monitorId,
      intervalSeconds: intervalSeconds ?? undefined,
      values: values ?? undefined,
    },
  });
  if (eventStream?.accepted) return { type: 'status', status: 'Accepted' };
  return { type: 'status', status: 'Rejected', reason: { code: eventStream?.reasonCode || 'NotWanted' } };
};

export const handleEventStreamData: Handler<EventStreamDataMessage> = async (ports, call, message) => {
  const { streamId, pending, values } = message;
  const { eventStream } = await recordStationMessage(ports, call, {
    eventStreamData: { streamId, pending, values },
  });
  if (!eventStream?.accepted) await keepNotice(ports, call, call.payload);
  return { type: 'empty' };
};

export const handleEventStreamClosed: Handler<EventStreamClosedMessage> = async (
  ports,
  call,
  { streamId },
) => {
  const { eventStream } = await recordStationMessage(ports, call, { eventStreamClosed: { streamId } });
  if (!eventStream?.accepted) await keepNotice(ports, call, call.payload);
  return { type: 'empty' };
};
