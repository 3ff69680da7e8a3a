/**
 * Tariffs that follow a curve: the market price plus a margin within a floor and a cap, or a price by steps of a curve (load of a site, share
 * of renewable energy, CO2). They reduce to one OCPI tariff document with a price of energy for each stretch of time, by instants, so that both
 * clock-change nights are right (docs/adr/0019). Where the curve says nothing, the energy costs what the named fallback tariff says, for exactly
 * that time; every other fee is the tariff's own throughout.
 */
import { type Decimal, decimal, invalid } from '@kilowatch/kernel';
import { checkTariff } from '@kilowatch/pricing';
import { gapsIn, within, type Gap, type Stretch } from '../feeds/curve.js';

export type CurveRule = SpotRule | StepsRule;

export interface SpotRule {
  readonly kind: 'SPOT';
  /** On the market price, before it is limited: percent of its amount (also of a price below zero), then an amount per kWh. */
  readonly marginPercent: Decimal;
  readonly margin: Decimal;
  /** Of the price per kWh before taxes, as the tariff has it. Null: none. */
  readonly floor: Decimal | null;
  readonly cap: Decimal | null;
}

export interface StepsRule {
  readonly kind: 'STEPS';
  /** In rising order; the last has no bound. */
  readonly steps: readonly { readonly below: Decimal | null; readonly price: Decimal }[];
}

type Fields = Readonly<Record<string, unknown>>;

export interface CurveTariff {
  readonly id: string;
  readonly currency: string;
  /**
   * An OCPI definition with one element without restrictions: its ENERGY component gives taxes and step_size, its price comes from the rule; the
   * other components are fees beside it.
   */
  readonly definition: Fields;
  readonly idleGraceMinutes: number | null;
  readonly timeZone: string;
  readonly rule: CurveRule;
}

export interface FallbackTariff {
  readonly id: string;
  readonly version: number;
  readonly document: unknown;
}

/** As fine as a tariff may be. */
const PLACES = 6;

/**
 * Throws INVALID `BILLING_SOURCE_...` for a definition that cannot be filled, a rule that contradicts itself, or a price below zero with neither
 * a minimum nor `negative_total`.
 */
export function checkCurveTariff(tariff: CurveTariff): void {
  const { rule } = tariff;
  templateOf(tariff);
  if (rule.kind === 'SPOT') {
    if (rule.floor && rule.cap && rule.floor.gt(rule.cap))
      throw invalid('BILLING_SOURCE_LIMITS', 'The floor is above the cap.');
    if (rule.marginPercent.lt('-100') || rule.marginPercent.gt('1000'))
      throw invalid('BILLING_SOURCE_MARGIN', 'marginPercent is -100 to 1000.');
  } else checkSteps(rule);
  const mayBeNegative = rule.kind === 'SPOT' && (rule.floor === null || rule.floor.lt('0'));
  const limit = tariff.definition.min_price as Fields | undefined;
  const isMeant = tariff.definition.negative_total === true;
  if (mayBeNegative && !isMeant && (limit?.incl_vat ?? limit?.after_taxes) === undefined)
    throw invalid(
      'BILLING_SOURCE_FLOOR',
      'Without a floor of at least 0 the definition needs a min_price with incl_vat, so that no session costs less than nothing, or negative_total: true, so that it may.',
    );
}

function checkSteps({ steps }: StepsRule): void {
  const isRising = steps.every(({ below }, index) => {
    const isLast = index === steps.length - 1;
    if (isLast || below === null) return isLast && below === null;
    const next = steps[index + 1]!.below;
    return next === null || next.gt(below);
  });
  if (!isRising || steps.length < 2 || steps.length > 20)
    throw invalid(
      'BILLING_SOURCE_STEPS',
      'Give 2 to 20 steps in rising order, the last one without a bound.',
    );
  if (steps.some(({ price }) => price.lt('0')))
    throw invalid('BILLING_SOURCE_STEPS', 'The price of a step must not be negative.');
}

