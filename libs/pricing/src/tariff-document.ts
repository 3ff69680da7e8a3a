/**
 * From a tariff document (OCPI 2.2.1 Tariff object as JSON, plus `idle_grace_minutes`) to a Tariff that can be
 * priced. OCPI leaves much nonsense legal; what can only be a mistake is refused here, before a driver pays for it.
 */
import { AppError, WEEKDAYS, isCurrency } from '@kilowatch/kernel';
import { type Fields, fieldReader, isAbsent } from './document-fields.js';
import type { PriceComponent, PriceLimit, Restrictions, Tariff, TariffElement } from './tariff.js';

const read = fieldReader('BILLING_TARIFF');
const TARIFF_TYPES = ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'] as const;
const DIMENSIONS = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const;
const RESERVATIONS = ['RESERVATION', 'RESERVATION_EXPIRES'] as const;
const DAY_S = 86_400;

/** What is wrong with a document, or undefined: an AppError INVALID `BILLING_TARIFF_...`, first fault first. */
export function validateTariff(document: unknown): AppError | undefined {
  try {
    parseTariff(document);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Throws AppError INVALID with a stable code and the path of the fault in its details. */
export function parseTariff(document: unknown): Tariff {
  const fields = read.fieldsOf(document, 'tariff');
  const currency = read.textOf(fields.currency, 'currency');
  if (!isCurrency(currency)) {
    throw read.refuse('CURRENCY_UNKNOWN', 'The currency must be an ISO 4217 code.', 'currency', currency);
  }
  const elements = read.listOf(fields.elements, 'elements').map((e, i) => elementOf(e, `elements[${i}]`));
  if (elements.length === 0) throw read.refuse('EMPTY', 'A tariff needs at least one element.', 'elements');
  const tariff: Tariff = {
    id: read.textOf(fields.id, 'id'),
    currency,
    type: isAbsent(fields.type) ? null : read.oneOf(fields.type, TARIFF_TYPES, 'type', 'TYPE'),
    elements,
    minPrice: limitOf(fields.min_price, 'min_price'),
    maxPrice: limitOf(fields.max_price, 'max_price'),
    validFrom: isAbsent(fields.start_date_time)
      ? null
      : read.instantOf(fields.start_date_time, 'start_date_time'),
    validUntil: isAbsent(fields.end_date_time) ? null : read.instantOf(fields.end_date_time, 'end_date_time'),
    idleGraceMinutes: isAbsent(fields.idle_grace_minutes)
      ? 0
      : read.wholeOf(fields.idle_grace_minutes, 'idle_grace_minutes', 'GRACE', 1440),
  };
  checkWhole(tariff);
  return tariff;
}

function elementOf(value: unknown, path: string): TariffElement {
  const fields = read.fieldsOf(value, path);
  const componentsPath = `${path}.price_components`;
  const components = read
    .listOf(fields.price_components, componentsPath)
    .map((c, i) => componentOf(c, `${componentsPath}[${i}]`));
  if (components.length === 0) {
    throw read.refuse('EMPTY', 'An element needs at least one price component.', componentsPath);
  }
  if (new Set(components.map((c) => c.dimension)).size < components.length) {
    throw read.refuse('COMPONENT_REPEATED', 'An element must not price a dimension twice.', componentsPath);
  }
  const restrictions = isAbsent(fields.restrictions)
    ? {}
    : restrictionsOf(read.fieldsOf(fields.restrictions, `${path}.restrictions`), `${path}.restrictions`);
  if (restrictions.reservation && components.some((c) => c.dimension !== 'FLAT' && c.dimension !== 'TIME')) {
    throw read.refuse(
      'RESERVATION_COMPONENT',
      'A reservation is priced by FLAT and TIME only.',
      componentsPath,
    );
  }
  return { components, restrictions };
}

function componentOf(value: unknown, path: string): PriceComponent {
  const fields = read.fieldsOf(value, path);
  const vat = isAbsent(fields.vat) ? null : read.amountOf(fields.vat, `${path}.vat`, 'VAT', 4);
  if (vat?.gt('100'))
    throw read.refuse('VAT_INVALID', 'VAT must be at most 100 percent.', `${path}.vat`, fields.vat);
  return {
    dimension: read.oneOf(fields.type, DIMENSIONS, `${path}.type`, 'DIMENSION'),
    price: read.amountOf(fields.price, `${path}.price`, 'PRICE'),
    vatPercent: vat,
    stepSize: read.wholeOf(fields.step_size ?? 1, `${path}.step_size`, 'STEP', 1_000_000),
  };
}

function restrictionsOf(fields: Fields, path: string): Restrictions {
  const at = (name: string) => `${path}.${name}`;
  const when = <T>(name: string, convert: (value: unknown, fieldPath: string) => T): T | undefined =>
    isAbsent(fields[name]) ? undefined : convert(fields[name], at(name));
  const milli = (value: unknown, p: string) => read.scaledOf(value, p, '1000');
  const seconds = (value: unknown, p: string) => read.wholeOf(value, p, 'RESTRICTION', 366 * DAY_S) * 1000;
  const restrictions: Restrictions = {
    startMinute: when('start_time', read.minuteOf),
    // OCPI: an end of 00:00 is the end of the day.
    endMinute: when('end_time', (value, p) => read.minuteOf(value, p) || 1440),
    startDate: when('start_date', read.localDateOf),
    endDate: when('end_date', read.localDateOf),
    daysOfWeek: when('day_of_week', (value, p) =>
      read.listOf(value, p).map((day) => read.oneOf(day, WEEKDAYS, p, 'RESTRICTION')),
    ),
    minMwh: when('min_kwh', (value, p) => read.scaledOf(value, p, '1000000')),
    maxMwh: when('max_kwh', (value, p) => read.scaledOf(value, p, '1000000')),
    minCurrentMa: when('min_current', milli),
    maxCurrentMa: when('max_current', milli),
    minPowerW: when('min_power', milli),
    maxPowerW: when('max_power', milli),
    minDurationMs: when('min_duration', seconds),
    maxDurationMs: when('max_duration', seconds),
    reservation: when('reservation', (value, p) => read.oneOf(value, RESERVATIONS, p, 'RESTRICTION')),
  };
  checkRanges(restrictions, path);
  return restrictions;
}

/** A restriction that can never hold is a mistake, not a rule. */
function checkRanges(r: Restrictions, path: string): void {
  const isEmpty = (min: number | string | undefined, max: number | string | undefined) =>
    max === 0 || (min !== undefined && max !== undefined && min >= max);
  const empty = [
    isEmpty(r.startDate, r.endDate),
    isEmpty(r.minMwh, r.maxMwh),
    isEmpty(r.minCurrentMa, r.maxCurrentMa),
    isEmpty(r.minPowerW, r.maxPowerW),
    isEmpty(r.minDurationMs, r.maxDurationMs),
    r.daysOfWeek?.length === 0,
    r.startMinute !== undefined && r.startMinute === r.endMinute,
  ];
  if (empty.includes(true)) {
    throw read.refuse('RANGE_EMPTY', 'This restriction can never be met.', path);
  }
}

function limitOf(value: unknown, path: string): PriceLimit | null {
  if (isAbsent(value)) return null;
  const fields = read.fieldsOf(value, path);
  const excl = read.amountOf(fields.excl_vat, `${path}.excl_vat`, 'PRICE');
  const incl = isAbsent(fields.incl_vat) ? null : read.amountOf(fields.incl_vat, `${path}.incl_vat`, 'PRICE');
  if (incl?.lt(excl)) {
    throw read.refuse('LIMITS_CROSSED', 'A price with VAT must not be below the price without.', path);
  }
  return { excl, incl };
}

function checkWhole(tariff: Tariff): void {
  const { minPrice: min, maxPrice: max } = tariff;
  if (min && max && (min.excl.gt(max.excl) || (min.incl && max.incl && min.incl.gt(max.incl)))) {
    throw read.refuse('LIMITS_CROSSED', 'The minimum price is above the maximum price.', 'min_price');
  }
  if (tariff.validFrom && tariff.validUntil && tariff.validFrom >= tariff.validUntil) {
    throw read.refuse('VALIDITY_EMPTY', 'The tariff ends before it starts.', 'end_date_time');
  }
  tariff.elements.forEach((element, index) => {
    const earlier = tariff.elements
      .slice(0, index)
      .filter((other) => covers(other.restrictions, element.restrictions));
    const shadowed = new Set(earlier.flatMap((other) => other.components.map((c) => c.dimension)));
    if (element.components.every((c) => shadowed.has(c.dimension))) {
      throw read.refuse(
        'ELEMENT_UNREACHABLE',
        'An earlier element always comes first.',
        `elements[${index}]`,
      );
    }
  });
}

/** The first match wins, so an element behind one without restrictions, or with the same, is never reached. */
function covers(earlier: Restrictions, later: Restrictions): boolean {
  if (earlier.reservation !== later.reservation) return false;
  const { reservation: _, ...rest } = earlier;
  const unrestricted = Object.values(rest).every((part) => part === undefined);
  return unrestricted || JSON.stringify(earlier) === JSON.stringify(later);
}
