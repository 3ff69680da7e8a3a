import { describe, expect, it } from 'vitest';
import { chooseSubprotocol } from './subprotocol.js';
import { versionOfSubprotocol } from './version.js';

describe('chooseSubprotocol', () => {
  it.each([
    ['ocpp1.6', '1.6'],
    ['ocpp2.0.1,ocpp1.6', '2.0.1'],
    ['ocpp1.6, ocpp2.0.1', '2.0.1'],
    ['ocpp2.1, ocpp2.0.1', '2.0.1'],
    ['ocpp2.1', '2.1'],
    ['xmpp, ocpp1.6', '1.6'],
  ])('Q2: picks by our preference from "%s"', (header, version) => {
    expect(chooseSubprotocol(header)).toMatchObject({ ok: true, version });
  });

  it('Q2: follows the preference of the station', () => {
    const choice = chooseSubprotocol('ocpp2.0.1, ocpp1.6', { versions: ['1.6', '2.0.1'] });
    expect(choice).toMatchObject({ ok: true, version: '1.6' });
  });

  it('echoes the word as it was offered', () => {
    expect(chooseSubprotocol('OCPP1.6')).toMatchObject({ ok: true, subprotocol: 'OCPP1.6' });
  });

  it.each([
    ['ocpprpc', 'ocpp2.0.1,ocpp1.6', 'ocpp2.0.1'],
    ['libocpp', 'ocpp2.1, ocpp2.0.1', 'ocpp2.0.1'],
  ])('wire: subprotocol lists: that of %s is read with and without spaces', (_who, header, subprotocol) => {
    expect(chooseSubprotocol(header)).toMatchObject({ ok: true, subprotocol, deviations: [] });
  });

  it('reads repeated headers', () => {
    expect(chooseSubprotocol(['soap', 'ocpp1.6'])).toMatchObject({ ok: true, version: '1.6' });
  });

  it.each([undefined, '', ' , '])('Q1: refuses a charger that names none (%j)', (header) => {
    expect(chooseSubprotocol(header)).toEqual({ ok: false, reason: 'missing', offered: [] });
  });

  it('Q1: takes a charger that names none when its station was opted in', () => {
    const choice = chooseSubprotocol(undefined, { versions: ['1.6'], whenMissing: '1.6' });
    expect(choice).toMatchObject({ ok: true, version: '1.6', subprotocol: null });
    expect(choice.ok && choice.deviations[0]?.kind).toBe('subprotocol_missing');
  });

  it('refuses versions it does not speak and tells which were offered', () => {
    const choice = chooseSubprotocol('ocpp1.5, ocpp2.0');
    expect(choice).toEqual({ ok: false, reason: 'unsupported', offered: ['ocpp1.5', 'ocpp2.0'] });
  });
});

describe('versionOfSubprotocol', () => {
  it.each([
    ['ocpp1.6', '1.6'],
    ['ocpp2.0.1', '2.0.1'],
    ['ocpp2.1', '2.1'],
    ['ocpp1.5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %j is %j', (subprotocol, version) => {
    expect(versionOfSubprotocol(subprotocol)).toBe(version);
  });
});
