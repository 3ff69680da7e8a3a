/** Values as OCPI writes them (2.2.1, types): numbers, times, texts of limited length. */
import { decimal, internal, type Decimal } from '@kilowatch/kernel';

/** The party that owns what we publish, and under whose name our drivers' tokens go. */
export interface Party {
  readonly countryCode: string;
  readonly partyId: string;
}

/** Stands for a value that cannot be there (types, CiString). */
export const NOT_APPLICABLE = '#NA';

/**
 * A JSON number with the digits of the decimal text. A double keeps 15 significant digits, so what is written is what
 * was priced; more digits than that are a fault of ours. Absent for empty text.
 */
export function numberOf(value: string | Decimal): number {
  const text = decimal(value).toFixed();
  const number = Number(text);
  if (decimal(String(number)).toFixed() !== text) {
    throw internal('OCPI_NUMBER', 'A number is too long to be told.', { digits: text.length });
  }
  return number;
}

export function kwhOf(energyMwh: number): number {
  return numberOf(decimal(energyMwh).times('0.000001'));
}

/** Hours with six decimals: a hundredth of a second. */
export function hoursOf(seconds: number): number {
  return numberOf(decimal(Math.round(seconds)).div('3600').round(6));
}

/** UTC with `Z`, at most 25 characters. */
export function dateTime(at: Date): string {
  return at.toISOString();
}

/** At most `length` characters; `fallback` for nothing. */
export function text(value: string, length: number, fallback: string = NOT_APPLICABLE): string {
  return (value.trim() || fallback).slice(0, length);
}

/** Without the fields that are undefined: OCPI leaves out what is not there. */
export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

export interface Price {
  readonly excl_vat: number;
  readonly incl_vat?: number;
}

/** A price from its two decimal texts; undefined when the first is empty. */
export function priceOf(exclVat: string, inclVat: string): Price | undefined {
  if (exclVat === '') return undefined;
  return present({
    excl_vat: numberOf(exclVat),
    incl_vat: inclVat === '' ? undefined : numberOf(inclVat),
  }) as Price;
}
