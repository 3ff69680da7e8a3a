import { describe, expect, it } from 'vitest';
import type { ExpectedSession } from './expected-sessions.js';
import { judgeSessions, type FoundSession } from './session-judge.js';

const told = (over: Partial<ExpectedSession> = {}): ExpectedSession => ({
  station: 'CP-1',
  startedAt: '2026-01-01T10:00:00Z',
  energyWh: 500,
  ended: true,
  ...over,
});
const held = (over: Partial<FoundSession> = {}): FoundSession => ({
  id: 'a',
  state: 'ENDED',
  startedAt: '2026-01-01T10:00:00.400Z',
  energyWh: 500,
  energyStatus: 'MEASURED',
  ...over,
});
const judge = (expected: ExpectedSession[], found: FoundSession[], before: string[] = []) =>
  judgeSessions('CP-1', expected, found, new Set(before));

describe('the judge of replayed sessions', () => {
  it('finds nothing where recording and Kilowatch agree', () => {
    expect(judge([told()], [held()])).toEqual([]);
    expect(judge([told({ ended: false, energyWh: undefined })], [held({ state: 'ACTIVE' })])).toEqual([]);
    expect(judge([], [])).toEqual([]);
  });

  it('tells two sessions that began together by their energy', () => {
    const expected = [told({ energyWh: 500 }), told({ energyWh: 700 })];
    expect(judge(expected, [held({ id: 'b', energyWh: 700 }), held()])).toEqual([]);
  });

  it.each([
    ['is missing', [told()], [], /is not there/],
    ['began at another time', [told()], [held({ startedAt: '2026-01-01T10:00:02Z' })], /is not there/],
    ['did not end', [told()], [held({ state: 'ACTIVE' })], /is ACTIVE, the charger ended it/],
    ['has other energy', [told()], [held({ energyWh: 499 })], /counted 500 Wh, Kilowatch 499 Wh/],
    ['is there for two', [told(), told()], [held()], /is not there/],
  ] as const)('finds a session that %s', (_what, expected, found, problem) => {
    const problems = judge([...expected], [...found]);
    expect(problems[0]).toMatch(problem);
  });

  it.each([
    ['doubled', held({ id: 'b' })],
    ['of a time the recording does not know', held({ id: 'b', startedAt: '2026-01-02T10:00:00Z' })],
  ])('finds a session that is one too many: %s', (_what, extra) => {
    expect(judge([told()], [held(), extra])).toEqual([
      `CP-1: session b of ${extra.startedAt} is in no recording`,
    ]);
  });

  it('leaves out what was there before the recording was played', () => {
    expect(judge([told()], [held(), held({ id: 'b' })], ['b'])).toEqual([]);
  });
});
