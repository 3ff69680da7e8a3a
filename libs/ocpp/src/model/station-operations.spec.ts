import { describe, expect, it } from 'vitest';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import type { OcppVersion } from '../version.js';
import type { Command, OperationCommand } from './command.js';
import { commandCall, mapCall } from './mapping.js';

const schemas = new TypedOcppSchemas();
const AT = new Date('2026-11-21T02:00:00.000Z');
const TIME = AT.toISOString();
const message = (version: OcppVersion, action: string, payload: object) =>
  mapCall(version, action, payload as never, { receivedAt: AT }).message;

describe('what a station says of an operation', () => {
  it.each<[OcppVersion, string, object, object]>([
    [
      '1.6',
      'FirmwareStatusNotification',
      { status: 'Installing' },
      { kind: 'INSTALL', status: 'Installing', requestId: null },
    ],
    [
      '1.6',
      'SignedFirmwareStatusNotification',
      { status: 'InvalidSignature', requestId: 4 },
      { kind: 'INSTALL', status: 'InvalidSignature', requestId: 4 },
    ],
    [
      '2.0.1',
      'FirmwareStatusNotification',
      { status: 'Installed', requestId: 4 },
      { kind: 'INSTALL', status: 'Installed', requestId: 4 },
    ],
    [
      '2.1',
      'PublishFirmwareStatusNotification',
      { status: 'Published', location: ['http://x/'], requestId: 4 },
      { kind: 'PUBLISH', status: 'Published', requestId: 4 },
    ],
    [
      '1.6',
      'DiagnosticsStatusNotification',
      { status: 'UploadFailed' },
      { type: 'logStatus', status: 'UploadFailure', requestId: null },
    ],
    [
      '1.6',
      'LogStatusNotification',
      { status: 'Uploaded', requestId: 3 },
      { type: 'logStatus', status: 'Uploaded', requestId: 3 },
    ],
    [
      '2.0.1',
      'LogStatusNotification',
      { status: 'AcceptedCanceled', requestId: 3 },
      { type: 'logStatus', status: 'AcceptedCanceled', requestId: 3 },
    ],
    [
      '2.0.1',
      'ReservationStatusUpdate',
      { reservationId: 9, reservationUpdateStatus: 'Removed' },
      { type: 'reservationUpdate', reservationNumber: 9, status: 'Removed' },
    ],
    [
      '2.0.1',
      'NotifyCustomerInformation',
      { requestId: 1, seqNo: 2, tbc: true, generatedAt: TIME, data: ' ' },
      { requestId: 1, seqNo: 2, toBeContinued: true, data: ' ', generatedAt: AT },
    ],
  ])('%s %s', (version, action, payload, expected) => {
    expect(message(version, action, payload)).toMatchObject(expected);
  });

  it('lists the messages of its display, page by page', () => {
    const info = {
      id: 6,
      priority: 'AlwaysFront',
      state: 'Charging',
      startDateTime: TIME,
      transactionId: 'tx',
      message: { format: 'UTF8', language: 'nl', content: 'Hallo' },
    };
    expect(
      message('2.0.1', 'NotifyDisplayMessages', { requestId: 2, tbc: true, messageInfo: [info] }),
    ).toEqual({
      type: 'displayMessages',
      requestId: 2,
      toBeContinued: true,
      messages: [
        {
          messageNumber: 6,
          priority: 'AlwaysFront',
          state: 'Charging',
          format: 'UTF8',
          language: 'nl',
          content: 'Hallo',
          startAt: AT,
          endAt: null,
          transactionRef: 'tx',
        },
      ],
    });
    expect(message('2.0.1', 'NotifyDisplayMessages', { requestId: 2 })).toMatchObject({ messages: [] });
  });
});

const reserve: Command = {
  type: 'reserve',
  reservationNumber: 77,
  evseNumber: 2,
  expiresAt: AT,
  idToken: { value: 'TAG007', type: null },
  groupId: 'FLEET',
};
const update: Command = {
  type: 'updateFirmware',
  requestId: 5,
  location: 'https://fw.example/a.bin',
  retrieveAt: AT,
};
const signed: Command = { ...update, installAt: AT, signing: { certificate: 'PEM', signature: 'c2ln' } };
const log: Command = {
  type: 'requestLog',
  requestId: 6,
  kind: 'DIAGNOSTICS',
  location: 'https://up.example/t/',
  oldest: AT,
};
const show: Command = {
  type: 'setDisplayMessage',
  messageNumber: 8,
  priority: 'InFront',
  state: null,
  format: 'UTF8',
  language: 'en',
  content: 'Hello',
  startAt: null,
  endAt: AT,
  transactionRef: null,
};

