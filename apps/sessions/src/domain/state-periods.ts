/**
 * Stretches of time in one charging state, from marks ("from this device time on, this state"). Marks are a set:
 * duplicates and any arrival order give the same periods (a message may come twice, late or out of order), clipped to
 * the session.
 */
import { chargingStateOf16Status, type ChargingState } from './charging-state.js';
import { later } from './device-time.js';

export interface StateMark {
  readonly at: Date;
  readonly state: ChargingState;
  /** 2.0.1 seqNo; orders marks of one second. */
  readonly seqNo?: number;
  /** Identity of the message that said it: the same message again adds nothing, whenever it is received. */
  readonly key: string;
}

export interface StatePeriod {
  readonly state: ChargingState;
  readonly from: Date;
  /** Undefined for the present one. */
  readonly to?: Date;
}

/** A charger that flaps for days must not grow a row without end. */
export const MAX_MARKS = 500;

// Same time and no sequence number: the order in which a charger goes through them.
const RANK: Readonly<Record<ChargingState, number>> = {
  EV_CONNECTED: 0,
  IDLE: 1,
  CHARGING: 2,
  SUSPENDED_EVSE: 3,
  SUSPENDED_EV: 4,
};

export function compareMarks(a: StateMark, b: StateMark): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    (a.seqNo ?? -1) - (b.seqNo ?? -1) ||
    RANK[a.state] - RANK[b.state] ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  );
}

export function addMark(marks: readonly StateMark[], mark: StateMark): readonly StateMark[] {
  if (marks.some((known) => known.key === mark.key && known.state === mark.state)) return marks;
  const all = [...marks, mark].sort(compareMarks);
  return all.length > MAX_MARKS ? withoutRepetitions(all).slice(-MAX_MARKS) : all;
}

/** The state at `start` is that of the last mark at or before it, else `initial`. `end` closes the last period. */
export function statePeriods(
  marks: readonly StateMark[],
  initial: ChargingState,
  start: Date,
  end: Date | undefined,
): StatePeriod[] {
  const first: StatePeriod = { state: initial, from: start };
  const closed: StatePeriod[] = [];
  let open = first;
  for (const mark of marks) {
    if (end && mark.at.getTime() >= end.getTime()) break;
    if (mark.state === open.state) continue;
    const at = later(mark.at, start);
    if (at.getTime() > open.from.getTime()) closed.push({ ...open, to: at });
    const before = closed.at(-1);
    if (before && before.state === mark.state && at.getTime() === open.from.getTime()) {
      closed.pop();
      open = { state: mark.state, from: before.from };
    } else {
      open = { state: mark.state, from: at };
    }
  }
  return [...closed, end ? { ...open, to: end } : open];
}

/** A 1.6 status as a mark, the same whether it comes from the message or from the history. */
export function statusMark(status: string, at: Date): StateMark | undefined {
  const state = chargingStateOf16Status(status);
  return state && { at, state, key: `status|${at.toISOString()}` };
}

function withoutRepetitions(marks: readonly StateMark[]): StateMark[] {
  return marks.filter((mark, index) => index === 0 || marks[index - 1]!.state !== mark.state);
}
