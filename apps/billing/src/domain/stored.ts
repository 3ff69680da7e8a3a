/** A value as its JSON text gives it back: what was stored is shown and compared, not computed with. */
import type { Decimal } from '@kilowatch/kernel';

export type Stored<T> = T extends Decimal | Date
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer E)[]
      ? readonly Stored<E>[]
      : T extends object
        ? { readonly [K in keyof T]: Stored<T[K]> }
        : unknown;

/** What `JSON.parse(JSON.stringify(value))` gives, without the text in between: a bill has hundreds of intervals, lines and periods. */
export function stored<T>(value: T): Stored<T> {
  return plain(value) as Stored<T>;
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => plain(part) ?? null);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') return plain(toJSON.call(value));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const part = plain((value as Record<string, unknown>)[key]);
    if (part === undefined || typeof part === 'function') continue;
    if (key !== '__proto__') copy[key] = part;
    else
      Object.defineProperty(copy, key, { value: part, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}
