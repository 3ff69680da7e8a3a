import { describe, expect, it } from 'vitest';
import { Configuration } from './configuration.js';

const answer = (settings: Record<string, string | undefined>) =>
  new Configuration({
    configurationKey: Object.entries(settings).map(([key, value]) => ({
      key,
      readonly: false,
      ...(value === undefined ? {} : { value }),
    })),
  });

describe('a GetConfiguration answer', () => {
  it('Q15: finds a key in whatever case it is written', () => {
    const configuration = answer({ heartbeatinterval: '300', METERVALUESAMPLEINTERVAL: '60' });
    expect(configuration.setting('HeartbeatInterval')).toMatchObject({
      key: 'heartbeatinterval',
      value: '300',
    });
    expect(configuration.setting('MeterValueSampleInterval')?.value).toBe('60');
    expect(configuration.setting('Unheard')).toBeNull();
  });

  it('Q15: reads lists with spaces and empty members', () => {
    const configuration = answer({
      MeterValuesSampledData: ' Voltage , Current.Import,,Power.Active.Import ',
    });
    expect(configuration.list('metervaluessampleddata')).toEqual([
      'Voltage',
      'Current.Import',
      'Power.Active.Import',
    ]);
  });

  it.each([
    [undefined, ['Core']],
    ['', ['Core']],
    ['core, smartcharging, remotetrigger', ['Core', 'RemoteTrigger', 'SmartCharging']],
    ['SmartCharging', ['Core', 'SmartCharging']],
    ['Core,Invented', ['Core']],
  ])('Q15: takes the feature profiles %j for %j', (value, profiles) => {
    expect(answer({ SupportedFeatureProfiles: value }).featureProfiles()).toEqual(profiles);
  });

  it.each([
    ['2', 2],
    [' 3 ', 3],
    ['0', null],
    ['two', null],
    [undefined, null],
  ])('Q15: NumberOfConnectors %j is %j', (value, connectors) => {
    expect(answer({ NumberOfConnectors: value }).numberOfConnectors()).toBe(connectors);
  });

  it('Q15: does not need the key at all, nor any', () => {
    const nothing = new Configuration({});
    expect([nothing.all, nothing.featureProfiles(), nothing.numberOfConnectors()]).toEqual([
      [],
      ['Core'],
      null,
    ]);
  });
});
