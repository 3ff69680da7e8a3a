import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.js';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import { configurationSettings, variableSettings } from './reported-settings.js';
import { fullReportCall, readCall, writeCall, writeResults } from './setting-commands.js';
import { isSecretSetting, key16, settingKey, STATION_WIDE, variableName } from './setting-name.js';
import { sameSettingValue } from './setting-value.js';
import { standardSetting, variableOfKey } from './standard-settings.js';

const schemas = new TypedOcppSchemas();
const HEARTBEAT = variableName('OCPPCommCtrlr', 'HeartbeatInterval');
const ON_EVSE = {
  ...STATION_WIDE,
  component: 'Connector',
  evseNumber: 1,
  connectorNumber: 2,
  variable: 'Available',
};

describe('the name of a setting', () => {
  it.each([
    [key16('HeartbeatInterval'), key16(' heartbeatinterval '), true],
    [HEARTBEAT, variableName('ocppcommctrlr', 'HEARTBEATINTERVAL'), true],
    [key16('HeartbeatInterval'), HEARTBEAT, false],
    [ON_EVSE, { ...ON_EVSE, evseNumber: 2 }, false],
    [variableName('C', 'V', 'a'), variableName('C', 'V'), false],
  ])('Q15: %j and %j are one: %s', (a, b, same) => {
    expect(settingKey(a) === settingKey(b)).toBe(same);
  });

  it.each([
    [key16('AuthorizationKey'), true],
    [variableName('SecurityCtrlr', 'BasicAuthPassword'), true],
    [key16('VendorApnPassword'), true],
    [key16('HeartbeatInterval'), false],
    [variableName('SecurityCtrlr', 'Identity'), false],
  ])('of %j is of a secret: %s', (name, secret) => {
    expect(isSecretSetting(name)).toBe(secret);
  });

  it('has another form in the other generation, where there is one', () => {
    expect(variableOfKey('heartbeatinterval')).toEqual(HEARTBEAT);
    expect(variableOfKey('VendorThing')).toBeNull();
    expect(standardSetting('heartbeatInterval', true)).toEqual(key16('HeartbeatInterval'));
    expect(standardSetting('retryRepeatTimes', true)).toBeNull();
  });
});

describe('two values of a setting', () => {
  it.each([
    ['300', '300', true],
    ['300', ' 300.0', true],
    ['-0', '0', true],
    ['0300', '300', true],
    ['true', 'True', true],
    ['Voltage, SoC', 'SoC,Voltage', true],
    ['Voltage,SoC,', 'voltage,soc', true],
    ['Voltage', 'Voltage,SoC', false],
    ['300', '301', false],
    ['1.5', '15', false],
    ['abc', 'ABC', false],
    ['9007199254740993', '9007199254740992', false],
  ])('Q15: "%s" and "%s" mean the same: %s', (a, b, same) => {
    expect(sameSettingValue(a, b)).toBe(same);
    expect(sameSettingValue(b, a)).toBe(same);
  });

  it('mean the same when they are the same', () => {
    fc.assert(fc.property(fc.string(), (value) => sameSettingValue(value, value)));
  });
});

