import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainPlan } from './drain-plan.js';

describe('drainPlan', () => {
  it('spreads the sockets evenly and lets the busy ones go last', () => {
    const sockets = [{ busy: true }, { busy: false }, { busy: false }, { busy: true }];
    const plan = drainPlan(sockets, 1000, () => 0.5);
    expect(plan.map(({ atMs }) => atMs)).toEqual([0, 250, 500, 750]);
    expect(plan.map(({ connection }) => connection.busy)).toEqual([false, false, true, true]);
  });

  it('names every socket once and never exceeds the drain time', () => {
    const sockets = fc.array(fc.record({ busy: fc.boolean() }), { maxLength: 50 });
    fc.assert(
      fc.property(sockets, fc.integer({ min: 0, max: 60_000 }), fc.integer(), (list, drainMs, seed) => {
        let state = seed >>> 0;
        const random = () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
        const plan = drainPlan(list, drainMs, random);
        expect(new Set(plan.map(({ connection }) => connection)).size).toBe(list.length);
        for (const { atMs } of plan) expect(atMs).toBeLessThanOrEqual(drainMs);
      }),
    );
  });
});
