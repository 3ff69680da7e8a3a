/**
 * Samples -> figures, by the defaults of the specifications (1.6 section 7.44, 2.0.1 SampledValueType): unit, phase and location
 * rules of docs/ocpp-notes.md: rule 7, quirks Q13, Q34, Q35 and Q39. Nothing is repaired silently: a doubt becomes a
 * deviation.
 */
import { decimal, groupBy, type Decimal } from '@kilowatch/kernel';
import {
  contextOf,
  type NormalisedReading,
  type ReadingContext,
  type SampledValue,
  type SampleKind,
} from './reading.js';
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

/** What a sample is about, which follows from its kind. */
interface Step {
  /** Among the samples. */
  readonly index: number;
  readonly rule: MeasurandRule;
  /** '' is the total. */
  readonly phase: string;
  readonly place: number;
}

/** How the samples of one context are read, whatever their values. */
export interface ReadingPlan {
  readonly context: ReadingContext;
  readonly steps: readonly Step[];
  /** Each figure is told once and as a total: there is nothing to choose between. */
  readonly plain: boolean;
  readonly deviations: readonly string[];
}

/** One plan per context that occurs in the samples, in order of appearance. */
export function readingPlans(kinds: readonly SampleKind[]): ReadingPlan[] {
  return [...groupBy(kinds.entries(), ([, { context }]) => contextOf(context))].map(([context, group]) => {
    const steps = group.flatMap(([index, kind]) => stepOf(index, kind) ?? []);
    const figures = new Set(steps.map(({ rule }) => rule.figure));
    return {
      context,
      steps,
      plain: figures.size === steps.length && steps.every(({ phase }) => phase === ''),
      deviations: group.some(([, { measurand }]) => isUnknown(measurand)) ? ['unknown_measurand'] : [],
    };
  });
}

function isUnknown(measurand: string): boolean {
  return !RULES.has(measurand) && measurand !== '' && !KNOWN_OTHERS.test(measurand);
}

function stepOf(index: number, kind: SampleKind): Step | undefined {
  const rule = ruleOf(kind);
  const phase = phaseOf(kind.phase);
  if (!rule || phase === undefined) return undefined;
  return { index, rule, phase, place: placeOf(kind.location, rule.figure) };
}

type Figures = Record<Figure, number | undefined>;

/** Of one shape whatever was measured: what is made of many readings goes through them figure by figure. */
const NOTHING: Figures = {
  energyImportMwh: undefined,
  energyExportMwh: undefined,
  energyIntervalMwh: undefined,
  clockIntervalMwh: undefined,
  exportIntervalMwh: undefined,
  powerW: undefined,
  powerExportW: undefined,
  socPercent: undefined,
  currentMa: undefined,
  voltageMv: undefined,
  offeredCurrentMa: undefined,
};

/** One normalised reading per context that occurs in the samples, in order of appearance. `plans`: those of their kinds. */
export function normalise(
  samples: readonly SampledValue[],
  plans: readonly ReadingPlan[] = readingPlans(samples),
): NormalisedReading[] {
  return plans.map((plan) => {
    const deviations = new Deviations(plan.deviations);
    const figures = plan.plain
      ? plainFigures(plan, samples, deviations)
      : weighedFigures(plan, samples, deviations);
    return { context: plan.context, ...figures, deviations: deviations.sorted() };
  });
}

/** Of most readings there are none. */
class Deviations {
  private noted: Set<string> | undefined;

  constructor(already: readonly string[]) {
    if (already.length > 0) this.noted = new Set(already);
  }

  add(code: string): void {
    (this.noted ??= new Set()).add(code);
  }

  sorted(): readonly string[] {
    return this.noted === undefined ? [] : [...this.noted].sort();
  }
}

function plainFigures(plan: ReadingPlan, samples: readonly SampledValue[], deviations: Deviations): Figures {
  const figures: Figures = { ...NOTHING };
  for (const { index, rule, place } of plan.steps) {
    const value = valueOf(samples[index]!, rule, deviations);
    if (value === undefined) continue;
    const { figure } = rule;
    if (isUsable(figure, place)) {
      if (ENERGIES.has(figure) && place !== 0) deviations.add('not_at_outlet');
      figures[figure] = toNumber(figure, value);
    } else if (ENERGIES.has(figure)) deviations.add('measured_by_car');
  }
  return figures;
}

function weighedFigures(
  plan: ReadingPlan,
  samples: readonly SampledValue[],
  deviations: Deviations,
): Figures {
  const told = new Map<Figure, Map<number, Told>>();
  for (const step of plan.steps) take(samples[step.index]!, step, told, deviations);
  const figures: Figures = { ...NOTHING };
  for (const [figure, places] of told) figures[figure] = decide(figure, places, deviations);
  return figures;
}

function take(
  sample: SampledValue,
  { rule, phase, place }: Step,
  told: Map<Figure, Map<number, Told>>,
  deviations: Deviations,
): void {
  const value = valueOf(sample, rule, deviations);
  if (value === undefined) return;
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

function ruleOf(kind: SampleKind): MeasurandRule | undefined {
  const rule = RULES.get(kind.measurand);
  return rule?.figure === 'energyIntervalMwh' && kind.context === 'Sample.Clock' ? CLOCK_INTERVAL : rule;
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

/** What the car says of itself counts for its state of charge alone. */
function isUsable(figure: Figure, place: number): boolean {
  return place !== AT_CAR || figure === 'socPercent';
}

/** The figure of the best place that says one. */
function decide(
  figure: Figure,
  places: ReadonlyMap<number, Told>,
  deviations: Deviations,
): number | undefined {
  const energyFigure = ENERGIES.has(figure);
  const usable = [...places.keys()].filter((place) => isUsable(figure, place));
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

function valueOf(sample: SampledValue, rule: MeasurandRule, deviations: Deviations): Value | undefined {
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

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const MOST_WHOLE_DIGITS = 9;
const [DIGIT_0, DIGIT_9, POINT] = [0x30, 0x39, 0x2e];

/** Most values are short: as whole numbers they are exact too, and a tenth of the work. */
function exact(text: string, exponent: number): Value {
  return plain(text, exponent) ?? decimal(text).times(decimal(`1e${exponent}`));
}

/** Of digits and at most one point between them. Undefined: not such a text, or the result is no whole number. */
function plain(text: string, exponent: number): number | undefined {
  if (exponent < 0 || exponent >= POWERS.length) return undefined;
  let value = 0;
  let point = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === POINT && point === text.length && i > 0) point = i;
    else if (code >= DIGIT_0 && code <= DIGIT_9) value = value * 10 + (code - DIGIT_0);
    else return undefined;
  }
  const fraction = Math.max(0, text.length - point - 1);
  if (point > MOST_WHOLE_DIGITS || fraction > exponent || point === text.length - 1) return undefined;
  return value * POWERS[exponent - fraction]!;
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
