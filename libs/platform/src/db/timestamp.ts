import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;
const byTheDriver = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date;

const SECONDS_END = 19;
const SHORTEST = SECONDS_END + '+00'.length;

/**
 * A timestamptz as Postgres writes it to a session in UTC: `2026-11-30 12:05:44.123456+00`, to the millisecond (what is finer is cut
 * off). All rows have some, and the driver's own parser takes them apart by regular expressions: it is left with what looks otherwise
 * (years before Christ or above 9999, infinity, other zones).
 */
export function readTimestamp(text: string): Date {
  const { length } = text;
  if (length < SHORTEST || !text.endsWith('+00') || text[4] !== '-' || text[10] !== ' ')
    return byTheDriver(text);
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  // `Date.UTC` takes them for years of the last century.
  if (year < 100) return byTheDriver(text);
  return new Date(
    Date.UTC(
      year,
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds(text),
    ),
  );
}

/** Every connection of this process reads them so. */
export function useTimestamps(): void {
  pg.types.setTypeParser(TIMESTAMPTZ, 'text', readTimestamp);
}

function milliseconds(text: string): number {
  const end = Math.min(text.length - '+00'.length, SECONDS_END + '.123'.length);
  let value = 0;
  let weight = 100;
  for (let at = SECONDS_END + 1; at < end; at += 1, weight /= 10) value += weight * digit(text, at);
  return value;
}

function twoDigits(text: string, at: number): number {
  return 10 * digit(text, at) + digit(text, at + 1);
}

const ZERO = 48;
const digit = (text: string, at: number): number => text.charCodeAt(at) - ZERO;
