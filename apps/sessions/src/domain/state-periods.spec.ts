import { describe, expect, it } from 'vitest';
import { minutes, NOON } from '../../test/transaction-builders.js';
import { addMark, MAX_MARKS, statePeriods, type StateMark } from './state-periods.js';
import type { ChargingState } from './charging-state.js';

function mark(minute: number, state: ChargingState, seqNo?: number): StateMark {
  return { at: minutes(minute), state, seqNo, key: `${minute}|${seqNo ?? ''}` };
}

function periods(marks: StateMark[], end?: Date) {
  const set = marks.reduce<readonly StateMark[]>(addMark, []);
  return statePeriods(set, 'EV_CONNECTED', NOON, end).map((p) => [
    p.state,
    (p.from.getTime() - NOON.getTime()) / 60_000,
    p.to ? (p.to.getTime() - NOON.getTime()) / 60_000 : undefined,
  ]);
}

describe('state periods', () => {
  it('begins with the initial state and leaves the present one open', () => {
    expect(periods([mark(5, 'CHARGING')])).toEqual([
      ['EV_CONNECTED', 0, 5],
      ['CHARGING', 5, undefined],
    ]);
  });

  it('takes the state at the start from the last mark before it', () => {
    expect(periods([mark(-3, 'CHARGING'), mark(-1, 'SUSPENDED_EVSE')])).toEqual([
      ['SUSPENDED_EVSE', 0, undefined],
    ]);
  });

  it('cuts off what happened after the end', () => {
    expect(
      periods([mark(1, 'CHARGING'), mark(9, 'SUSPENDED_EV'), mark(20, 'CHARGING')], minutes(10)),
    ).toEqual([
      ['EV_CONNECTED', 0, 1],
      ['CHARGING', 1, 9],
      ['SUSPENDED_EV', 9, 10],
    ]);
  });

  it('joins the same state repeated', () => {
    expect(periods([mark(1, 'CHARGING'), mark(2, 'CHARGING'), mark(3, 'CHARGING')])).toHaveLength(2);
  });

  it('orders marks of one second by sequence number', () => {
    expect(periods([mark(2, 'SUSPENDED_EV', 4), mark(2, 'CHARGING', 5)]).at(-1)?.[0]).toBe('CHARGING');
  });

  it('has no zero-length period when two states share a second', () => {
    const found = periods([mark(1, 'CHARGING', 1), mark(2, 'SUSPENDED_EV', 2), mark(2, 'CHARGING', 3)]);
    expect(found).toEqual([
      ['EV_CONNECTED', 0, 1],
      ['CHARGING', 1, undefined],
    ]);
  });

  it('adds the same message once, even when it is received at another time', () => {
    const first = addMark([], { at: minutes(1), state: 'CHARGING', key: 'k' });
    expect(addMark(first, { at: minutes(4), state: 'CHARGING', key: 'k' })).toBe(first);
  });

  it('stays bounded when a charger flaps for days', () => {
    let marks: readonly StateMark[] = [];
    for (let i = 0; i < MAX_MARKS + 50; i++) {
      marks = addMark(marks, mark(i, i % 2 ? 'CHARGING' : 'SUSPENDED_EV'));
    }
    expect(marks).toHaveLength(MAX_MARKS);
  });
});
