/**
 * What to tell which charger now. Reductions go out at once; an increase waits until what all chargers of the site may draw,
 * counted with every command whose outcome is open, leaves room for it. So the sum at the chargers is never raised above
 * the limit by us, however commands are delayed, refused or lost.
 */
import { mostDa, type ChargingNeeds } from './charging-needs.js';
import { horizonMs, scheduleFor } from './charging-schedule.js';
import { planSite, SMALLEST_DA, TURN_MS, type Claim, type Deciampere } from './plan.js';
import {
  isUncontrolled,
  mayDraw,
  newLimit,
  renewAt,
  settled,
  turnOf,
  withNeeds,
  withWish,
  type Flight,
  type SessionLimit,
} from './session-limit.js';
import { startByOurClock, type TransactionStart } from './transaction-start.js';

export interface ActiveSession extends TransactionStart {
  readonly sessionId: string;
  /** undefined: unknown, so it may draw the whole site's limit. */
  readonly capDa: Deciampere | undefined;
  readonly charging: boolean;
  /** What its car said over ISO 15118. */
  readonly car?: CarNeeds | undefined;
}

export interface CarNeeds {
  readonly needs: ChargingNeeds;
  readonly no: number;
  /** Of its connector; 0 when unknown, or DC. */
  readonly connectorPhases: number;
}

export interface Steering {
  readonly leaseMs: number;
  /** How long the outcome of a command is waited for. */
  readonly flightMs: number;
}

/** Limits with new wishes; those that have nothing left to do are left out. */
export function replan(
  siteLimitDa: Deciampere | null,
  sessions: readonly ActiveSession[],
  limits: readonly SessionLimit[],
  now: Date,
  { flightMs }: Pick<Steering, 'flightMs'>,
): SessionLimit[] {
  const known = new Map(limits.map((limit) => [limit.sessionId, limit]));
  // The others make room for a charger that is away before its lease is over: they need a flight for it.
  const soon = new Date(now.getTime() + flightMs);
  if (siteLimitDa === null) return unlimited(sessions, known, now);
  const held = sessions.map((session) => {
    const capDa = session.capDa ?? siteLimitDa;
    return {
      session,
      capDa,
      limit: known.get(session.sessionId) ?? newLimit(session, capDa, now),
    };
  });
  const plan = planSite(
    siteLimitDa,
    held.map(({ session, capDa, limit }): Claim => ({
      sessionId: session.sessionId,
      startedAt: session.startedAt,
      capDa: Math.min(capDa, carCap(session) ?? capDa),
      charging: session.charging,
      uncontrolledDa: isUncontrolled(limit) ? mayDraw({ ...limit, capDa }, soon) : undefined,
      turn: turnOf(limit, now),
    })),
  );
  const turned = turnedNow(held.map(({ limit }) => limit), plan, now); // prettier-ignore
  return held.map(({ session, capDa, limit }) => {
    const { sessionId } = session;
    const wished = withWish(limit, plan.get(sessionId) ?? 0, capDa);
    const turnedAt = turned.get(sessionId);
    return withNeeds(turnedAt ? { ...wished, turnedAt } : wished, session.car?.no ?? limit.needsNo);
  });
}

/** Who begins its turn or its waiting: those of one moment a millisecond apart, in the order in which they will be next. */
function turnedNow(
  limits: readonly SessionLimit[],
  plan: ReadonlyMap<string, Deciampere>,
  now: Date,
): ReadonlyMap<string, Date> {
  const turned = limits.filter((limit) => {
    const isOn = (plan.get(limit.sessionId) ?? 0) > 0;
    return turnOf(limit, now)?.isOn !== isOn;
  });
  const since = ({ turnedAt }: SessionLimit) => turnedAt?.getTime() ?? 0;
  turned.sort((a, b) => since(a) - since(b) || byStart(a, b));
  return new Map(turned.map(({ sessionId }, index) => [sessionId, new Date(now.getTime() + index)]));
}

/** A site without a limit: cars that said what they need get a schedule below what their connector gives, the others go free. */
function unlimited(
  sessions: readonly ActiveSession[],
  known: ReadonlyMap<string, SessionLimit>,
  now: Date,
): SessionLimit[] {
  return sessions.flatMap((session) => {
    const held = known.get(session.sessionId);
    const capDa = session.capDa ?? held?.capDa ?? carCap(session);
    if (session.car && capDa !== undefined) {
      const limit = held ?? newLimit(session, capDa, now);
      return [withNeeds(withWish(limit, capDa, capDa), session.car.no)];
    }
    if (!held) return [];
    const limit = withWish(held, null, held.capDa);
    const isOpen = limit.flight !== null || (limit.leaseUntil !== null && now < limit.leaseUntil);
    return isOpen ? [limit] : [];
  });
}

/** What the car takes; what is below the smallest share would get none. */
function carCap({ car }: ActiveSession): Deciampere | undefined {
  const most = car && mostDa(car.needs);
  return most === undefined ? undefined : Math.max(SMALLEST_DA, most);
}

