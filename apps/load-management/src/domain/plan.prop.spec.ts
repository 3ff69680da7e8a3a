import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSite, SMALLEST_DA, type Claim } from './plan.js';

const claim = fc.record({
  startedAt: fc.date({ min: new Date(0), max: new Date(1e12), noInvalidDate: true }),
  capDa: fc.integer({ min: 0, max: 5_000 }),
  charging: fc.boolean(),
  uncontrolledDa: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined, freq: 4 }),
});
const claimsOf = (arbitrary: fc.Arbitrary<Omit<Claim, 'sessionId'>>) =>
  fc
    .array(arbitrary, { maxLength: 30 })
    .map((items): Claim[] => items.map((item, index) => ({ ...item, sessionId: `s${index}` })));
const anyClaims = claimsOf(claim);
const controlled = claimsOf(claim.map((item) => ({ ...item, uncontrolledDa: undefined })));
const siteLimit = fc.integer({ min: 0, max: 20_000 });
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('a plan, whatever the sessions', () => {
  it('never gives out more than the limit, all sessions together', () => {
    fc.assert(
      fc.property(siteLimit, controlled, (limit, claims) => {
        expect(sum(planSite(limit, claims).values())).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves room for all that uncontrolled sessions may draw', () => {
    fc.assert(
      fc.property(siteLimit, anyClaims, (limit, claims) => {
        const plan = planSite(limit, claims);
        const taken = sum(claims.map((each) => each.uncontrolledDa ?? 0));
        const given = sum(
          claims.filter((each) => each.uncontrolledDa === undefined).map((each) => plan.get(each.sessionId)!),
        );
        expect(given).toBeLessThanOrEqual(Math.max(0, limit - taken));
        expect(sum(plan.values())).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives each controlled session nothing or at least 6 A, in whole deciamperes, and no more than its connector allows', () => {
    fc.assert(
      fc.property(siteLimit, anyClaims, (limit, claims) => {
        const plan = planSite(limit, claims);
        expect(plan.size).toBe(claims.length);
        for (const each of claims) {
          const given = plan.get(each.sessionId)!;
          expect(Number.isInteger(given)).toBe(true);
          if (each.uncontrolledDa !== undefined) continue;
          expect(given).toBeLessThanOrEqual(each.capDa);
          expect(given === 0 || given >= SMALLEST_DA).toBe(true);
        }
      }),
    );
  });

  it('is fair: of two charging sessions that are not paused, one gets less only because its connector allows no more', () => {
    fc.assert(
      fc.property(siteLimit, controlled, (limit, claims) => {
        const plan = planSite(limit, claims);
        const running = claims.filter((each) => each.charging && plan.get(each.sessionId)! > 0);
        const most = Math.max(0, ...running.map((each) => plan.get(each.sessionId)!));
        for (const each of running) expect(plan.get(each.sessionId)).toBe(Math.min(each.capDa, most));
      }),
    );
  });

  it('wastes less than a deciampere per session while somebody could take more', () => {
    fc.assert(
      fc.property(siteLimit, controlled, (limit, claims) => {
        const plan = planSite(limit, claims);
        const hungry = claims.filter(
          (each) => each.charging && plan.get(each.sessionId)! > 0 && plan.get(each.sessionId)! < each.capDa,
        );
        if (hungry.length > 0) expect(limit - sum(plan.values())).toBeLessThan(hungry.length);
      }),
    );
  });

  it('pauses no session while one that began later is not paused', () => {
    fc.assert(
      fc.property(siteLimit, controlled, (limit, claims) => {
        const plan = planSite(limit, claims);
        const able = claims.filter((each) => each.capDa >= SMALLEST_DA);
        const paused = able
          .filter((each) => plan.get(each.sessionId) === 0)
          .map((each) => each.startedAt.getTime());
        const running = able
          .filter((each) => plan.get(each.sessionId)! > 0)
          .map((each) => each.startedAt.getTime());
        if (paused.length > 0 && running.length > 0)
          expect(Math.max(...running)).toBeLessThanOrEqual(Math.min(...paused));
      }),
    );
  });

  it('grows with the limit: neither the sum nor the number of running sessions falls when the limit rises', () => {
    fc.assert(
      fc.property(siteLimit, fc.nat({ max: 500 }), controlled, (limit, more, claims) => {
        const less = [...planSite(limit, claims).values()];
        const greater = [...planSite(limit + more, claims).values()];
        expect(sum(greater)).toBeGreaterThanOrEqual(sum(less));
        expect(greater.filter((given) => given > 0).length).toBeGreaterThanOrEqual(
          less.filter((given) => given > 0).length,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives nobody more because somebody joined last', () => {
    fc.assert(
      fc.property(siteLimit, controlled, claim, (limit, claims, joining) => {
        const before = planSite(limit, claims);
        const last = { ...joining, uncontrolledDa: undefined, sessionId: 'zz', startedAt: new Date(2e12) };
        const after = planSite(limit, [...claims, last]);
        for (const [sessionId, given] of before) expect(after.get(sessionId)).toBeLessThanOrEqual(given);
      }),
    );
  });

  it('does not depend on the order in which the sessions are named', () => {
    fc.assert(
      fc.property(siteLimit, anyClaims, (limit, claims) => {
        expect(planSite(limit, [...claims].reverse())).toEqual(new Map([...planSite(limit, claims)]));
      }),
    );
  });
});
