import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conclude,
  DAY_MS,
  freshUntil,
  fromHeld,
  type HeldStatus,
  type Outcome,
  type RevocationFailure,
} from './revocation-status.js';

const now = new Date('2026-11-29T12:00:00Z');
const HOUR_MS = 3_600_000;
const after = (hours: number) => new Date(now.getTime() + hours * HOUR_MS);
const held = (over: Partial<HeldStatus> = {}): HeldStatus => ({
  status: 'GOOD',
  revokedAt: undefined,
  revocationReason: undefined,
  thisUpdate: after(-3),
  answeredAt: after(-2),
  freshUntil: after(-1),
  nextUpdate: after(-1),
  response: Uint8Array.of(1),
  ...over,
});
const REFUSE = { softFailHours: 0, withoutResponder: 'REFUSE' } as const;
const failed = (reason: RevocationFailure): Outcome => ({ kind: 'FAILED', reason, detail: 'X' });
const concluded = (
  outcome: Outcome,
  before: HeldStatus | undefined,
  policy: Parameters<typeof conclude>[1],
  at: Date,
  fromStation = false,
) => conclude({ serial: '1', fromStation, outcome, held: before }, policy, at);
const ALL_FAILURES: readonly RevocationFailure[] = [
  'no_responder',
  'responder_not_allowed',
  'responder_timeout',
  'responder_unreachable',
  'responder_busy',
  'responder_refused',
  'response_unusable',
  'too_busy',
];
const PASSING = ['responder_timeout', 'responder_unreachable', 'responder_busy'];

describe('an answer that is held', () => {
  it('P6: counts until it is not fresh any more', () => {
    expect(fromHeld('1', held({ freshUntil: after(1) }), now)).toMatchObject({
      status: 'GOOD',
      source: 'CACHE',
    });
    expect(fromHeld('1', held({ freshUntil: now }), now)).toBeUndefined();
    expect(fromHeld('1', undefined, now)).toBeUndefined();
  });

  it('P6: of a revocation counts for good, but for certificates on hold', () => {
    const revoked = held({ status: 'REVOKED', revokedAt: after(-99), revocationReason: 'KEY_COMPROMISE' });
    expect(fromHeld('1', revoked, now)).toMatchObject({
      status: 'REVOKED',
      reason: 'revoked',
      revokedAt: after(-99),
    });
    const onHold = { ...revoked, revocationReason: 'CERTIFICATE_HOLD' as const };
    expect(fromHeld('1', onHold, now)).toBeUndefined();
    expect(fromHeld('1', { ...onHold, freshUntil: after(1) }, now)).toMatchObject({ status: 'REVOKED' });
  });

  it('of nothing known is asked again each time', () => {
    expect(fromHeld('1', held({ status: 'UNKNOWN', freshUntil: after(1) }), now)).toBeUndefined();
  });

  it('P6: is fresh until nextUpdate, and no longer than a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 60 }), (hours) => {
        const until = freshUntil({ status: 'GOOD', thisUpdate: after(-1), nextUpdate: after(hours) }, now);
        expect(until.getTime()).toBe(now.getTime() + Math.min(hours * HOUR_MS, DAY_MS));
      }),
    );
    expect(freshUntil({ status: 'GOOD', thisUpdate: after(-20), nextUpdate: undefined }, now)).toEqual(
      after(4),
    );
  });
});

