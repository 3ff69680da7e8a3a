/**
 * The case of an overdue invoice (design, billing.md section 3): letters on days of the tenant's calendar, until it is paid, taken back
 * or given up. A dispute or a payment under way holds the next letter; a pause stops the days from counting.
 */
import { type Decimal, ZERO, roundMoney, stateMachine } from '@kilowatch/kernel';
import {
  DUNNING_LETTERS,
  type DunningEnd,
  type DunningLetter,
  type DunningSettings,
} from './dunning-settings.js';
import { addDays, dateOf, daysBetween, instantOfDate, type LocalDate } from './local-date.js';

/** COLLECTION: all letters are out, a person takes it on. WRITTEN_OFF: given up; what comes after all is a recovery. SETTLED: over. */
export type DunningState = 'ACTIVE' | 'PAUSED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED';

export const DUNNING_MOVES = stateMachine<DunningState>({
  ACTIVE: ['ACTIVE', 'PAUSED', 'COLLECTION', 'WRITTEN_OFF', 'SETTLED'],
  PAUSED: ['ACTIVE', 'COLLECTION', 'WRITTEN_OFF', 'SETTLED'],
  COLLECTION: ['PAUSED', 'WRITTEN_OFF', 'SETTLED'],
  WRITTEN_OFF: ['SETTLED'],
  // A bank took the payment back.
  SETTLED: ['ACTIVE'],
});

/** Letters go out when people are awake. */
export const MORNING_HOUR = 9;

export interface DunningCase {
  readonly state: DunningState;
  /** Letters that are out: 0 to 3. */
  readonly level: number;
  /** The account starts nothing until it has paid. */
  readonly blocks: boolean;
  /** From which day on the days to the next letter count. */
  readonly countedFrom: LocalDate;
  /** Interest is booked until the beginning of this day. */
  readonly interestTo: LocalDate;
  /** While it is PAUSED: since when. */
  readonly pausedOn: LocalDate | undefined;
  /** Of a pause that ends by itself: the day on which it does. */
  readonly pausedUntil: LocalDate | undefined;
  /** It went to collection, whatever came after. */
  readonly collected: boolean;
  readonly fees: Decimal;
  readonly interest: Decimal;
  readonly chargesPaid: Decimal;
  readonly chargesWaived: Decimal;
  /** When it is looked at again; undefined: never by itself. */
  readonly lookAt: Date | undefined;
}

/** Fees and interest that are still to be paid. */
export function chargesOpen(
  one: Pick<DunningCase, 'fees' | 'interest' | 'chargesPaid' | 'chargesWaived'>,
): Decimal {
  return one.fees.plus(one.interest).minus(one.chargesPaid).minus(one.chargesWaived);
}

export function letterOf(level: number): DunningLetter | undefined {
  return DUNNING_LETTERS[level - 1];
}

/** @param overdueFrom the instant with which the last day to pay ended, of the invoice */
export function openCase(overdueFrom: Date, settings: DunningSettings): DunningCase {
  const day = dateOf(overdueFrom, settings.timeZone);
  return planned(
    {
      state: 'ACTIVE',
      level: 0,
      blocks: false,
      countedFrom: day,
      interestTo: day,
      pausedOn: undefined,
      pausedUntil: undefined,
      collected: false,
      fees: ZERO,
      interest: ZERO,
      chargesPaid: ZERO,
      chargesWaived: ZERO,
      lookAt: undefined,
    },
    settings,
  );
}

export type NextStep =
  | { readonly kind: 'LETTER'; readonly level: number; readonly on: LocalDate }
  | { readonly kind: 'END'; readonly end: Exclude<DunningEnd, 'NONE'>; readonly on: LocalDate };

/** What follows by itself, and on which day; undefined: nothing. */
export function nextStep(one: DunningCase, settings: DunningSettings): NextStep | undefined {
  if (one.state !== 'ACTIVE') return undefined;
  const level = settings.levels[one.level];
  if (level) return { kind: 'LETTER', level: one.level + 1, on: addDays(one.countedFrom, level.days) };
  if (settings.end === 'NONE') return undefined;
  return { kind: 'END', end: settings.end, on: addDays(one.countedFrom, settings.endDays) };
}

/** The case with the time at which it is looked at again. */
export function planned(one: DunningCase, settings: DunningSettings): DunningCase {
  const step = nextStep(one, settings);
  const day = one.state === 'PAUSED' ? one.pausedUntil : step?.on;
  return {
    ...one,
    lookAt: day === undefined ? undefined : instantOfDate(day, MORNING_HOUR, settings.timeZone),
  };
}

