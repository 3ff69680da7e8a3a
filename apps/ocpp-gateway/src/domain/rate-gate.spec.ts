import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateGate } from './rate-gate.js';

describe('RateGate', () => {
  it('lets a burst of one second through and refuses the next', () => {
    const gate = new RateGate(3);
    expect([1, 2, 3, 4].map(() => gate.tryPass(1000))).toEqual([true, true, true, false]);
    expect(gate.tryPass(1334)).toBe(true);
    expect(gate.tryPass(1335)).toBe(false);
  });

  it('never passes more than the rate plus one burst, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: -50, max: 200 }), { maxLength: 300 }),
        (perSecond, steps) => {
          const gate = new RateGate(perSecond);
          let now = 0;
          let forward = 0;
          let passed = 0;
          for (const step of steps) {
            now += step;
            forward += Math.max(0, step);
            if (gate.tryPass(now)) passed++;
          }
          expect(passed).toBeLessThanOrEqual(perSecond + (forward * perSecond) / 1000);
        },
      ),
    );
  });
});
