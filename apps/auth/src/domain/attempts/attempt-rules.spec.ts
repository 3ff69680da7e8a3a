import { describe, expect, it } from 'vitest';
import {
  ATTEMPT_RULES,
  changedPolicy,
  DEFAULT_POLICY,
  RULE_SETTINGS,
  thresholdsOf,
  type Setting,
} from './attempt-rules.js';

const set = (rule: (typeof ATTEMPT_RULES)[number], name: string, value: number) =>
  changedPolicy(DEFAULT_POLICY, { rules: [{ rule, settings: [{ name, value }] }] });

describe('the thresholds of a tenant', () => {
  it('have defaults within their own bounds, with a quiet time no shorter than the window', () => {
    for (const rule of ATTEMPT_RULES)
      for (const setting of Object.values<Setting>(RULE_SETTINGS[rule])) {
        expect(setting.default).toBeGreaterThanOrEqual(setting.minimum);
        expect(setting.default).toBeLessThanOrEqual(setting.maximum);
      }
    expect(changedPolicy(DEFAULT_POLICY, {})).toEqual(DEFAULT_POLICY);
  });

  it('change what is named and leave the rest', () => {
    const once = set('TOKEN_GUESSING', 'distinctTokens', 8);
    const twice = changedPolicy(once, {
      rules: [{ rule: 'TOKEN_GUESSING', enabled: false }],
      refusalDelayMs: 500,
    });
    expect(thresholdsOf(twice, 'TOKEN_GUESSING')).toMatchObject({ distinctTokens: 8, rejections: 20 });
    expect(twice).toMatchObject({ disabled: ['TOKEN_GUESSING'], refusalDelayMs: 500, blockClones: false });
    expect(changedPolicy(twice, { rules: [{ rule: 'TOKEN_GUESSING', enabled: true }] }).disabled).toEqual([]);
  });

  it.each([
    ['below its bound', 'TOKEN_GUESSING', 'distinctTokens', 1],
    ['above its bound', 'TOKEN_GUESSING', 'distinctTokens', 1_001],
    ['no whole number', 'TOKEN_GUESSING', 'distinctTokens', 2.5],
    ['of a setting that the rule does not have', 'TOKEN_GUESSING', 'constructor', 5],
    ['a quiet time shorter than the window', 'TOKEN_GUESSING', 'quietSeconds', 600],
  ] as const)('refuse a value %s', (_what, rule, name, value) => {
    expect(() => set(rule, name, value)).toThrow(expect.objectContaining({ kind: 'INVALID' }) as Error);
  });

  it.each([-1, 2_001, 0.5])('refuse a delay of %d ms', (refusalDelayMs) => {
    expect(() => changedPolicy(DEFAULT_POLICY, { refusalDelayMs })).toThrow(/between 0 and 2000/);
  });
});
