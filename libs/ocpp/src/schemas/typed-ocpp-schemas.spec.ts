import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEVIATIONS } from '../deviation.js';
import type { JsonObject } from '../json.js';
import type { OcppVersion } from '../version.js';
import { TypedOcppSchemas } from './typed-ocpp-schemas.js';

const schemas = new TypedOcppSchemas();

const TIME = '2026-11-21T01:35:53.131Z';
const sample = (fields: JsonObject) => ({
  connectorId: 1,
  meterValue: [{ timestamp: TIME, sampledValue: [{ value: '5', ...fields }] }],
});
const boot = (fields: JsonObject) => ({ chargePointVendor: 'V', chargePointModel: 'M', ...fields });
const stop = (fields: JsonObject): JsonObject => ({
  transactionId: 7,
  meterStop: 10,
  timestamp: TIME,
  ...fields,
});
const status = (fields: JsonObject): JsonObject => ({
  connectorId: 1,
  errorCode: 'NoError',
  status: 'Available',
  ...fields,
});

function inbound(version: OcppVersion, action: string, payload: JsonObject) {
  return schemas.validateInbound(version, action, 'request', payload);
}

type Row = readonly [deviation: string, action: string, payload: object];

function isTaken([kind, action, payload]: Row): void {
  const check = inbound('1.6', action, structuredClone(payload) as JsonObject);
  expect(check.ok).toBe(true);
  expect(check.deviations.map((deviation) => deviation.kind)).toContain(kind);
}

