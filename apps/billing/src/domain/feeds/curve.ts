/**
 * A curve over time: what a feed says of electricity, each stretch with one value. All feeds are brought to this one shape, with prices per
 * kWh before taxes; other curves (share of renewable energy, CO2, load of a site) have it too.
 */
import type { Decimal } from '@kilowatch/kernel';

export interface Stretch {
  readonly start: Date;
  readonly end: Date;
  /** Per kWh for a price; may be below zero. */
  readonly value: Decimal;
  /** Currency of a price (ISO 4217), or `%`, or `g/kWh`. */
  readonly unit: string;
}

export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Stretches in order of time that do not overlap: where several cover a moment, the one that comes first in the list counts. Stretches of
 * no length are left out.
 */
export function laidOut(stretches: readonly Stretch[]): Stretch[] {
  const real = stretches.filter(({ start, end }) => start < end);
  const edges = [...new Set(real.flatMap(({ start, end }) => [start.getTime(), end.getTime()]))];
  edges.sort((a, b) => a - b);
  const indexOf = new Map(edges.map((edge, index) => [edge, index]));
  const owner = new Array<Stretch | undefined>(Math.max(0, edges.length - 1)).fill(undefined);
  for (const stretch of real) {
    for (let i = indexOf.get(stretch.start.getTime())!; edges[i]! < stretch.end.getTime(); i += 1) {
      owner[i] ??= stretch;
    }
  }
  const found: Stretch[] = [];
  owner.forEach((stretch, index) => {
    if (!stretch) return;
    const [start, end] = [new Date(edges[index]!), new Date(edges[index + 1]!)];
    const last = found.at(-1);
    const goesOn = last && owner[index - 1] === stretch && last.end.getTime() === start.getTime();
    if (goesOn) found[found.length - 1] = { ...last, end };
    else found.push({ ...stretch, start, end });
  });
  return found;
}

/** The part of a curve between two moments. */
export function within(curve: readonly Stretch[], from: Date, to: Date): Stretch[] {
  return curve
    .filter(({ start, end }) => start < to && end > from)
    .map((one) => ({ ...one, start: later(one.start, from), end: earlier(one.end, to) }));
}

/** Where between two moments nothing is known. `curve` as `laidOut` gives it. */
export function gapsIn(curve: readonly Stretch[], from: Date, to: Date): Gap[] {
  const gaps: Gap[] = [];
  let known = from;
  for (const { start, end } of within(curve, from, to)) {
    if (start > known) gaps.push({ from: known, to: start });
    known = later(known, end);
  }
  if (known < to) gaps.push({ from: known, to });
  return gaps;
}

/** Neighbours of the same value as one. */
export function merged(curve: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const one of curve) {
    const last = found.at(-1);
    const same = last && last.end.getTime() === one.start.getTime() && last.value.eq(one.value);
    if (same && last.unit === one.unit) found[found.length - 1] = { ...last, end: one.end };
    else found.push(one);
  }
  return found;
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
