// What chargers get away with, and how. One pass over a schema's complaints: each is repaired in the payload (then the
// schema must be asked again), accepted as it stands, or a real problem. Lengths are never cut and unknown words never
// replaced: what the charger said is kept.

import type { ErrorObject } from 'ajv';
import type { DeviationKind, DeviationList } from '../deviation.js';
import { isJsonObject, numberText, type JsonObject, type JsonValue } from '../json.js';
import { readTime } from '../wire-time.js';
import type { SchemaProblem } from './ocpp-schemas.js';

export interface TolerancePass {
  repaired: boolean;
  problem: SchemaProblem | null;
}

/** Required by the schema, lacking on real chargers, and not needed to understand the message. */
const MAY_LACK: ReadonlySet<string> = new Set(
  `chargePointVendor chargePointModel vendorName model reason errorCode meterStart meterStop transactionId timestamp
   generatedAt triggerReason idTag signingMethod encodingMethod publicKey variableCharacteristics supportsMonitoring
   eventNotificationType trigger versionNumber`.split(/\s+/),
);

/** Enumerations whose unknown words are kept raw: later code ignores what it does not know. */
const OPEN_ENUMS: ReadonlySet<string> = new Set(
  `measurand unit context location phase format reason stoppedReason errorCode triggerReason chargingState type status
   connectorStatus trigger eventNotificationType dataType mutability certificateType attributeStatus chargingRateUnit`.split(
    /\s+/,
  ),
);

/** Registers that some meters report with decimals although 1.6 wants whole Wh. */
const MAY_HAVE_FRACTION: ReadonlySet<string> = new Set(['meterStart', 'meterStop']);

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const INTEGER_VALUED = /^[+-]?\d+(\.0+)?$/;

export function tolerate(
  payload: JsonObject,
  errors: readonly ErrorObject[],
  deviations: DeviationList,
): TolerancePass {
  const repairedPaths = new Set<string>();
  for (const error of errors) {
    const path = error.instancePath;
    if (repairedPaths.has(path)) continue;
    const place = locate(payload, path);
    const verdict = judge(error, place);
    if (verdict === null) return { repaired: false, problem: problemOf(error) };
    deviations.add(verdict.kind, path, verdict.detail);
    if (verdict.repair !== undefined && place) {
      repairedPaths.add(path);
      if (verdict.repair === ABSENT) remove(place);
      else place.set(verdict.repair);
    }
  }
  return { repaired: repairedPaths.size > 0, problem: null };
}

const ABSENT = Symbol('absent');

interface Verdict {
  kind: DeviationKind;
  detail?: string;
  repair?: JsonValue | typeof ABSENT;
}

interface Place {
  key: string;
  value: JsonValue | undefined;
  inObject: JsonObject | null;
  set(value: JsonValue): void;
}

function judge(error: ErrorObject, place: Place | null): Verdict | null {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return { kind: 'extra_property', detail: String(params['additionalProperty']) };
    case 'required': {
      const name = String(params['missingProperty']);
      return MAY_LACK.has(name) ? { kind: 'missing_property', detail: name } : null;
    }
    case 'maxLength':
    case 'minLength':
      return { kind: 'over_long', detail: `limit ${String(params['limit'])}` };
    case 'minItems':
    case 'maxItems':
      return { kind: 'list_size', detail: `limit ${String(params['limit'])}` };
    case 'multipleOf':
    case 'minimum':
    case 'maximum':
      return { kind: 'number_range', detail: error.message };
    case 'type':
      return place && judgeType(String(params['type']), place);
    case 'enum':
      return place && judgeEnum(params['allowedValues'] as unknown[], place);
    case 'format':
      return place && judgeFormat(String(params['format']), place);
    default:
      return null;
  }
}

function judgeType(wanted: string, place: Place): Verdict | null {
  const { key, value } = place;
  if (value === null) return place.inObject && { kind: 'null_for_absent', repair: ABSENT };
  if (wanted !== 'string' && value === '')
    return place.inObject && { kind: 'empty_for_absent', repair: ABSENT };
  if (wanted === 'string') {
    if (typeof value === 'number') return { kind: 'number_for_string', repair: numberText(value) };
    if (typeof value === 'boolean') return { kind: 'number_for_string', repair: String(value) };
    return null;
  }
  if (wanted === 'boolean') {
    if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) return null;
    return { kind: 'string_for_boolean', repair: value.toLowerCase() === 'true' };
  }
  if (wanted !== 'integer' && wanted !== 'number') return null;
  if (typeof value === 'number') return MAY_HAVE_FRACTION.has(key) ? { kind: 'fraction_for_integer' } : null;
  if (typeof value !== 'string') return null;
  const written = value.trim();
  const readable = wanted === 'number' || MAY_HAVE_FRACTION.has(key) ? DECIMAL : INTEGER_VALUED;
  return readable.test(written) ? { kind: 'string_for_number', repair: Number(written) } : null;
}

function judgeEnum(allowed: unknown[], place: Place): Verdict | null {
  const { key, value } = place;
  if (typeof value !== 'string') return null;
  if (value === '') return place.inObject && { kind: 'empty_for_absent', repair: ABSENT };
  const folded = fold(value);
  const known = allowed.find((word) => typeof word === 'string' && fold(word) === folded);
  if (typeof known === 'string') return { kind: 'enum_spelling', detail: value, repair: known };
  return OPEN_ENUMS.has(key) ? { kind: 'unknown_enum', detail: value } : null;
}

function judgeFormat(format: string, place: Place): Verdict | null {
  const { value } = place;
  if (value === '') return place.inObject && { kind: 'empty_for_absent', repair: ABSENT };
  const detail = String(value);
  if (format === 'uri') return { kind: 'uri_form', detail };
  if (format !== 'date-time') return null;
  return { kind: readTime(value) ? 'timestamp_form' : 'timestamp_unreadable', detail };
}

function fold(word: string): string {
  return word.replace(/[\s_]/g, '').toLowerCase();
}

function remove(place: Place): void {
  if (place.inObject) delete place.inObject[place.key];
}

function locate(payload: JsonObject, path: string): Place | null {
  if (path === '') return null;
  const keys = path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  const key = keys.pop() ?? '';
  let parent: JsonValue | undefined = payload;
  for (const step of keys) {
    if (Array.isArray(parent)) parent = parent[Number(step)];
    else if (isJsonObject(parent)) parent = parent[step];
    else return null;
  }
  if (Array.isArray(parent)) {
    const list = parent;
    const index = Number(key);
    return { key, value: list[index], inObject: null, set: (value) => (list[index] = value) };
  }
  if (!isJsonObject(parent)) return null;
  const object = parent;
  return { key, value: object[key], inObject: object, set: (value) => (object[key] = value) };
}

/** A complaint in the words of the protocol. Never repeats the value: it may be an id token. */
export function problemOf(error: ErrorObject): SchemaProblem {
  const fault = error.keyword === 'required' ? 'occurrence' : error.keyword === 'type' ? 'type' : 'property';
  const path = error.instancePath;
  const formation = error.keyword === 'type' && path === '';
  return {
    fault: formation ? 'formation' : fault,
    path,
    text: `${path || '/'} ${error.message ?? 'is not valid'}`,
  };
}
