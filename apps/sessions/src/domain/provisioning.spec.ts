import { findStationModel, key16, settingKey, variableName } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import { comesFrom, defaultSettings, parseDefaults, shorterList } from './default-settings.js';
import { nextStep, type ProvisionState } from './provisioning.js';
import { bootInterval } from './registration.js';
import type { WantedSetting } from './station-settings.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 2, minute));
const NOW = at(30);

const heartbeat = (over: Partial<WantedSetting> = {}, name = key16('HeartbeatInterval')): WantedSetting => ({
  key: settingKey(name),
  name,
  value: '300',
  secret: false,
  source: 'DEFAULT',
  outcome: 'ACCEPTED',
  outcomeAt: at(1),
  firmware: '1.0',
  attempts: 1,
  actual: { value: '300', readOnly: false, known: true, reportedAt: at(21) },
  ...over,
});

const state = (over: Partial<ProvisionState> = {}): ProvisionState => ({
  online: true,
  registration: 'ACCEPTED',
  automatic: true,
  triggerBoot: false,
  is16: true,
  firmware: '1.0',
  readFirmware: '1.0',
  bootAt: at(20),
  checkedAt: at(21),
  model: findStationModel('ACME', 'M1'),
  itemsPerMessage: 5,
  itemsPerRead: 5,
  wanted: [heartbeat()],
  ...over,
});
const kind = (over: Partial<ProvisionState>) => nextStep(state(over), NOW).kind;

describe('the next step with a station', () => {
  it.each<[string, Partial<ProvisionState>, string]>([
    ['is nothing when all is as wanted', {}, 'REST'],
    ['is nothing while it is offline', { online: false, readFirmware: null, triggerBoot: true }, 'REST'],
    ['Q23: is a question for a boot when it never told what it is', { triggerBoot: true }, 'TRIGGER_BOOT'],
    ['B02: is nothing before it is accepted', { registration: 'PENDING', readFirmware: null }, 'REST'],
    [
      'B03: is nothing when it is rejected',
      { registration: 'REJECTED', wanted: [heartbeat({ outcome: 'PENDING' })] },
      'REST',
    ],
    [
      'is a boot that tells it of a decision, accepted or not',
      { registration: 'REJECTED', triggerBoot: true },
      'TRIGGER_BOOT',
    ],
    ['is to read it all for the first time', { readFirmware: null }, 'READ_ALL'],
    ['is to read it all again when its firmware is another', { readFirmware: '0.9' }, 'READ_ALL'],
    [
      'is to look at what is wanted after a boot',
      { checkedAt: at(1), wanted: [heartbeat({ actual: null })] },
      'READ',
    ],
    [
      'is not to look when that was a moment ago',
      { bootAt: at(29), checkedAt: at(25), wanted: [heartbeat({ actual: null })] },
      'REST',
    ],
    [
      'is to write what is pending',
      { wanted: [heartbeat({ outcome: 'PENDING', source: 'OPERATOR' })] },
      'WRITE',
    ],
    ['is to write what drifted', { wanted: [heartbeat({ value: '60' })] }, 'WRITE'],
    [
      'is only to write for somebody who waits',
      { automatic: false, readFirmware: null, checkedAt: null },
      'REST',
    ],
  ])('%s', (_name, over, expected) => {
    expect(kind(over)).toBe(expected);
  });

  it('waits for a station that has something left to be told', () => {
    const pending = [heartbeat({ outcome: 'OFFLINE', source: 'OPERATOR' })];
    expect(nextStep(state({ online: false, wanted: pending }), NOW)).toEqual({ kind: 'REST', waiting: true });
    expect(nextStep(state({ online: false }), NOW)).toEqual({ kind: 'REST', waiting: false });
  });

  it('Q16: never asks a model for what it does not survive', () => {
    const measurands = heartbeat({ actual: null }, key16('MeterValuesSampledData'));
    const abb = { model: findStationModel('ABB', 'CDT_TACW22::NET_WIFI'), wanted: [heartbeat(), measurands] };
    const step = nextStep(state({ ...abb, readFirmware: null }), NOW);
    const only = step.kind === 'READ_ALL' ? step.only.map(({ variable }) => variable) : [];
    expect(only).toContain('HeartbeatInterval');
    expect(only).not.toContain('MeterValuesSampledData');
    expect(kind({ ...abb, checkedAt: at(1) })).toBe('REST');
    expect(kind({ readFirmware: null })).toBe('READ_ALL');
  });

  it('reads no secrets and nothing of the other generation', () => {
    const names = [
      heartbeat({ actual: null, secret: true, value: null }, key16('AuthorizationKey')),
      heartbeat({ actual: null }, variableName('OCPPCommCtrlr', 'HeartbeatInterval')),
      heartbeat({ actual: null }),
    ];
    const step = nextStep(state({ checkedAt: at(1), wanted: names }), NOW);
    expect(step).toEqual({ kind: 'READ', names: [key16('HeartbeatInterval')] });
  });
});

describe('default settings', () => {
  const values = (is16: boolean, configured = {}) =>
    defaultSettings({ tenant: 'demo', is16, heartbeatSeconds: 300 }, configured).map(
      ({ name, value }) => [name.variable, value] as const,
    );

  it('have the names of the version, and the retry back-off in 2.x only', () => {
    expect(values(true).map(([name]) => name)).toEqual([
      'HeartbeatInterval',
      'WebSocketPingInterval',
      'MeterValueSampleInterval',
      'MeterValuesSampledData',
    ]);
    const names = values(false).map(([name]) => name);
    expect(names).toContain('TxUpdatedMeasurands');
    expect(names.filter((name) => name.startsWith('RetryBackOff'))).toHaveLength(3);
  });

  it('are those of the tenant, then of all tenants, then ours', () => {
    const configured = {
      '*': { sampleInterval: '30', webSocketPingInterval: '20' },
      demo: { sampleInterval: '10', heartbeatInterval: null },
      other: { webSocketPingInterval: '1' },
    };
    const held = new Map(values(true, configured));
    expect(held.get('MeterValueSampleInterval')).toBe('10');
    expect(held.get('WebSocketPingInterval')).toBe('20');
    expect(held.has('HeartbeatInterval')).toBe(false);
  });

  it.each([
    ['{}', true],
    ['{"*":{"sampleInterval":"30","heartbeatInterval":null}}', true],
    ['{"*":{"sampleIntervall":"30"}}', false],
    ['{"*":{"sampleInterval":30}}', false],
    ['{"*":[]}', false],
    ['[]', false],
    ['nonsense', false],
  ])('%s are a configuration: %s', (text, valid) => {
    expect(parseDefaults(text) !== undefined).toBe(valid);
  });

  it('lose their last word when a station refuses them, down to one', () => {
    expect([shorterList('a,b,c'), shorterList('a,b'), shorterList('a')]).toEqual(['a,b', 'a', undefined]);
    expect([
      comesFrom('a,b', 'a,b,c'),
      comesFrom('a', 'a'),
      comesFrom('b', 'a,b'),
      comesFrom('1', '15'),
    ]).toEqual([true, true, false, false]);
  });
});

describe('the interval of a boot', () => {
  it.each([
    ['ACCEPTED', 300],
    ['PENDING', 60],
    ['REJECTED', 60],
  ] as const)('of a station that is %s is %d s', (registration, seconds) => {
    expect(bootInterval(registration, { heartbeatSeconds: 300, retrySeconds: 60 })).toBe(seconds);
  });

  it('Q20: is never 0', () => {
    expect(bootInterval('ACCEPTED', { heartbeatSeconds: 0, retrySeconds: 0 })).toBe(1);
  });
});
