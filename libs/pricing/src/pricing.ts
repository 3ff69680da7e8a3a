/**
 * The ONE pricing engine: quotes, live cost, invoices and CDRs all call `priceSession`. OCPI 2.2.1 and 2.3.0 mod_tariffs
 * and mod_cdrs, rules P1 to P12 of docs/ocpi-notes.md. Pure: the same tariffs, zone and periods always give the same cents.
 */
import { type MilliWattHours, invalid, mwh } from '@kilowatch/kernel';
import { type PriceLine, positionsOf } from './price-lines.js';
import type { Range } from './restrictions.js';
import { type PeriodKind, type PricingPeriod, cutIntoSlices } from './slices.js';
import { applyStepSizes } from './step-size.js';
import type { Tariff } from './tariff.js';
import { type Totals, totalsOf } from './totals.js';
import { type PricedSlice, type ReservationOutcome, priceSlices } from './uses.js';

export type { PeriodKind, PricingPeriod } from './slices.js';
export type { BilledDimension, ReservationOutcome } from './uses.js';

export interface PricingInput {
  /** At least one, of one currency, each id once. Periods name theirs; the first prices those that name none. */
  readonly tariffs: readonly Tariff[];
  /** IANA zone of the location; a CDR does not carry it, so it is kept beside it. */
  readonly timeZone: string;
  /** In order of time, not overlapping; gaps are free. */
  readonly periods: readonly PricingPeriod[];
  /** What became of the RESERVED periods; USED unless told otherwise. */
  readonly reservation?: ReservationOutcome;
}

/** A stretch in which nothing about the price changes: what a receiver needs to price the session again. */
export interface PricePeriod {
  readonly start: Date;
  readonly end: Date;
  readonly kind: PeriodKind;
  readonly energyMwh: MilliWattHours;
  /** Which of several tariffs; absent when the session has one. */
  readonly tariffId?: string;
  readonly powerW: Range;
  readonly currentMa: Range;
}

export interface PricedSession extends Totals {
  readonly currency: string;
  readonly lines: readonly PriceLine[];
  readonly periods: readonly PricePeriod[];
  readonly energyMwh: MilliWattHours;
  readonly durationMs: Readonly<Record<PeriodKind, number>>;
}

/** Throws INVALID `BILLING_PERIODS_INVALID`, `BILLING_TARIFFS_INVALID` or, where local time matters, `TIME_ZONE_UNKNOWN`. */
export function priceSession({
  tariffs,
  timeZone,
  periods,
  reservation = 'USED',
}: PricingInput): PricedSession {
  const currency = currencyOf(tariffs);
  const slices = cutIntoSlices(tariffs, timeZone, periods);
  const priced = priceSlices(tariffs, slices, reservation);
  const positions = positionsOf(applyStepSizes(priced.flatMap((p) => p.uses)), tariffs);
  const used = [...new Set(slices.map((slice) => slice.tariffIndex))];
  const durationMs = { CHARGING: 0, HELD: 0, IDLE: 0, GRACE: 0, RESERVED: 0 };
  for (const period of periods) durationMs[period.kind] += period.end.getTime() - period.start.getTime();
  return {
    currency,
    lines: positions.map((position) => position.line),
    ...totalsOf(tariffs, used.length > 0 ? used : [0], positions),
    periods: joinEqual(priced, tariffs),
    energyMwh: mwh(periods.reduce((sum, period) => sum + period.energyMwh, 0)),
    durationMs,
  };
}

function currencyOf(tariffs: readonly Tariff[]): string {
  const [first] = tariffs;
  if (!first) throw invalid('BILLING_TARIFFS_INVALID', 'A session is priced by at least one tariff.');
  if (tariffs.some((tariff) => tariff.currency !== first.currency)) {
    throw invalid('BILLING_TARIFFS_INVALID', 'The tariffs of a session must be in one currency.');
  }
  if (new Set(tariffs.map((tariff) => tariff.id)).size < tariffs.length) {
    throw invalid('BILLING_TARIFFS_INVALID', 'Two tariffs of a session have the same id.');
  }
  return first.currency;
}

function joinEqual(priced: readonly PricedSlice[], tariffs: readonly Tariff[]): PricePeriod[] {
  const joined: { period: PricePeriod; pricedBy: string }[] = [];
  for (const { slice, pricedBy } of priced) {
    const last = joined[joined.length - 1];
    const period = {
      start: new Date(slice.start),
      end: new Date(slice.end),
      kind: slice.kind,
      energyMwh: slice.energyMwh,
      ...(tariffs.length > 1 ? { tariffId: tariffs[slice.tariffIndex]!.id } : {}),
      powerW: slice.moment.powerW,
      currentMa: slice.moment.currentMa,
    };
    const same = last && last.pricedBy === pricedBy && last.period.kind === slice.kind;
    if (same && last.period.end.getTime() === slice.start) last.period = merged(last.period, period);
    else joined.push({ period, pricedBy });
  }
  return joined.map((entry) => entry.period);
}

function merged(a: PricePeriod, b: PricePeriod): PricePeriod {
  const both = (x: Range, y: Range) => ({ min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) });
  return {
    ...a,
    end: b.end,
    energyMwh: mwh(a.energyMwh + b.energyMwh),
    powerW: both(a.powerW, b.powerW),
    currentMa: both(a.currentMa, b.currentMa),
  };
}
