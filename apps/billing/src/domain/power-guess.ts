/** How fast a running session takes energy, from what its station last said. Millwatt-hours per millisecond are exact enough here. */
export interface Measured {
  readonly from: Date;
  readonly to: Date;
  readonly energyMwh: number;
}

export interface Flow {
  /** Of the last reading; undefined: none was told yet. */
  readonly lastAt: Date | undefined;
  /** In the last interval, mWh per millisecond; 0 while nothing flows or nobody knows. */
  readonly present: number;
  /** The most the connector gives, mWh per millisecond. */
  readonly most: number;
}

export interface Outlet {
  readonly maxCurrentA: number;
  readonly maxVoltageV: number;
  /** 1 or 3; 0 for DC. */
  readonly phases: number;
  readonly powerType: string;
}

/** Where a station does not say what it gives: the largest AC outlet, and what few DC chargers exceed. */
const LARGEST_AC_W = 43_000;
const LARGEST_DC_W = 400_000;
const PHASE_V = 230;
const MWH_PER_MS_OF_W = 1_000 / 3_600_000;

export function outletPowerW({ maxCurrentA, maxVoltageV, phases, powerType }: Outlet): number {
  const isDc = powerType === 'DC' || (powerType === '' && phases === 0);
  if (isDc) return maxCurrentA > 0 && maxVoltageV > 0 ? maxCurrentA * maxVoltageV : LARGEST_DC_W;
  return maxCurrentA > 0 && phases > 0 ? maxCurrentA * PHASE_V * phases : LARGEST_AC_W;
}

/** @param charging false: the station says that nothing flows */
export function flowOf(intervals: readonly Measured[], charging: boolean, mostW: number): Flow {
  const last = intervals.reduce<Measured | undefined>(
    (latest, one) => (latest && latest.to >= one.to ? latest : one),
    undefined,
  );
  const most = mostW * MWH_PER_MS_OF_W;
  const ms = last ? last.to.getTime() - last.from.getTime() : 0;
  const rate = last && charging && ms > 0 ? last.energyMwh / ms : 0;
  return { lastAt: last?.to, present: Math.min(Math.max(rate, 0), most), most };
}

/** What flows between the last reading and `until`, at that rate; `from` where none was told yet. */
export function flowUntil({ lastAt }: Flow, from: Date, rate: number, until: Date): Measured[] {
  const known = lastAt ?? from;
  const ms = until.getTime() - known.getTime();
  return ms > 0 ? [{ from: known, to: until, energyMwh: Math.round(rate * ms) }] : [];
}