describe('what follows', () => {
  it('from an answer is what it says', () => {
    const window = { thisUpdate: now, nextUpdate: after(1) };
    const of = (answer: Extract<Outcome, { kind: 'ANSWER' }>['answer']): Outcome => ({
      kind: 'ANSWER',
      answer,
      source: 'OCSP',
      response: Uint8Array.of(7),
    });
    expect(concluded(of({ status: 'GOOD', ...window }), undefined, REFUSE, now)).toEqual({
      serial: '1',
      status: 'GOOD',
      reason: '',
      detail: '',
      source: 'OCSP',
      revokedAt: undefined,
      revocationReason: undefined,
      nextUpdate: after(1),
      response: Uint8Array.of(7),
    });
    const revoked = { status: 'REVOKED', revokedAt: after(-5), reason: 'SUPERSEDED', ...window } as const;
    expect(concluded(of(revoked), held(), REFUSE, now)).toMatchObject({
      status: 'REVOKED',
      revocationReason: 'SUPERSEDED',
    });
  });

  it('C07.FR.17: from an unknown certificate is never bridged', () => {
    const unknown: Outcome = {
      kind: 'ANSWER',
      answer: { status: 'UNKNOWN', thisUpdate: now, nextUpdate: undefined },
      source: 'OCSP',
      response: undefined,
    };
    const generous = { softFailHours: 72, withoutResponder: 'ACCEPT' } as const;
    expect(concluded(unknown, held(), generous, now)).toMatchObject({
      status: 'UNKNOWN',
      reason: 'ocsp_unknown',
    });
  });

  it.each(ALL_FAILURES)('P7: from %s is UNAVAILABLE by default, whatever was good before', (reason) => {
    expect(concluded(failed(reason), held(), REFUSE, now)).toMatchObject({
      status: 'UNAVAILABLE',
      reason,
    });
  });

  it.each(ALL_FAILURES)('P7: from %s is bridged only when it says nothing of the certificate', (reason) => {
    const policy = { softFailHours: 3, withoutResponder: 'REFUSE' } as const;
    const finding = concluded(failed(reason), held(), policy, now);
    const expected = PASSING.includes(reason)
      ? { status: 'GOOD', reason: 'soft_fail', source: 'POLICY', detail: reason }
      : { status: 'UNAVAILABLE', reason };
    expect(finding).toMatchObject(expected);
  });

  it('P7: is bridged for the hours of the policy after the last good answer, and only after a good one', () => {
    const bridged = (hours: number, before?: HeldStatus) =>
      concluded(failed('responder_timeout'), before, { ...REFUSE, softFailHours: hours }, now).status;
    expect(bridged(3, held({ answeredAt: after(-2.9) }))).toBe('GOOD');
    expect(bridged(3, held({ answeredAt: after(-3) }))).toBe('UNAVAILABLE');
    expect(bridged(72, held({ status: 'UNKNOWN' }))).toBe('UNAVAILABLE');
    expect(bridged(72, held({ status: 'REVOKED', revocationReason: 'CERTIFICATE_HOLD' }))).toBe(
      'UNAVAILABLE',
    );
    expect(bridged(72)).toBe('UNAVAILABLE');
  });

  it('P13: from a certificate that names no responder is what the policy says', () => {
    const accept = { softFailHours: 0, withoutResponder: 'ACCEPT' } as const;
    expect(concluded(failed('no_responder'), undefined, accept, now)).toMatchObject({
      status: 'GOOD',
      reason: 'not_checked',
      source: 'POLICY',
    });
    expect(concluded(failed('responder_not_allowed'), undefined, accept, now)).toMatchObject({
      status: 'UNAVAILABLE',
    });
  });

  it.each(ALL_FAILURES)(
    'P7, P13: from %s is no policy’s exception when a station chose whom to ask',
    (reason) => {
      const generous = { softFailHours: 72, withoutResponder: 'ACCEPT' } as const;
      expect(concluded(failed(reason), held(), generous, now, true)).toMatchObject({
        status: 'UNAVAILABLE',
        reason,
        source: 'NONE',
      });
    },
  );

  it('from an answer older than the one held is nothing, unless it has our nonce in it', () => {
    const good = (hours: number, more: object = {}, source: 'OCSP' | 'CRL' = 'OCSP'): Outcome => ({
      kind: 'ANSWER',
      answer: { status: 'GOOD', thisUpdate: after(hours), nextUpdate: after(9), ...more },
      source,
      response: undefined,
    });
    const status = (outcome: Outcome, before: HeldStatus) => {
      const finding = concluded(outcome, before, { ...REFUSE, softFailHours: 72 }, now);
      return `${finding.status} ${finding.detail}`.trim();
    };
    expect(status(good(-4), held())).toBe('UNAVAILABLE OVERTAKEN');
    expect(status(good(-3), held())).toBe('GOOD');
    expect(status(good(-4, { nonced: true }), held())).toBe('GOOD');
    // A revocation for good is believed however old it is; one that may have been lifted is not.
    const revoked = { status: 'REVOKED', revokedAt: after(-9), reason: 'KEY_COMPROMISE' };
    expect(status(good(-4, revoked), held())).toBe('REVOKED KEY_COMPROMISE');
    expect(status(good(-4, { ...revoked, reason: 'CERTIFICATE_HOLD' }), held())).toBe(
      'UNAVAILABLE OVERTAKEN',
    );
    // Lists come more seldom: an older one agrees with what is held, and lifts nothing.
    const onHold = held({ status: 'REVOKED', revocationReason: 'CERTIFICATE_HOLD' });
    expect(status(good(-4, {}, 'CRL'), held())).toBe('GOOD');
    expect(status(good(-4, {}, 'CRL'), onHold)).toBe('UNAVAILABLE OVERTAKEN');
    expect(status(good(-2, {}, 'CRL'), onHold)).toBe('GOOD');
  });
});
