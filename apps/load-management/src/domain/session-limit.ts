/**
 * One session's limit between us and its charger. A limit is a lease: a TxProfile that ends by itself unless renewed, because
 * a charger that loses us keeps its profile (OCPP 1.6 3.13, 2.0.1 K01) and an unbounded one would outlive every plan.
 * After the lease, and before the first accepted profile, the charger may draw all its connector allows.
 */
import type { ChargingSchedule } from './charging-schedule.js';
import type { Deciampere, Turn } from './plan.js';

/** What the driver and operator see: APPLIED means the charger accepted exactly what is wanted. */
export type LimitState = 'PENDING' | 'APPLIED' | 'REFUSED' | 'OFFLINE';

/** A command under way. One at a time per session, or two could arrive in the wrong order. */
export interface Flight {
  /** null: takes the limit away. */
  readonly limitDa: Deciampere | null;
  /** Of the schedule, which is relative to the start of the transaction. */
  readonly durationSeconds: number;
  /** When we stop waiting for its outcome. */
  readonly until: Date;
  readonly leaseUntil: Date;
  /** Of a car that said what it needs: nowhere above the limit. Its second 0 is the start of the transaction. */
  readonly schedule?: ChargingSchedule | undefined;
  /** Of the needs that it answers. */
  readonly needsNo?: number | undefined;
}

export interface SessionLimit {
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly capDa: Deciampere;
  /** null: the site has no limit any more; the row goes when the charger knows, or its lease is over. */
  readonly wantedDa: Deciampere | null;
  /** Since when it has had more than nothing, or nothing; null: longer than anybody knows, or it is new. */
  readonly turnedAt: Date | null;
  /** Last value the charger accepted. */
  readonly appliedDa: Deciampere | null;
  /** Most that the charger allows until `leaseUntil`. */
  readonly heldDa: Deciampere | null;
  readonly leaseUntil: Date | null;
  readonly state: LimitState;
  /** Of the command; makes its idempotency key. */
  readonly version: number;
  /** Commands without success since the last one. */
  readonly attempt: number;
  /** Not before this is the next attempt made; null: at once. */
  readonly dueAt: Date | null;
  readonly flight: Flight | null;
  /** Of the needs that the car told last; 0: none. */
  readonly needsNo: number;
  /** Of those that the charger has a schedule for. */
  readonly appliedNeedsNo: number;
  /** The schedule that the charger accepted last. */
  readonly schedule: ChargingSchedule | null;
}

/** OFFLINE and the like: `UNKNOWN` = no answer in time, the charger may or may not have acted. */
export type Outcome = 'ACCEPTED' | 'REFUSED' | 'OFFLINE' | 'UNKNOWN';

const SILENT_ATTEMPTS = 3;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/**
 * Of a session that had none, or none any more: its versions go on from the time, so that a command is never taken for one that went out
 * under a limit that was lifted since, and its news are newer than that one's.
 */
export function newLimit(
  { sessionId, startedAt }: Pick<SessionLimit, 'sessionId' | 'startedAt'>,
  capDa: Deciampere,
  now: Date,
): SessionLimit {
  return {
    sessionId,
    startedAt,
    capDa,
    wantedDa: null,
    turnedAt: null,
    appliedDa: null,
    heldDa: null,
    leaseUntil: null,
    state: 'PENDING',
    version: Math.floor(now.getTime() / 1000),
    attempt: 0,
    dueAt: null,
    flight: null,
    needsNo: 0,
    appliedNeedsNo: 0,
    schedule: null,
  };
}

/** The most the charger may let the car draw at `now`, whatever became of commands whose outcome we do not know. */
export function mayDraw(limit: SessionLimit, now: Date): Deciampere {
  const leased = limit.leaseUntil !== null && now < limit.leaseUntil;
  const held = (leased ? limit.heldDa : null) ?? limit.capDa;
  return limit.flight ? Math.max(held, limit.flight.limitDa ?? limit.capDa) : held;
}

/** Its charger cannot be relied on to follow: the plan counts with all it may draw. */
export function isUncontrolled(limit: SessionLimit): boolean {
  return limit.state === 'REFUSED' || limit.state === 'OFFLINE' || limit.attempt >= SILENT_ATTEMPTS;
}

/** With a new wish. One that was refused is asked again at once: another value may please it. */
export function withWish(limit: SessionLimit, wantedDa: Deciampere | null, capDa: Deciampere): SessionLimit {
  if (limit.wantedDa === wantedDa && limit.capDa === capDa) return limit;
  if (limit.wantedDa === wantedDa) return { ...limit, capDa };
  const state = limit.state === 'APPLIED' ? 'PENDING' : limit.state;
  return { ...limit, wantedDa, capDa, state, dueAt: limit.state === 'REFUSED' ? null : limit.dueAt };
}

