import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CostBudget } from './cost-budget.js';

const budget = (over: Partial<ConstructorParameters<typeof CostBudget>[0]> = {}) =>
  new CostBudget({ perMinute: 600, capacity: 100, ...over });

describe('the budget of a client', () => {
  it('is a minute’s worth at once, and comes back evenly', () => {
    const of = budget();
    expect(of.spend('a', 600, 0)).toBeUndefined();
    expect(of.spend('a', 100, 0)).toBe(10);
    expect(of.spend('a', 100, 9_000)).toBe(1);
    expect(of.spend('a', 100, 10_000)).toBeUndefined();
    expect(of.spend('a', 1, 10_000)).toBe(1);
  });

  it('is its own: others go on', () => {
    const of = budget();
    of.spend('a', 600, 0);
    expect(of.spend('b', 600, 0)).toBeUndefined();
  });

  it('takes nothing for what it refuses', () => {
    const of = budget();
    of.spend('a', 500, 0);
    for (let i = 0; i < 10; i += 1) expect(of.spend('a', 200, 0)).toBe(10);
    expect(of.spend('a', 100, 0)).toBeUndefined();
  });

  it('lets the dearest operation through when all of it is in hand', () => {
    const of = budget();
    expect(of.spend('a', 5_000, 0)).toBeUndefined();
    expect(of.spend('a', 5_000, 30_000)).toBe(30);
    expect(of.spend('a', 5_000, 60_000)).toBeUndefined();
  });

  it('is not more for a clock that went back', () => {
    const of = budget();
    of.spend('a', 600, 60_000);
    expect(of.spend('a', 1, 0)).toBe(1);
  });

  it('remembers no more clients than it may', () => {
    const of = budget({ capacity: 2 });
    for (const client of ['a', 'b', 'c']) of.spend(client, 600, 0);
    expect([of.spend('c', 600, 0), of.spend('a', 600, 0)]).toEqual([60, undefined]);
  });

  it('is never exceeded, whatever comes when', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wait: fc.nat(20_000), cost: fc.integer({ min: 1, max: 600 }) }), {
          maxLength: 60,
        }),
        (asked) => {
          const of = budget();
          let now = 0;
          const spent: { at: number; cost: number }[] = [];
          for (const { wait, cost } of asked) {
            now += wait;
            if (of.spend('a', cost, now) === undefined) spent.push({ at: now, cost });
            const lately = spent.filter(({ at }) => at > now - 60_000);
            expect(lately.reduce((sum, one) => sum + one.cost, 0)).toBeLessThanOrEqual(2 * 600);
          }
        },
      ),
    );
  });
});
