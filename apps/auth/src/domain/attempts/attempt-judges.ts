/**
 * When the signs of one key are an incident. A judge sees the signs of its window in their order, the newest last, and says what is
 * the matter as of that one. Windows are open at their far end: what is exactly one window old counts no more.
 */
import { distanceKm, isPlaced } from './distance.js';
import { isPrivate, networkOf } from './network.js';
import { marksOf, timesOf, type AttemptSignal } from './attempt-signal.js';
import type { AttemptRule, Thresholds } from './attempt-rules.js';

export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Verdict {
  readonly severity: Severity;
  /** The signs that make the incident, in their order. */
  readonly signals: readonly AttemptSignal[];
}

type Signals = readonly AttemptSignal[];
/** `all`: also what is known beyond the window, and after the newest sign of it. */
export type Judge<R extends AttemptRule> = (
  window: Signals,
  thresholds: Thresholds<R>,
  all: Signals,
) => Verdict | undefined;

export const JUDGES: { readonly [R in AttemptRule]: Judge<R> } = {
  TOKEN_GUESSING: (window, limits) => {
    const recent = within(window, limits.windowSeconds);
    const hour = within(window, limits.rejectionWindowSeconds);
    const distinct = marksOf(recent);
    if (distinct >= limits.distinctTokens)
      return verdict(recent, distinct >= 2 * limits.distinctTokens ? 'HIGH' : 'MEDIUM');
    return timesOf(hour) >= limits.rejections ? verdict(hour, 'MEDIUM') : undefined;
  },
  KEY_CODE_GUESSING: (window, limits) => byTimes(window, limits.wrongCodes, 3),
  TOKEN_AT_MANY_STATIONS: (window, limits) => byMarks(window, limits.stations, 2),
  IMPOSSIBLE_TRAVEL: travel,
  // Cards are copied; a contract would need the key of its car.
  CONCURRENT_USE: (window, limits) => {
    const refusals = timesOf(window);
    if (refusals < limits.refusals) return undefined;
    if (window.at(-1)?.contract) return verdict(window, 'LOW');
    return verdict(window, refusals >= 3 * limits.refusals ? 'HIGH' : 'MEDIUM');
  },
  REVOKED_CONTRACT: (window, limits) => {
    const first = window.findIndex(({ harmless }) => !harmless);
    const since = first < 0 ? [] : window.slice(first);
    if (since.length < limits.presentations) return undefined;
    const stations = new Set(since.map(({ stationId }) => stationId)).size;
    return verdict(since, stations >= limits.severeStations ? 'HIGH' : 'MEDIUM');
  },
  FORGED_CHAIN: (window, limits) =>
    timesOf(window) < limits.presentations ? undefined : verdict(window, 'HIGH'),
  SEQUENTIAL_UIDS: (window, limits) => {
    const row = rowOfNewest(window);
    return marksOf(row) < limits.uids ? undefined : verdict(row, 'HIGH');
  },
  STATION_CREDENTIAL: (window, limits) => byTimes(window, limits.failures, 4),
  IDENTITY_SCAN: (window, limits) => byMarks(window, limits.identities, 5),
  NEW_NETWORK: (window, limits, all) => {
    const moves = within(window, limits.windowSeconds).filter((signal) => movedWhileConnected(signal, all));
    if (moves.at(-1) !== window.at(-1) || moves.length < limits.changes) return undefined;
    return verdict(moves, moves.length >= 3 * limits.changes ? 'MEDIUM' : 'LOW');
  },
  // From one address it may be a station with a bad line, whose sockets die without a word; from several it is more than one device.
  CONNECTION_FLAPPING: (window, limits) => {
    const times = timesOf(window);
    if (times < limits.replacements) return undefined;
    const addresses = new Set(window.flatMap(({ address, replacedAddress }) => [address, replacedAddress]));
    return verdict(window, addresses.size > 1 && times >= 3 * limits.replacements ? 'HIGH' : 'MEDIUM');
  },
  PROFILE_DOWNGRADE: (window, limits) =>
    timesOf(window) < limits.refusals ? undefined : verdict(window, 'MEDIUM'),
  // What was read wrongly or learnt locally may start by itself; a contract may have been verified by the station, and of a token that
  // may charge there somebody pays.
  UNAUTHORISED_START: (window, limits) =>
    timesOf(window) < limits.starts
      ? undefined
      : verdict(window, window.every(({ contract, allowed }) => contract || allowed) ? 'LOW' : 'MEDIUM'),
  MASTER_PASS_START: (window, limits) =>
    timesOf(window) < limits.starts ? undefined : verdict(window, 'MEDIUM'),
  OFFLINE_ENERGY: (window, limits) => {
    const newest = window.slice(-1);
    const energyWh = newest[0]?.energyWh ?? 0;
    if (energyWh < limits.leastWh) return undefined;
    return verdict(newest, energyWh >= limits.severeWh ? 'HIGH' : 'MEDIUM');
  },
};

