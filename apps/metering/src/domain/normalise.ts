/**
 * Samples -> figures, by the defaults of the specifications (1.6 section 7.44, 2.0.1 SampledValueType): unit, phase and location
 * rules of docs/ocpp-notes.md: rule 7, quirks Q13, Q34, Q35 and Q39. Nothing is repaired silently: a doubt becomes a
 * deviation.
 */
import { decimal, groupBy, type Decimal } from '@kilowatch/kernel';
import { contextOf, type NormalisedReading, type ReadingContext, type SampledValue } from './reading.js';
import { signedValue } from './signed-value.js';

type Figure =
  | 'energyImportMwh'
  | 'energyExportMwh'
  | 'energyIntervalMwh'
  | 'clockIntervalMwh'
  | 'exportIntervalMwh'
  | 'powerW'
  | 'powerExportW'
  | 'socPercent'
  | 'currentMa'
  | 'voltageMv'
  | 'offeredCurrentMa';

interface MeasurandRule {
  readonly figure: Figure;
  /** Unit as written, lower case -> power of ten to the figure's unit. */
  readonly units: Readonly<Record<string, number>>;
  /** Power of ten when the unit is absent or belongs to another measurand. */
  readonly fallback: number;
  /** How phases make a total when the station gives none. */
  readonly phases: 'sum' | 'max' | 'mean';
}

const ENERGY = { wh: 3, kwh: 6 };
const energy = (figure: Figure): MeasurandRule => ({ figure, units: ENERGY, fallback: 3, phases: 'sum' });
const power = (figure: Figure): MeasurandRule => ({
  figure,
  units: { w: 0, kw: 3 },
  fallback: 0,
  phases: 'sum',
});

const RULES: ReadonlyMap<string, MeasurandRule> = new Map<string, MeasurandRule>([
  ['Energy.Active.Import.Register', energy('energyImportMwh')],
  ['Energy.Active.Export.Register', energy('energyExportMwh')],
  ['Energy.Active.Import.Interval', energy('energyIntervalMwh')],
  ['Energy.Active.Export.Interval', energy('exportIntervalMwh')],
  ['Power.Active.Import', power('powerW')],
  ['Power.Active.Export', power('powerExportW')],
  ['Current.Import', { figure: 'currentMa', units: { a: 3 }, fallback: 3, phases: 'max' }],
  ['Current.Offered', { figure: 'offeredCurrentMa', units: { a: 3 }, fallback: 3, phases: 'max' }],
  ['Voltage', { figure: 'voltageMv', units: { v: 3 }, fallback: 3, phases: 'mean' }],
  ['SoC', { figure: 'socPercent', units: { percent: 0, '%': 0 }, fallback: 0, phases: 'max' }],
]);
/** Intervals of the clock and intervals of the session overlap: each kind is a series of its own. */
const CLOCK_INTERVAL = energy('clockIntervalMwh');

/** Measurands of the specification that no figure of ours needs: kept raw, no deviation. */
const KNOWN_OTHERS =
  /^(Current\.Export|Energy\.(Active|Reactive|Apparent)\.(Net|Import|Export|Import\.Interval|Export\.Interval|Import\.Register|Export\.Register)|Energy\.Reactive\.Net|Energy\.Apparent\.(Net|Import|Export)|Frequency|Power\.(Factor|Offered|Reactive\.Import|Reactive\.Export)|RPM|Temperature)$/;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/i;
const LINE_TO_LINE = /^L[123]-L[123]$/;
/** 2^53 mWh is 9 TWh, 2^31 - 1 W is 2 GW: nothing at a charger is larger, a larger number is a lie. */
const LARGEST_ENERGY = Number.MAX_SAFE_INTEGER;
const LARGEST = 2 ** 31 - 1;
const ENERGIES: ReadonlySet<Figure> = new Set<Figure>([
  'energyImportMwh',
  'energyExportMwh',
  'energyIntervalMwh',
  'clockIntervalMwh',
  'exportIntervalMwh',
]);
/** No unit needs more; with exponents of millions one sum would take all memory. */
const LARGEST_MULTIPLIER = 30;

