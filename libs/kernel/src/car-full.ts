/**
 * When a car counts as full: it asks for no more power (SuspendedEV) after it has charged. One that waits for its own departure
 * schedule also asks for none, before it has charged or after a moment of power by which it tried the station, and a 1.6 station is
 * taken to charge from the start of a transaction until it says otherwise: so it must have charged for a minute. A car that never
 * charges is never full (docs/adr/0024): nobody could tell it from one that waits.
 */
export interface ToldState {
  readonly state: string;
  readonly from?: Date | undefined;
  /** Absent for the present one. */
  readonly to?: Date | undefined;
}

export const CHARGED_LEAST_MS = 60_000;

/** The beginning of the first SUSPENDED_EV after so much of CHARGING, whatever the order of the periods; undefined: not full so far. */
export function carFullAt(periods: readonly ToldState[]): Date | undefined {
  const told = periods.flatMap(({ state, from, to }) => (from ? [{ state, from, to }] : []));
  const charging = told.filter(({ state }) => state === 'CHARGING');
  const chargedBefore = (at: Date) =>
    charging.reduce((sum, { from, to }) => {
      const until = to && to < at ? to : at;
      return sum + Math.max(0, until.getTime() - from.getTime());
    }, 0);
  return told
    .filter(({ state, from }) => state === 'SUSPENDED_EV' && chargedBefore(from) >= CHARGED_LEAST_MS)
    .map(({ from }) => from)
    .reduce<Date | undefined>((first, from) => (first && first <= from ? first : from), undefined);
}

/** A station that opens its contactors may say SuspendedEV for a moment before it says what is wrong. */
const FULL_LEAST_MS = 60_000;

/** While a full car asked for no power, the last time; in ms. `until` is absent while it does so still. */
export interface FullTime {
  readonly since: number;
  readonly until?: number | undefined;
}

/** Undefined: it was not full, or has asked again. What a fault or the plug brings after it (SuspendedEVSE, EVConnected) is no asking. */
export function fullTime(periods: readonly ToldState[]): FullTime | undefined {
  if (!carFullAt(periods)) return undefined;
  const asked = periods.flatMap(({ state, from, to }) =>
    from && (state === 'SUSPENDED_EV' || state === 'CHARGING') ? [{ state, from, to }] : [],
  );
  const { state, from, to } = asked.reduce((late, period) => (period.from >= late.from ? period : late));
  return state === 'SUSPENDED_EV' ? { since: from.getTime(), until: to?.getTime() } : undefined;
}

/** Had it been full for so long by then that nothing was lost? */
export function wasFull(full: FullTime | undefined, at: number): boolean {
  return full !== undefined && Math.min(full.until ?? at, at) - full.since >= FULL_LEAST_MS;
}
