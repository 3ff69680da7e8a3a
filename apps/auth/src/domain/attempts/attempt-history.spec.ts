import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSignals,
  closedBy,
  FIRST_SIGNS,
  isNews,
  LATEST_SIGNS,
  NO_HISTORY,
  type AttemptHistory,
  type Reading,
} from './attempt-history.js';
import type { AttemptSignal } from './attempt-signal.js';

const MINUTE = 60_000;
/** Three signs in ten minutes; an hour of quiet, an hour of lateness. */
const reading: Reading = {
  windowMs: 10 * MINUTE,
  quietMs: 60 * MINUTE,
  latenessMs: 60 * MINUTE,
  most: 50,
  everySignCounts: true,
  judge: (window) => (window.length >= 3 ? { severity: 'MEDIUM', signals: window } : undefined),
};
const time = (minutes: number) => Date.UTC(2026, 2, 2) + minutes * MINUTE;
const sign = (minutes: number, id = `at-${minutes}`): AttemptSignal => ({ id, at: time(minutes) });

function fed(signals: readonly AttemptSignal[], from: AttemptHistory = NO_HISTORY) {
  let added = addSignals(from, [], reading);
  for (const signal of signals) added = addSignals(added.history, [signal], reading);
  return added;
}

describe('the history of a rule and key', () => {
  it('is bounded however many signs come, and the incident goes on counting', () => {
    const { history, episodes } = fed(
      Array.from({ length: 2_000 }, (_, i) => sign(1_000 + i / 100, `s${i}`)),
    );
    expect(history.recent.length).toBeLessThanOrEqual(50);
    expect(history.before.length).toBeLessThanOrEqual(50);
    expect(episodes).toHaveLength(1);
    expect(episodes[0]).toMatchObject({ count: 2_000, firstSeen: time(1_000), over: false });
  });

  it('keeps the first and the latest signs as evidence', () => {
    const { episodes } = fed(Array.from({ length: 100 }, (_, i) => sign(i / 10, `s${i}`)));
    const ids = episodes[0]!.evidence.map(({ id }) => id);
    expect(ids).toHaveLength(FIRST_SIGNS + LATEST_SIGNS);
    expect([ids[0], ids[FIRST_SIGNS - 1], ids[FIRST_SIGNS], ids.at(-1)]).toEqual(['s0', 's4', 's85', 's99']);
  });

  it('takes a sign that is late by less than the lateness of the rule, and counts one that is later', () => {
    const first = fed([sign(100), sign(101), sign(159)]);
    expect(first.episodes).toEqual([]);
    const timely = addSignals(first.history, [sign(102)], reading);
    expect(timely.episodes).toMatchObject([{ count: 4, firstSeen: time(100), lastSeen: time(159) }]);
    const late = addSignals(first.history, [sign(98)], reading);
    expect([late.late, late.episodes]).toEqual([1, []]);
    expect(late.history).toEqual(first.history);
  });

  it('does not count a sign twice, be it recent or settled', () => {
    const { history, episodes } = fed([sign(100), sign(101), sign(102), sign(165)]);
    expect(history.recent.map(({ id }) => id)).toEqual(['at-165']);
    const again = addSignals(history, [sign(101), sign(165)], reading);
    expect(again.episodes).toEqual(episodes);
    expect(again.history).toEqual(history);
  });

  it('goes on with an incident that began long before anything it still holds', () => {
    const signs = Array.from({ length: 60 }, (_, i) => sign(i * 30));
    const { history, episodes } = fed([sign(0, 'a'), sign(0, 'b'), ...signs]);
    expect(history.recent.length + history.before.length).toBeLessThan(6);
    expect(episodes).toMatchObject([{ count: 62, firstSeen: time(0), lastSeen: time(59 * 30) }]);
  });

  it('makes another incident after the quiet time, of signs that come after it alone', () => {
    const { episodes } = fed([sign(0), sign(1), sign(2), sign(62), sign(63)]);
    expect(episodes).toMatchObject([{ count: 3, over: true }]);
    expect(fed([sign(0), sign(1), sign(2), sign(61.9)]).episodes).toMatchObject([{ count: 4, over: false }]);
    expect(fed([sign(0), sign(1), sign(2), sign(62), sign(63), sign(64)]).episodes).toMatchObject([
      { count: 3, over: true },
      { count: 3, firstSeen: time(62) },
    ]);
  });

  it('uses up the signs of an incident that a person closed', () => {
    const opened = fed([sign(100), sign(101), sign(102)]);
    const closed = closedBy(opened.history, time(102));
    expect(fed([sign(103), sign(104)], closed).episodes).toEqual([]);
    // Told late, of the time before it was closed.
    expect(fed([sign(101.5), sign(103), sign(104)], closed).episodes).toEqual([]);
    expect(fed([sign(103), sign(104), sign(105)], closed).episodes).toMatchObject([{ count: 3 }]);
  });
});

describe('signs that say the same', () => {
  const visits: Reading = {
    ...reading,
    judge: (window) => {
      const here = window.at(-1)!;
      const there = window.findLast(({ siteId }) => siteId !== here.siteId);
      return there && { severity: 'HIGH', signals: [there, here] };
    },
    visitMs: MINUTE,
  };
  const at = (minutes: number, siteId: string, id = `${siteId}-${minutes}`): AttemptSignal => ({
    ...sign(minutes, id),
    siteId,
  });
  const taken = (signals: readonly AttemptSignal[], from = NO_HISTORY) =>
    signals.reduce(
      (held, signal) => addSignals(held.history, [signal], visits),
      addSignals(from, [], visits),
    );

  it('are kept once, and are no news again', () => {
    const { history } = taken([at(100, 'a'), at(100.5, 'a'), at(101, 'a')]);
    expect(history.recent.map(({ id }) => id)).toEqual(['a-100', 'a-101']);
    expect(isNews(history, [at(100.5, 'a'), at(101.9, 'a')], visits)).toBe(false);
    expect(isNews(history, [at(100.5, 'b')], visits)).toBe(true);
    expect(isNews(history, [at(102, 'a')], visits)).toBe(true);
    // It came before what is held of its minute.
    expect(isNews(taken([at(100.5, 'a')]).history, [at(100.2, 'a')], visits)).toBe(true);
    // It counts as late.
    expect(isNews(history, [at(1, 'a')], visits)).toBe(true);
  });

  it('come to the same in whatever order they come', () => {
    const spots = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.constantFrom('a', 'b', 'c')), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(spots, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (found, random) => {
        const signals = found.map(([quarter, site], i) => at(quarter / 4, site, `${i}`));
        const shuffled = signals
          .map((signal) => ({ signal, by: random.next().value as number }))
          .sort((a, b) => a.by - b.by)
          .map(({ signal }) => signal);
        const { history, episodes } = taken(signals);
        expect(taken(shuffled)).toMatchObject({ history, episodes });
        expect(isNews(history, signals, visits)).toBe(false);
      }),
    );
  });

  it('hides no journey: each place keeps when somebody came to it', () => {
    const { episodes } = taken([at(100, 'a'), at(100.2, 'a'), at(100.4, 'b'), at(100.6, 'b')]);
    expect(episodes).toMatchObject([{ count: 2, firstSeen: time(100), lastSeen: time(100.4) }]);
  });
});