describe('what we ask of a station', () => {
  it.each<[string, Command, object, object]>([
    [
      'a reservation',
      reserve,
      {
        action: 'ReserveNow',
        payload: {
          connectorId: 2,
          expiryDate: TIME,
          idTag: 'TAG007',
          parentIdTag: 'FLEET',
          reservationId: 77,
        },
      },
      {
        action: 'ReserveNow',
        payload: {
          id: 77,
          expiryDateTime: TIME,
          idToken: { idToken: 'TAG007', type: 'Central' },
          evseId: 2,
          groupIdToken: { idToken: 'FLEET', type: 'Central' },
        },
      },
    ],
    [
      'a reservation with a group that 1.6 cannot say',
      { ...reserve, groupId: 'x'.repeat(36) },
      { payload: { connectorId: 2, expiryDate: TIME, idTag: 'TAG007', reservationId: 77 } },
      { payload: { groupIdToken: { idToken: 'x'.repeat(36) } } },
    ],
    [
      'a cancellation',
      { type: 'cancelReservation', reservationNumber: 77 },
      { action: 'CancelReservation', payload: { reservationId: 77 } },
      { action: 'CancelReservation', payload: { reservationId: 77 } },
    ],
    [
      'an update',
      { ...update, retries: 2, retryIntervalSeconds: 60 },
      {
        action: 'UpdateFirmware',
        payload: { location: 'https://fw.example/a.bin', retrieveDate: TIME, retries: 2, retryInterval: 60 },
      },
      {
        action: 'UpdateFirmware',
        payload: { requestId: 5, retries: 2, retryInterval: 60, firmware: { retrieveDateTime: TIME } },
      },
    ],
    [
      'a signed update',
      signed,
      {
        action: 'SignedUpdateFirmware',
        payload: {
          requestId: 5,
          firmware: { signingCertificate: 'PEM', signature: 'c2ln', installDateTime: TIME },
        },
      },
      { action: 'UpdateFirmware', payload: { firmware: { signingCertificate: 'PEM', signature: 'c2ln' } } },
    ],
    [
      'diagnostics',
      log,
      { action: 'GetDiagnostics', payload: { location: 'https://up.example/t/', startTime: TIME } },
      {
        action: 'GetLog',
        payload: {
          logType: 'DiagnosticsLog',
          requestId: 6,
          log: { remoteLocation: 'https://up.example/t/', oldestTimestamp: TIME },
        },
      },
    ],
    [
      'a security log',
      { ...log, kind: 'SECURITY' },
      { action: 'GetLog', payload: { logType: 'SecurityLog', requestId: 6 } },
      { action: 'GetLog', payload: { logType: 'SecurityLog' } },
    ],
  ])('%s', (_name, command, v16, v201) => {
    const cases: [OcppVersion, object][] = [
      ['1.6', v16],
      ['2.0.1', v201],
      ['2.1', v201],
    ];
    for (const [version, expected] of cases) {
      const { action, payload } = commandCall(version, command);
      expect({ action, payload }).toMatchObject(expected);
      expect(schemas.validateOutbound(version, action, 'request', payload)).toEqual({ ok: true });
    }
  });

  it.each<[string, OperationCommand, object]>([
    [
      'a message for the display',
      show,
      {
        action: 'SetDisplayMessage',
        payload: {
          message: {
            id: 8,
            priority: 'InFront',
            endDateTime: TIME,
            message: { format: 'UTF8', language: 'en', content: 'Hello' },
          },
        },
      },
    ],
    [
      'no message any more',
      { type: 'clearDisplayMessage', messageNumber: 8 },
      { action: 'ClearDisplayMessage', payload: { id: 8 } },
    ],
    [
      'all messages',
      { type: 'getDisplayMessages', requestId: 3 },
      { action: 'GetDisplayMessages', payload: { requestId: 3 } },
    ],
    [
      'what it knows of a card',
      {
        type: 'customerInformation',
        requestId: 3,
        report: true,
        clear: false,
        idToken: { value: 'A', type: 'ISO14443' },
      },
      {
        action: 'CustomerInformation',
        payload: { requestId: 3, report: true, clear: false, idToken: { idToken: 'A', type: 'ISO14443' } },
      },
    ],
    [
      'to forget a customer',
      { type: 'customerInformation', requestId: 3, report: false, clear: true, customerIdentifier: 'C-1' },
      { payload: { clear: true, customerIdentifier: 'C-1' } },
    ],
  ])('%s, which 1.6 has no word for', (_name, command, expected) => {
    for (const version of ['2.0.1', '2.1'] as const) {
      const { action, payload } = commandCall(version, command);
      expect({ action, payload }).toMatchObject(expected);
      expect(schemas.validateOutbound(version, action, 'request', payload)).toEqual({ ok: true });
    }
    expect(() => commandCall('1.6', command)).toThrow(
      expect.objectContaining({ code: 'OCPP_NOT_IN_VERSION' }),
    );
  });
});