/** The price of energy per kWh at a value of the curve, as the tariff has it: with or without its taxes. */
export function priceAt(rule: CurveRule, value: Decimal): Decimal {
  if (rule.kind === 'STEPS') return rule.steps.find(({ below }) => below === null || value.lt(below))!.price;
  const { marginPercent, margin, floor, cap } = rule;
  const price = value.plus(value.abs().times(marginPercent).times('0.01')).plus(margin).round(PLACES);
  if (floor && price.lt(floor)) return floor;
  return cap && price.gt(cap) ? cap : price;
}

export interface CurveDocument {
  readonly document: Fields;
  readonly gaps: readonly Gap[];
  /** What is said of the version beside its prices. */
  readonly note: string;
}

/** Of a time: `from` and `to` are what the version is to know. Throws INVALID when the fallback does not fit. */
export function curveDocument(
  tariff: CurveTariff,
  curve: readonly Stretch[],
  fallback: FallbackTariff,
  { from, to }: { readonly from: Date; readonly to: Date },
): CurveDocument {
  const { energy, others, rest } = templateOf(tariff);
  const known = within(curve, from, to);
  const stretches: { start: Date; end: Date; price: Decimal }[] = [];
  for (const { start, end, value } of known) {
    const price = priceAt(tariff.rule, value);
    const last = stretches[stretches.length - 1];
    if (last && last.end.getTime() === start.getTime() && last.price.eq(price)) last.end = end;
    else stretches.push({ start, end, price });
  }
  const gaps = gapsIn(curve, from, to);
  const document = {
    ...rest,
    id: tariff.id,
    currency: tariff.currency,
    ...(tariff.idleGraceMinutes === null ? {} : { idle_grace_minutes: tariff.idleGraceMinutes }),
    time_zone: tariff.timeZone,
    elements: [
      ...stretches.map(({ start, end, price }) => ({
        price_components: [{ ...energy, price: price.toFixed() }],
        restrictions: { start_date_time: start.toISOString(), end_date_time: end.toISOString() },
      })),
      ...(others.length === 0 ? [] : [{ price_components: others }]),
      ...fallbackElements(fallback, tariff),
    ],
  };
  checkTariff(document);
  return { document, gaps, note: noteOf(fallback, gaps, { from, to }) };
}

/** Only what is left of the prices by instants after a moment: two documents with the same say the same from then on. */
export function fromThenOn(document: unknown, at: Date): Fields {
  const fields = document as Fields;
  const elements = fields.elements as readonly Fields[];
  const ends = (element: Fields) => (element.restrictions as Fields | undefined)?.end_date_time;
  const isOver = (element: Fields) =>
    ends(element) !== undefined && Date.parse(String(ends(element))) <= at.getTime();
  return {
    ...fields,
    elements: elements.filter((element) => !isOver(element)).map((element) => begun(element, at)),
  };
}

function begun(element: Fields, at: Date): Fields {
  const restrictions = element.restrictions as Fields | undefined;
  const start = restrictions?.start_date_time;
  if (start === undefined || Date.parse(String(start)) >= at.getTime()) return element;
  return { ...element, restrictions: { ...restrictions, start_date_time: at.toISOString() } };
}

interface Template {
  readonly energy: Fields;
  readonly others: readonly Fields[];
  readonly rest: Fields;
}

function templateOf({ definition, id, currency }: CurveTariff): Template {
  const { elements, ...rest } = definition;
  const [element] = Array.isArray(elements) ? (elements as Fields[]) : [];
  const components = Array.isArray(element?.price_components) ? (element.price_components as Fields[]) : [];
  const energy = components.filter(({ type }) => type === 'ENERGY');
  const isPlain = (elements as unknown[] | undefined)?.length === 1 && element?.restrictions == null;
  if (!isPlain || energy.length !== 1)
    throw invalid(
      'BILLING_SOURCE_DEFINITION',
      'The definition has one element without restrictions, with one ENERGY component and whatever else is due.',
    );
  // With a price of nothing it is a tariff as good as any: what else is wrong with it is said here.
  checkTariff({
    ...rest,
    id,
    currency,
    elements: [
      { price_components: components.map((one) => (one.type === 'ENERGY' ? { ...one, price: '0' } : one)) },
    ],
  });
  return { energy: energy[0]!, others: components.filter(({ type }) => type !== 'ENERGY'), rest };
}

