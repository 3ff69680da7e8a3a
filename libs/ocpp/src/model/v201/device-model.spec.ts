import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.js';
import { TypedOcppSchemas } from '../../schemas/typed-ocpp-schemas.js';
import { mapCall201 } from './messages.js';

const RECEIVED = new Date('2026-11-21T02:00:00.000Z');
const GENERATED = '2026-11-21T01:38:20.126828Z';
const schemas = new TypedOcppSchemas();

function mapped(version: '2.0.1' | '2.1', action: string, payload: JsonObject) {
  const check = schemas.validateInbound(version, action, 'request', payload);
  if (!check.ok) throw new Error(check.problem.text);
  return mapCall201(action, check.payload, { receivedAt: RECEIVED }).message;
}

const connector = { name: 'Connector', evse: { id: 1, connectorId: 1 } };
const PLACE = {
  component: 'Connector',
  componentInstance: null,
  evseNumber: 1,
  connectorNumber: 1,
  variable: 'AvailabilityState',
  variableInstance: null,
};

describe('events of the device model', () => {
  // Recorded from the emobility simulator.
  const recorded = {
    eventId: 1,
    timestamp: '2026-11-21T01:38:20.126837Z',
    trigger: 'Delta',
    actualValue: 'Available',
    component: connector,
    variable: { name: 'AvailabilityState' },
    eventNotificationType: 'HardWiredNotification',
  };

  it('keep what the station says, of 2.0.1 without a severity', () => {
    const payload = { generatedAt: GENERATED, seqNo: 0, tbc: false, eventData: [recorded] };
    expect(mapped('2.0.1', 'NotifyEvent', payload)).toEqual({
      type: 'deviceEvents',
      events: [
        {
          ...PLACE,
          eventId: 1,
          occurredAt: new Date('2026-11-21T01:38:20.126Z'),
          trigger: 'Delta',
          cause: null,
          actualValue: 'Available',
          techCode: null,
          techInfo: null,
          cleared: false,
          transactionRef: null,
          monitorId: null,
          notificationType: 'HardWiredNotification',
          severity: null,
        },
      ],
    });
  });

  it.each([
    [{ severity: 2 }, { severity: 2 }],
    [
      { cleared: true, cause: 3 },
      { cleared: true, cause: 3 },
    ],
    [
      { techCode: 'E12', techInfo: 'fan' },
      { techCode: 'E12', techInfo: 'fan' },
    ],
    [
      { transactionId: 'tx-1', variableMonitoringId: 9 },
      { transactionRef: 'tx-1', monitorId: 9 },
    ],
    [{ timestamp: 'never' }, { occurredAt: new Date('2026-11-21T01:38:20.126Z') }],
  ])('of 2.1 with %j have %j', (over, expected) => {
    const eventData = [{ ...recorded, ...over }];
    const message = mapped('2.1', 'NotifyEvent', { generatedAt: GENERATED, seqNo: 0, eventData });
    expect(message).toMatchObject({ events: [expected] });
  });
});

describe('a report of monitors', () => {
  const monitoring = { id: 7, transaction: true, value: 80.5, type: 'UpperThreshold', severity: 5 };

  it('gives one row for each monitor of a variable', () => {
    const variableMonitoring = [monitoring, { ...monitoring, id: 8, type: 'Delta', value: 1, severity: 9 }];
    const monitor = [{ component: connector, variable: { name: 'AvailabilityState' }, variableMonitoring }];
    const payload = { requestId: 4, seqNo: 1, tbc: true, generatedAt: GENERATED, monitor };
    const row = { ...PLACE, onlyInTransaction: true, notificationType: null };
    expect(mapped('2.0.1', 'NotifyMonitoringReport', payload)).toEqual({
      type: 'monitoringReport',
      requestId: 4,
      seqNo: 1,
      toBeContinued: true,
      generatedAt: new Date('2026-11-21T01:38:20.126Z'),
      monitors: [
        { ...row, monitorId: 7, kind: 'UpperThreshold', value: '80.5', severity: 5 },
        { ...row, monitorId: 8, kind: 'Delta', value: '1', severity: 9 },
      ],
    });
  });

  it('says in 2.1 who made the monitor, and may be empty', () => {
    const variableMonitoring = [{ ...monitoring, eventNotificationType: 'CustomMonitor' }];
    const monitor = [{ component: connector, variable: { name: 'AvailabilityState' }, variableMonitoring }];
    const page = { requestId: 4, seqNo: 0, generatedAt: GENERATED };
    expect(mapped('2.1', 'NotifyMonitoringReport', { ...page, monitor })).toMatchObject({
      monitors: [{ notificationType: 'CustomMonitor' }],
    });
    expect(mapped('2.1', 'NotifyMonitoringReport', page)).toMatchObject({
      monitors: [],
      toBeContinued: false,
    });
  });
});

describe('what a report says beside values', () => {
  it.each<[JsonObject, object]>([
    [
      { dataType: 'integer', unit: 's', minLimit: 1, maxLimit: 86400 },
      { possibleValues: '1..86400', unit: 's' },
    ],
    [
      { dataType: 'decimal', maxLimit: 32 },
      { possibleValues: '..32', dataType: 'decimal' },
    ],
    [{ dataType: 'OptionList', valuesList: 'A,B' }, { possibleValues: 'A,B' }],
    [{ dataType: 'string' }, { possibleValues: null, unit: null }],
  ])('%j gives %j', (characteristics, expected) => {
    const message = mapped('2.0.1', 'NotifyReport', {
      requestId: 1,
      seqNo: 0,
      generatedAt: GENERATED,
      reportData: [
        {
          component: { name: 'C' },
          variable: { name: 'V' },
          variableAttribute: [{ value: '1' }],
          variableCharacteristics: { supportsMonitoring: false, ...characteristics },
        },
      ],
    });
    expect(message).toMatchObject({ variables: [expected] });
  });
});
