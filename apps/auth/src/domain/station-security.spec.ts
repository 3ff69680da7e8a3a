import { describe, expect, it } from 'vitest';
import { CertificatePolicies } from './certificate-policy.js';
import { freeSlot, missingPrerequisites, nextProfile, stepAfter } from './security-upgrade.js';
import { mayBecome, nextRenewal, renewalTime } from './station-certificate.js';
import { judgeOffer, type Offered, type Requirement } from './station-offer.js';

const DAY = 86_400_000;
const at = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * DAY);

describe('the renewal of a certificate', () => {
  it.each([
    ['30 days before its end', 365, 0, 335],
    ['spread over five days', 365, 1, 340],
    ['after two thirds of a short life', 60, 0, 40],
    ['never before it is born', 1, 0, 2 / 3],
  ])('C9: is asked for %s', (_what, life, spread, day) => {
    expect(renewalTime(at(0), at(life), spread).getTime()).toBeCloseTo(at(day).getTime(), -3);
  });

  it('is asked for again after 2, 4, 8, ... and at most 24 hours', () => {
    const hours = [1, 2, 3, 4, 5, 50].map(
      (n) => (nextRenewal(n, at(0)).getTime() - at(0).getTime()) / 3_600_000,
    );
    expect(hours).toEqual([2, 4, 8, 16, 24, 24]);
  });
});

describe('the life of a certificate', () => {
  it('has no way back', () => {
    expect(mayBecome('REVOKED', 'INSTALLED')).toBe(false);
    expect(mayBecome('SUPERSEDED', 'INSTALLED')).toBe(false);
    expect(mayBecome('SUPERSEDED', 'REVOKED')).toBe(true);
    expect(mayBecome('ISSUED', 'INSTALLED')).toBe(true);
  });
});

describe('policies of tenants', () => {
  it('are those of the tenant, else those for all, else none that signs', () => {
    const policies = CertificatePolicies.parse(
      '{"a":{"organisation":"A"},"*":{"organisation":"All","issuer":"EST"}}',
    );
    expect([policies.of('a').organisation, policies.of('b').organisation]).toEqual(['A', 'All']);
    expect([policies.of('a').issuer, policies.of('b').issuer]).toEqual(['BUILT_IN', 'EST']);
    expect(CertificatePolicies.parse(undefined).of('a').organisation).toBe('');
  });

  it.each(['nonsense', '[]', '{"a":{"organization":"A"}}', '{"a":{"v2gValidityDays":365}}'])(
    '%s stops the start',
    (json) => {
      expect(() => CertificatePolicies.parse(json)).toThrow(expect.objectContaining({ kind: 'INVALID' }));
    },
  );
});

describe('what a station offers', () => {
  const required = (over: Partial<Requirement> = {}): Requirement => ({
    securityProfile: 1,
    reachedProfile: 0,
    wantedProfile: null,
    protocol: 'ocpp2.0.1',
    allowDowngradeTo2: false,
    ...over,
  });
  const offered = (over: Partial<Offered> = {}): Offered => ({
    profile: 1,
    password: true,
    certificate: undefined,
    vouched: false,
    ...over,
  });
  const certificate = { profile: 3, password: false, certificate: 'ACCEPTED', vouched: true } as const;

  it('A05.FR.09: never comes below the profile it once came with', () => {
    expect(judgeOffer(required({ reachedProfile: 2 }), offered())).toEqual({
      kind: 'refused',
      verdict: 'PROFILE_DOWNGRADE',
    });
    expect(judgeOffer(required({ reachedProfile: 2 }), offered({ profile: 2 }))).toEqual({
      kind: 'password',
      worth: 2,
    });
  });

  it('2.1 A05: goes from 3 to 2 only where the operator allows it, and never in 2.0.1', () => {
    const down = (protocol: string, allowDowngradeTo2: boolean) =>
      judgeOffer(
        required({ securityProfile: 3, reachedProfile: 3, protocol, allowDowngradeTo2 }),
        offered({ profile: 2 }),
      ).kind;
    expect([down('ocpp2.1', true), down('ocpp2.1', false), down('ocpp2.0.1', true)]).toEqual([
      'password',
      'refused',
      'refused',
    ]);
    const to1 = required({
      securityProfile: 3,
      reachedProfile: 3,
      protocol: 'ocpp2.1',
      allowDowngradeTo2: true,
    });
    expect(judgeOffer(to1, offered()).kind).toBe('refused');
  });

  it('an upgrade to 3 takes the certificate, and the password until then', () => {
    const upgrading = required({ securityProfile: 2, reachedProfile: 2, wantedProfile: 3 });
    expect(judgeOffer(upgrading, offered(certificate)).kind).toBe('certificate');
    expect(judgeOffer(upgrading, offered({ profile: 2 })).kind).toBe('password');
    expect(judgeOffer(required({ securityProfile: 2 }), offered({ ...certificate, password: true }))).toEqual(
      {
        kind: 'password',
        worth: 2,
      },
    );
  });

  it('a certificate that nobody vouches for is refused whatever the station must show', () => {
    const bad = offered({ profile: 3, certificate: 'CERTIFICATE_UNTRUSTED' });
    expect(judgeOffer(required(), bad)).toEqual({ kind: 'refused', verdict: 'CERTIFICATE_UNTRUSTED' });
    expect(judgeOffer(required({ securityProfile: 3 }), bad)).toEqual({
      kind: 'refused',
      verdict: 'CERTIFICATE_UNTRUSTED',
    });
  });
});

