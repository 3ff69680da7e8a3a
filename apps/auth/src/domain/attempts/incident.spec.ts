import { describe, expect, it } from 'vitest';
import type { Episode } from './attempt-history.js';
import { ended, incidentsAfter, isNews, type Incident } from './incident.js';

const NOW = new Date(1_000_000);
const QUIET_MS = 60_000;

const episode = (firstSeen: number, lastSeen: number, over: Partial<Episode> = {}): Episode => ({
  firstSeen,
  lastSeen,
  count: 3,
  severity: 'MEDIUM',
  evidence: [],
  over: false,
  ...over,
});

const incident = (id: string, first: number, last: number, over: Partial<Incident> = {}): Incident => ({
  id,
  rule: 'TOKEN_GUESSING',
  key: 's1',
  severity: 'MEDIUM',
  status: 'OPEN',
  firstSeen: new Date(first),
  lastSeen: new Date(last),
  count: 3,
  evidence: [],
  dueAt: NOW,
  closedAt: undefined,
  closeReason: undefined,
  closedBy: '',
  closeNote: '',
  version: 1,
  ...over,
});

function after(held: readonly Incident[], episodes: readonly Episode[], settledBefore = 0) {
  let ids = 0;
  const circumstances = { rule: 'TOKEN_GUESSING', key: 's1', quietMs: QUIET_MS, now: NOW } as const;
  return incidentsAfter(held, { episodes, settledBefore }, { ...circumstances, newId: () => `new-${++ids}` });
}

describe('what new signs make of incidents', () => {
  it('opens one, due to close after the quiet time from now, however long ago it happened', () => {
    expect(after([], [episode(10, 20)])).toMatchObject([
      { before: undefined, after: { id: 'new-1', status: 'OPEN', version: 1, dueAt: new Date(1_060_000) } },
    ]);
  });

  it('grows the one that is held, and leaves it alone when nothing about it is new', () => {
    const held = incident('a', 10, 20);
    expect(after([held], [episode(10, 30, { count: 4 })])).toMatchObject([
      { before: held, after: { id: 'a', version: 2, count: 4 } },
    ]);
    expect(after([held], [episode(10, 20)])).toEqual([]);
  });

  it('keeps one of two that a late sign joined, and ends the other before the first goes on', () => {
    const [a, b] = [incident('a', 10, 20, { status: 'CLOSED', closeReason: 'QUIET' }), incident('b', 50, 60)];
    const changes = after([b, a], [episode(10, 60, { count: 7 })]);
    expect(changes.map((change) => [change.after.id, change.after.status, change.after.closeReason])).toEqual(
      [
        ['b', 'CLOSED', 'MERGED'],
        ['a', 'OPEN', undefined],
      ],
    );
  });

  it('takes back one that a late sign explained, but none that is settled or closed', () => {
    const open = incident('a', 50, 60);
    expect(after([open], [], 40)).toMatchObject([{ after: { id: 'a', closeReason: 'EXPLAINED' } }]);
    expect(after([open], [], 70)).toEqual([]);
    expect(after([incident('a', 50, 60, { status: 'CLOSED', closeReason: 'QUIET' })], [], 40)).toEqual([]);
  });

  it('never takes up again what a person closed', () => {
    const closed = incident('a', 10, 20, { status: 'CLOSED', closeReason: 'PERSON' });
    expect(after([closed], [episode(15, 30)])).toMatchObject([{ after: { id: 'new-1' } }]);
  });

  it('closes one whose quiet time had passed before the next began, first', () => {
    const changes = after(
      [incident('a', 10, 20)],
      [episode(10, 20, { over: true }), episode(90_000, 90_010)],
    );
    expect(changes.map((change) => [change.after.id, change.after.status])).toEqual([
      ['a', 'CLOSED'],
      ['new-1', 'OPEN'],
    ]);
    expect(changes[0]!.after.closedAt).toEqual(new Date(20 + QUIET_MS));
  });
});

describe('news of an incident', () => {
  it('is that it opened, became more severe or closed, and that its count has doubled', () => {
    const held = incident('a', 10, 20, { count: 5 });
    expect(isNews(undefined, held)).toBe(true);
    expect(isNews(held, { ...held, severity: 'HIGH' })).toBe(true);
    expect(isNews(held, ended(held, 'QUIET', NOW).after)).toBe(true);
    expect([6, 7, 8].map((count) => isNews(held, { ...held, count }))).toEqual([false, false, true]);
  });
});
