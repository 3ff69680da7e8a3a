/**
 * From a tariff document (OCPI Tariff object of 2.2.1 or 2.3.0 as JSON, plus `idle_grace_minutes`, `negative_total` and
 * several `taxes` a price component) to a Tariff that can be priced. Whatever has a price is read: tariffs of partners, and ours as they
 * were stored. What an operator must not publish is the matter of `checkTariff`.
 */
import { type Decimal, WEEKDAYS, isCurrency } from '@kilowatch/kernel';
import { type Fields, fieldReader, isAbsent } from './document-fields.js';
import {
  type PriceComponent,
  type PriceLimit,
  type Restrictions,
  type Tariff,
  type TariffElement,
  type TariffType,
  type Tax,
  type TaxIncluded,
  VAT,
  combinedPercent,
} from './tariff.js';

const read = fieldReader('BILLING_TARIFF');
export const TARIFF_TYPES = [
  'AD_HOC_PAYMENT',
  'PROFILE_CHEAP',
  'PROFILE_FAST',
  'PROFILE_GREEN',
  'REGULAR',
] as const;
const DIMENSIONS = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const;
const RESERVATIONS = ['RESERVATION', 'RESERVATION_EXPIRES'] as const;
const TAXES_IN = { YES: 'YES', NO: 'NO', 'N/A': 'NA' } as const;
const YEAR_S = 366 * 86_400;
/** Partners write more decimals than the four of OCPI's number. */
const PLACES = 12;

/** Throws AppError INVALID with a stable code and the path of the fault in its details. */
export function parseTariff(document: unknown): Tariff {
  const fields = read.fieldsOf(document, 'tariff');
  const currency = read.textOf(fields.currency, 'currency');
  if (!isCurrency(currency)) {
    throw read.refuse('CURRENCY_UNKNOWN', 'The currency must be an ISO 4217 code.', 'currency', currency);
  }
  const taxIncluded = taxIncludedOf(fields.tax_included);
  const elements = read
    .listOf(fields.elements, 'elements')
    .map((e, i) => elementOf(e, `elements[${i}]`, taxIncluded));
  if (elements.length === 0) throw read.refuse('EMPTY', 'A tariff needs at least one element.', 'elements');
  return {
    id: read.textOf(fields.id, 'id'),
    currency,
    taxIncluded,
    type: TARIFF_TYPES.includes(fields.type as TariffType) ? (fields.type as TariffType) : null,
    elements,
    minPrice: limitOf(fields.min_price, 'min_price'),
    maxPrice: limitOf(fields.max_price, 'max_price'),
    validFrom: isAbsent(fields.start_date_time)
      ? null
      : read.instantOf(fields.start_date_time, 'start_date_time'),
    validUntil: isAbsent(fields.end_date_time) ? null : read.instantOf(fields.end_date_time, 'end_date_time'),
    negativeTotal: negativeTotalOf(fields.negative_total),
    idleGraceMinutes: isAbsent(fields.idle_grace_minutes)
      ? 0
      : read.wholeOf(fields.idle_grace_minutes, 'idle_grace_minutes', 'GRACE', 1440),
  };
}

function negativeTotalOf(value: unknown): boolean {
  if (isAbsent(value)) return false;
  if (typeof value === 'boolean') return value;
  throw read.refuse('NEGATIVE_TOTAL_INVALID', 'negative_total is true or false.', 'negative_total', value);
}

function taxIncludedOf(value: unknown): TaxIncluded {
  if (isAbsent(value)) return 'NO';
  return TAXES_IN[read.oneOf(value, ['YES', 'NO', 'N/A'], 'tax_included', 'TAX_INCLUDED')];
}

function elementOf(value: unknown, path: string, taxIncluded: TaxIncluded): TariffElement {
  const fields = read.fieldsOf(value, path);
  const componentsPath = `${path}.price_components`;
  const components = read
    .listOf(fields.price_components, componentsPath)
    .map((c, i) => componentOf(c, `${componentsPath}[${i}]`, taxIncluded));
  if (components.length === 0) {
    throw read.refuse('EMPTY', 'An element needs at least one price component.', componentsPath);
  }
  const restrictions = isAbsent(fields.restrictions)
    ? {}
    : restrictionsOf(read.fieldsOf(fields.restrictions, `${path}.restrictions`), `${path}.restrictions`);
  const note = isAbsent(fields.note) ? undefined : read.textOf(fields.note, `${path}.note`);
  return { components, restrictions, ...(note === undefined ? {} : { note }) };
}

