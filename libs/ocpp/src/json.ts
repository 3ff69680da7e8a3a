// JSON as JSON.parse gives it. Payloads stay in this shape until a mapper has read them.

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a field; an empty or blank string counts as absent (chargers send `"iccid":""`). */
export function text(object: JsonObject, key: string): string | null {
  const value = object[key];
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

export function integer(object: JsonObject, key: string): number | null {
  const value = object[key];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

const HIGHEST_INT32 = 2_147_483_647;

/** An integer that goes into 32 bits, as the services and the database take ids, counts and seconds; any other is null. */
export function int32(object: JsonObject, key: string): number | null {
  const value = integer(object, key);
  return value !== null && Math.abs(value) <= HIGHEST_INT32 ? value : null;
}

export function child(object: JsonObject, key: string): JsonObject | null {
  const value = object[key];
  return isJsonObject(value) ? value : null;
}

export function children(object: JsonObject, key: string): JsonObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Plain decimal text of a JSON number: never an exponent, so that exact decimal code can read it. */
export function numberText(value: number): string {
  const short = String(value);
  if (!short.includes('e')) return short;
  const [mantissa = '0', exponentText = '0'] = short.split('e');
  const exponent = Number(exponentText);
  const negative = mantissa.startsWith('-');
  const [whole = '0', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const plain =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + '0'.repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${plain}` : plain;
}
