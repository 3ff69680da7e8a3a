import { isJsonObject, text, type JsonObject } from '@kilowatch/ocpp';
import type { StationAnswer } from './station-commands.js';

/**
 * Plug and charge over 1.6: the answer proper is JSON text inside the DataTransfer, which says Accepted around any of it. Undefined
 * when nothing in it is a refusal.
 */
export function refusalInside({ payload }: Pick<StationAnswer, 'payload'>): string | undefined {
  const word = wordInside(payload);
  return word === undefined || word === 'Accepted' ? undefined : word;
}

export function wordInside(payload: unknown): string | undefined {
  const inside = objectInside(payload);
  return inside === undefined ? undefined : (text(inside, 'status') ?? undefined);
}

/** The object that a DataTransfer carries as text; undefined for other answers. */
export function objectInside(payload: unknown): JsonObject | undefined {
  if (!isJsonObject(payload)) return undefined;
  const data = text(payload, 'data');
  if (data === null) return undefined;
  try {
    const parsed: unknown = JSON.parse(data);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
