import { describe, expect, it } from 'vitest';
import { CSMS_ACTIONS, STATION_ACTIONS } from '../schemas/actions.js';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import { OCPP_VERSIONS } from '../version.js';
import { neutralAnswer } from './neutral-answers.js';

const schemas = new TypedOcppSchemas();
const NOW = new Date('2026-11-21T02:00:00.000Z');

describe.each(OCPP_VERSIONS)('neutral answers in %s', (version) => {
  it.each([...STATION_ACTIONS[version]])(
    '%s is answered by the letter of the schema, or not supported',
    (action) => {
      const answer = neutralAnswer(version, action, NOW);
      if (answer.kind === 'error') expect(answer.code).toBe('NotSupported');
      else
        expect(schemas.validateOutbound(version, action, 'response', answer.payload)).toEqual({ ok: true });
    },
  );

  it('refuses the actions that only we may start', () => {
    for (const action of CSMS_ACTIONS[version]) {
      if (STATION_ACTIONS[version].has(action)) continue;
      expect(neutralAnswer(version, action, NOW)).toMatchObject({ kind: 'error', code: 'NotSupported' });
    }
  });

  it.each(['FooBar', 'constructor', '__proto__', 'x'.repeat(5000)])('does not know %.20s', (action) => {
    const answer = neutralAnswer(version, action, NOW);
    expect(answer).toMatchObject({ kind: 'error', code: 'NotImplemented' });
    expect(answer.kind === 'error' && answer.description.length).toBeLessThan(100);
  });
});

describe('neutral answers promise nothing', () => {
  it.each([
    ['2.0.1', 'SignCertificate', { status: 'Rejected' }],
    ['1.6', 'SignCertificate', { status: 'Rejected' }],
    ['2.0.1', 'Get15118EVCertificate', { status: 'Failed', exiResponse: '' }],
    ['2.0.1', 'GetCertificateStatus', { status: 'Failed' }],
    ['2.0.1', 'NotifyEVChargingNeeds', { status: 'Rejected' }],
    ['2.1', 'NotifyEVChargingNeeds', { status: 'NoChargingProfile' }],
    ['2.1', 'OpenPeriodicEventStream', { status: 'Rejected' }],
    ['2.1', 'PullDynamicScheduleUpdate', { status: 'Rejected' }],
    ['2.1', 'BatterySwap', {}],
    ['2.1', 'NotifySettlement', {}],
    ['2.0.1', 'LogStatusNotification', {}],
    ['2.0.1', 'NotifyEvent', {}],
    ['2.0.1', 'SecurityEventNotification', {}],
    ['1.6', 'DiagnosticsStatusNotification', {}],
    ['1.6', 'FirmwareStatusNotification', {}],
    ['1.6', 'DataTransfer', { status: 'UnknownVendorId' }],
  ] as const)('%s %s', (version, action, payload) => {
    expect(neutralAnswer(version, action, NOW)).toEqual({ kind: 'result', payload });
  });

  it('never decides about a driver', () => {
    for (const action of ['Authorize', 'StartTransaction']) {
      expect(neutralAnswer('1.6', action, NOW)).toMatchObject({ kind: 'error', code: 'NotSupported' });
    }
  });

  it('repeats the VAT number asked for', () => {
    const answer = neutralAnswer('2.1', 'VatNumberValidation', NOW, { vatNumber: 'DE123' });
    expect(answer).toEqual({ kind: 'result', payload: { status: 'Rejected', vatNumber: 'DE123' } });
  });
});