function componentOf(value: unknown, path: string, taxIncluded: TaxIncluded): PriceComponent {
  const fields = read.fieldsOf(value, path);
  const taxes = taxIncluded === 'NA' ? [] : taxesOf(fields, path);
  return {
    dimension: read.oneOf(fields.type, DIMENSIONS, `${path}.type`, 'DIMENSION'),
    price: read.decimalOf(fields.price, `${path}.price`, 'PRICE', PLACES),
    taxIncluded: taxIncluded === 'YES',
    taxes,
    vatPercent: combinedPercent(taxes),
    stepSize: read.wholeOf(fields.step_size ?? 1, `${path}.step_size`, 'STEP', 1_000_000),
  };
}

/** OCPI's `vat`, or our `taxes`: a list of names and percentages (the words of the 2.3.0 TaxAmount). */
function taxesOf(fields: Fields, path: string): Tax[] {
  if (isAbsent(fields.taxes)) {
    return isAbsent(fields.vat) ? [] : [{ name: VAT, percent: percentOf(fields.vat, `${path}.vat`) }];
  }
  if (!isAbsent(fields.vat)) {
    throw read.refuse('TAXES_TWICE', `${path} has vat as well as taxes.`, `${path}.taxes`);
  }
  return read.listOf(fields.taxes, `${path}.taxes`).map((entry, i) => {
    const at = `${path}.taxes[${i}]`;
    const tax = read.fieldsOf(entry, at);
    return {
      name: read.textOf(tax.name, `${at}.name`),
      percent: percentOf(tax.percentage, `${at}.percentage`),
    };
  });
}

function percentOf(value: unknown, path: string): Decimal {
  const percent = read.amountOf(value, path, 'VAT', 4);
  if (percent.gt('100')) {
    throw read.refuse('VAT_INVALID', 'VAT must be at most 100 percent.', path, value);
  }
  return percent;
}

function restrictionsOf(fields: Fields, path: string): Restrictions {
  const when = <T>(name: string, convert: (value: unknown, fieldPath: string) => T): T | undefined =>
    isAbsent(fields[name]) ? undefined : convert(fields[name], `${path}.${name}`);
  const milli = (value: unknown, p: string) => read.scaledOf(value, p, '1000');
  const micro = (value: unknown, p: string) => read.scaledOf(value, p, '1000000');
  const instant = (value: unknown, p: string) => read.instantOf(value, p).getTime();
  const seconds = (value: unknown, p: string) => read.wholeOf(value, p, 'RESTRICTION', YEAR_S) * 1000;
  return {
    startMinute: when('start_time', read.minuteOf),
    // OCPI: an end of 00:00 is the end of the day.
    endMinute: when('end_time', (value, p) => (value === '24:00' ? 1440 : read.minuteOf(value, p) || 1440)),
    startDate: when('start_date', read.localDateOf),
    endDate: when('end_date', read.localDateOf),
    fromMs: when('start_date_time', instant),
    untilMs: when('end_date_time', instant),
    daysOfWeek: daysOf(fields.day_of_week, `${path}.day_of_week`),
    minMwh: when('min_kwh', micro),
    maxMwh: when('max_kwh', micro),
    minCurrentMa: when('min_current', milli),
    maxCurrentMa: when('max_current', milli),
    minPowerW: when('min_power', milli),
    maxPowerW: when('max_power', milli),
    minDurationMs: when('min_duration', seconds),
    maxDurationMs: when('max_duration', seconds),
    reservation: when('reservation', (value, p) => read.oneOf(value, RESERVATIONS, p, 'RESTRICTION')),
    ...(isAbsent(fields.booking) ? {} : { never: true as const }),
  };
}

/** Partners send an empty list for "every day". */
function daysOf(value: unknown, path: string): Restrictions['daysOfWeek'] {
  if (isAbsent(value)) return undefined;
  const days = read.listOf(value, path).map((day) => read.oneOf(day, WEEKDAYS, path, 'RESTRICTION'));
  return days.length === 0 ? undefined : days;
}

/** `excl_vat`, `incl_vat` in 2.2.1; `before_taxes`, `after_taxes` in 2.3.0. */
function limitOf(value: unknown, path: string): PriceLimit | null {
  if (isAbsent(value)) return null;
  const fields = read.fieldsOf(value, path);
  const is230 = isAbsent(fields.excl_vat) && !isAbsent(fields.before_taxes);
  const [exclName, inclName] = is230 ? ['before_taxes', 'after_taxes'] : ['excl_vat', 'incl_vat'];
  const excl = read.amountOf(fields[exclName], `${path}.${exclName}`, 'PRICE', PLACES);
  const incl = isAbsent(fields[inclName])
    ? null
    : read.amountOf(fields[inclName], `${path}.${inclName}`, 'PRICE', PLACES);
  return { excl, incl };
}