describe('what chargers get away with', () => {
  it.each<Row>([
    ['extra_property', 'BootNotification', boot({ voltage: 230 })],
    ['extra_property', 'MeterValues', sample({ precision: 2 })],
  ])('Q10: %s in %s', (...row) => isTaken(row));

  it.each<Row>([
    ['number_for_string', 'MeterValues', sample({ value: 5 })],
    ['number_for_string', 'BootNotification', boot({ firmwareVersion: 1.2 })],
    ['string_for_number', 'StatusNotification', status({ connectorId: '1' })],
    ['string_for_number', 'StopTransaction', stop({ meterStop: '10.5' })],
    ['fraction_for_integer', 'StopTransaction', stop({ meterStop: 10.5 })],
  ])('Q11: %s in %s', (...row) => isTaken(row));

  it.each<Row>([
    ['over_long', 'BootNotification', boot({ chargePointSerialNumber: 'x'.repeat(34) })],
    ['over_long', 'StatusNotification', status({ info: 'x'.repeat(120) })],
  ])('Q12: %s in %s', (...row) => isTaken(row));

  it('Q12: keeps the whole of a setting that is longer than it may be', () => {
    const answer = { configurationKey: [{ key: 'k'.repeat(60), readonly: false, value: 'v'.repeat(3_000) }] };
    const check = schemas.validateInbound('1.6', 'GetConfiguration', 'response', structuredClone(answer));
    expect(check).toMatchObject({ ok: true, payload: answer });
    expect(check.deviations.map((deviation) => deviation.kind)).toEqual(['over_long', 'over_long']);
  });

  it('Q12: never sends one that is too long', () => {
    const change = (value: string) =>
      schemas.validateOutbound('1.6', 'ChangeConfiguration', 'request', { key: 'K', value }).ok;
    expect([change('v'.repeat(2_048)), change('v'.repeat(2_049))]).toEqual([true, false]);
  });

  it.each<Row>([
    ['unknown_enum', 'MeterValues', sample({ measurand: 'Request.Energy' })],
    ['unknown_enum', 'MeterValues', sample({ unit: 'Hertz' })],
    ['unknown_enum', 'MeterValues', sample({ unit: 'Hz' })],
    ['unknown_enum', 'MeterValues', sample({ context: 'Triggered' })],
    ['unknown_enum', 'StatusNotification', status({ errorCode: 'CableStolen' })],
    ['enum_spelling', 'MeterValues', sample({ context: 'sample.periodic' })],
    ['enum_spelling', 'StatusNotification', status({ status: 'available' })],
  ])('Q13: %s in %s', (...row) => isTaken(row));

  it.each(['Celsius', 'Celcius', 'Fahrenheit'])('Q13: both spellings of a temperature: %s', (unit) => {
    const payload = sample({ measurand: 'Temperature', unit });
    expect(inbound('1.6', 'MeterValues', payload)).toMatchObject({ ok: true, deviations: [] });
  });

  it('Q13: a rate unit of its own in a composite schedule', () => {
    const answer = {
      status: 'Accepted',
      chargingSchedule: {
        chargingRateUnit: 'Power',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }],
      },
    };
    const check = schemas.validateInbound('1.6', 'GetCompositeSchedule', 'response', structuredClone(answer));
    expect(check).toMatchObject({ ok: true, payload: answer, deviations: [{ kind: 'unknown_enum' }] });
  });

  it.each<Row>([
    ['null_for_absent', 'BootNotification', boot({ iccid: null })],
    ['empty_for_absent', 'StatusNotification', status({ timestamp: '' })],
    ['empty_for_absent', 'MeterValues', sample({ unit: '' })],
    ['missing_property', 'StatusNotification', { connectorId: 1, status: 'Available' }],
    ['missing_property', 'StopTransaction', { transactionId: 7, timestamp: TIME }],
  ])('%s in %s', (...row) => isTaken(row));

  it.each<Row>([
    ['timestamp_form', 'StopTransaction', stop({ timestamp: '2026-11-21T01:35:53' })],
    ['timestamp_unreadable', 'StopTransaction', stop({ timestamp: 'yesterday' })],
  ])('Q18: %s in %s', (...row) => isTaken(row));

  it('repairs what is certain and leaves the rest raw', () => {
    const payload = {
      connectorId: '1',
      meterValue: [
        { timestamp: TIME, sampledValue: [{ value: 10990.5, unit: 'Hertz', context: 'trigger' }] },
      ],
    };
    const check = inbound('1.6', 'MeterValues', payload);
    expect(check).toMatchObject({
      ok: true,
      payload: {
        connectorId: 1,
        meterValue: [{ sampledValue: [{ value: '10990.5', unit: 'Hertz', context: 'Trigger' }] }],
      },
    });
    expect(check.deviations).toHaveLength(4);
    expect(check.deviations).toContainEqual({
      kind: 'number_for_string',
      path: '/meterValue/0/sampledValue/0/value',
    });
  });

  it('Q14: takes empty vendor and model', () => {
    expect(inbound('1.6', 'BootNotification', boot({ chargePointVendor: '', chargePointModel: '' })).ok).toBe(
      true,
    );
  });

  it('tolerates the same in 2.0.1', () => {
    const check = inbound('2.0.1', 'TransactionEvent', {
      eventType: 'Started',
      timestamp: '2026-11-21T01:35:53.123456Z',
      triggerReason: 'TariffChanged',
      seqNo: '0',
      transactionInfo: { transactionId: 41 },
      meterValue: [{ timestamp: TIME, sampledValue: [{ value: '7.25' }] }],
    });
    expect(check).toMatchObject({
      ok: true,
      payload: {
        seqNo: 0,
        transactionInfo: { transactionId: '41' },
        meterValue: [{ sampledValue: [{ value: 7.25 }] }],
      },
    });
    const kinds = check.deviations.map((deviation) => deviation.kind).sort();
    expect(kinds).toEqual(['number_for_string', 'string_for_number', 'string_for_number', 'unknown_enum']);
  });

  it('keeps a bounded number of deviations', () => {
    const payload = sample({});
    payload.meterValue = Array.from({ length: 200 }, () => ({
      timestamp: TIME,
      sampledValue: [{ value: 1 as never, x: 1 }],
    }));
    const check = inbound('1.6', 'MeterValues', payload);
    expect(check.ok).toBe(true);
    expect(check.deviations).toHaveLength(MAX_DEVIATIONS);
  });

  it('repairs more values than it keeps deviations for', () => {
    const payload = sample({});
    payload.meterValue = Array.from({ length: 200 }, () => ({
      timestamp: TIME,
      sampledValue: [{ value: 1 }] as never,
    }));
    expect(inbound('1.6', 'MeterValues', payload).ok).toBe(true);
    expect(payload.meterValue.at(-1)?.sampledValue[0]?.value).toBe('1');
  });
});

