import { describe, expect, it } from 'vitest';
import { checkedChoices, DEFAULT_POLICY, policyOf } from './authorization-policy.js';

describe('the policy of a location', () => {
  it('is the defaults, then what the company chose, then what is chosen for the location', () => {
    expect(policyOf({})).toEqual(DEFAULT_POLICY);
    const company = { cacheHours: 4, autocharge: true };
    expect(policyOf(company, { autocharge: false })).toMatchObject({ cacheHours: 4, autocharge: false });
  });

  it('lets nobody charge whom nobody knows until it is switched on', () => {
    const { startButton, freeVend, localTokens, autocharge } = DEFAULT_POLICY;
    expect([startButton, freeVend, localTokens, autocharge]).toEqual([false, false, 'CHECK', false]);
  });

  it('forgets a choice that is taken back', () => {
    expect(checkedChoices({ freeVend: undefined, cacheHours: 3 }, true)).toEqual({ cacheHours: 3 });
  });

  it.each([
    ['hours that are no whole number', { cacheHours: 1.5 }, false],
    ['more hours than a month has', { contractCacheHours: 721 }, false],
    ['a master pass for a location', { masterPassGroupId: 'm' }, true],
    ['a group id with a space', { masterPassGroupId: 'a b' }, false],
  ])('refuses %s', (_name, choices, ofLocation) => {
    expect(() => checkedChoices(choices, ofLocation)).toThrow();
  });

  it('takes the master pass of the company away with an empty id', () => {
    expect(policyOf(checkedChoices({ masterPassGroupId: ' ' }, false)).masterPassGroupId).toBe('');
  });
});
