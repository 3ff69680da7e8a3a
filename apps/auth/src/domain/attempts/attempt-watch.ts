/** From events to the episodes of each rule and key: the whole monitor, without a database. */
import type { AttemptEvent } from './attempt-event.js';
import { addSignals, isNews, NO_HISTORY, type Added, type AttemptHistory } from './attempt-history.js';
import { readingOf } from './attempt-readings.js';
import type { AttemptPolicy, AttemptRule } from './attempt-rules.js';
import type { AttemptSignal } from './attempt-signal.js';
import { signalsOf } from './attempt-signals.js';

export interface RuleKey {
  readonly rule: AttemptRule;
  readonly key: string;
}

export interface Watched extends RuleKey {
  readonly signals: readonly AttemptSignal[];
}

export function nameOf({ rule, key }: RuleKey): string {
  return `${rule}|${key}`;
}

/** The signs of the events that the tenant's rules want, in the order of their names: who locks them locks in one order. */
export function watchedIn(events: readonly AttemptEvent[], policy: AttemptPolicy): Watched[] {
  const found = new Map<string, { rule: AttemptRule; key: string; signals: AttemptSignal[] }>();
  for (const { rule, key, signal } of events.flatMap(signalsOf)) {
    if (policy.disabled.includes(rule)) continue;
    const name = nameOf({ rule, key });
    const held = found.get(name);
    if (held) held.signals.push(signal);
    else found.set(name, { rule, key, signals: [signal] });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, watched]) => watched);
}

export function judged(history: AttemptHistory | undefined, watched: Watched, policy: AttemptPolicy): Added {
  return addSignals(history ?? NO_HISTORY, watched.signals, readingOf(policy, watched.rule));
}

/** False: the rule knows all of it. */
export function hasNews(
  history: AttemptHistory | undefined,
  watched: Watched,
  policy: AttemptPolicy,
): boolean {
  return history === undefined || isNews(history, watched.signals, readingOf(policy, watched.rule));
}