/**
 * Where the car's side and the grid's side are both measured, the outlet is what is billed (1.6 Location default); the nearer to it the
 * better. What the car says of itself counts for its state of charge alone.
 */
const LOCATIONS: Readonly<Record<string, number>> = { '': 0, Outlet: 0, Cable: 1, Inlet: 2, Body: 3 };
const UNKNOWN_LOCATION = 4;
const AT_CAR = -1;

/** A whole number where it is exact, which it nearly always is; else a decimal. */
type Value = number | Decimal;

/** What one location says of one figure. */
interface Told {
  readonly rule: MeasurandRule;
  total: Value | undefined;
  phases: Map<string, Value> | undefined;
}

/** One normalised reading per context that occurs in the samples, in order of appearance. */
export function normalise(samples: readonly SampledValue[]): NormalisedReading[] {
  const first = samples[0];
  if (!first) return [];
  const context = contextOf(first.context);
  if (samples.every((sample) => sample.context === first.context || contextOf(sample.context) === context))
    return [normaliseGroup(context, samples)];
  const groups = groupBy(samples, (sample) => contextOf(sample.context));
  return [...groups].map(([of, group]) => normaliseGroup(of, group));
}

function normaliseGroup(context: ReadingContext, samples: readonly SampledValue[]): NormalisedReading {
  const deviations = new Set<string>();
  const told = new Map<Figure, Map<number, Told>>();
  for (const sample of samples) take(sample, told, deviations);
  const figures: Partial<Record<Figure, number>> = {};
  for (const [figure, places] of told) {
    const value = decide(figure, places, deviations);
    if (value !== undefined) figures[figure] = value;
  }
  return { context, ...figures, deviations: deviations.size === 0 ? [] : [...deviations].sort() };
}

function take(sample: SampledValue, told: Map<Figure, Map<number, Told>>, deviations: Set<string>): void {
  const rule = ruleOf(sample);
  if (!rule) {
    if (sample.measurand !== '' && !KNOWN_OTHERS.test(sample.measurand)) deviations.add('unknown_measurand');
    return;
  }
  const phase = phaseOf(sample.phase);
  if (phase === undefined) return;
  const value = valueOf(sample, rule, deviations);
  if (value === undefined) return;
  const place = placeOf(sample.location, rule.figure);
  let places = told.get(rule.figure);
  if (!places) told.set(rule.figure, (places = new Map<number, Told>()));
  let here = places.get(place);
  if (!here) places.set(place, (here = { rule, total: undefined, phases: undefined }));
  const before = phase === '' ? here.total : here.phases?.get(phase);
  if (before !== undefined) {
    // libocpp repeats samples; two that differ are a doubt, and the station's first word stands.
    if (!equal(before, value)) deviations.add('value_given_twice');
  } else if (phase === '') here.total = value;
  else (here.phases ??= new Map()).set(phase, value);
}

function ruleOf(sample: SampledValue): MeasurandRule | undefined {
  const rule = RULES.get(sample.measurand);
  return rule?.figure === 'energyIntervalMwh' && sample.context === 'Sample.Clock' ? CLOCK_INTERVAL : rule;
}

/** '' is the total; L1-N is L1 under another name; undefined: no part of a total (neutral, line to line). */
function phaseOf(phase: string): string | undefined {
  if (phase === '') return '';
  if (phase === 'N' || LINE_TO_LINE.test(phase)) return undefined;
  return phase.endsWith('-N') ? phase.slice(0, -2) : phase;
}

function placeOf(location: string, figure: Figure): number {
  if (location === 'EV') return AT_CAR;
  if (figure === 'socPercent') return 0;
  return LOCATIONS[location] ?? UNKNOWN_LOCATION;
}

