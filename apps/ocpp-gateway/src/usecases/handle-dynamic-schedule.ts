import type { DynamicScheduleAskedMessage } from '@kilowatch/ocpp';
import { recordStationMessage } from './record-station-message.js';
import type { Handler } from './station-call.js';

/** A station asks what holds now for a schedule that we keep. */
export const handleDynamicScheduleAsked: Handler<DynamicScheduleAskedMessage> = async (
  ports,
  call,
  { profileId },
) => {
  const { dynamicSchedule } = await recordStationMessage(ports, call, {
    dynamicScheduleAsked: { profileId },
  });
  return { type: 'dynamicSchedule', limits: dynamicSchedule ?? null };
};
