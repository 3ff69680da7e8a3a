import fc from 'fast-check';
import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import {
  chargesOpen,
  collect,
  giveUp,
  heldToday,
  interestOf,
  isBlocking,
  nextStep,
  openCase,
  pause,
  planned,
  reopen,
  resume,
  sendLetter,
  settle,
  type DunningCase,
} from './dunning.js';
import { usualDunning, type DunningSettings } from './dunning-settings.js';
import { addDays, dateOf, daysBetween, instantOfDate } from './local-date.js';

const zone = 'Europe/Amsterdam';
const settings: DunningSettings = {
  ...usualDunning('EUR', zone),
  levels: [
    { days: 3, fee: ZERO, blocks: false },
    { days: 14, fee: decimal('5'), blocks: false },
    { days: 10, fee: decimal('7.50'), blocks: true },
  ],
  endDays: 20,
  interestPercent: decimal('6'),
};
/** The last day to pay was the 24th of March; the clocks go forward on the 29th. */
const overdueFrom = new Date('2026-03-24T23:00:00Z');
const opened = openCase(overdueFrom, settings);
const debt = { owed: decimal('100'), currency: 'EUR' };
const morning = (day: string) => instantOfDate(day, 9, zone);
const sendAt = (one: DunningCase, day: string) => sendLetter(one, settings, debt, morning(day)).next;

describe('the case of an overdue invoice', () => {
  it('has its letters on days of the calendar, in the morning there, and then goes to a collector', () => {
    expect(opened).toMatchObject({ state: 'ACTIVE', level: 0, countedFrom: '2026-03-25' });
    expect(opened.lookAt).toEqual(new Date('2026-03-28T08:00:00Z'));
    const reminded = sendAt(opened, '2026-03-28');
    expect(reminded.lookAt).toEqual(new Date('2026-04-11T07:00:00Z'));
    const noticed = sendAt(reminded, '2026-04-11');
    expect(nextStep(noticed, settings)).toEqual({ kind: 'LETTER', level: 3, on: '2026-04-21' });
    const blocked = sendAt(noticed, '2026-04-21');
    expect([isBlocking(noticed), isBlocking(blocked)]).toEqual([false, true]);
    expect(nextStep(blocked, settings)).toEqual({ kind: 'END', end: 'COLLECTION', on: '2026-05-11' });
    const collected = collect(blocked);
    expect(nextStep(collected, settings)).toBeUndefined();
    expect(collected.lookAt).toBeUndefined();
    expect(isBlocking(collected)).toBe(true);
    expect(isBlocking(settle(collected))).toBe(false);
  });

  it('that is told late counts from the letter that went out, not from when it should have', () => {
    const late = sendAt(opened, '2026-04-20');
    expect(nextStep(late, settings)).toMatchObject({ on: '2026-05-04' });
  });

  it('ends with nothing where that is wanted, and with a loss where that is', () => {
    const last = sendAt(sendAt(sendAt(opened, '2026-03-28'), '2026-04-11'), '2026-04-21');
    expect(nextStep(last, { ...settings, end: 'NONE' })).toBeUndefined();
    expect(nextStep(last, { ...settings, end: 'WRITE_OFF' })).toMatchObject({ end: 'WRITE_OFF' });
    const lost = giveUp(last);
    expect(chargesOpen(lost).toFixed()).toBe('0');
    expect(() => giveUp(lost)).toThrow(expect.objectContaining({ code: 'STATE_MOVE_NOT_ALLOWED' }));
    expect(settle(lost).state).toBe('SETTLED');
  });

  it('is over once it is settled', () => {
    const over = settle(opened);
    for (const act of [collect, giveUp, settle]) expect(() => act(over)).toThrow();
    expect(() => pause(over, settings, overdueFrom, undefined)).toThrow();
  });

  it('goes on where it was when a bank took the payment back, and not for the days it was paid', () => {
    const told = sendAt(opened, '2026-03-28');
    const later = morning('2026-10-01');
    const again = reopen(settle(told), settings, later);
    expect(again).toMatchObject({ state: 'ACTIVE', level: 1, blocks: false, countedFrom: '2026-10-01' });
    expect(again.lookAt).toEqual(morning('2026-10-15'));
    expect(interestOf(again, settings, debt, '2026-10-01').toFixed()).toBe('0');
    expect(() => reopen(giveUp(told), settings, later)).toThrow();
  });

  it('does not count the days of a pause, nor their interest', () => {
    const paused = pause(opened, settings, morning('2026-03-26'), undefined);
    expect([paused.state, paused.lookAt, nextStep(paused, settings)]).toEqual([
      'PAUSED',
      undefined,
      undefined,
    ]);
    const goesOn = resume(paused, settings, morning('2026-04-05'));
    expect(nextStep(goesOn, settings)).toMatchObject({ on: '2026-04-07' });
    expect(daysBetween(opened.interestTo, goesOn.interestTo)).toBe(10);
  });

  it('wakes by itself from a pause that has an end, and blocks nobody meanwhile', () => {
    const blocked = sendAt(sendAt(sendAt(opened, '2026-03-28'), '2026-04-11'), '2026-04-21');
    const paused = pause(blocked, settings, morning('2026-04-22'), '2026-05-01');
    expect(paused.lookAt).toEqual(morning('2026-05-01'));
    expect(isBlocking(paused)).toBe(false);
    expect(isBlocking(resume(paused, settings, morning('2026-05-01')))).toBe(true);
  });

  it('of a collector goes on as one of a collector after a pause', () => {
    const collected = collect(sendAt(opened, '2026-03-28'));
    const resumed = resume(
      pause(collected, settings, morning('2026-04-22'), undefined),
      settings,
      morning('2026-04-25'),
    );
    expect(resumed.state).toBe('COLLECTION');
  });

  it('waits until tomorrow where nothing is asked for today', () => {
    expect(heldToday(opened, new Date('2026-03-28T22:30:00Z'), settings).lookAt).toEqual(
      morning('2026-03-29'),
    );
  });

  it('has fees in the currency they were said in, and interest for the days since it was booked last', () => {
    const first = sendLetter(opened, settings, debt, morning('2026-03-28'));
    // 100 x 6 % x 3 / 365
    expect([first.charges.fee.toFixed(), first.charges.interest.toFixed()]).toEqual(['0', '0.05']);
    const second = sendLetter(
      first.next,
      settings,
      { owed: decimal('40'), currency: 'EUR' },
      morning('2026-04-11'),
    );
    // 40 x 6 % x 14 / 365
    expect([second.charges.fee.toFixed(), second.charges.interest.toFixed()]).toEqual(['5', '0.09']);
    expect(chargesOpen(second.next).toFixed()).toBe('5.14');
    const foreign = sendLetter(
      first.next,
      settings,
      { owed: decimal('40'), currency: 'SEK' },
      morning('2026-04-11'),
    );
    expect(foreign.charges.fee.toFixed()).toBe('0');
  });
});