/** The energy prices of the fallback, behind all that the curve knows. */
function fallbackElements(
  { id, version, document }: FallbackTariff,
  { currency, definition }: CurveTariff,
): Fields[] {
  const fields = document as Fields;
  const taxes = (one: Fields) => one.tax_included ?? 'NO';
  if (fields.currency !== currency || taxes(fields) !== taxes(definition))
    throw invalid(
      'BILLING_SOURCE_FALLBACK',
      'The fallback tariff must have the same currency and tax_included.',
    );
  const elements = (fields.elements as readonly Fields[]).flatMap((element) => {
    const components = (element.price_components as readonly Fields[]).filter(
      ({ type }) => type === 'ENERGY',
    );
    const isReserved = (element.restrictions as Fields | undefined)?.reservation != null;
    if (components.length === 0 || isReserved) return [];
    const note = `no price of the market is known for this time: that of tariff ${id}, version ${version}`;
    return [{ ...element, price_components: components, note }];
  });
  const isWhole = elements.some((element) => {
    const restrictions = (element as Fields).restrictions as Fields | undefined;
    return Object.values(restrictions ?? {}).every((value) => value == null);
  });
  if (!isWhole)
    throw invalid('BILLING_SOURCE_FALLBACK', 'The fallback tariff must have a price of energy at all times.');
  return elements;
}

function noteOf(
  { id, version }: FallbackTariff,
  gaps: readonly Gap[],
  { from, to }: { from: Date; to: Date },
): string {
  const told = gaps.slice(0, 5).map((gap) => `${gap.from.toISOString()} to ${gap.to.toISOString()}`);
  const more = gaps.length > told.length ? ` and ${gaps.length - told.length} more` : '';
  const missing = gaps.length === 0 ? '' : `; nothing is known from ${told.join(', ')}${more}`;
  return `Prices by the curve from ${from.toISOString()} to ${to.toISOString()}${missing}. Wherever it says nothing: tariff ${id}, version ${version}.`;
}

/** What was stored as text. Throws INVALID `BILLING_SOURCE_RULE`. */
export function readRule(kind: string, settings: unknown): CurveRule {
  const fields = (typeof settings === 'object' && settings !== null ? settings : {}) as Fields;
  const amount = (name: string, value: unknown): Decimal => {
    try {
      const found = decimal(String(value));
      if (found.abs().lt('1000000') && found.round(PLACES, 0).eq(found)) return found;
    } catch {
      // refused below
    }
    throw invalid('BILLING_SOURCE_RULE', `${name} must be a decimal number with at most ${PLACES} places.`);
  };
  const orNull = (name: string) => (fields[name] == null ? null : amount(name, fields[name]));
  if (kind === 'SPOT') {
    const known = ['marginPercent', 'margin', 'floor', 'cap'];
    const unknown = Object.keys(fields).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw invalid(
        'BILLING_SOURCE_RULE',
        `A rule of the market has ${known.join(', ')}, and no ${unknown.slice(0, 40)}.`,
      );
    return {
      kind,
      marginPercent: orNull('marginPercent') ?? decimal(0),
      margin: orNull('margin') ?? decimal(0),
      floor: orNull('floor'),
      cap: orNull('cap'),
    };
  }
  const steps = Array.isArray(fields.steps) ? (fields.steps as Fields[]) : [];
  return {
    kind: 'STEPS',
    steps: steps.map((step, index) => ({
      below: step?.below == null ? null : amount(`steps[${index}].below`, step.below),
      price: amount(`steps[${index}].price`, step?.price),
    })),
  };
}
