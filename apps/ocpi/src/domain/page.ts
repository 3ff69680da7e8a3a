/** Paging of every list (OCPI 2.2.1 transport, pagination): offset, limit, date_from inclusive, date_to exclusive. */
import { invalid, parseLenientInstant } from '@kilowatch/kernel';

/** The most objects we give in one page: X-Limit. */
export const SERVER_LIMIT = 100;
const FARTHEST_OFFSET = 10_000_000;

export interface Page {
  readonly offset: number;
  readonly limit: number;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

export type Query = Readonly<Record<string, unknown>>;

/** Throws INVALID (OCPI 2001) for what cannot be meant; a limit above ours is lowered. */
export function pageOf(query: Query): Page {
  const from = timeOf(query, 'date_from');
  const to = timeOf(query, 'date_to');
  return {
    offset: wholeOf(query, 'offset', 0, 0, FARTHEST_OFFSET),
    limit: Math.min(wholeOf(query, 'limit', SERVER_LIMIT, 1, Number.MAX_SAFE_INTEGER), SERVER_LIMIT),
    from,
    to,
  };
}

/**
 * The address of the page after this one, with all filters; undefined for the last. It begins behind what this one brought: where
 * objects are large, that is less than the limit.
 */
export function nextUrl(endpoint: string, page: Page, told: number, total: number): string | undefined {
  const offset = page.offset + told;
  if (told === 0 || offset >= total) return undefined;
  const url = new URL(endpoint);
  if (page.from) url.searchParams.set('date_from', page.from.toISOString());
  if (page.to) url.searchParams.set('date_to', page.to.toISOString());
  url.searchParams.set('offset', String(offset));
  url.searchParams.set('limit', String(page.limit));
  return url.toString();
}

function wholeOf(query: Query, name: string, byDefault: number, least: number, most: number): number {
  const value = query[name];
  if (value === undefined) return byDefault;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) throw invalid('OCPI_PAGE', `${name} must be a whole number.`);
  return number;
}

function timeOf(query: Query, name: string): Date | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  // A `+` in a query is a blank once decoded: an offset that was not escaped.
  const time =
    typeof value === 'string' ? parseLenientInstant(value.replace(/ (\d{2}:?\d{2})$/, '+$1')) : undefined;
  if (!time) throw invalid('OCPI_PAGE', `${name} must be a time like 2026-01-31T12:00:00Z.`);
  return time;
}