function verdict(signals: Signals, severity: Severity): Verdict {
  return { severity, signals };
}

function byTimes(window: Signals, limit: number, severeFactor: number): Verdict | undefined {
  const times = timesOf(window);
  return times < limit ? undefined : verdict(window, times >= severeFactor * limit ? 'HIGH' : 'MEDIUM');
}

function byMarks(window: Signals, limit: number, severeFactor: number): Verdict | undefined {
  const marks = marksOf(window);
  return marks < limit ? undefined : verdict(window, marks >= severeFactor * limit ? 'HIGH' : 'MEDIUM');
}

function within(window: Signals, seconds: number): Signals {
  const newest = window.at(-1)?.at ?? 0;
  return window.filter(({ at }) => at > newest - seconds * 1000);
}

/** Nobody drives that fast; two cards with one UID do. Each earlier place counts, so that a stop between hides nothing. */
function travel(window: Signals, limits: Thresholds<'IMPOSSIBLE_TRAVEL'>): Verdict | undefined {
  const here = window.at(-1);
  if (!here || !isPlaced(here)) return undefined;
  const before = window.slice(0, -1).findLast((there) => tooFast(there, here, limits));
  return before && verdict([before, here], 'HIGH');
}

function tooFast(
  there: AttemptSignal,
  here: AttemptSignal,
  limits: Thresholds<'IMPOSSIBLE_TRAVEL'>,
): boolean {
  if (there.siteId === here.siteId || !isPlaced(there)) return false;
  const km = distanceKm(pointOf(there), pointOf(here));
  const hours = (here.at - there.at) / 3_600_000;
  return km >= limits.minimumKilometres && km > hours * limits.kilometresPerHour;
}

function pointOf({ latitude = 0, longitude = 0 }: AttemptSignal) {
  return { latitude, longitude };
}

/** The signs whose UIDs hang together with the newest one, each the neighbour of another. */
function rowOfNewest(window: Signals): Signals {
  const neighbours = new Map<string, Set<string>>();
  const marks = new Set(window.map(({ mark = '' }) => mark));
  const join = (a: string, b: string) => neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
  for (const { mark = '', next = [] } of window) {
    for (const other of next.filter((one) => marks.has(one))) {
      join(mark, other);
      join(other, mark);
    }
  }
  const row = new Set([window.at(-1)?.mark ?? '']);
  for (const mark of row) for (const other of neighbours.get(mark) ?? []) row.add(other);
  return window.filter(({ mark = '' }) => row.has(mark));
}

/** Its socket was not told to have ended, and its new one comes from elsewhere: a station does not move. */
function movedWhileConnected(signal: AttemptSignal, all: Signals): boolean {
  const { generation = 0, address = '' } = signal;
  if (generation <= 0 || address === '' || isPrivate(address)) return false;
  const before = all.filter((other) => (other.generation ?? 0) > 0 && other.generation! < generation);
  const last = before.reduce<AttemptSignal | undefined>(
    (latest, other) => ((latest?.generation ?? 0) < other.generation! ? other : latest),
    undefined,
  );
  if (!last?.address || isPrivate(last.address) || networkOf(last.address) === networkOf(address))
    return false;
  return !all.some((other) => other.generation === -last.generation!);
}
