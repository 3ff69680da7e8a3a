// Commands that read and write settings, and what their answers mean for each setting.

import { children, text, type JsonObject } from '../json.js';
import type { CommandCall } from '../model/command.js';
import { nameOf } from './reported-settings.js';
import { isKey16, settingKey, type SettingName } from './setting-name.js';

export interface SettingWrite {
  readonly name: SettingName;
  readonly value: string;
}

/** ACCEPTED: in force. REBOOT_REQUIRED: kept, in force after a reboot. */
export type WriteOutcome = 'ACCEPTED' | 'REBOOT_REQUIRED' | 'REJECTED' | 'NOT_SUPPORTED';

export interface WriteResult {
  readonly outcome: WriteOutcome;
  /** The charger's own word. */
  readonly status: string;
}

/** One 1.6 key, or variables of 2.x together: at least one, of one version. */
export function writeCall(writes: readonly SettingWrite[]): CommandCall {
  const [first] = writes;
  if (first && isKey16(first.name)) {
    return { action: 'ChangeConfiguration', payload: { key: first.name.variable, value: first.value } };
  }
  const setVariableData = writes.map(({ name, value }) => ({ ...placeOf(name), attributeValue: value }));
  return { action: 'SetVariables', payload: { setVariableData } };
}

/** No names: everything (1.6 only). */
export function readCall(is16: boolean, names: readonly SettingName[]): CommandCall {
  if (is16) {
    const key = names.map(({ variable }) => variable);
    return { action: 'GetConfiguration', payload: key.length === 0 ? {} : { key } };
  }
  return { action: 'GetVariables', payload: { getVariableData: names.map(placeOf) } };
}

export function fullReportCall(requestId: number): CommandCall {
  return { action: 'GetBaseReport', payload: { requestId, reportBase: 'FullInventory' } };
}

const OUTCOMES: Readonly<Record<string, WriteOutcome>> = {
  Accepted: 'ACCEPTED',
  RebootRequired: 'REBOOT_REQUIRED',
  NotSupported: 'NOT_SUPPORTED',
  UnknownComponent: 'NOT_SUPPORTED',
  UnknownVariable: 'NOT_SUPPORTED',
  NotSupportedAttributeType: 'NOT_SUPPORTED',
};

/** What the answer to `writeCall(writes)` says of each, by `settingKey`. One that it leaves out is absent. */
export function writeResults(
  writes: readonly SettingWrite[],
  answer: JsonObject,
): ReadonlyMap<string, WriteResult> {
  const [first] = writes;
  if (first && isKey16(first.name)) {
    return new Map([[settingKey(first.name), resultOf(text(answer, 'status'))]]);
  }
  const results = children(answer, 'setVariableResult');
  const asked = new Set(writes.map(({ name }) => settingKey(name)));
  const named = results.map((result) => [settingKey(nameOf(result)), result] as const);
  // Some answer in our order and leave out instances or EVSEs of the names.
  const byPlace = results.length === writes.length && named.some(([key]) => !asked.has(key));
  const pairs = byPlace
    ? results.map((result, i) => [settingKey(writes[i]!.name), result] as const)
    : named.filter(([key]) => asked.has(key));
  return new Map(pairs.map(([key, result]) => [key, resultOf(text(result, 'attributeStatus'))]));
}

function resultOf(word: string | null): WriteResult {
  const status = word ?? '';
  return { outcome: OUTCOMES[status] ?? 'REJECTED', status };
}

export function placeOf(name: SettingName): JsonObject {
  const { component, componentInstance, evseNumber, connectorNumber, variable, instance } = name;
  return {
    component: {
      name: component,
      ...(componentInstance === '' ? {} : { instance: componentInstance }),
      ...(evseNumber === null
        ? {}
        : {
            evse: {
              id: evseNumber,
              ...(connectorNumber === null ? {} : { connectorId: connectorNumber }),
            },
          }),
    },
    variable: { name: variable, ...(instance === '' ? {} : { instance }) },
  };
}
