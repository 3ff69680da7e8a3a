import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.js';
import { mapCall16 } from './messages.js';

const RECEIVED = new Date('2026-11-21T02:00:00.000Z');
const TIME = '2026-11-21T01:27:18.016Z';
const map = (action: string, payload: JsonObject) => mapCall16(action, payload, { receivedAt: RECEIVED });

const REGISTER = {
  measurand: 'Energy.Active.Import.Register',
  phase: null,
  location: 'Outlet',
  unit: 'Wh',
  multiplier: 0,
  signed: null,
};

describe('OCPP 1.6 requests', () => {
  it('BootNotification: empty strings are absent, the charge box serial stands in', () => {
    const { message } = map('BootNotification', {
      chargePointVendor: '',
      chargePointModel: 'M',
      chargeBoxSerialNumber: 'BOX',
      iccid: '',
    });
    expect(message).toMatchObject({ type: 'boot', vendor: '', model: 'M', serialNumber: 'BOX', iccid: null });
  });

  it.each([
    [0, 0],
    [2, 1],
  ])('StatusNotification: connector %d becomes an EVSE with connector %d', (connectorId, connectorNumber) => {
    const { message } = map('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Charging' });
    expect(message).toEqual({
      type: 'connectorStatus',
      evseNumber: connectorId,
      connectorNumber,
      status: 'Charging',
      errorCode: 'NoError',
      vendorErrorCode: null,
      info: null,
      occurredAt: RECEIVED,
    });
  });

  it('Authorize', () => {
    expect(map('Authorize', { idTag: 'TAG007' }).message).toMatchObject({
      type: 'authorize',
      idToken: { value: 'TAG007', type: null },
    });
  });

  it('StartTransaction: meterStart is a register reading at the start', () => {
    const { message } = map('StartTransaction', {
      connectorId: 1,
      idTag: 'TAG007',
      meterStart: 1000,
      timestamp: TIME,
    });
    expect(message).toEqual({
      type: 'transaction',
      kind: 'STARTED',
      transactionRef: null,
      evseNumber: 1,
      connectorNumber: 1,
      idToken: { value: 'TAG007', type: null },
      occurredAt: new Date(TIME),
      trigger: null,
      chargingState: null,
      stoppedReason: null,
      seqNo: null,
      offline: false,
      remoteStartId: null,
      reservationId: null,
      numberOfPhasesUsed: null,
      registerWh: '1000',
      readings: [{ ...REGISTER, measuredAt: new Date(TIME), context: 'Transaction.Begin', rawValue: '1000' }],
    });
  });

  it('Q30: a start on connector 0 with reservation 0 names neither', () => {
    const { message } = map('StartTransaction', {
      connectorId: 0,
      idTag: 'A',
      meterStart: 0,
      reservationId: 0,
      timestamp: TIME,
    });
    expect(message).toMatchObject({ evseNumber: null, connectorNumber: null, reservationId: null });
  });

  it.each(['', ' '])(
    'StartTransaction: the idTag "%s" is one to be judged; of a stop it is none',
    (idTag) => {
      const start = map('StartTransaction', { connectorId: 1, idTag, meterStart: 0, timestamp: TIME });
      expect(start.message).toMatchObject({ idToken: { value: '', type: null } });
      const stop = map('StopTransaction', { transactionId: 1, idTag, meterStop: 0, timestamp: TIME });
      expect(stop.message).toMatchObject({ idToken: null });
    },
  );

  it('StopTransaction: meterStop and all of transactionData are readings', () => {
    const { message } = map('StopTransaction', {
      transactionId: 1009,
      meterStop: 1300,
      timestamp: TIME,
      transactionData: [
        {
          timestamp: '2026-11-21T01:20:00Z',
          sampledValue: [{ value: '1000', context: 'Transaction.Begin' }],
        },
      ],
    });
    expect(message).toMatchObject({
      kind: 'ENDED',
      transactionRef: '1009',
      evseNumber: null,
      idToken: null,
      stoppedReason: 'Local',
      readings: [
        { ...REGISTER, measuredAt: new Date(TIME), context: 'Transaction.End', rawValue: '1300' },
        {
          ...REGISTER,
          measuredAt: new Date('2026-11-21T01:20:00Z'),
          context: 'Transaction.Begin',
          rawValue: '1000',
        },
      ],
    });
  });

  it('Q38: StopTransaction of a station without a meter has no reading', () => {
    const { message } = map('StopTransaction', { transactionId: 5, timestamp: TIME });
    expect(message).toMatchObject({ registerWh: null, readings: [] });
  });

  it.each([[0], [-1]])('Q29: transaction id %d is none, and counted', (transactionId) => {
    const { message, deviations } = map('StopTransaction', { transactionId, meterStop: 1, timestamp: TIME });
    expect(message).toMatchObject({ transactionRef: null });
    expect(deviations).toEqual([
      { kind: 'transaction_id_absent', path: '/transactionId', detail: String(transactionId) },
    ]);
  });

  it.each([
    ['without a zone is taken as UTC', '2026-11-21T01:27:18.016', new Date(TIME)],
    ['that nobody can read is none, and its register is of the time of receipt', 'yesterday', null],
    ['that is missing is none, and its register is of the time of receipt', undefined, null],
  ])('Q18: a time %s', (_what, timestamp, occurredAt) => {
    const expected = { occurredAt, readings: [{ measuredAt: occurredAt ?? RECEIVED }] };
    const start = map('StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 1, timestamp });
    expect(start.message).toMatchObject(expected);
    const stop = map('StopTransaction', { transactionId: 5, meterStop: 1, timestamp });
    expect(stop.message).toMatchObject(expected);
  });

  it('Q39: MeterValues get the defaults of the specification', () => {
    const { message } = map('MeterValues', {
      connectorId: 1,
      transactionId: 1009,
      meterValue: [
        {
          timestamp: TIME,
          sampledValue: [
            { value: '1100' },
            { value: '7.2', measurand: 'Power.Active.Import', unit: 'kW', phase: 'L1' },
            { value: '230', measurand: 'Voltage' },
            {
              value: '12',
              measurand: 'Energy.Active.Import.Interval',
              context: 'Sample.Clock',
              location: 'Inlet',
            },
          ],
        },
      ],
    });
    const base = { ...REGISTER, measuredAt: new Date(TIME), context: 'Sample.Periodic' };
    expect(message).toEqual({
      type: 'meterValues',
      evseNumber: 1,
      connectorNumber: 1,
      transactionRef: '1009',
      readings: [
        { ...base, rawValue: '1100' },
        { ...base, rawValue: '7.2', measurand: 'Power.Active.Import', unit: 'kW', phase: 'L1' },
        { ...base, rawValue: '230', measurand: 'Voltage', unit: '' },
        {
          ...base,
          rawValue: '12',
          measurand: 'Energy.Active.Import.Interval',
          context: 'Sample.Clock',
          location: 'Inlet',
        },
      ],
    });
  });

  it('MeterValues: a signed sample keeps its container and has no number', () => {
    const sampledValue = [{ value: 'OCMF|{}|{}', format: 'SignedData' }];
    const { message } = map('MeterValues', {
      connectorId: 1,
      meterValue: [{ timestamp: TIME, sampledValue }],
    });
    expect(message).toMatchObject({
      readings: [{ rawValue: '', signed: { data: 'OCMF|{}|{}', publicKey: null } }],
    });
  });

  it('DataTransfer keeps the data as text', () => {
    const payload = { vendorId: 'com.example', messageId: 'm1', data: '{"a":1}' };
    expect(map('DataTransfer', payload).message).toEqual({ type: 'dataTransfer', ...payload });
  });

  it.each(['UnknownAction', 'toString', 'FooBar'])('%s is passed on as other', (action) => {
    expect(map(action, { status: 'Idle' }).message).toEqual({
      type: 'other',
      action,
      payload: { status: 'Idle' },
    });
  });
});
