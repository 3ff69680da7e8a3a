/**
 * Tariffs (OCPI 2.2.1 mod_tariffs) from billing's documents, which have the same structure. Only the fields of the
 * specification go out; decimals, which billing keeps as text, become JSON numbers digit by digit.
 */
import { internal } from '@kilowatch/kernel';
import { dateTime, numberOf, present, type Party } from './values.js';

export interface TariffSource {
  readonly tariffId: string;
  readonly currency: string;
  readonly ocpiJson: string;
  readonly lastUpdated?: Date | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const DECIMALS = [
  'price',
  'vat',
  'min_kwh',
  'max_kwh',
  'min_current',
  'max_current',
  'min_power',
  'max_power',
] as const;
const COMPONENT = ['type', 'price', 'vat', 'step_size'] as const;
const RESTRICTIONS = [
  'start_time',
  'end_time',
  'start_date',
  'end_date',
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
] as const;
const WHOLE = [
  'type',
  'tariff_alt_text',
  'tariff_alt_url',
  'start_date_time',
  'end_date_time',
  'energy_mix',
] as const;

export function tariffObject(source: TariffSource, party: Party) {
  const document = fieldsOf(JSON.parse(source.ocpiJson));
  return {
    country_code: party.countryCode,
    party_id: party.partyId,
    id: source.tariffId,
    currency: source.currency,
    ...picked(document, WHOLE),
    ...present({ min_price: limit(document['min_price']), max_price: limit(document['max_price']) }),
    elements: listOf(document['elements']).map(element),
    last_updated: dateTime(source.lastUpdated ?? new Date(0)),
  };
}

function element(value: unknown) {
  const fields = fieldsOf(value);
  const restrictions = isAbsent(fields['restrictions'])
    ? {}
    : picked(fieldsOf(fields['restrictions']), RESTRICTIONS);
  return {
    price_components: listOf(fields['price_components']).map((component) =>
      picked(fieldsOf(component), COMPONENT),
    ),
    ...(Object.keys(restrictions).length > 0 ? { restrictions } : {}),
  };
}

function limit(value: unknown) {
  if (isAbsent(value)) return undefined;
  const { excl_vat, incl_vat } = fieldsOf(value);
  return present({
    excl_vat: numberOf(String(excl_vat)),
    incl_vat: isAbsent(incl_vat) ? undefined : numberOf(String(incl_vat)),
  });
}

function picked(fields: Fields, names: readonly string[]): Fields {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const value = fields[name];
    if (isAbsent(value) || (Array.isArray(value) && value.length === 0)) continue;
    found[name] = (DECIMALS as readonly string[]).includes(name) ? numberOf(String(value)) : value;
  }
  return found;
}

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw internal('OCPI_TARIFF', 'A stored tariff cannot be read.');
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw internal('OCPI_TARIFF', 'A stored tariff cannot be read.');
}
