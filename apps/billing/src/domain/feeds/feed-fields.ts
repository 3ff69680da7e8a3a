/** What the parsers of feeds share: refusals that name the field, prices per MWh and in hundredths as prices per kWh. */
import { type AppError, type Decimal, decimal, invalid, parseLenientInstant } from '@kilowatch/kernel';

/** More stretches than a feed has in a month of quarter hours are no answer to what was asked. */
export const MOST_STRETCHES = 3_000;

export function unreadable(field: string): AppError {
  return invalid('BILLING_FEED_UNREADABLE', `The price feed has nothing readable at ${field}.`, { field });
}

/** Text, or a JSON number by the digits it is written with. */
export function amountOf(value: unknown, field: string): Decimal {
  if (typeof value !== 'string' && typeof value !== 'number') throw unreadable(field);
  try {
    const amount = decimal(String(value));
    if (amount.abs().gt('1000000')) throw unreadable(field);
    return amount;
  } catch {
    throw unreadable(field);
  }
}

/** Per MWh to per kWh, exact. */
export function perKwh(perMwh: Decimal): Decimal {
  return perMwh.times('0.001');
}

export function instantOf(value: unknown, field: string): Date {
  const instant = typeof value === 'string' ? parseLenientInstant(value) : undefined;
  if (!instant) throw unreadable(field);
  return instant;
}

export function listOf(value: unknown, field: string): readonly Record<string, unknown>[] {
  if (!Array.isArray(value) || value.length > MOST_STRETCHES) throw unreadable(field);
  return value.map((entry, index) => fieldsOf(entry, `${field}[${index}]`));
}

export function fieldsOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(field);
  return value as Record<string, unknown>;
}

export function currencyOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) throw unreadable(field);
  return value;
}
