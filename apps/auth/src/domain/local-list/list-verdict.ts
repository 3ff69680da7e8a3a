/**
 * What comes of an answer to a list message, and when to try again. D01.FR.15-17: Failed and VersionMismatch leave the station's
 * list as it was, and a Full follows; 1.6 has NotSupported too.
 */
export interface StationWord {
  readonly outcome: string;
  readonly status: string;
  readonly errorCode: string;
}

/**
 * APPLIED. REFUSED: not applied, a Full may help. UNSUPPORTED: there are no lists at this station. AWAY: it is offline, nothing
 * happened. LATER: we did not get through, nothing is known to have happened. UNKNOWN: it may have been applied.
 */
export type Verdict = 'APPLIED' | 'REFUSED' | 'UNSUPPORTED' | 'AWAY' | 'LATER' | 'UNKNOWN';

const NOT_THERE: ReadonlySet<string> = new Set(['NotSupported', 'NotImplemented', 'UnknownAction']);

export function verdictOf({ outcome, status, errorCode }: StationWord): Verdict {
  switch (outcome) {
    case 'ACCEPTED':
      return 'APPLIED';
    case 'OFFLINE':
      return 'AWAY';
    case 'UNREACHED':
      return 'LATER';
    case 'REJECTED':
      return NOT_THERE.has(status) ? 'UNSUPPORTED' : 'REFUSED';
    case 'CHARGER_ERROR':
    case 'UNSENDABLE':
      return NOT_THERE.has(errorCode) ? 'UNSUPPORTED' : 'REFUSED';
    default:
      return 'UNKNOWN';
  }
}

const MINUTE = 60_000;
const BACK_OFF_MS: readonly number[] = [MINUTE / 2, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE];

/** After so many attempts in a row somebody is told. */
export const ALARM_AFTER = 3;
/** The gateway is away: soon again, and it does not count. */
export const LATER_MS = 10_000;
/** A list that is in step is compared as a whole this often: tokens that nobody uses any more leave it. */
export const REPLAN_MS = 24 * 60 * MINUTE;

/** @param attempts that failed in a row, at least 1 */
export function backOffMs(attempts: number): number {
  return BACK_OFF_MS[Math.min(attempts, BACK_OFF_MS.length) - 1] ?? BACK_OFF_MS[0]!;
}

export interface VersionReport {
  /** What the station says: -1 (1.6) it has no lists, 0 it is empty. */
  readonly reported: number;
  /** Its list as we know it; undefined: nobody knows. */
  readonly known: number | undefined;
}

/** SAME: it holds what we know. EMPTY: it lost the list (a restart, a factory reset) or never had one. OTHER: somebody else's. */
export type Standing = 'SAME' | 'EMPTY' | 'OTHER' | 'NO_LISTS';

export function standingOf({ reported, known }: VersionReport): Standing {
  if (reported < 0) return 'NO_LISTS';
  if (reported === 0) return 'EMPTY';
  return reported === known ? 'SAME' : 'OTHER';
}
