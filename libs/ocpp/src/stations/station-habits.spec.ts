import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.js';
import { findStationModel } from './find-station-model.js';
import { cardOf } from './id-tag.js';
import { setupFields } from './setup-fields.js';
import { UNKNOWN_MODEL } from './station-model.js';
import { unsafeSetting } from './unsafe-command.js';

describe('the number of a card', () => {
  const card = (value: string) => ({ value, type: null });

  it('Q42: loses the serial number that a KEBA adds', () => {
    const { idTags } = findStationModel('Keba AG', 'KC-P30-ES240022');
    expect(cardOf(card('04A1B2C3D4E5F6_17619300'), idTags).value).toBe('04A1B2C3D4E5F6');
    expect(cardOf(card('04A1B2C3'), idTags).value).toBe('04A1B2C3');
    expect(cardOf(card('_17619300'), idTags).value).toBe('_17619300');
  });

  it('Q42: loses the bytes that fill up a short UID, for a model known to add them', () => {
    const rule = { suffixFrom: null, zeroPadded: true };
    expect(cardOf(card('04A1B2C3000000'), rule).value).toBe('04A1B2C3');
    expect(cardOf(card('04A1B2C3D40000'), rule).value).toBe('04A1B2C3D40000');
    expect(cardOf(card('04A1B2C3000000'), UNKNOWN_MODEL.idTags).value).toBe('04A1B2C3000000');
  });

  it.each(['04A1B2C3D4E5', '0000000000', 'AA:BB:CC:DD:EE:FF', ''])(
    'Q42: stays "%s" when it cannot be mended: a byte is missing, or it is a car',
    (value) => {
      const token = card(value);
      expect(cardOf(token, UNKNOWN_MODEL.idTags)).toBe(token);
    },
  );
});

describe('reading settings back', () => {
  const abb = findStationModel('ABB', 'CDT_TACW22::NET_WIFI');
  const get = (...key: string[]): JsonObject => (key.length > 0 ? { key } : {});

  it.each<[JsonObject, string | null]>([
    [get('MeterValuesSampledData'), 'MeterValuesSampledData'],
    [get('HeartbeatInterval', 'metervaluessampleddata'), 'metervaluessampleddata'],
    [get(), 'MeterValuesSampledData'],
    [get('HeartbeatInterval'), null],
  ])('Q16: %j of a model that reboots at it: %s', (payload, setting) => {
    expect(unsafeSetting('GetConfiguration', payload, abb)).toBe(setting);
  });

  it('Q16: concerns reading only, variables too, and only models known for it', () => {
    expect(unsafeSetting('ChangeConfiguration', { key: 'MeterValuesSampledData' }, abb)).toBeNull();
    const variables = (name: string): JsonObject => ({
      getVariableData: [{ component: { name: 'C' }, variable: { name } }],
    });
    expect(unsafeSetting('GetVariables', variables('MeterValuesSampledData'), abb)).toBe(
      'MeterValuesSampledData',
    );
    expect(unsafeSetting('GetVariables', variables('Power'), abb)).toBeNull();
    expect(unsafeSetting('GetConfiguration', get('MeterValuesSampledData'), UNKNOWN_MODEL)).toBeNull();
  });
});

describe('what an installer types in', () => {
  const address = { host: 'ocpp.example.com', port: 443, tls: true };

  it('Q6: is one URL with its scheme and the identity, ready to be copied', () => {
    expect(setupFields(address, null, 'CP 1', 'url')).toEqual([
      { field: 'url', value: 'wss://ocpp.example.com/ocpp/CP%201' },
    ]);
    expect(setupFields({ ...address, port: 9000, tls: false }, 'demo', 'CP1', 'url')).toEqual([
      { field: 'url', value: 'ws://ocpp.example.com:9000/ocpp/demo/CP1' },
    ]);
  });

  it('Q6: leaves the identity out of the URL where the station appends it itself', () => {
    const { setup } = findStationModel('EN+', 'AC007');
    expect(setupFields(address, 'demo', 'CP1', setup)).toEqual([
      { field: 'url', value: 'wss://ocpp.example.com/ocpp/demo' },
      { field: 'identity', value: 'CP1' },
    ]);
  });

  it('Q6: has no scheme in any field of a setup page that asks for host and port', () => {
    const fields = setupFields(address, null, 'CP1', findStationModel('Ocular', 'IQ').setup);
    expect(fields.map(({ field }) => field)).toEqual(['host', 'port', 'path', 'tls']);
    for (const { value } of fields) expect(value).not.toMatch(/:\/\//);
  });
});
