// Q16: some models hang or reboot when certain settings are read back. We never read a setting after writing it on our own;
// an operator who asks for such a setting is told.

import { isJsonObject, type JsonObject } from '../json.js';
import type { StationModel } from './station-model.js';

/** The setting that this command must not read from the model, or null when it may be sent. */
export function unsafeSetting(action: string, payload: JsonObject, model: StationModel): string | null {
  const unsafe = new Set(model.unsafeToRead.map((key) => key.toLowerCase()));
  if (unsafe.size === 0) return null;
  if (action === 'GetConfiguration') {
    const keys = texts(payload['key']);
    // No keys: all of them.
    if (keys.length === 0) return model.unsafeToRead[0] ?? null;
    return keys.find((key) => unsafe.has(key.toLowerCase())) ?? null;
  }
  if (action !== 'GetVariables' || !Array.isArray(payload['getVariableData'])) return null;
  const names = payload['getVariableData'].flatMap((entry) => {
    const variable = isJsonObject(entry) ? entry['variable'] : undefined;
    return isJsonObject(variable) ? texts([variable['name']]) : [];
  });
  return names.find((name) => unsafe.has(name.toLowerCase())) ?? null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