describe('what cannot be understood', () => {
  it.each([
    ['1.6', 'StartTransaction', { idTag: 'A', meterStart: 0, timestamp: TIME }, 'occurrence', ''],
    ['1.6', 'StatusNotification', status({ connectorId: 'one' }), 'type', '/connectorId'],
    ['1.6', 'StatusNotification', status({ connectorId: 1.5 }), 'type', '/connectorId'],
    ['1.6', 'MeterValues', { connectorId: 1, meterValue: 'none' }, 'type', '/meterValue'],
    ['2.0.1', 'TransactionEvent', { eventType: 'Paused' }, 'occurrence', ''],
    [
      '2.0.1',
      'Get15118EVCertificate',
      { action: 'Steal', iso15118SchemaVersion: '1', exiRequest: '' },
      'property',
      '/action',
    ],
    ['2.0.1', 'StartTransaction', {}, 'notImplemented', ''],
    ['1.6', 'constructor', {}, 'notImplemented', ''],
  ] as const)('%s %s', (version, action, payload, fault, path) => {
    const check = inbound(version, action, structuredClone(payload) as JsonObject);
    expect(check).toMatchObject({ ok: false, problem: { fault, path } });
  });

  it('never repeats a value in the text of the problem', () => {
    const check = inbound('2.0.1', 'Get15118EVCertificate', {
      action: 'SECRET',
      iso15118SchemaVersion: '',
      exiRequest: '',
    });
    expect(JSON.stringify(!check.ok && check.problem)).not.toContain('SECRET');
  });
});

describe('what we send', () => {
  it.each([[21.4], [0.1], [16.3], [32], [6.9], [4096.7]])('takes a 1.6 limit of %d A', (limit) => {
    expect(schemas.validateOutbound('1.6', 'SetChargingProfile', 'request', profile(limit))).toEqual({
      ok: true,
    });
  });

  it('refuses a 1.6 limit with two decimals', () => {
    expect(schemas.validateOutbound('1.6', 'SetChargingProfile', 'request', profile(21.45)).ok).toBe(false);
  });

  it.each([
    ['an extra property', { status: 'Accepted', currentTime: TIME, interval: 300, x: 1 }],
    ['a number for a string', { status: 'Accepted', currentTime: 5, interval: 300 }],
    ['an unknown word', { status: 'Fine', currentTime: TIME, interval: 300 }],
    ['a time without zone', { status: 'Accepted', currentTime: '2026-11-21T01:35:53', interval: 300 }],
    ['a missing field', { status: 'Accepted', currentTime: TIME }],
  ])('refuses %s', (_what, payload) => {
    expect(schemas.validateOutbound('1.6', 'BootNotification', 'response', payload).ok).toBe(false);
  });

  it('checks 2.1 by its own schema', () => {
    const token = { idToken: { idToken: 'A', type: 'DirectPayment' }, remoteStartId: 1 };
    expect(schemas.validateOutbound('2.1', 'RequestStartTransaction', 'request', token).ok).toBe(true);
    expect(schemas.validateOutbound('2.0.1', 'RequestStartTransaction', 'request', token).ok).toBe(false);
  });
});

const profile = (limit: number): JsonObject => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  },
});

describe('any payload', () => {
  it('is judged without throwing, and what has passed once passes again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom('MeterValues', 'StatusNotification'),
        (extra, action) => {
          const base = action === 'MeterValues' ? sample({}) : status({});
          const payload = { ...(JSON.parse(JSON.stringify(extra)) as JsonObject), ...base };
          const check = inbound('1.6', action, payload);
          if (!check.ok) return;
          const again = inbound('1.6', action, structuredClone(check.payload));
          expect(again.ok).toBe(true);
        },
      ),
    );
  });
});
