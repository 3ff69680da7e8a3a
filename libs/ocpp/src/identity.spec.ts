import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityKey, stationFromPath } from './identity.js';

describe('stationFromPath', () => {
  it.each([
    ['/ocpp/CP1', 'CP1', null, []],
    ['/ocpp/CP%201', 'CP 1', null, []],
    ['/ocpp/demo/CP1', 'CP1', 'demo', []],
    ['/ocpp/CP1?token=x', 'CP1', null, []],
    ['/ocpp/CP1/CP1', 'CP1', null, ['identity_repeated']],
    ['/ocpp/cp1/CP1', 'CP1', null, ['identity_repeated']],
    ['/ocpp/demo/CP1/CP1', 'CP1', 'demo', ['identity_repeated']],
    ['/ocpp/evb-P1632:EU.7_a', 'evb-P1632:EU.7_a', null, []],
    ['/ocpp/%20CP1%20', 'CP1', null, []],
  ])('Q4: reads %s', (path, identity, tenant, deviations) => {
    const station = stationFromPath(path);
    expect(station).toMatchObject({ ok: true, identity, tenant });
    expect(station.ok && station.deviations.map((deviation) => deviation.kind)).toEqual(deviations);
  });

  it.each([
    ['/ocpp/CP1/', ['trailing_slash']],
    ['/ocpp//CP1', []],
    ['/ocpp//CP1//', ['trailing_slash']],
  ])('Q5: does not mind the slashes of %s', (path, deviations) => {
    const station = stationFromPath(path);
    expect(station).toMatchObject({ ok: true, identity: 'CP1', tenant: null });
    expect(station.ok && station.deviations.map((deviation) => deviation.kind)).toEqual(deviations);
  });

  it.each(['/CP1', '/', '/steve/websocket/CentralSystemService/CP1', '/https://host/ocpp/CP1'])(
    'Q5: tells the wrong path %s from an unknown station',
    (path) => {
      expect(stationFromPath(path)).toEqual({ ok: false, reason: 'wrong_prefix' });
    },
  );

  it('wire: identity in the path: percent-encoded where needed, and a slash in it makes two segments', () => {
    expect(stationFromPath('/ocpp/CP%201')).toMatchObject({ ok: true, identity: 'CP 1' });
    expect(stationFromPath('/ocpp/site/CP1')).toMatchObject({ ok: true, tenant: 'site', identity: 'CP1' });
    expect(stationFromPath('/ocpp/Site A/CP1')).toEqual({ ok: false, reason: 'bad_tenant' });
  });

  it.each([
    ['/ocpp', 'no_identity'],
    ['/ocpp/', 'no_identity'],
    ['/ocpp/%20', 'no_identity'],
    ['/ocpp/CP%zz', 'bad_encoding'],
    ['/ocpp/CP%2F1', 'bad_identity'],
    ['/ocpp/..', 'bad_identity'],
    ['/ocpp/%2e%2e', 'bad_identity'],
    ['/ocpp/CP%00', 'bad_identity'],
    ['/ocpp/<script>', 'bad_identity'],
    ['/ocpp/' + 'x'.repeat(65), 'bad_identity'],
    ['/ocpp/Demo/CP1', 'bad_tenant'],
    ['/ocpp/a/b/c', 'too_many_segments'],
  ])('Q4: refuses %s', (path, reason) => {
    expect(stationFromPath(path)).toEqual({ ok: false, reason });
  });

  it('decodes once only', () => {
    expect(stationFromPath('/ocpp/CP%2541')).toEqual({ ok: false, reason: 'bad_identity' });
  });

  it('never throws and never gives an identity with a slash or a control character', () => {
    fc.assert(
      fc.property(fc.string(), (tail) => {
        const station = stationFromPath(`/ocpp/${tail}`);
        if (station.ok) expect(station.identity).toMatch(/^[\x20-\x2e\x30-\x7e]+$/);
      }),
    );
  });

  it('Q4: compares identities without regard to case', () => {
    expect(identityKey('EVB-p1')).toBe(identityKey('evb-P1'));
  });
});
