import { describe, expect, it } from 'vitest';
import { assignNeeds, type HeldNeeds, type SessionThere } from './needs-of-sessions.js';

const T0 = Date.UTC(2026, 2, 1, 10);
const at = (minutes: number) => new Date(T0 + minutes * 60_000);
const held = (over: Partial<HeldNeeds> = {}): HeldNeeds => ({
  stationId: 'st',
  evseNumber: 1,
  sessionId: null,
  needs: null,
  no: 1,
  toldAt: at(0),
  ...over,
});
const session = (sessionId: string, minutes: number, evseNumber = 1): SessionThere => ({
  sessionId,
  stationId: 'st',
  evseNumber,
  startedAt: at(minutes),
});

describe('needs of a car', () => {
  it('belong to the session that ran when they were told', () => {
    const needs = held({ sessionId: 'a' });
    const { bySession, found, stale } = assignNeeds([needs], [session('a', -60), session('b', -1)], at(5));
    expect([...bySession]).toEqual([['a', needs]]);
    expect([found, stale]).toEqual([[], []]);
  });

  it('go with it', () => {
    expect(assignNeeds([held({ sessionId: 'a' })], [session('b', 1)], at(2)).stale).toHaveLength(1);
  });

  it('that were told first wait for the session that begins there', () => {
    expect(assignNeeds([held()], [], at(9))).toMatchObject({ found: [], stale: [] });
    const { found, bySession } = assignNeeds([held()], [session('b', 3)], at(3));
    expect(found.map(({ sessionId }) => sessionId)).toEqual(['b']);
    expect([...bySession.keys()]).toEqual(['b']);
  });

  it('never go to a session of another EVSE, or to one that began long before or after', () => {
    for (const there of [session('b', 3, 2), session('b', -5), session('b', 11)])
      expect(assignNeeds([held()], [there], at(4)).bySession.size).toBe(0);
  });

  it('wait ten minutes and no longer', () => {
    expect(assignNeeds([held()], [], at(11)).stale).toHaveLength(1);
  });
});
