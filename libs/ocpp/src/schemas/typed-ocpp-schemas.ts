// The schema port on the schemas that typed-ocpp carries (they may be used but not copied into this repository).
// Its own validate functions are not used: they strip unknown properties and tell complaints as prose only. Its entry is not
// imported either: that compiles every schema of three versions (1.9 s of CPU, 250 MB), so its version is pinned.
//
// `allErrors` lets one pass see every deviation; for valid payloads it costs nothing. multipleOfPrecision: 1.6 limits
// are multiples of 0.1, which no binary fraction is. Validators are compiled at first use and kept.

import { Ajv, type ValidateFunction } from 'ajv';
import * as ocpp16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as ocpp20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as ocpp21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { DeviationList, MAX_DEVIATIONS, type Deviation } from '../deviation.js';
import type { JsonObject } from '../json.js';
import type { OcppVersion } from '../version.js';
import { CSMS_ACTIONS, STATION_ACTIONS } from './actions.js';
import type { InboundCheck, OcppSchemas, OutboundCheck, PayloadPart } from './ocpp-schemas.js';
import { problemOf, tolerate } from './tolerance.js';

const SCHEMAS: Readonly<Record<OcppVersion, Readonly<Record<string, object>>>> = {
  '1.6': { ...ocpp16 },
  '2.0.1': { ...ocpp20 },
  '2.1': { ...ocpp21 },
};

const SUFFIX: Readonly<Record<PayloadPart, string>> = { request: 'Request', response: 'Response' };
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const NO_DEVIATIONS: readonly Deviation[] = Object.freeze([]);
/** A repair may uncover a complaint that the wrong type hid, and that one another. */
const MAX_ROUNDS = 4;

export class TypedOcppSchemas implements OcppSchemas {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, multipleOfPrecision: 6 });
  readonly #validators = new Map<string, ValidateFunction | null>();

  constructor() {
    this.#ajv.addFormat('date-time', {
      validate: (text: string) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)),
    });
    this.#ajv.addFormat('uri', { validate: (text: string) => URL.canParse(text) });
  }

  knows(version: OcppVersion, action: string): boolean {
    return STATION_ACTIONS[version].has(action) || CSMS_ACTIONS[version].has(action);
  }

  validateInbound(
    version: OcppVersion,
    action: string,
    part: PayloadPart,
    payload: JsonObject,
  ): InboundCheck {
    const validate = this.#validator(version, action, part);
    if (!validate) return { ok: false, problem: noSchema(action), deviations: [] };
    if (validate(payload)) return { ok: true, payload, deviations: NO_DEVIATIONS as Deviation[] };
    let deviations = new DeviationList();
    const repairs = new DeviationList();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      deviations = new DeviationList();
      const pass = tolerate(payload, validate.errors ?? [], deviations);
      const all = [...repairs.items, ...deviations.items].slice(0, MAX_DEVIATIONS);
      if (pass.problem) return { ok: false, problem: pass.problem, deviations: all };
      if (!pass.repaired) return { ok: true, payload, deviations: all };
      for (const item of deviations.items)
        if (REPAIRS.has(item.kind)) repairs.add(item.kind, item.path, item.detail);
      if (validate(payload)) return { ok: true, payload, deviations: repairs.items };
    }
    const error = validate.errors?.[0];
    return { ok: false, problem: error ? problemOf(error) : noSchema(action), deviations: repairs.items };
  }

  validateOutbound(
    version: OcppVersion,
    action: string,
    part: PayloadPart,
    payload: JsonObject,
  ): OutboundCheck {
    const validate = this.#validator(version, action, part);
    if (!validate) return { ok: false, problem: noSchema(action) };
    if (validate(payload)) return { ok: true };
    const error = validate.errors?.[0];
    return { ok: false, problem: error ? problemOf(error) : noSchema(action) };
  }

  #validator(version: OcppVersion, action: string, part: PayloadPart): ValidateFunction | null {
    const key = `${version}/${part}/${action}`;
    const held = this.#validators.get(key);
    if (held !== undefined) return held;
    // Only names of the version are remembered: an action comes from the network and must not grow the map.
    if (!this.knows(version, action)) return null;
    const schema =
      SCHEMAS[version][action + SUFFIX[part]] ?? (part === 'request' ? SCHEMAS[version][action] : undefined);
    const compiled = schema ? this.#ajv.compile(schema) : null;
    this.#validators.set(key, compiled);
    return compiled;
  }
}

/** Deviations that a repair makes disappear from the next round, and that must be remembered. */
const REPAIRS: ReadonlySet<string> = new Set([
  'null_for_absent',
  'empty_for_absent',
  'number_for_string',
  'string_for_number',
  'string_for_boolean',
  'enum_spelling',
]);

function noSchema(action: string): { fault: 'notImplemented'; path: string; text: string } {
  return {
    fault: 'notImplemented',
    path: '',
    text: `no such action in this version: ${action.slice(0, 50)}`,
  };
}