/** Starts the commands that may go out now. `launched`: the sessions whose flight is new or has to be sent again. */
export function launch(
  siteLimitDa: Deciampere | null,
  sessions: readonly ActiveSession[],
  limits: readonly SessionLimit[],
  now: Date,
  { leaseMs, flightMs }: Steering,
): { limits: SessionLimit[]; launched: ReadonlySet<string> } {
  const known = new Map(sessions.map((session) => [session.sessionId, session]));
  const launched = new Set<string>();
  const current = new Map(
    limits.map((limit) => [limit.sessionId, withoutLapsedFlight(limit, now, leaseMs, flightMs, launched)]),
  );
  let room =
    siteLimitDa === null
      ? Infinity
      : siteLimitDa - [...current.values()].reduce((sum, each) => sum + mayDraw(each, now), 0);
  for (const limit of [...current.values()].sort(byStart)) {
    if (limit.flight || !isDue(limit, now, leaseMs)) continue;
    const target = affordable(limit, room, now, leaseMs);
    if (target === undefined) continue;
    room -= Math.max(0, (target ?? limit.capDa) - mayDraw(limit, now));
    const until = new Date(now.getTime() + flightMs);
    const flight = { until, ...profileOf(limit, target, known.get(limit.sessionId), now, leaseMs) };
    current.set(limit.sessionId, { ...limit, version: limit.version + 1, flight });
    launched.add(limit.sessionId);
  }
  return { limits: [...current.values()], launched };
}

/**
 * One limit for the length of a lease; for a car that said what it needs a schedule until it leaves, which is one lease: its car makes a
 * plan of its own from it, and is not to begin again every ten minutes.
 */
function profileOf(
  limit: SessionLimit,
  limitDa: Deciampere | null,
  session: ActiveSession | undefined,
  now: Date,
  leaseMs: number,
): Omit<Flight, 'until'> {
  const began = session ? startByOurClock(session, now) : limit.startedAt;
  const elapsedMs = Math.max(0, now.getTime() - began.getTime());
  const car = limitDa === null ? undefined : session?.car;
  const lengthMs = car ? horizonMs(car.needs, now, leaseMs) : leaseMs;
  const lease = {
    limitDa,
    durationSeconds: Math.ceil((elapsedMs + lengthMs) / 1000),
    leaseUntil: new Date(now.getTime() + lengthMs),
  };
  if (!car || limitDa === null) return lease;
  const schedule = scheduleFor(car.needs, limitDa, car.connectorPhases, lengthMs);
  const elapsedSeconds = Math.floor(elapsedMs / 1000);
  const periods = schedule.periods.map(({ fromSeconds, tenths }) => ({
    fromSeconds: fromSeconds === 0 ? 0 : fromSeconds + elapsedSeconds,
    tenths,
  }));
  return { ...lease, schedule: { ...schedule, periods }, needsNo: car.no };
}

/** When this site has to be looked at again; undefined: only when something happens. `now` or earlier: at once. */
export function nextDue(
  siteLimitDa: Deciampere | null,
  limits: readonly SessionLimit[],
  now: Date,
  steering: Steering,
): Date | undefined {
  if (launch(siteLimitDa, [], limits, now, steering).launched.size > 0) return now;
  const times = limits.flatMap((limit) => {
    if (limit.flight) return [limit.flight.until];
    const { leaseUntil } = limit;
    const isLeased = leaseUntil !== null && leaseUntil > now;
    const ahead = isUncontrolled(limit) ? steering.flightMs : 0;
    const times = isLeased
      ? [leaseUntil, new Date(leaseUntil.getTime() - ahead), renewAt(limit, steering.leaseMs)]
      : [];
    return limit.dueAt ? [...times, limit.dueAt] : times;
  });
  const later = [...times, ...turnsOver(limits)]
    .map((time) => time.getTime())
    .filter((time) => time > now.getTime());
  return later.length > 0 ? new Date(Math.min(...later)) : undefined;
}

/** While somebody waits: when the turns are over, and the waiting. */
function turnsOver(limits: readonly SessionLimit[]): Date[] {
  if (!limits.some(({ wantedDa }) => wantedDa === 0)) return [];
  return limits.flatMap(({ turnedAt }) => (turnedAt ? [new Date(turnedAt.getTime() + TURN_MS)] : []));
}

/**
 * A flight nobody reported back from: our process died, or the gateway was away. While the same is still wanted, the same
 * command is repeated (its key makes the gateway give the outcome it knows); otherwise its effect is unknown.
 */
function withoutLapsedFlight(
  limit: SessionLimit,
  now: Date,
  leaseMs: number,
  flightMs: number,
  launched: Set<string>,
): SessionLimit {
  const { flight } = limit;
  if (!flight || now < flight.until) return limit;
  const stillWorthIt =
    flight.limitDa === limit.wantedDa &&
    (flight.needsNo ?? 0) === limit.needsNo &&
    flight.leaseUntil.getTime() - now.getTime() > leaseMs / 2;
  if (!stillWorthIt) return { ...settled(limit, 'UNKNOWN', now), dueAt: null };
  launched.add(limit.sessionId);
  return { ...limit, flight: { ...flight, until: new Date(now.getTime() + flightMs) } };
}

function isDue(limit: SessionLimit, now: Date, leaseMs: number): boolean {
  if (limit.dueAt && now < limit.dueAt) return false;
  const isApplied =
    limit.state === 'APPLIED' && limit.appliedDa === limit.wantedDa && limit.appliedNeedsNo === limit.needsNo;
  return !isApplied || now >= renewAt(limit, leaseMs);
}

/** What may be sent now: the wish, or when there is no room for it, what is held already if its lease runs out. */
function affordable(
  limit: SessionLimit,
  room: number,
  now: Date,
  leaseMs: number,
): Deciampere | null | undefined {
  if (limit.wantedDa === null) return null;
  const held = mayDraw(limit, now);
  if (limit.wantedDa - held <= Math.max(0, room)) return limit.wantedDa;
  return limit.leaseUntil !== null && now >= renewAt(limit, leaseMs) ? held : undefined;
}

function byStart(a: SessionLimit, b: SessionLimit): number {
  return a.startedAt.getTime() - b.startedAt.getTime() || (a.sessionId < b.sessionId ? -1 : 1);
}