describe('what a station says of its settings', () => {
  it('Q15: GetConfiguration, unknown keys and keys without a value included', () => {
    const answer: JsonObject = {
      configurationKey: [
        { key: 'heartbeatInterval', readonly: false, value: '300' },
        { key: 'ChargeProfileMaxStackLevel', readonly: true, value: '8' },
        { key: 'AuthorizationKey', readonly: false },
        { key: 'StopTxnSampledData', readonly: false, value: '' },
      ],
      unknownKey: ['WebSocketPingInterval', 'HEARTBEATINTERVAL', ''],
    };
    expect(configurationSettings(answer)).toEqual([
      { name: key16('heartbeatInterval'), value: '300', mutability: 'ReadWrite', known: true },
      { name: key16('ChargeProfileMaxStackLevel'), value: '8', mutability: 'ReadOnly', known: true },
      { name: key16('AuthorizationKey'), value: null, mutability: 'WriteOnly', known: true },
      { name: key16('StopTxnSampledData'), value: '', mutability: 'ReadWrite', known: true },
      { name: key16('WebSocketPingInterval'), value: null, mutability: '', known: false },
    ]);
    expect(configurationSettings({})).toEqual([]);
  });

  it('GetVariables: values, unknown ones, and those that can be written only', () => {
    const result = (attributeStatus: string, over: JsonObject = {}): JsonObject => ({
      attributeStatus,
      component: { name: 'OCPPCommCtrlr' },
      variable: { name: 'HeartbeatInterval' },
      ...over,
    });
    const answer: JsonObject = {
      getVariableResult: [
        result('Accepted', { attributeValue: '300' }),
        result('Accepted'),
        result('Accepted', { attributeType: 'MaxSet', attributeValue: '900' }),
        result('UnknownVariable'),
        result('Rejected'),
        result('NotSupportedAttributeType'),
        { attributeStatus: 'Accepted' },
      ],
    };
    expect(variableSettings(answer)).toEqual([
      { name: HEARTBEAT, value: '300', mutability: '', known: true },
      { name: HEARTBEAT, value: '', mutability: '', known: true },
      { name: HEARTBEAT, value: null, mutability: '', known: false },
      { name: HEARTBEAT, value: null, mutability: 'WriteOnly', known: true },
    ]);
  });
});

describe('commands for settings', () => {
  it('are valid in their version', () => {
    const write16 = writeCall([{ name: key16('HeartbeatInterval'), value: '60' }]);
    const write2 = writeCall([
      { name: HEARTBEAT, value: '60' },
      { name: ON_EVSE, value: 'true' },
    ]);
    expect(write16.payload).toEqual({ key: 'HeartbeatInterval', value: '60' });
    const calls = [
      ['1.6', write16],
      ['1.6', readCall(true, [])],
      ['1.6', readCall(true, [key16('HeartbeatInterval')])],
      ...(['2.0.1', '2.1'] as const).flatMap(
        (version) =>
          [
            [version, write2],
            [version, readCall(false, [HEARTBEAT, ON_EVSE])],
            [version, fullReportCall(7)],
          ] as const,
      ),
    ] as const;
    for (const [version, { action, payload }] of calls) {
      expect(schemas.validateOutbound(version, action, 'request', payload), action).toEqual({ ok: true });
    }
  });

  it.each([
    ['Accepted', 'ACCEPTED'],
    ['RebootRequired', 'REBOOT_REQUIRED'],
    ['Rejected', 'REJECTED'],
    ['NotSupported', 'NOT_SUPPORTED'],
    ['Whatever', 'REJECTED'],
  ])('ChangeConfiguration answered %s is %s', (status, outcome) => {
    const name = key16('HeartbeatInterval');
    expect(writeResults([{ name, value: '60' }], { status }).get(settingKey(name))).toEqual({
      outcome,
      status,
    });
  });

  const writes = [
    { name: HEARTBEAT, value: '60' },
    { name: ON_EVSE, value: 'true' },
  ];
  const outcomes = (setVariableResult: JsonObject[]) =>
    writes.map(({ name }) => writeResults(writes, { setVariableResult }).get(settingKey(name))?.outcome);

  it('SetVariables is read by the names of the answer, in whatever order', () => {
    const available = {
      attributeStatus: 'UnknownVariable',
      component: { name: 'connector', evse: { id: 1, connectorId: 2 } },
      variable: { name: 'available' },
    };
    const heartbeat = {
      attributeStatus: 'Accepted',
      component: { name: 'OCPPCommCtrlr' },
      variable: { name: 'HeartbeatInterval' },
    };
    expect(outcomes([available, heartbeat])).toEqual(['ACCEPTED', 'NOT_SUPPORTED']);
    expect(outcomes([heartbeat])).toEqual(['ACCEPTED', undefined]);
    expect(outcomes([])).toEqual([undefined, undefined]);
  });

  it('SetVariables is read by place when the answer names things otherwise than we did', () => {
    const short = (attributeStatus: string) => ({
      attributeStatus,
      component: { name: 'Connector' },
      variable: { name: 'Available' },
    });
    expect(outcomes([short('RebootRequired'), short('Rejected')])).toEqual(['REBOOT_REQUIRED', 'REJECTED']);
  });
});