/** Whether it is its turn to charge, or it waits for one (plan.ts); undefined: it has not been planned. */
export function turnOf({ wantedDa, turnedAt }: SessionLimit, now: Date): Turn | undefined {
  if (wantedDa === null) return undefined;
  return { isOn: wantedDa > 0, lastsMs: now.getTime() - (turnedAt?.getTime() ?? 0) };
}

/** Its car has told what it needs, perhaps again: it waits for a schedule, whatever the limit. */
export function withNeeds(limit: SessionLimit, needsNo: number): SessionLimit {
  if (limit.needsNo === needsNo) return limit;
  const state = limit.state === 'APPLIED' ? 'PENDING' : limit.state;
  return { ...limit, needsNo, state, dueAt: limit.state === 'REFUSED' ? null : limit.dueAt };
}

/** Its charger is told again what it has: its car did not keep to it. */
export function toldAgain(limit: SessionLimit): SessionLimit {
  return limit.state === 'APPLIED' ? { ...limit, state: 'PENDING', dueAt: null } : limit;
}

/**
 * Its charger has resumed and may have forgotten its limit (docs/ocpp-notes.md Q50): until it is told again it may draw all that
 * its connector allows, and it is told at once. What is under way may have come before it resumed: whatever becomes of that, the same
 * goes out once more, as another version.
 */
export function forgottenOnResume(limit: SessionLimit): SessionLimit {
  if (limit.wantedDa === null) return limit;
  return { ...unheld(limit), version: limit.flight ? limit.version + 1 : limit.version };
}

function unheld(limit: SessionLimit): SessionLimit {
  const state = limit.state === 'APPLIED' ? 'PENDING' : limit.state;
  return { ...limit, state, appliedDa: null, heldDa: null, leaseUntil: null, dueAt: null };
}

/**
 * Its station is back, perhaps from a restart that lost its limit: it is told again at once, and can be relied on again as before it went.
 * Nobody's share changes: until it has accepted, only what others would get more waits.
 */
export function backAgain(limit: SessionLimit): SessionLimit {
  if (limit.wantedDa === null) return { ...limit, dueAt: null };
  const told = unheld(limit);
  return limit.state === 'REFUSED' ? told : { ...told, state: 'PENDING', attempt: 0 };
}

/** When a lease is renewed: with a third of it left, so that several attempts fit in. */
export function renewAt(limit: SessionLimit, leaseMs: number): Date {
  return new Date((limit.leaseUntil?.getTime() ?? 0) - leaseMs / 3);
}

/** What came of the flight. */
export function settled(limit: SessionLimit, outcome: Outcome, now: Date): SessionLimit {
  const { flight } = limit;
  if (!flight) return limit;
  // A charger that has no such profile any more refuses to clear it: what was wanted.
  if (outcome === 'ACCEPTED' || (outcome === 'REFUSED' && flight.limitDa === null)) {
    const needsNo = flight.needsNo ?? 0;
    return {
      ...limit,
      appliedDa: flight.limitDa,
      heldDa: flight.limitDa,
      leaseUntil: flight.limitDa === null ? null : flight.leaseUntil,
      state: flight.limitDa === limit.wantedDa && needsNo === limit.needsNo ? 'APPLIED' : 'PENDING',
      attempt: 0,
      dueAt: null,
      flight: null,
      appliedNeedsNo: needsNo,
      schedule: flight.schedule ?? null,
    };
  }
  const attempt = limit.attempt + 1;
  const dueAt = new Date(now.getTime() + retryDelayMs(attempt));
  if (outcome !== 'UNKNOWN') return { ...limit, attempt, dueAt, state: outcome, flight: null };
  const heldDa = limit.heldDa === null ? null : Math.max(limit.heldDa, flight.limitDa ?? limit.capDa);
  const state = limit.state === 'APPLIED' ? 'PENDING' : limit.state;
  const { leaseUntil } = limit;
  return {
    ...limit,
    heldDa,
    // The charger may have either profile: the one that is over first counts. A car that leaves earlier gets a shorter schedule.
    leaseUntil: leaseUntil && flight.leaseUntil < leaseUntil ? flight.leaseUntil : leaseUntil,
    attempt,
    dueAt,
    state,
    flight: null,
  };
}

export function retryDelayMs(attempt: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 20), LONGEST_RETRY_MS);
}
