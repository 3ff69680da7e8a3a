import { sessions } from '@kilowatch/contracts';
import type { BootAnswer, BootMessage } from '@kilowatch/ocpp';
import { spreadInterval } from '../domain/interval.js';
import { forgetClock, notesOf } from './connection-notes.js';
import { callOptions, type Handler } from './station-call.js';

const STATUS: Readonly<Record<sessions.RegistrationStatus, BootAnswer['status']>> = {
  [sessions.RegistrationStatus.REGISTRATION_STATUS_UNSPECIFIED]: 'Pending',
  [sessions.RegistrationStatus.REGISTRATION_STATUS_ACCEPTED]: 'Accepted',
  [sessions.RegistrationStatus.REGISTRATION_STATUS_PENDING]: 'Pending',
  [sessions.RegistrationStatus.REGISTRATION_STATUS_REJECTED]: 'Rejected',
};

export const handleBoot: Handler<BootMessage> = async (ports, call, message) => {
  const { station } = call;
  const answer = await ports.sessions.recordBoot(
    {
      stationId: station.stationId,
      connectionId: station.connectionId,
      generation: station.generation,
      protocol: station.protocol,
      vendor: message.vendor,
      model: message.model,
      serialNumber: message.serialNumber ?? '',
      firmwareVersion: message.firmwareVersion ?? '',
      reason: message.reason ?? '',
      receivedAt: call.receivedAt,
      provisional: station.provisional,
    },
    callOptions(call),
  );
  const status = STATUS[answer.status] ?? 'Pending';
  const notes = notesOf(station, call.receivedAt);
  // Before anything else can fail: it decides what the station may tell.
  notes.registration = status;
  const currentTime = ports.clock.now();
  const intervalSeconds = spreadInterval(answer.intervalSeconds, ports.random());
  const { vendor, model } = message;
  await ports.models.learn(station, { vendor, model }, call.receivedAt);
  notes.model = await ports.models.of(station);
  notes.bootAnsweredAt = currentTime;
  notes.intervalSeconds = intervalSeconds;
  // It sets its clock by the answer: what it wrote before says nothing of what comes.
  forgetClock(notes);
  return { type: 'boot', status, currentTime, intervalSeconds };
};
