import { describe, expect, it } from 'vitest';
import { changedOptions, type StationOptions, type WantedOptions } from './station-options.js';

const held: StationOptions = {
  costWish: 'ON',
  remoteStartTag: 'TAG',
  subprotocols: ['ocpp1.6'],
  pinged: false,
};

describe('options of a station', () => {
  it('stay as they are when they are not named, and go back to the default with null', () => {
    expect(changedOptions(held, {})).toEqual(held);
    const unset = { costDisplay: null, remoteStartTag: null, subprotocols: null, pinged: null };
    expect(changedOptions(held, unset)).toEqual({
      costWish: 'AUTO',
      remoteStartTag: '',
      subprotocols: [],
      pinged: null,
    });
  });

  it('name each subprotocol once, in any case', () => {
    const subprotocols = [' OCPP2.0.1', 'ocpp1.6', 'ocpp2.0.1'];
    expect(changedOptions(held, { subprotocols }).subprotocols).toEqual(['ocpp2.0.1', 'ocpp1.6']);
  });

  it.each<[string, WantedOptions]>([
    ['SESSIONS_COST_DISPLAY', { costDisplay: 'MAYBE' }],
    ['SESSIONS_REMOTE_START_TAG', { remoteStartTag: 'x'.repeat(21) }],
    ['SESSIONS_REMOTE_START_TAG', { remoteStartTag: 'with space' }],
    ['SESSIONS_SUBPROTOCOLS', { subprotocols: ['ocpp1.5'] }],
  ])('are refused with %s when they cannot be meant', (code, wanted) => {
    expect(() => changedOptions(held, wanted)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
