import type { AttemptRulesParts } from '../api/documents/incidents.js';
import type { SetAttemptRulesInput } from '../api/documents/inputs.js';
import { sentenceCase } from './session-words.js';

type Rule = AttemptRulesParts['rules'][number];
type Setting = Rule['settings'][number];

/** `windowSeconds`: `Within`; `quietSeconds`: `Closes after`; others as they are called. */
export function settingText({ name, unit }: Pick<Setting, 'name' | 'unit'>): string {
  if (name === 'windowSeconds') return 'Within, seconds';
  if (name === 'rejectionWindowSeconds') return 'Refusals within, seconds';
  if (name === 'quietSeconds') return 'Closes after so many quiet seconds';
  const words = sentenceCase(name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  return words.toLowerCase().endsWith(unit.toLowerCase()) ? words : `${words}, ${unit}`;
}

export function rangeText({ minimum, maximum, default: usual }: Setting): string {
  return `${minimum} to ${maximum}, usually ${usual}`;
}

/** The name of a field of the form; names of rules and settings have no dots. */
export function fieldName(rule: Rule['rule'], setting: string): string {
  return `${rule}.${setting}`;
}

/** What a form says otherwise than what holds. Null: nothing. Values that are no whole numbers are the server's to refuse. */
export function changedRules(
  held: AttemptRulesParts,
  form: FormData,
): Omit<SetAttemptRulesInput, 'reason'> | null {
  const number = (name: string, otherwise: number) => {
    const value = form.get(name);
    return typeof value === 'string' && value.trim() !== '' ? Number(value) : otherwise;
  };
  const rules = held.rules.flatMap(({ rule, enabled, settings }) => {
    const wanted = form.get(fieldName(rule, 'enabled')) !== null;
    const changed = settings.flatMap(({ name, value }) => {
      const typed = number(fieldName(rule, name), value);
      return typed === value ? [] : { name, value: typed };
    });
    if (wanted === enabled && changed.length === 0) return [];
    return { rule, ...(wanted === enabled ? {} : { enabled: wanted }), settings: changed };
  });
  const blockClones = form.get('blockClones') !== null;
  const refusalDelayMs = number('refusalDelayMs', held.refusalDelayMs);
  if (rules.length === 0 && blockClones === held.blockClones && refusalDelayMs === held.refusalDelayMs)
    return null;
  return { rules, blockClones, refusalDelayMs };
}
