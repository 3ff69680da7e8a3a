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

export function stored<T>(value: T): Stored<T> {
  return JSON.parse(JSON.stringify(value)) as Stored<T>;
}
