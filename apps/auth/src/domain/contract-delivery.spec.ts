import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryOrder, nextDelivery, type PooledContract } from './contract-delivery.js';

const contract = (emaid: string): PooledContract => ({ emaid, exiResponse: `exi of ${emaid}` });
const A = contract('NN123ABCDEFGHI');
const B = contract('DE8AA001234567');
const C = contract('NLTNM000122045');
const emaids = (order: readonly PooledContract[]) => order.map(({ emaid }) => emaid);

describe('the contracts a car gets', () => {
  it('are one before OCPP 2.1', () => {
    expect(deliveryOrder([A, B, C], { maxChains: undefined, prioritisedEmaids: [] })).toEqual([A]);
  });

  it('are those it wants first, first, in any spelling (M01.FR.02)', () => {
    const wish = { maxChains: 2, prioritisedEmaids: ['nl-tnm-000122045-u', 'FRXYZ123456789'] };
    expect(emaids(deliveryOrder([A, B, C], wish))).toEqual([C.emaid, A.emaid]);
  });

  it('count down, and each comes once', () => {
    const max = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(max, fc.shuffledSubarray([A, B, C], { minLength: 1 }), (maxChains, pooled) => {
        const order = deliveryOrder(pooled, { maxChains, prioritisedEmaids: [B.emaid] });
        const got: string[] = [];
        for (let given = 0; ; given++) {
          const next = nextDelivery(order, given);
          if (!next) break;
          expect(next.remaining).toBe(order.length - given - 1);
          got.push(next.contract.emaid);
        }
        expect(got).toHaveLength(Math.min(maxChains, pooled.length));
        expect(new Set(got).size).toBe(got.length);
      }),
    );
  });
});
