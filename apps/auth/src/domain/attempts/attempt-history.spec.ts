import { describe, expect, it } from 'vitest';
import {
  addSignals,
  closedBy,
  FIRST_SIGNS,
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