/** The figure of the best place that says one. */
function decide(
  figure: Figure,
  places: ReadonlyMap<number, Told>,
  deviations: Set<string>,
): number | undefined {
  const energyFigure = ENERGIES.has(figure);
  const usable =
    figure === 'socPercent' ? [...places.keys()] : [...places.keys()].filter((place) => place !== AT_CAR);
  if (usable.length === 0) {
    if (energyFigure) deviations.add('measured_by_car');
    return undefined;
  }
  if (usable.length > 1) usable.sort((a, b) => a - b);
  for (const place of usable) {
    const { rule, total, phases } = places.get(place)!;
    const value = total ?? combine([...phases!.values()], rule.phases);
    if (exceeds(value, largestOf(figure))) {
      deviations.add('value_out_of_range');
      continue;
    }
    if (energyFigure && place !== 0) deviations.add('not_at_outlet');
    if (figure === 'energyImportMwh' && total === undefined) deviations.add('register_per_phase');
    return toNumber(figure, value);
  }
  return undefined;
}

function valueOf(sample: SampledValue, rule: MeasurandRule, deviations: Set<string>): Value | undefined {
  let { value: text, unit, multiplier } = sample;
  if (sample.signedData !== '' && text === '') {
    // The signature is checked elsewhere; what it is about is a reading like any other, and must not be lost.
    const inside = signedValue(sample.signedData, contextOf(sample.context), rule.figure);
    deviations.add(inside ? 'signed_only' : 'signed_value_unreadable');
    if (!inside) return undefined;
    ({ value: text, unit } = inside);
    multiplier = 0;
  }
  text = text.trim();
  if (!NUMBER.test(text)) {
    deviations.add('value_not_a_number');
    return undefined;
  }
  let exponent = rule.units[unit] ?? rule.units[unit.toLowerCase()];
  if (exponent === undefined) {
    // "Celcius" or "Wh" on a current (seen on the wire): the measurand says what it is, the unit is noted.
    if (unit !== '') deviations.add('unit_of_other_measurand');
    exponent = rule.fallback;
  }
  const value = Math.abs(multiplier) <= LARGEST_MULTIPLIER ? exact(text, exponent + multiplier) : undefined;
  if (value === undefined || exceeds(value, largestOf(rule.figure))) {
    deviations.add('value_out_of_range');
    return undefined;
  }
  return value;
}

const PLAIN = /^(\d{1,9})(?:\.(\d{1,6}))?$/;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Most values are short: as whole numbers they are exact too, and a tenth of the work. */
function exact(text: string, exponent: number): Value {
  const plain = PLAIN.exec(text);
  if (plain && exponent >= 0 && exponent <= 6) {
    const fraction = plain[2] ?? '';
    if (fraction.length <= exponent)
      return Number(plain[1]) * POWERS[exponent]! + Number(fraction) * POWERS[exponent - fraction.length]!;
  }
  return decimal(text).times(decimal(`1e${exponent}`));
}

function largestOf(figure: Figure): number {
  return ENERGIES.has(figure) ? LARGEST_ENERGY : LARGEST;
}

function exceeds(value: Value, largest: number): boolean {
  return typeof value === 'number' ? Math.abs(value) > largest : value.abs().gt(String(largest));
}

function equal(a: Value, b: Value): boolean {
  return typeof a === 'number' && typeof b === 'number' ? a === b : asDecimal(a).eq(asDecimal(b));
}

function asDecimal(value: Value): Decimal {
  return typeof value === 'number' ? decimal(String(value)) : value;
}

function combine(values: readonly Value[], how: MeasurandRule['phases']): Value {
  if (how === 'max') return values.reduce((a, b) => (asDecimal(a).gt(asDecimal(b)) ? a : b));
  const sum = values.map(asDecimal).reduce((a, b) => a.plus(b));
  return how === 'sum' ? sum : sum.div(decimal(values.length));
}

function toNumber(figure: Figure, value: Value): number {
  if (typeof value === 'number') return value;
  return Number(value.round(figure === 'socPercent' ? 2 : 0, 1).toFixed());
}
