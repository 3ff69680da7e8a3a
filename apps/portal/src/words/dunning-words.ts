import type { CaseParts, DunningCasePageQuery } from '../api/documents/dunning.js';
import { formatMoney } from '../ui/format.js';
import type { Word } from './session-words.js';

export type DunningState = CaseParts['state'];
export type DunningLetter = NonNullable<CaseParts['letter']>;
type Entry = NonNullable<DunningCasePageQuery['dunningCase']>['history'][number];

export const DUNNING_STATES: Readonly<Record<DunningState, Word>> = {
  ACTIVE: { text: 'Being asked for', tone: 'warn' },
  PAUSED: { text: 'Paused', tone: 'quiet' },
  COLLECTION: { text: 'All letters are out', tone: 'bad' },
  WRITTEN_OFF: { text: 'Given up', tone: 'quiet' },
  SETTLED: { text: 'Settled', tone: 'good' },
};

export const LETTERS: Readonly<Record<DunningLetter, string>> = {
  REMINDER: 'Reminder',
  FIRST_NOTICE: 'First notice',
  SECOND_NOTICE: 'Second notice',
};

export const DUNNING_ENDS = {
  COLLECTION: 'A person takes it to a collector',
  WRITE_OFF: 'It is given up',
  NONE: 'Nothing',
} as const;

/** A day of a calendar, `2026-03-31`, in words. */
export function dayText(day: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** What follows by itself, and when. */
export function nextText({
  next,
  pausedUntil,
  state,
}: Pick<CaseParts, 'next' | 'pausedUntil' | 'state'>): string {
  if (pausedUntil) return `Goes on by itself on ${dayText(pausedUntil)}`;
  if (next?.letter) return `${LETTERS[next.letter]} on ${dayText(next.on)}`;
  if (next?.end) return `${DUNNING_ENDS[next.end]} on ${dayText(next.on)}`;
  return state === 'SETTLED' ? '' : 'Nothing by itself';
}

const CHANGES: Readonly<Record<Entry['change'], string>> = {
  OPENED: 'It was not paid in time',
  LETTER: 'Letter',
  PAUSED: 'Paused',
  RESUMED: 'Goes on',
  COLLECTION: 'All letters are out',
  WRITTEN_OFF: 'Given up',
  SETTLED: 'Settled',
  PAYMENT: 'A part was paid',
  RECOVERY: 'Some of it came after all',
  CHARGES_PAID: 'Fees and interest were paid',
  CHARGES_WAIVED: 'Fees and interest were waived',
  REOPENED: 'A bank took the payment back',
};
const LETTER_NAMES = Object.values(LETTERS);

/** One entry of a history in words, with its sums. */
export function entryText({ change, level, fee, interest, amount, owed }: Entry): string {
  const what = change === 'LETTER' ? (LETTER_NAMES[level - 1] ?? 'Letter') : CHANGES[change];
  const sums = [
    isSome(amount) ? formatMoney(amount) : '',
    isSome(fee) ? `fee ${formatMoney(fee)}` : '',
    isSome(interest) ? `interest ${formatMoney(interest)}` : '',
    change === 'PAYMENT' ? `${formatMoney(owed)} left` : '',
  ].filter(Boolean);
  return sums.length > 0 ? `${what}: ${sums.join(', ')}` : what;
}

export const isSome = ({ amount }: { readonly amount: string }): boolean => Number(amount) !== 0;
