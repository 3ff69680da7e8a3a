/**
 * Reads single fields of a document from outside (tariff, CDR, price case). Every refusal is an AppError INVALID with a
 * stable code and the path of the field. Decimals may be text or JSON numbers (OCPI has numbers): a number is read by the
 * digits it is written with, never computed with.
 */
import { AppError, type Decimal, decimal, invalid, parseLenientInstant } from '@kilowatch/kernel';

export type Fields = Readonly<Record<string, unknown>>;

const MAX_AMOUNT = '1000000000';

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

export interface FieldReader {
  refuse(code: string, text: string, path: string, value?: unknown): AppError;
  fieldsOf(value: unknown, path: string): Fields;
  listOf(value: unknown, path: string): readonly unknown[];
  textOf(value: unknown, path: string): string;
  /** A decimal of either sign with at most `places` decimal places. */
  decimalOf(value: unknown, path: string, code: string, places?: number): Decimal;
  /** A decimal >= 0. */
  amountOf(value: unknown, path: string, code: string, places?: number): Decimal;
  /** A decimal of a unit as a whole number of its thousandth, millionth, ... part: kWh to mWh, A to mA. */
  scaledOf(value: unknown, path: string, factor: '1000' | '1000000'): number;
  wholeOf(value: unknown, path: string, code: string, max: number): number;
  oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string, code: string): T;
  /** `HH:MM` as minutes. */
  minuteOf(value: unknown, path: string): number;
  localDateOf(value: unknown, path: string): string;
  instantOf(value: unknown, path: string): Date;
}

/** The functions above, for documents of one kind: `prefix` is the beginning of their codes. */
export function fieldReader(prefix: string): FieldReader {
  const refuse = (code: string, text: string, path: string, value?: unknown): AppError =>
    invalid(`${prefix}_${code}`, text, { path, value });

  const textOf = (value: unknown, path: string): string => {
    if (typeof value !== 'string' || value === '')
      throw refuse('SHAPE', `${path} must be text.`, path, value);
    return value;
  };

  const decimalOf = (value: unknown, path: string, code: string, places = 6): Decimal => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw refuse(`${code}_INVALID`, `${path} must be a decimal number.`, path, value);
    }
    let amount: Decimal;
    try {
      amount = decimal(String(value));
    } catch {
      throw refuse(`${code}_INVALID`, `${path} must be a decimal number.`, path, value);
    }
    if (amount.abs().gt(MAX_AMOUNT) || !amount.round(places, 0).eq(amount)) {
      throw refuse(`${code}_INVALID`, `${path} is too large or too fine.`, path, value);
    }
    return amount;
  };

  const amountOf = (value: unknown, path: string, code: string, places = 6): Decimal => {
    const amount = decimalOf(value, path, code, places);
    if (amount.lt('0')) throw refuse(`${code}_NEGATIVE`, `${path} must not be negative.`, path, value);
    return amount;
  };

  return {
    refuse,
    textOf,
    decimalOf,
    amountOf,

    fieldsOf(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw refuse('SHAPE', `${path} must be an object.`, path, value);
      }
      return value as Fields;
    },

    listOf(value, path) {
      if (!Array.isArray(value)) throw refuse('SHAPE', `${path} must be a list.`, path, value);
      return value;
    },

    scaledOf(value, path, factor) {
      const scaled = amountOf(value, path, 'RESTRICTION', 9).times(factor);
      if (!scaled.round(0, 0).eq(scaled)) {
        throw refuse('RESTRICTION_INVALID', `${path} is too fine.`, path, value);
      }
      return Number(scaled.toFixed());
    },

    wholeOf(value, path, code, max) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
        throw refuse(`${code}_INVALID`, `${path} must be a whole number from 0 to ${max}.`, path, value);
      }
      return value;
    },

    oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string, code: string): T {
      if (!allowed.includes(value as T)) {
        throw refuse(`${code}_INVALID`, `${path} must be one of ${allowed.join(', ')}.`, path, value);
      }
      return value as T;
    },

    minuteOf(value, path) {
      const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(textOf(value, path));
      if (!match) throw refuse('TIME_INVALID', `${path} must be a time of day, HH:MM.`, path, value);
      return Number(match[1]) * 60 + Number(match[2]);
    },

    localDateOf(value, path) {
      const text = textOf(value, path);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseLenientInstant(text) === undefined) {
        throw refuse('DATE_INVALID', `${path} must be a date, YYYY-MM-DD.`, path, value);
      }
      return text;
    },

    instantOf(value, path) {
      const instant = value instanceof Date ? value : parseLenientInstant(textOf(value, path));
      if (instant === undefined || Number.isNaN(instant.getTime())) {
        throw refuse('DATE_INVALID', `${path} must be a date and time.`, path, value);
      }
      return instant;
    },
  };
}
