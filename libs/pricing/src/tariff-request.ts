/**
 * What an operator applies, put together to the one tariff document (OCPI 2.2.1 Tariff object plus
 * `idle_grace_minutes` and `negative_total`). A field nobody knows is refused: a misspelt `max_price` must not be ignored.
 */
import { invalid } from '@kilowatch/kernel';
import { checkTariff } from './tariff-check.js';
import { type Fields, fieldReader } from './document-fields.js';

const { fieldsOf, refuse } = fieldReader('BILLING_TARIFF');

export interface TariffRequest {
  /** The operator's own id, at most 36 printable characters (OCPI CiString(36)). */
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** OCPI fields: elements, min_price, max_price, type, start_date_time, end_date_time, tariff_alt_text/url. */
  readonly definition: unknown;
  readonly idleGraceMinutes: number | undefined;
}

const TAKEN_OVER = [
  'type',
  'tax_included',
  'elements',
  'min_price',
  'max_price',
  'start_date_time',
  'end_date_time',
  'tariff_alt_text',
  'tariff_alt_url',
  'energy_mix',
  'negative_total',
];
/** Said by the request itself or by who publishes it. */
const SAID_ELSEWHERE = ['id', 'currency', 'country_code', 'party_id', 'last_updated'];

/** The document and the checked name. Throws INVALID `BILLING_TARIFF_...`. */
export function tariffDocument(request: TariffRequest): { name: string; document: Fields } {
  const name = request.name.trim();
  if (name === '' || name.length > 100) {
    throw refuse('NAME_INVALID', 'A tariff needs a name of at most 100 characters.', 'name', request.name);
  }
  if (!/^[\x21-\x7e]{1,36}$/.test(request.id)) {
    throw refuse('ID_INVALID', 'The id of a tariff has 1 to 36 printable characters.', 'id', request.id);
  }
  const definition = fieldsOf(request.definition, 'definition');
  const unknown = Object.keys(definition).find((key) => ![...TAKEN_OVER, ...SAID_ELSEWHERE].includes(key));
  if (unknown !== undefined) {
    throw refuse('FIELD_UNKNOWN', `A tariff has no field ${unknown.slice(0, 40)}.`, `definition.${unknown}`);
  }
  for (const key of ['id', 'currency'] as const) {
    if (definition[key] !== undefined && definition[key] !== request[key]) {
      throw invalid('BILLING_TARIFF_CONTRADICTION', `The definition names another ${key}.`, { key });
    }
  }
  const document = {
    id: request.id,
    currency: request.currency,
    ...Object.fromEntries(
      TAKEN_OVER.filter((key) => definition[key] != null).map((key) => [key, definition[key]]),
    ),
    ...(request.idleGraceMinutes === undefined ? {} : { idle_grace_minutes: request.idleGraceMinutes }),
  };
  checkTariff(document);
  return { name, document };
}
