import { describe, expect, it } from 'vitest';
import { limitsForNobody, operationLimits, refusal } from './limits.js';
import type { OperationSize } from './operation-size.js';

const limits = operationLimits(8, 5_000);

describe('refusal', () => {
  it('lets an operation through that is exactly as big as allowed', () => {
    expect(refusal(limits, limits)).toBeUndefined();
  });

  it.each<[keyof OperationSize, string]>([
    ['depth', 'QUERY_TOO_DEEP'],
    ['aliases', 'QUERY_TOO_MANY_ALIASES'],
    ['directives', 'QUERY_TOO_MANY_DIRECTIVES'],
    ['cost', 'QUERY_TOO_EXPENSIVE'],
    ['credentialFields', 'QUERY_TOO_MANY_SIGN_INS'],
    ['changes', 'QUERY_TOO_MANY_CHANGES'],
  ])('names the limit of %s', (measure, code) => {
    const refused = refusal({ ...limits, [measure]: limits[measure] + 1 }, limits);
    expect(refused).toMatchObject({ kind: 'INVALID', code });
    expect(refused?.publicText).toContain(`${limits[measure] + 1}, at most ${limits[measure]}`);
  });

  it('lets who has not signed in change one thing at a time', () => {
    expect(limitsForNobody(limits)).toEqual({ ...limits, changes: 1 });
  });

  it('refuses a cost beyond all numbers', () => {
    expect(refusal({ ...limits, cost: Number.POSITIVE_INFINITY }, limits)?.code).toBe('QUERY_TOO_EXPENSIVE');
  });
});
