import { expect, it } from 'vitest';
import type { AttemptRulesParts } from '../api/documents/incidents.js';
import { changedRules, fieldName, rangeText, settingText } from './attempt-rule-words.js';

const setting = (name: string, value: number, unit: string) => ({
  name,
  value,
  default: 5,
  minimum: 2,
  maximum: 1000,
  unit,
});
const held: AttemptRulesParts = {
  blockClones: false,
  refusalDelayMs: 0,
  rules: [
    {
      rule: 'TOKEN_GUESSING',
      enabled: true,
      settings: [setting('distinctTokens', 5, 'tokens'), setting('windowSeconds', 600, 'seconds')],
    },
    { rule: 'IMPOSSIBLE_TRAVEL', enabled: false, settings: [setting('kilometresPerHour', 150, 'km/h')] },
  ],
};
const form = (over: Record<string, string | null> = {}) => {
  const data = new FormData();
  const usual = {
    refusalDelayMs: '0',
    'TOKEN_GUESSING.enabled': 'on',
    'TOKEN_GUESSING.distinctTokens': '5',
    'TOKEN_GUESSING.windowSeconds': '600',
    'IMPOSSIBLE_TRAVEL.kilometresPerHour': '150',
  };
  for (const [name, value] of Object.entries({ ...usual, ...over }))
    if (value !== null) data.set(name, value);
  return data;
};

it('says settings in words, with their unit once', () => {
  expect(settingText({ name: 'distinctTokens', unit: 'tokens' })).toBe('Distinct tokens');
  expect(settingText({ name: 'kilometresPerHour', unit: 'km/h' })).toBe('Kilometres per hour, km/h');
  expect(settingText({ name: 'windowSeconds', unit: 'seconds' })).toBe('Within, seconds');
  expect(rangeText(setting('x', 5, ''))).toBe('2 to 1000, usually 5');
  expect(fieldName('TOKEN_GUESSING', 'x')).toBe('TOKEN_GUESSING.x');
});

it('sends only what was changed', () => {
  expect(changedRules(held, form())).toBeNull();
  expect(changedRules(held, form({ 'TOKEN_GUESSING.distinctTokens': '8' }))).toEqual({
    blockClones: false,
    refusalDelayMs: 0,
    rules: [{ rule: 'TOKEN_GUESSING', settings: [{ name: 'distinctTokens', value: 8 }] }],
  });
  expect(
    changedRules(held, form({ 'TOKEN_GUESSING.enabled': null, 'IMPOSSIBLE_TRAVEL.enabled': 'on' }))?.rules,
  ).toEqual([
    { rule: 'TOKEN_GUESSING', enabled: false, settings: [] },
    { rule: 'IMPOSSIBLE_TRAVEL', enabled: true, settings: [] },
  ]);
  expect(changedRules(held, form({ blockClones: 'on', refusalDelayMs: '500' }))).toEqual({
    rules: [],
    blockClones: true,
    refusalDelayMs: 500,
  });
});

it('leaves a field that was emptied as it was', () => {
  expect(changedRules(held, form({ 'TOKEN_GUESSING.distinctTokens': '' }))).toBeNull();
});
