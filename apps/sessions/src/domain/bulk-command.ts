/**
 * One command to many stations (a fleet's firmware setting, a night's reset): each station is a target with an outcome of its own,
 * and the whole is done when every target is. What a target's attempt means, and when it is tried again.
 */
import { invalid } from '@kilowatch/kernel';
import type { CommandOutcome } from './command-outcome.js';

export type TargetOutcome = CommandOutcome | 'CANCELLED';

export type AttemptResult =
  | { readonly kind: 'answered'; readonly outcome: CommandOutcome }
  /** The gateway could not be reached: certainly nothing was sent, or the same key gives what came of it. */
  | { readonly kind: 'unreachable' };

export type TargetMove =
  { readonly outcome: CommandOutcome } | { readonly outcome: undefined; readonly againInMs: number };

export const MOST_ATTEMPTS = 6;
const FIRST_WAIT_MS = 2_000;
const MOST_TARGETS = 10_000;
const ACTION = /^[A-Za-z][A-Za-z0-9]{0,49}$/;

/** `attempts`: including the one that just ended. */
export function afterAttempt(result: AttemptResult, attempts: number): TargetMove {
  if (result.kind === 'answered') return { outcome: result.outcome };
  if (attempts >= MOST_ATTEMPTS) return { outcome: 'UNKNOWN' };
  return { outcome: undefined, againInMs: FIRST_WAIT_MS * 2 ** (attempts - 1) };
}

export interface BulkFilter {
  readonly stationIds?: readonly string[] | null;
  readonly locationId?: string | null;
  readonly vendor?: string | null;
  readonly model?: string | null;
  readonly firmwareVersion?: string | null;
  readonly protocol?: string | null;
  readonly online?: boolean | null;
}

/** Throws INVALID. "All stations" must be meant: an empty filter is refused. */
export function checkedFilter(filter: BulkFilter): BulkFilter {
  const said = Object.values(filter).filter((value) => value !== undefined && value !== null);
  if (said.length === 0) {
    throw invalid('BULK_FILTER_EMPTY', 'Say which stations: a place, a model, a version, or their ids.');
  }
  if ((filter.stationIds?.length ?? 0) > MOST_TARGETS) throw tooMany();
  return filter;
}

export function checkedAction(action: string): string {
  if (!ACTION.test(action)) throw invalid('SESSIONS_COMMAND_ACTION', 'This is not the name of an action.');
  return action;
}

/** Throws INVALID for none (the filter meets nobody) and for too many. */
export function checkedTargets(count: number): number {
  if (count === 0) throw invalid('BULK_NO_STATIONS', 'No station meets this filter.');
  if (count > MOST_TARGETS) throw tooMany();
  return count;
}

function tooMany() {
  return invalid('BULK_TOO_MANY', `At most ${MOST_TARGETS} stations at a time: narrow the filter.`);
}
