import { describe, expect, it } from 'vitest';
import { optionsText, wantedOptions } from './options.js';

describe('options of a station on the command line', () => {
  it('are named one by one; an empty value is the default', () => {
    expect(wantedOptions(['costs=on', 'tag=A=B', 'subprotocols=ocpp1.6,ocpp2.0.1'])).toEqual({
      costDisplay: 'ON',
      remoteStartTag: 'A=B',
      subprotocols: ['ocpp1.6', 'ocpp2.0.1'],
    });
    expect(wantedOptions(['costs=', 'tag=', 'subprotocols='])).toEqual({
      costDisplay: null,
      remoteStartTag: null,
      subprotocols: [],
    });
    expect(wantedOptions([])).toEqual({});
  });

  it.each(['colour=red', 'costs', '=x'])('%s is none', (assignment) => {
    expect(() => wantedOptions([assignment])).toThrow(/is no option/);
  });

  it('are shown with what they come to', () => {
    const options = {
      costDisplay: 'AUTO',
      showsCosts: true,
      costCurrency: 'EUR',
      remoteStartTag: null,
      subprotocols: ['ocpp1.6', 'ocpp2.1'],
    };
    expect(optionsText(options).split('\n')).toEqual([
      'costs         auto (shown in EUR)',
      'tag           -',
      'subprotocols  ocpp1.6, ocpp2.1',
    ]);
    expect(optionsText({ ...options, showsCosts: false, remoteStartTag: 'T1', subprotocols: [] })).toMatch(
      /not shown[^]*T1[^]*-$/,
    );
  });
});
