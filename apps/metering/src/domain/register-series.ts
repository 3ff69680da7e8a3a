/** The import registers of one transaction in order: which of them are its own, and what is odd about their steps (Q36, Q40). */
import type { SessionClock } from './device-clock.js';
import type { NormalisedReading, TimedReading } from './reading.js';

export interface Register {
  readonly at: Date;
  readonly receivedAt: Date | undefined;
  readonly mwh: number;
  readonly context: NormalisedReading['context'];
}

export interface EnergyLimits extends SessionClock {
  /** What the connector can give at most, W; 0 = unknown. */
  readonly maxPowerW: number;
}

/** 1 Wh: what rounding of a register may take back (Q37, seen as 1 Wh on Huawei stations). */
export const ROUNDING_MWH = 1_000;
/** Energy above what the connector can give times this is a unit lie or a jump, not charging. */
const PLAUSIBLE_EXCESS = 1.2;
/** Of a connector that says nothing: the largest there is (MCS, 3.75 MW). */
const LARGEST_CONNECTOR_W = 4_000_000;
/** Where counters begin anew, mWh: 4 to 6 digits of kWh, 9 of Wh, 31 and 32 bits of Wh. */
const MODULI = [1e9, 1e10, 1e11, 1e12, 2 ** 31 * 1000, 2 ** 32 * 1000];
/** A counter is about to begin anew in its last twentieth, and has just done so in its first. */
const NEAR_END = 0.95;

/** Registers between the transaction's begin and end; what lies outside of them is not this session's. */
export function registersOf(ordered: readonly TimedReading[], deviations: Set<string>): Register[] {
  const all = ordered.flatMap(({ at, receivedAt, context, energyImportMwh }): Register[] =>
    energyImportMwh === undefined ? [] : [{ at, receivedAt, context, mwh: energyImportMwh }],
  );
  const begin = all.find((register) => register.context === 'BEGIN');
  const end = endOf(all, deviations);
  if (begin && end && end.at < begin.at) {
    // The clock was set back in between: times say nothing about what lies between, begin and end still decide.
    deviations.add('clock_set_back');
    return [begin, end];
  }
  if (end && all.some((register) => register.at > end.at && register.context !== 'END'))
    deviations.add('values_after_end');
  return all.filter(
    (register) =>
      (!begin || register === begin || (register.at >= begin.at && register.context !== 'BEGIN')) &&
      (!end || register === end || (register.at <= end.at && register.context !== 'END')),
  );
}

/** The station's first word about the end stands (docs/ocpp-notes.md rule 4): a stop that is told again changes nothing. */
function endOf(ordered: readonly Register[], deviations: Set<string>): Register | undefined {
  const ends = ordered.filter(({ context }) => context === 'END');
  const told = (register: Register) => register.receivedAt?.getTime() ?? 0;
  const first = Math.min(...ends.map(told));
  const end = ends.findLast((register) => told(register) === first);
  if (ends.some((other) => told(other) !== first && other.mwh !== end?.mwh)) deviations.add('end_told_again');
  return end;
}

/**
 * Q36: lifetime registers at start and stop and samples in between that count from the session's start, or the reverse. The samples
 * are put on the scale of start and stop, which decide.
 */
export function withoutRelativeSamples(
  registers: readonly Register[],
  deviations: Set<string>,
): readonly Register[] {
  const begin = registers[0];
  const end = registers[registers.length - 1];
  if (!begin || !end || registers.length < 3 || begin.context !== 'BEGIN') return registers;
  const closed = end.context === 'END';
  const between = registers.slice(1, closed ? -1 : undefined);
  const total = closed ? end.mwh - begin.mwh : Number.POSITIVE_INFINITY;
  const rises = between.every((register, i) => i === 0 || register.mwh >= between[i - 1]!.mwh);
  if (total < 0 || !rises) return registers;
  const lifted = (by: number) => {
    const moved = between.map((register) => ({ ...register, mwh: register.mwh + by }));
    return closed ? [begin, ...moved, end] : [begin, ...moved];
  };
  const relativeSamples =
    begin.mwh > ROUNDING_MWH &&
    between.every((register) => register.mwh < begin.mwh && register.mwh <= total + ROUNDING_MWH) &&
    (between[0]!.mwh <= ROUNDING_MWH || closed);
  if (relativeSamples) {
    deviations.add('session_relative_samples');
    return lifted(begin.mwh);
  }
  const [first, last] = [between[0]!, between[between.length - 1]!];
  const relativeEnds =
    closed &&
    begin.mwh <= ROUNDING_MWH &&
    first.mwh > end.mwh + total + ROUNDING_MWH &&
    last.mwh - first.mwh <= total + ROUNDING_MWH;
  if (!relativeEnds) return registers;
  deviations.add('session_relative_registers');
  return lifted(begin.mwh - first.mwh);
}

/** A single sample far off the line between its neighbours is no register: nothing can charge there and back. Begin and end stay. */
export function withoutGlitches(
  registers: readonly Register[],
  limits: EnergyLimits,
  deviations: Set<string>,
): readonly Register[] {
  const kept: Register[] = [];
  for (let i = 0; i < registers.length; i += 1) {
    const [before, here, after] = [kept[kept.length - 1], registers[i]!, registers[i + 1]];
    if (before && after && here.context !== 'END' && isGlitch(before, here, after, limits))
      deviations.add('register_glitch');
    else kept.push(here);
  }
  return kept;
}

function isGlitch(before: Register, here: Register, after: Register, limits: EnergyLimits): boolean {
  const across = after.mwh - before.mwh;
  if (across < 0 || across > plausibleMwh(before, after, limits)) return false;
  return here.mwh < before.mwh - ROUNDING_MWH
    ? after.mwh - here.mwh > plausibleMwh(here, after, limits)
    : here.mwh > after.mwh && here.mwh - before.mwh > plausibleMwh(before, here, limits);
}

/** What passed while the counter began anew; undefined when the fall is no roll-over. */
export function rolledOver(before: Register, after: Register, limits: EnergyLimits): number | undefined {
  const passed = MODULI.filter((modulus) => before.mwh >= modulus * NEAR_END && before.mwh < modulus)
    .map((modulus) => modulus - before.mwh + after.mwh)
    .find((mwh) => mwh <= plausibleMwh(before, after, limits));
  return passed !== undefined && after.mwh <= before.mwh * (1 - NEAR_END) ? passed : undefined;
}

/** The most a connector gives between two registers; at least what it gives in a minute, for times are rounded. */
export function plausibleMwh(
  before: Pick<Register, 'at' | 'receivedAt'>,
  after: Pick<Register, 'at' | 'receivedAt'>,
  { maxPowerW }: EnergyLimits,
): number {
  const between = (from: Date | undefined, to: Date | undefined) =>
    from && to ? (to.getTime() - from.getTime()) / 1000 : 0;
  const byDevice = between(before.at, after.at);
  const seconds = Math.max(60, byDevice >= 0 ? byDevice : between(before.receivedAt, after.receivedAt));
  return ((maxPowerW > 0 ? maxPowerW : LARGEST_CONNECTOR_W) * PLAUSIBLE_EXCESS * seconds * 1000) / 3600;
}
