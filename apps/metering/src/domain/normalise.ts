/**
 * Samples -> figures, by the defaults of the specifications (1.6 section 7.44, 2.0.1 SampledValueType): unit and phase
 * rules of docs/ocpp-notes.md: rule 7, quirks Q13, Q34, Q35 and Q39. Nothing is repaired silently: a doubt becomes a
 * deviation.
 */
import { decimal, groupBy, type Decimal } from '@kilowatch/kernel';
import { contextOf, type NormalisedReading, type ReadingContext, type SampledValue } from './reading.js';

type Figure =
  | 'energyImportMwh'
  | 'energyExportMwh'
  | 'powerW'
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

const RULES: Readonly<Record<string, MeasurandRule>> = {
  'Energy.Active.Import.Register': { figure: 'energyImportMwh', units: ENERGY, fallback: 3, phases: 'sum' },
  'Energy.Active.Export.Register': { figure: 'energyExportMwh', units: ENERGY, fallback: 3, phases: 'sum' },
  'Power.Active.Import': { figure: 'powerW', units: { w: 0, kw: 3 }, fallback: 0, phases: 'sum' },
  'Current.Import': { figure: 'currentMa', units: { a: 3 }, fallback: 3, phases: 'max' },
  'Current.Offered': { figure: 'offeredCurrentMa', units: { a: 3 }, fallback: 3, phases: 'max' },
  Voltage: { figure: 'voltageMv', units: { v: 3 }, fallback: 3, phases: 'mean' },
  SoC: { figure: 'socPercent', units: { percent: 0, '%': 0 }, fallback: 0, phases: 'max' },
};

/** Measurands of the specification that no figure of ours needs: kept raw, no deviation. */
const KNOWN_OTHERS =
  /^(Current\.Export|Energy\.(Active|Reactive|Apparent)\.(Net|Import|Export|Import\.Interval|Export\.Interval|Import\.Register|Export\.Register)|Energy\.Reactive\.Net|Energy\.Apparent\.(Net|Import|Export)|Frequency|Power\.(Active\.Export|Factor|Offered|Reactive\.Import|Reactive\.Export)|RPM|Temperature)$/;

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/i;
const LINE_TO_LINE = /^L[123]-L[123]$/;
/** 2^53 mWh is 9 TWh, 2^31 - 1 W is 2 GW: nothing at a charger is larger, a larger number is a lie. */
const LARGEST_ENERGY = decimal(Number.MAX_SAFE_INTEGER);
const LARGEST = decimal(2 ** 31 - 1);
/** No unit needs more; with exponents of millions one sum would take all memory. */
const LARGEST_MULTIPLIER = 30;

/** One normalised reading per context that occurs in the samples, in order of appearance. */
export function normalise(samples: readonly SampledValue[]): NormalisedReading[] {
  const groups = groupBy(samples, (sample) => contextOf(sample.context));
  return [...groups].map(([context, group]) => normaliseGroup(context, group));
}

function normaliseGroup(context: ReadingContext, samples: readonly SampledValue[]): NormalisedReading {
  const deviations = new Set<string>();
  const totals = new Map<Figure, Decimal>();
  const phases = new Map<MeasurandRule, Decimal[]>();
  for (const sample of samples) {
    const rule = RULES[sample.measurand];
    if (!rule) {
      if (sample.measurand !== '' && !KNOWN_OTHERS.test(sample.measurand))
        deviations.add('unknown_measurand');
      continue;
    }
    const value = valueOf(sample, rule, deviations);
    if (!value) continue;
    // Where the car's side and the grid's side are both measured, the outlet is what is billed (1.6 Location default).
    if (sample.location !== '' && sample.location !== 'Outlet' && sample.location !== 'EV') {
      if (rule.figure === 'energyImportMwh' || rule.figure === 'energyExportMwh')
        deviations.add('not_at_outlet');
    }
    if (sample.phase === '') totals.set(rule.figure, value);
    else if (sample.phase !== 'N' && !LINE_TO_LINE.test(sample.phase)) {
      phases.set(rule, [...(phases.get(rule) ?? []), value]);
    }
  }
  for (const [rule, values] of phases) {
    if (totals.has(rule.figure)) continue;
    const total = combine(values, rule.phases);
    if (total.abs().gt(largestOf(rule.figure))) {
      deviations.add('value_out_of_range');
      continue;
    }
    totals.set(rule.figure, total);
    if (rule.figure === 'energyImportMwh') deviations.add('register_per_phase');
  }
  const figures: Partial<Record<Figure, number>> = {};
  for (const [figure, value] of totals) figures[figure] = toNumber(figure, value);
  return { context, ...figures, deviations: [...deviations].sort() };
}

function valueOf(sample: SampledValue, rule: MeasurandRule, deviations: Set<string>): Decimal | undefined {
  if (sample.signedData !== '' && sample.value === '') return undefined;
  const text = sample.value.trim();
  if (!NUMBER.test(text)) {
    deviations.add('value_not_a_number');
    return undefined;
  }
  const unit = sample.unit.toLowerCase();
  let power = rule.units[unit];
  if (power === undefined) {
    // "Celcius" or "Wh" on a current (seen on the wire): the measurand says what it is, the unit is noted.
    if (unit !== '') deviations.add('unit_of_other_measurand');
    power = rule.fallback;
  }
  const value =
    Math.abs(sample.multiplier) <= LARGEST_MULTIPLIER
      ? decimal(text).times(decimal(`1e${power + sample.multiplier}`))
      : undefined;
  if (!value || value.abs().gt(largestOf(rule.figure))) {
    deviations.add('value_out_of_range');
    return undefined;
  }
  return value;
}

function largestOf(figure: Figure): Decimal {
  return figure === 'energyImportMwh' || figure === 'energyExportMwh' ? LARGEST_ENERGY : LARGEST;
}

function combine(values: readonly Decimal[], how: MeasurandRule['phases']): Decimal {
  if (how === 'max') return values.reduce((a, b) => (a.gt(b) ? a : b));
  const sum = values.reduce((a, b) => a.plus(b));
  return how === 'sum' ? sum : sum.div(decimal(values.length));
}

function toNumber(figure: Figure, value: Decimal): number {
  return Number(value.round(figure === 'socPercent' ? 2 : 0, 1).toFixed());
}
