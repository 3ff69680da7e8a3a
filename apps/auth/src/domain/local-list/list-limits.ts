/**
 * What a station says of its local list and its cache: which settings to ask for in each generation, and what the answer means.
 * 1.6 section 9.2, 9.3; 2.0.1 components LocalAuthListCtrlr and AuthCacheCtrlr. What it does not say is unknown, not zero.
 */
import { child, children, text, type JsonObject } from '@kilowatch/ocpp';
import type { ListDialect } from './list-entry.js';

export interface ListLimits {
  /** NONE: it keeps no lists. OFF: it has them, switched off. */
  readonly list: 'ON' | 'OFF' | 'NONE';
  readonly cache: 'ON' | 'OFF' | 'UNKNOWN';
  readonly maxEntries: number | undefined;
  readonly itemsPerMessage: number | undefined;
  readonly bytesPerMessage: number | undefined;
  /** An entry may say when it ends. */
  readonly expiry: boolean;
}

const KEYS_16 = [
  'LocalAuthListEnabled',
  'LocalAuthListMaxLength',
  'SendLocalListMaxLength',
  'AuthorizationCacheEnabled',
];

const LIST = 'LocalAuthListCtrlr';
const VARIABLES: readonly (readonly [component: string, variable: string, attribute?: string])[] = [
  [LIST, 'Available'],
  [LIST, 'Enabled'],
  // How many it may become, not how many there are.
  [LIST, 'Entries', 'MaxSet'],
  [LIST, 'ItemsPerMessage'],
  [LIST, 'BytesPerMessage'],
  [LIST, 'SupportsExpiryDateTime'],
  ['AuthCacheCtrlr', 'Enabled'],
];

export interface LimitQuery {
  readonly action: string;
  readonly payload: JsonObject;
}

export function limitQuery(dialect: ListDialect): LimitQuery {
  if (dialect === '1.6') return { action: 'GetConfiguration', payload: { key: KEYS_16 } };
  const getVariableData = VARIABLES.map(([component, variable, attributeType]) => ({
    component: { name: component },
    variable: { name: variable },
    ...(attributeType ? { attributeType } : {}),
  }));
  return { action: 'GetVariables', payload: { getVariableData } };
}

/** A station that answers nothing of use has a list until it refuses one. */
export function limitsOf(dialect: ListDialect, answer: JsonObject): ListLimits {
  return dialect === '1.6' ? limits16(values16(answer)) : limits2(values2(answer));
}

type Values = ReadonlyMap<string, string>;

function limits16(values: Values): ListLimits {
  const items = count(values.get('sendlocallistmaxlength'));
  return {
    list: listSwitch(undefined, values.get('localauthlistenabled')),
    cache: switchOf(values.get('authorizationcacheenabled')),
    maxEntries: count(values.get('localauthlistmaxlength')),
    itemsPerMessage: items === 0 ? undefined : items,
    bytesPerMessage: undefined,
    // 1.6 section 3.5.2: the expiry date is part of every entry.
    expiry: true,
  };
}

function limits2(values: Values): ListLimits {
  const of = (variable: string) => values.get(`localauthlistctrlr.${variable}`);
  return {
    list: listSwitch(of('available'), of('enabled')),
    cache: switchOf(values.get('authcachectrlr.enabled')),
    maxEntries: count(of('entries')),
    itemsPerMessage: count(of('itemspermessage')) || undefined,
    bytesPerMessage: count(of('bytespermessage')) || undefined,
    expiry: isTrue(of('supportsexpirydatetime')),
  };
}

function listSwitch(available: string | undefined, enabled: string | undefined): ListLimits['list'] {
  if (available !== undefined && !isTrue(available)) return 'NONE';
  return enabled === undefined || isTrue(enabled) ? 'ON' : 'OFF';
}

function switchOf(value: string | undefined): ListLimits['cache'] {
  if (value === undefined) return 'UNKNOWN';
  return isTrue(value) ? 'ON' : 'OFF';
}

function values16(answer: JsonObject): Values {
  return new Map(
    children(answer, 'configurationKey').flatMap((entry) => {
      const [key, value] = [text(entry, 'key'), text(entry, 'value')];
      return key && value ? [[key.trim().toLowerCase(), value]] : [];
    }),
  );
}

function values2(answer: JsonObject): Values {
  return new Map(
    children(answer, 'getVariableResult').flatMap((result) => {
      const [component, variable] = [child(result, 'component'), child(result, 'variable')];
      const value = text(result, 'attributeValue');
      if (text(result, 'attributeStatus') !== 'Accepted' || !component || !variable || !value) return [];
      const name = `${text(component, 'name') ?? ''}.${text(variable, 'name') ?? ''}`.toLowerCase();
      // How many entries there are at present is no limit.
      if (name.endsWith('.entries') && text(result, 'attributeType') !== 'MaxSet') return [];
      return [[name, value]];
    }),
  );
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['true', '1'].includes(value.trim().toLowerCase());
}

function count(value: string | undefined): number | undefined {
  if (value === undefined || !/^\s*\d{1,9}\s*$/.test(value)) return undefined;
  return Number(value);
}
