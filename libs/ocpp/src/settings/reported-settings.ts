// What a station says of its settings in answers to our commands: GetConfiguration in 1.6 (section 5.8), GetVariables in 2.x
// (use case B06). NotifyReport is a message of its own (model/v201/report.ts).

import { children, text, type JsonObject } from '../json.js';
import { variablePlace } from '../model/v201/variable-place.js';
import { key16, type SettingName } from './setting-name.js';

export interface ReportedSetting {
  readonly name: SettingName;
  /** Null: there, and not to be read. */
  readonly value: string | null;
  readonly mutability: 'ReadOnly' | 'ReadWrite' | 'WriteOnly' | '';
  /** False: the station has no such setting. */
  readonly known: boolean;
}

/** A GetConfiguration answer, keys it does not know included. A key without a value can be written only. */
export function configurationSettings(answer: JsonObject): ReportedSetting[] {
  const settings = new Map<string, ReportedSetting>();
  for (const entry of children(answer, 'configurationKey')) {
    const key = text(entry, 'key')?.trim();
    if (!key) continue;
    const said = entry['value'];
    const value = said === '' ? '' : text(entry, 'value');
    const readonly = entry['readonly'] === true;
    const mutability = readonly ? 'ReadOnly' : value === null ? 'WriteOnly' : 'ReadWrite';
    settings.set(key.toLowerCase(), { name: key16(key), value, mutability, known: true });
  }
  const unknown = texts(answer['unknownKey']).filter((key) => !settings.has(key.trim().toLowerCase()));
  const missing = unknown.map((key): ReportedSetting => ({
    name: key16(key),
    value: null,
    mutability: '',
    known: false,
  }));
  return [...settings.values(), ...missing];
}

/** A GetVariables answer: the actual values of it. */
export function variableSettings(answer: JsonObject): ReportedSetting[] {
  return children(answer, 'getVariableResult').flatMap((result): ReportedSetting[] => {
    const name = nameOf(result);
    if (name.variable === '' || (text(result, 'attributeType') ?? 'Actual') !== 'Actual') return [];
    switch (text(result, 'attributeStatus')) {
      case 'Accepted':
        return [{ name, value: text(result, 'attributeValue') ?? '', mutability: '', known: true }];
      case 'UnknownComponent':
      case 'UnknownVariable':
        return [{ name, value: null, mutability: '', known: false }];
      case 'Rejected':
        // B06: a variable that can be written only.
        return [{ name, value: null, mutability: 'WriteOnly', known: true }];
      default:
        return [];
    }
  });
}

export function nameOf(entry: JsonObject): SettingName {
  const place = variablePlace(entry);
  return {
    component: place.component,
    componentInstance: place.componentInstance ?? '',
    evseNumber: place.evseNumber,
    connectorNumber: place.connectorNumber,
    variable: place.variable,
    instance: place.variableInstance ?? '',
  };
}

function texts(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [];
  return list.filter((item): item is string => typeof item === 'string' && item.trim() !== '');
}
