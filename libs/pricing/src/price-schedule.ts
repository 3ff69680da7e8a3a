/** The unit prices of the next hours, cut where the clock or the calendar changes them: what a driver is shown. */
import { localParts } from '@kilowatch/kernel';
import { type Moment, localTimeCuts } from './restrictions.js';
import { type Dimension, type Tariff, type UnitPrice, isTimeVariable, unitPriceOf } from './tariff.js';
import { findComponent } from './uses.js';

export interface ScheduleEntry {
  readonly start: Date;
  readonly end: Date;
  /** Null: costs nothing. */
  readonly perKwh: UnitPrice | null;
  readonly perHourCharging: UnitPrice | null;
  readonly perHourIdle: UnitPrice | null;
  readonly perSession: UnitPrice | null;
}

/** Prices as at the start of a session (no energy, no duration yet). One entry when the clock changes nothing. */
export function priceSchedule(tariff: Tariff, timeZone: string, from: Date, hours = 24): ScheduleEntry[] {
  const to = new Date(from.getTime() + hours * 3_600_000);
  const cuts = isTimeVariable(tariff) ? localTimeCuts(tariff, from, to, timeZone) : [];
  const edges = [from.getTime(), ...cuts, to.getTime()];
  const entries: ScheduleEntry[] = [];
  edges.slice(0, -1).forEach((start, index) => {
    const prices = pricesAt(tariff, timeZone, new Date(start));
    const end = new Date(edges[index + 1]!);
    const last = entries[entries.length - 1];
    if (last && samePrices(last, prices)) entries[entries.length - 1] = { ...last, end };
    else entries.push({ start: new Date(start), end, ...prices });
  });
  return entries;
}

type Prices = Omit<ScheduleEntry, 'start' | 'end'>;

function pricesAt(tariff: Tariff, timeZone: string, at: Date): Prices {
  const moment: Moment = {
    atMs: at.getTime(),
    local: localParts(at, timeZone),
    energyMwh: 0,
    sinceStartMs: 0,
    powerW: { min: 0, max: 0 },
    currentMa: { min: 0, max: 0 },
  };
  const price = (dimension: Dimension): UnitPrice | null => {
    const component = findComponent(tariff, dimension, moment)?.component;
    return component ? unitPriceOf(component) : null;
  };
  return {
    perKwh: price('ENERGY'),
    perHourCharging: price('TIME'),
    perHourIdle: price('PARKING_TIME'),
    perSession: price('FLAT'),
  };
}

function samePrices(a: Prices, b: Prices): boolean {
  const same = (x: UnitPrice | null, y: UnitPrice | null) =>
    x?.incl.toFixed() === y?.incl.toFixed() && !x === !y;
  return (
    same(a.perKwh, b.perKwh) &&
    same(a.perHourCharging, b.perHourCharging) &&
    same(a.perHourIdle, b.perHourIdle) &&
    same(a.perSession, b.perSession)
  );
}
