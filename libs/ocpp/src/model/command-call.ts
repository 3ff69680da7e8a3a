// What all commands have in common on their way to a request of their version.

import type { JsonObject } from '../json.js';
import type { CommandCall } from './command.js';

/** A request without its absent fields. */
export function call(action: string, fields: Record<string, unknown>): CommandCall {
  return { action, payload: present(fields) as JsonObject };
}

/** Drops absent fields: chargers refuse null. */
export function present<T extends Record<string, unknown>>(
  fields: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
