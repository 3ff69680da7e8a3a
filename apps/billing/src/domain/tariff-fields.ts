/**
 * Reads single fields of a tariff document. Every refusal is an AppError INVALID with a stable code and the path
 * of the field. Decimals may be text or JSON numbers (OCPI has numbers): a number is read by the digits it is
 * written with, never computed with.
 */
import { AppError, type Decimal, decimal, invalid, parseLenientInstant } from '@kilowatch/kernel';

export type Fields = Readonly<Record<string, unknown>>;

export function refuse(code: string, text: string, path: string, value?: unknown): AppError {
  return invalid(`BILLING_TARIFF_${code}`, text, { path, value });
}

export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse('SHAPE', `${path} must be an object.`, path, value);
  }
  return value as Fields;
}

export function listOf(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse('SHAPE', `${path} must be a list.`, path, value);
  return value;
}

export function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw refuse('SHAPE', `${path} must be text.`, path, value);
  return value;
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

const MAX_AMOUNT = '1000000000';

/** A decimal >= 0 with at most `places` decimal places. */
export function amountOf(value: unknown, path: string, code: string, places = 6): Decimal {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw refuse(`${code}_INVALID`, `${path} must be a decimal number.`, path, value);
  }
  let amount: Decimal;
  try {
    amount = decimal(String(value));
  } catch {
    throw refuse(`${code}_INVALID`, `${path} must be a decimal number.`, path, value);
  }
  if (amount.lt('0')) throw refuse(`${code}_NEGATIVE`, `${path} must not be negative.`, path, value);
  if (amount.gt(MAX_AMOUNT) || !amount.round(places, 0).eq(amount)) {
    throw refuse(`${code}_INVALID`, `${path} is too large or too fine.`, path, value);
  }
  return amount;
}

/** A decimal of a unit as a whole number of its thousandth, millionth, ... part: kWh to mWh, A to mA. */
export function scaledOf(value: unknown, path: string, factor: '1000' | '1000000'): number {
  const scaled = amountOf(value, path, 'RESTRICTION', 9).times(factor);
  if (!scaled.round(0, 0).eq(scaled)) {
    throw refuse('RESTRICTION_INVALID', `${path} is too fine.`, path, value);
  }
  return Number(scaled.toFixed());
}

export function wholeOf(value: unknown, path: string, code: string, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw refuse(`${code}_INVALID`, `${path} must be a whole number from 0 to ${max}.`, path, value);
  }
  return value;
}

export function oneOf<T extends string>(
  value: unknown,
  allowed: readonly T[],
  path: string,
  code: string,
): T {
  if (!allowed.includes(value as T)) {
    throw refuse(`${code}_INVALID`, `${path} must be one of ${allowed.join(', ')}.`, path, value);
  }
  return value as T;
}

/** `HH:MM` as minutes; 24:00 only where an end may be. */
export function minuteOf(value: unknown, path: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(textOf(value, path));
  if (!match) throw refuse('TIME_INVALID', `${path} must be a time of day, HH:MM.`, path, value);
  return Number(match[1]) * 60 + Number(match[2]);
}

export function localDateOf(value: unknown, path: string): string {
  const text = textOf(value, path);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseLenientInstant(text) === undefined) {
    throw refuse('DATE_INVALID', `${path} must be a date, YYYY-MM-DD.`, path, value);
  }
  return text;
}

export function instantOf(value: unknown, path: string): Date {
  const instant = value instanceof Date ? value : parseLenientInstant(textOf(value, path));
  if (instant === undefined || Number.isNaN(instant.getTime())) {
    throw refuse('DATE_INVALID', `${path} must be a date and time.`, path, value);
  }
  return instant;
}