/** Nothing is asked for today: looked at again tomorrow morning. */
export function heldToday(one: DunningCase, now: Date, { timeZone }: DunningSettings): DunningCase {
  const tomorrow = addDays(dateOf(now, timeZone), 1);
  return { ...one, lookAt: instantOfDate(tomorrow, MORNING_HOUR, timeZone) };
}

export interface Debt {
  /** Of the invoice itself. */
  readonly owed: Decimal;
  readonly currency: string;
}

export interface Charges {
  readonly fee: Decimal;
  readonly interest: Decimal;
}

/** The next letter goes out today, with its fee and the interest until today. The caller has made sure that there is one. */
export function sendLetter(
  one: DunningCase,
  settings: DunningSettings,
  debt: Debt,
  now: Date,
): { readonly next: DunningCase; readonly charges: Charges } {
  const level = settings.levels[one.level]!;
  const today = dateOf(now, settings.timeZone);
  const fee = debt.currency === settings.currency ? level.fee : ZERO;
  const interest = interestOf(one, settings, debt, today);
  const next: DunningCase = {
    ...one,
    level: one.level + 1,
    blocks: one.blocks || level.blocks,
    countedFrom: today,
    interestTo: today > one.interestTo ? today : one.interestTo,
    fees: one.fees.plus(fee),
    interest: one.interest.plus(interest),
  };
  return { next: planned(next, settings), charges: { fee, interest } };
}

/** Of the days since it was booked last, each a 365th of a year, on what is owed now: who paid a part meanwhile owes less. */
export function interestOf(
  one: DunningCase,
  settings: DunningSettings,
  debt: Debt,
  today: LocalDate,
): Decimal {
  const days = Math.max(0, daysBetween(one.interestTo, today));
  const ofYear = debt.owed.times(settings.interestPercent).times(String(days)).div('36500');
  return roundMoney(ofYear, debt.currency);
}

export function collect(one: DunningCase): DunningCase {
  DUNNING_MOVES.assertMove(one.state, 'COLLECTION');
  return { ...ended(one, 'COLLECTION'), collected: true };
}

export function giveUp(one: DunningCase): DunningCase {
  DUNNING_MOVES.assertMove(one.state, 'WRITTEN_OFF');
  return { ...ended(one, 'WRITTEN_OFF'), chargesWaived: one.chargesWaived.plus(chargesOpen(one)) };
}

/** What is owed of the invoice is paid, or was taken back; charges that are open stay owed. */
export function settle(one: DunningCase): DunningCase {
  DUNNING_MOVES.assertMove(one.state, 'SETTLED');
  return { ...ended(one, 'SETTLED'), blocks: false };
}

/** It is owed again, because a bank took its payment back: goes on where it was, the days from today on. */
export function reopen(one: DunningCase, settings: DunningSettings, now: Date): DunningCase {
  DUNNING_MOVES.assertMove(one.state, 'ACTIVE');
  const today = dateOf(now, settings.timeZone);
  const interestTo = today > one.interestTo ? today : one.interestTo;
  return planned({ ...one, state: 'ACTIVE', countedFrom: today, interestTo }, settings);
}

function ended(one: DunningCase, state: DunningState): DunningCase {
  return { ...one, state, lookAt: undefined, pausedOn: undefined, pausedUntil: undefined };
}

/** Nobody is written to, and nobody is blocked for it, until it is resumed or that day has come. */
export function pause(
  one: DunningCase,
  settings: DunningSettings,
  now: Date,
  until: LocalDate | undefined,
): DunningCase {
  DUNNING_MOVES.assertMove(one.state, 'PAUSED');
  const pausedOn = dateOf(now, settings.timeZone);
  return planned({ ...one, state: 'PAUSED', pausedOn, pausedUntil: until }, settings);
}

/** Goes on where it was: the days of the pause do not count, nor does their interest. */
export function resume(one: DunningCase, settings: DunningSettings, now: Date): DunningCase {
  const state = one.collected ? 'COLLECTION' : 'ACTIVE';
  DUNNING_MOVES.assertMove(one.state, state);
  const today = dateOf(now, settings.timeZone);
  const days = Math.max(0, daysBetween(one.pausedOn ?? today, today));
  const next: DunningCase = {
    ...one,
    state,
    countedFrom: addDays(one.countedFrom, days),
    interestTo: addDays(one.interestTo, days),
    pausedOn: undefined,
    pausedUntil: undefined,
  };
  return planned(next, settings);
}

/** Whether its account may start nothing because of it. A pause is a promise to wait. */
export function isBlocking({ state, blocks }: Pick<DunningCase, 'state' | 'blocks'>): boolean {
  return blocks && state !== 'PAUSED' && state !== 'SETTLED';
}