const days = fc.integer({ min: 0, max: 60 });
const someSettings = fc
  .record({
    levels: fc.array(
      fc.record({ days, fee: fc.integer({ min: 0, max: 5000 }).map(cents), blocks: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    ),
    endDays: days,
    interestPercent: fc.integer({ min: 0, max: 2000 }).map(cents),
  })
  .map((over): DunningSettings => ({ ...settings, ...over }));

function cents(n: number) {
  return decimal(String(n)).div('100');
}

/** Looked at whenever it wants to be, for years. */
function life(by: DunningSettings): { one: DunningCase; at: Date }[] {
  const seen: { one: DunningCase; at: Date }[] = [];
  let one = openCase(overdueFrom, by);
  for (let n = 0; n < 10 && one.lookAt; n++) {
    const at = one.lookAt;
    const step = nextStep(one, by)!;
    one = step.kind === 'LETTER' ? sendLetter(one, by, debt, at).next : collect(one);
    seen.push({ one, at });
  }
  return seen;
}

describe('any case', () => {
  it('sends each letter once, never before its day, and ends', () => {
    fc.assert(
      fc.property(someSettings, (by) => {
        const seen = life(by);
        expect(seen.map(({ one }) => one.level)).toEqual([
          ...by.levels.map((_level, index) => index + 1),
          by.levels.length,
        ]);
        let from = dateOf(overdueFrom, zone);
        seen.forEach(({ at }, index) => {
          expect(daysBetween(from, dateOf(at, zone))).toBe(by.levels[index]?.days ?? by.endDays);
          from = dateOf(at, zone);
        });
        expect(seen.at(-1)!.one.state).toBe('COLLECTION');
      }),
    );
  });

  it('charges all its fees and no day of interest twice, within a cent for each letter', () => {
    fc.assert(
      fc.property(someSettings, (by) => {
        const last = life(by).at(-1)!.one;
        const fees = by.levels.reduce((sum, { fee }) => sum.plus(fee), ZERO);
        expect(last.fees.eq(fees)).toBe(true);
        const whole = interestOf(openCase(overdueFrom, by), by, debt, last.interestTo);
        expect(last.interest.minus(whole).abs().lte('0.03')).toBe(true);
      }),
    );
  });

  it('is the same after a pause of any length, that much later', () => {
    fc.assert(
      fc.property(someSettings, days, days, (by, before, length) => {
        const one = planned(openCase(overdueFrom, by), by);
        const begins = morning(addDays('2026-03-25', before));
        const ends = morning(addDays('2026-03-25', before + length));
        const after = resume(pause(one, by, begins, undefined), by, ends);
        expect(daysBetween(nextStep(one, by)!.on, nextStep(after, by)!.on)).toBe(length);
      }),
    );
  });
});
