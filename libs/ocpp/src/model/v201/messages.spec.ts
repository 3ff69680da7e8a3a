import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../json.js';
import { mapCall201 } from './messages.js';

const RECEIVED = new Date('2026-11-21T02:00:00.000Z');
const TIME = '2026-11-21T01:28:01.212Z';
const map = (action: string, payload: JsonObject) =>
  mapCall201(action, payload, { receivedAt: RECEIVED }).message;

describe('OCPP 2.0.1 requests', () => {
  it('BootNotification', () => {
    const message = map('BootNotification', {
      reason: 'PowerUp',
      chargingStation: { model: 'M', vendorName: 'V', serialNumber: 'S', modem: { iccid: '8944', imsi: '' } },
    });
    expect(message).toMatchObject({
      type: 'boot',
      vendor: 'V',
      model: 'M',
      reason: 'PowerUp',
      iccid: '8944',
      imsi: null,
    });
  });

  it('StatusNotification keeps EVSE and connector apart', () => {
    const message = map('StatusNotification', {
      timestamp: TIME,
      connectorStatus: 'Occupied',
      evseId: 2,
      connectorId: 1,
    });
    expect(message).toMatchObject({
      evseNumber: 2,
      connectorNumber: 1,
      status: 'Occupied',
      occurredAt: new Date(TIME),
    });
  });

  it('Authorize with a contract certificate', () => {
    const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' };
    const message = map('Authorize', {
      idToken: { idToken: 'DE-ABC-C12345678-X', type: 'eMAID' },
      certificate: 'PEM',
      iso15118CertificateHashData: [{ ...hash, responderURL: 'http://ocsp' }],
    });
    expect(message).toEqual({
      type: 'authorize',
      idToken: { value: 'DE-ABC-C12345678-X', type: 'eMAID' },
      certificate: 'PEM',
      certificateHashes: [{ ...hash, responderUrl: 'http://ocsp' }],
    });
  });

  it('Authorize by the start button keeps its type: there is no value', () => {
    expect(map('Authorize', { idToken: { idToken: '', type: 'NoAuthorization' } })).toMatchObject({
      idToken: { value: '', type: 'NoAuthorization' },
    });
  });

  it('TransactionEvent Started', () => {
    const message = map('TransactionEvent', {
      eventType: 'Started',
      seqNo: 0,
      timestamp: TIME,
      triggerReason: 'Authorized',
      offline: true,
      reservationId: 4,
      numberOfPhasesUsed: 3,
      transactionInfo: { transactionId: 'd709', chargingState: 'EVConnected', remoteStartId: 12 },
      evse: { id: 1, connectorId: 0 },
      idToken: { idToken: 'DEADBEEF', type: 'ISO14443' },
      meterValue: [{ timestamp: TIME, sampledValue: [{ value: 0, context: 'Transaction.Begin' }] }],
    });
    expect(message).toEqual({
      type: 'transaction',
      kind: 'STARTED',
      transactionRef: 'd709',
      evseNumber: 1,
      connectorNumber: null,
      idToken: { value: 'DEADBEEF', type: 'ISO14443' },
      occurredAt: new Date(TIME),
      trigger: 'Authorized',
      chargingState: 'EVConnected',
      stoppedReason: null,
      seqNo: 0,
      offline: true,
      remoteStartId: 12,
      reservationId: 4,
      registerWh: null,
      numberOfPhasesUsed: 3,
      readings: [
        {
          measuredAt: new Date(TIME),
          context: 'Transaction.Begin',
          measurand: 'Energy.Active.Import.Register',
          phase: null,
          location: 'Outlet',
          unit: 'Wh',
          multiplier: 0,
          rawValue: '0',
          signed: null,
        },
      ],
    });
  });

  it.each([
    ['Updated', 'UPDATED'],
    ['Ended', 'ENDED'],
  ])('TransactionEvent %s without EVSE, token and values', (eventType, kind) => {
    const message = map('TransactionEvent', {
      eventType,
      seqNo: 3,
      timestamp: TIME,
      triggerReason: 'StopAuthorized',
      transactionInfo: { transactionId: 'x', stoppedReason: 'Local' },
    });
    expect(message).toMatchObject({
      kind,
      evseNumber: null,
      idToken: null,
      stoppedReason: 'Local',
      readings: [],
    });
  });

  it('C02: the start button of a TransactionEvent is a token to be judged, although it has no value', () => {
    const message = map('TransactionEvent', {
      eventType: 'Started',
      seqNo: 0,
      timestamp: TIME,
      triggerReason: 'Authorized',
      transactionInfo: { transactionId: 'x' },
      idToken: { idToken: '', type: 'NoAuthorization' },
    });
    expect(message).toMatchObject({ idToken: { value: '', type: 'NoAuthorization' } });
  });

  it('keeps unit, multiplier and the signed container of a sample', () => {
    const message = map('MeterValues', {
      evseId: 1,
      meterValue: [
        {
          timestamp: TIME,
          sampledValue: [
            {
              value: 1.5e-7,
              measurand: 'Energy.Active.Import.Register',
              unitOfMeasure: { unit: 'kWh', multiplier: 3 },
              signedMeterValue: {
                signedMeterData: 'T0NNRg==',
                signingMethod: '',
                encodingMethod: 'OCMF',
                publicKey: 'b2Nh',
              },
            },
          ],
        },
      ],
    });
    expect(message).toMatchObject({
      type: 'meterValues',
      evseNumber: 1,
      transactionRef: null,
      readings: [
        {
          rawValue: '0.00000015',
          unit: 'kWh',
          multiplier: 3,
          signed: { data: 'T0NNRg==', signingMethod: null, encodingMethod: 'OCMF', publicKey: 'b2Nh' },
        },
      ],
    });
  });

  it('NotifyReport gives one row for each attribute', () => {
    const message = map('NotifyReport', {
      requestId: 1,
      generatedAt: TIME,
      seqNo: 2,
      tbc: true,
      reportData: [
        {
          component: { name: 'Connector', evse: { id: 1, connectorId: 2 } },
          variable: { name: 'AvailabilityState', instance: 'x' },
          variableAttribute: [{ value: 'Available' }, { type: 'Target', value: '', mutability: 'ReadOnly' }],
          variableCharacteristics: { dataType: 'OptionList', supportsMonitoring: true },
        },
      ],
    });
    expect(message).toMatchObject({ type: 'report', requestId: 1, seqNo: 2, toBeContinued: true });
    expect(message.type === 'report' && message.variables).toEqual([
      expect.objectContaining({
        component: 'Connector',
        evseNumber: 1,
        attributeType: 'Actual',
        value: 'Available',
      }),
      expect.objectContaining({
        connectorNumber: 2,
        attributeType: 'Target',
        value: null,
        mutability: 'ReadOnly',
      }),
    ]);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['text', 'text'],
    [undefined, null],
  ])('DataTransfer data %j becomes %j', (data, expected) => {
    expect(map('DataTransfer', { vendorId: 'v', data })).toMatchObject({
      type: 'dataTransfer',
      data: expected,
    });
  });

  it('maps a security event, with the time of receipt where it has none', () => {
    expect(map('SecurityEventNotification', { type: 'TamperDetectionActivated', timestamp: TIME })).toEqual({
      type: 'securityEvent',
      kind: 'TamperDetectionActivated',
      occurredAt: new Date(TIME),
      techInfo: null,
    });
    expect(
      map('SecurityEventNotification', { type: 'x', timestamp: 'never', techInfo: 'door' }),
    ).toMatchObject({
      occurredAt: RECEIVED,
      techInfo: 'door',
    });
  });

  it('passes other actions on as they are', () => {
    const payload = { status: 'Downloading', requestId: 1 };
    expect(map('NotifyChargingLimit', payload)).toEqual({
      type: 'other',
      action: 'NotifyChargingLimit',
      payload,
    });
  });
});
