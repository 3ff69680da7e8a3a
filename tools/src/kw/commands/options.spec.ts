import { describe, expect, it } from 'vitest';
import { optionsText, wantedOptions } from './options.js';

describe('options of a station on the command line', () => {
  it('are named one by one; an empty value is the default', () => {
    expect(wantedOptions(['costs=on', 'tag=A=B', 'subprotocols=ocpp1.6,ocpp2.0.1', 'pings=off'])).toEqual({
      costDisplay: 'ON',
      remoteStartTag: 'A=B',
      subprotocols: ['ocpp1.6', 'ocpp2.0.1'],
      pinged: false,
    });
    expect(wantedOptions(['costs=', 'tag=', 'subprotocols=', 'pings='])).toEqual({
      costDisplay: null,
      remoteStartTag: null,
      subprotocols: [],
      pinged: null,
    });
    expect(wantedOptions([])).toEqual({});
  });

  it.each(['colour=red', 'costs', '=x', 'pings=maybe'])('%s is none', (assignment) => {
    expect(() => wantedOptions([assignment])).toThrow(/is no option/);
  });

  it('are shown with what they come to', () => {
    const options = {
      costDisplay: 'AUTO',
      showsCosts: true,
      costCurrency: 'EUR',
      remoteStartTag: null,
      subprotocols: ['ocpp1.6', 'ocpp2.1'],
      pinged: false,
    };
    expect(optionsText(options).split('\n')).toEqual([
      'costs         auto (shown in EUR)',
      'tag           -',
      'subprotocols  ocpp1.6, ocpp2.1',
      'pings         off',
    ]);
    expect(optionsText({ ...options, showsCosts: false, remoteStartTag: 'T1', pinged: null })).toMatch(
      /not shown[^]*T1[^]*-$/,
    );
  });
});
