/**
 * What an operator may publish. OCPI leaves much nonsense legal; what can only be a mistake is refused here, before a
 * driver pays for it. Tariffs of partners are not ours to refuse: they are read by `parseTariff` alone.
 */
import { AppError } from '@kilowatch/kernel';
import { type Fields, fieldReader, isAbsent } from './document-fields.js';
import type { PriceLimit, Restrictions, Tariff, TariffElement } from './tariff.js';
import { TARIFF_TYPES, parseTariff } from './tariff-document.js';

const read = fieldReader('BILLING_TARIFF');
/** Finer than any currency needs a unit price. */
const PLACES = 6;
const COMPONENT_FIELDS = ['type', 'price', 'vat', 'taxes', 'step_size'];
const RESTRICTION_FIELDS = [
  'start_time',
  'end_time',
  'start_date',
  'end_date',
  'start_date_time',
  'end_date_time',
  'min_kwh',
  'max_kwh',
  'min_current',
  'max_current',
  'min_power',
  'max_power',
  'min_duration',
  'max_duration',
  'day_of_week',
  'reservation',
];

/** What is wrong with a document, or undefined: an AppError INVALID `BILLING_TARIFF_...`, first fault first. */
export function validateTariff(document: unknown): AppError | undefined {
  try {
    checkTariff(document);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** The tariff, when nothing in it can only be a mistake. Throws AppError INVALID with the path of the fault. */
export function checkTariff(document: unknown): Tariff {
  const tariff = parseTariff(document);
  const fields = read.fieldsOf(document, 'tariff');
  if (!isAbsent(fields.type)) read.oneOf(fields.type, TARIFF_TYPES, 'type', 'TYPE');
  const elements = fields.elements as readonly Fields[];
  tariff.elements.forEach((element, index) => {
    checkFields(elements[index]!, element, `elements[${index}]`, tariff);
  });
  checkLimit(tariff.minPrice, 'min_price');
  checkLimit(tariff.maxPrice, 'max_price');
  checkWhole(tariff);
  return tariff;
}

function checkFields(raw: Fields, element: TariffElement, path: string, tariff: Tariff): void {
  const componentsPath = `${path}.price_components`;
  (raw.price_components as readonly Fields[]).forEach((fields, index) => {
    const at = `${componentsPath}[${index}]`;
    refuseUnknown(fields, COMPONENT_FIELDS, at);
    const { dimension } = element.components[index]!;
    const price = read.decimalOf(fields.price, `${at}.price`, 'PRICE', PLACES);
    if (price.lt('0')) checkNegative(dimension, element, tariff, `${at}.price`, fields.price);
    const taxed = !isAbsent(fields.vat) || !isAbsent(fields.taxes);
    if (taxed && tariff.taxIncluded === 'NA') {
      throw read.refuse('TAX_INCLUDED_INVALID', 'A tariff to which no tax applies has a tax.', at);
    }
    const names = element.components[index]!.taxes.map((tax) => tax.name);
    if (new Set(names).size < names.length) {
      throw read.refuse('TAX_REPEATED', 'A price must not have a tax twice.', `${at}.taxes`);
    }
  });
  const { components, restrictions } = element;
  if (new Set(components.map((c) => c.dimension)).size < components.length) {
    throw read.refuse('COMPONENT_REPEATED', 'An element must not price a dimension twice.', componentsPath);
  }
  if (restrictions.reservation && components.some((c) => c.dimension !== 'FLAT' && c.dimension !== 'TIME')) {
    throw read.refuse(
      'RESERVATION_COMPONENT',
      'A reservation is priced by FLAT and TIME only.',
      componentsPath,
    );
  }
  if (isAbsent(raw.restrictions)) return;
  const given = raw.restrictions as Fields;
  refuseUnknown(given, RESTRICTION_FIELDS, `${path}.restrictions`);
  if (given.end_time === '24:00') read.minuteOf(given.end_time, `${path}.restrictions.end_time`);
  checkRanges(restrictions, given, `${path}.restrictions`);
}

/** A misspelt `max_kwh` must not be ignored. */
function refuseUnknown(fields: Fields, known: readonly string[], path: string): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name) && !isAbsent(fields[name]));
  if (unknown === undefined) return;
  const at = `${path}.${unknown.slice(0, 40)}`;
  throw read.refuse('FIELD_UNKNOWN', `A tariff has no field ${at}.`, at);
}

