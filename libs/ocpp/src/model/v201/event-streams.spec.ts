import { describe, expect, it } from 'vitest';
import { mapCall } from '../mapping.js';

const receivedAt = new Date('2026-03-01T10:00:00Z');
const map = (action: string, payload: object) =>
  mapCall('2.1', action, payload as never, { receivedAt }).message;

describe('periodic event streams', () => {
  it('are opened with the pace that their monitor was set with', () => {
    const constantStreamData = { id: 3, variableMonitoringId: 7, params: { interval: 60, values: 10 } };
    expect(map('OpenPeriodicEventStream', { constantStreamData })).toEqual({
      type: 'eventStreamOpened',
      streamId: 3,
      monitorId: 7,
      intervalSeconds: 60,
      values: 10,
    });
  });

  it('need not say how often they come', () => {
    const constantStreamData = { id: 0, variableMonitoringId: 7, params: {} };
    expect(map('OpenPeriodicEventStream', { constantStreamData })).toMatchObject({
      streamId: 0,
      intervalSeconds: null,
      values: null,
    });
  });

  it('tell values whose times are counted in seconds from one', () => {
    const data = [
      { t: 0, v: '1' },
      { t: 1.5, v: '2.5' },
      { t: -2, v: '0' },
    ];
    const payload = { id: 3, pending: 4, basetime: '2026-03-01T09:59:00Z', data };
    expect(map('NotifyPeriodicEventStream', payload)).toEqual({
      type: 'eventStreamData',
      streamId: 3,
      pending: 4,
      values: [
        { at: new Date('2026-03-01T09:59:00Z'), value: '1' },
        { at: new Date('2026-03-01T09:59:01.500Z'), value: '2.5' },
        { at: new Date('2026-03-01T09:58:58Z'), value: '0' },
      ],
    });
  });

  it('never have times that no calendar has', () => {
    const data = [{ t: 1e300, v: '1' }];
    const message = map('NotifyPeriodicEventStream', { id: 3, pending: 0, basetime: 'once', data });
    expect(message).toMatchObject({ values: [{ at: receivedAt }] });
  });

  it('with numbers that nobody can store are none of ours', () => {
    const constantStreamData = { id: 2 ** 40, variableMonitoringId: 2 ** 31, params: { interval: 2 ** 33 } };
    expect(map('OpenPeriodicEventStream', { constantStreamData })).toEqual({
      type: 'eventStreamOpened',
      streamId: -1,
      monitorId: -1,
      intervalSeconds: null,
      values: null,
    });
    const asked = map('PullDynamicScheduleUpdate', { chargingProfileId: 2 ** 40 });
    expect(asked).toEqual({ type: 'dynamicScheduleAsked', profileId: -1 });
  });

  it('are closed by their number', () => {
    expect(map('ClosePeriodicEventStream', { id: 3 })).toEqual({ type: 'eventStreamClosed', streamId: 3 });
  });
});