describe('an upgrade', () => {
  const known = {
    protocol: 'ocpp2.0.1',
    reachedProfile: 1,
    securityProfile: 1,
    toProfile: 3,
    hasPassword: true,
    listener: (profile: number) => `wss://ocpp.example.org/${profile}`,
    csmsRoots: 1,
    canSign: true,
    hasCertificate: false,
  };

  it('goes from 1 to 3 by way of 2, so that the certificate comes over TLS', () => {
    expect([1, 2].map((reachedProfile) => nextProfile({ reachedProfile, toProfile: 3 }))).toEqual([2, 3]);
    expect(nextProfile({ reachedProfile: 1, toProfile: 2 })).toBe(2);
  });

  it('in 2.x tells, prefers, resets and waits; a 1.6 station reconnects by itself unless it says otherwise', () => {
    const walk = (is16: boolean, reboot: boolean, reachedProfile: number) => {
      const plan = { reachedProfile, toProfile: 3, is16 };
      const steps = ['CHECK'];
      while (steps.at(-1) !== 'AWAIT') steps.push(stepAfter(steps.at(-1) as 'CHECK', plan, reboot));
      return steps;
    };
    expect(walk(false, false, 1)).toEqual(['CHECK', 'PROFILE', 'PRIORITY', 'RESET', 'AWAIT']);
    expect(walk(false, false, 2)).toEqual(['CHECK', 'CERTIFICATE', 'PROFILE', 'PRIORITY', 'RESET', 'AWAIT']);
    expect(walk(true, false, 1)).toEqual(['CHECK', 'PROFILE', 'AWAIT']);
    expect(walk(true, true, 1)).toEqual(['CHECK', 'PROFILE', 'RESET', 'AWAIT']);
  });

  it.each([
    ['nothing', {}, []],
    ['a station that never came', { protocol: '' }, ['STATION_SEEN']],
    ['no listener', { listener: () => '' }, ['LISTENER', 'LISTENER']],
    ['no CSMS root', { csmsRoots: 0 }, ['CSMS_ROOT']],
    ['nobody to sign', { canSign: false }, ['AUTHORITY']],
    ['nobody to sign, but a certificate', { canSign: false, hasCertificate: true }, []],
    ['no password', { hasPassword: false }, ['PASSWORD']],
    ['it is there already', { reachedProfile: 3 }, ['ALREADY_THERE']],
  ])('A05: names what is missing: %s', (_what, over, codes) => {
    expect(missingPrerequisites({ ...known, ...over }).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [[1], 2],
    [[0], 1],
    [[1, 2], 2],
    [[2, 1], 1],
    [[], 2],
  ])('of priorities %j takes slot %i', (priority, slot) => {
    expect(freeSlot(priority)).toBe(slot);
  });
});