/**
 * Energy may be worth less than nothing (spot markets); a session only where the tariff says so (`negative_total`). Time and fees have no market:
 * whoever were paid for them would be paid for keeping the connector.
 */
function checkNegative(
  dimension: string,
  { restrictions }: TariffElement,
  { minPrice, negativeTotal }: Tariff,
  path: string,
  value: unknown,
): void {
  // A credit may carry another rate than a charge: only a limit with taxes keeps what is invoiced from falling below nothing.
  const isEnergy = dimension === 'ENERGY' && !restrictions.reservation;
  if (isEnergy && (negativeTotal || minPrice?.incl)) return;
  const text =
    dimension === 'ENERGY'
      ? `${path} is negative: the tariff then needs a min_price with incl_vat, so that no session costs less than nothing, or negative_total: true, so that it may.`
      : `${path} must not be negative.`;
  throw read.refuse('PRICE_NEGATIVE', text, path, value);
}

/** A restriction that can never hold is a mistake, not a rule. */
function checkRanges(r: Restrictions, given: Fields, path: string): void {
  const isEmpty = (min: number | string | undefined, max: number | string | undefined) =>
    max === 0 || (min !== undefined && max !== undefined && min >= max);
  const empty = [
    isEmpty(r.startDate, r.endDate),
    isEmpty(r.fromMs, r.untilMs),
    isEmpty(r.minMwh, r.maxMwh),
    isEmpty(r.minCurrentMa, r.maxCurrentMa),
    isEmpty(r.minPowerW, r.maxPowerW),
    isEmpty(r.minDurationMs, r.maxDurationMs),
    Array.isArray(given.day_of_week) && given.day_of_week.length === 0,
    r.startMinute !== undefined && r.startMinute === r.endMinute,
  ];
  if (empty.includes(true)) {
    throw read.refuse('RANGE_EMPTY', 'This restriction can never be met.', path);
  }
}

function checkLimit(limit: PriceLimit | null, path: string): void {
  if (!limit) return;
  if (limit.incl?.lt(limit.excl)) {
    throw read.refuse('LIMITS_CROSSED', 'A price with VAT must not be below the price without.', path);
  }
  for (const amount of [limit.excl, limit.incl]) {
    if (amount && !amount.round(PLACES, 0).eq(amount)) {
      throw read.refuse('PRICE_INVALID', `${path} is too fine.`, path, amount);
    }
  }
}

function checkWhole(tariff: Tariff): void {
  const { minPrice: min, maxPrice: max } = tariff;
  if (min && max && (min.excl.gt(max.excl) || (min.incl && max.incl && min.incl.gt(max.incl)))) {
    throw read.refuse('LIMITS_CROSSED', 'The minimum price is above the maximum price.', 'min_price');
  }
  if (tariff.validFrom && tariff.validUntil && tariff.validFrom >= tariff.validUntil) {
    throw read.refuse('VALIDITY_EMPTY', 'The tariff ends before it starts.', 'end_date_time');
  }
  checkReachable(tariff.elements);
}

/** The first match wins, so an element behind one without restrictions, or with the same, is never reached. */
function checkReachable(elements: readonly TariffElement[]): void {
  const priced = new Map<string, Set<string>>();
  elements.forEach(({ restrictions, components }, index) => {
    const { reservation, ...rest } = restrictions;
    const isUnrestricted = Object.values(rest).every((part) => part === undefined);
    const always = `always ${reservation ?? ''}`;
    const same = isUnrestricted ? always : JSON.stringify(restrictions);
    const isShadowed = (dimension: string) =>
      priced.get(always)?.has(dimension) === true || priced.get(same)?.has(dimension) === true;
    if (components.every(({ dimension }) => isShadowed(dimension))) {
      throw read.refuse(
        'ELEMENT_UNREACHABLE',
        'An earlier element always comes first.',
        `elements[${index}]`,
      );
    }
    const known = priced.get(same) ?? new Set();
    for (const { dimension } of components) known.add(dimension);
    priced.set(same, known);
  });
}
