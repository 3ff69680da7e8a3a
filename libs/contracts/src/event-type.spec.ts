import { expect, it } from 'vitest';
import { events } from './index.js';

const now = new Date('2026-11-21T03:00:00.123Z');

it('names subject and stream from the service', () => {
  expect(events.stationConnected.subject('demo')).toBe('evt.ocpp-gateway.station_connected.v1.demo');
  expect(events.stationConnected.stream).toBe('EVT_OCPP_GATEWAY');
});

it('brings an event back as it was sent', () => {
  const sent = events.tokenChanged.create({
    meta: {
      eventId: 'e1',
      tenant: 'demo',
      aggregateId: 't1',
      aggregateVersion: 7,
      occurredAt: now,
      producer: 'auth',
    },
    tokenId: 't1',
    masked: '****C3D4',
  });
  expect(events.tokenChanged.decode(events.tokenChanged.encode(sent))).toEqual(sent);
});

it('keeps an enum number it does not know instead of throwing', () => {
  const sent = events.authorizationDecided.create({ decisionId: 'd1', status: 999 as never });
  expect(events.authorizationDecided.decode(events.authorizationDecided.encode(sent)).status).toBe(999);
});

it('gives every event its own subject', () => {
  const subjects = Object.values(events).map((event) => event.subject('demo'));
  expect(new Set(subjects).size).toBe(subjects.length);
});
