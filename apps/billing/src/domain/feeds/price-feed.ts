/**
 * Where prices come from, one port for all: what a source is asked for a day, how its answer is read, and when a feed is asked again. A day
 * is the delivery day of the market, midnight to midnight in central Europe; Octopus sells the same day (23:00 to 23:00 in Britain).
 */
import { invalid, localParts, nextLocalMidnight, zonedToInstant, type LocalTime } from '@kilowatch/kernel';
import { awattarPrices } from './awattar.js';
import { gapsIn, type Gap, type Stretch } from './curve.js';
import { entsoePrices } from './entsoe.js';
import { nordPoolPrices } from './nord-pool.js';
import { octopusPrices } from './octopus.js';

export const FEED_SOURCES = ['ENTSOE', 'AWATTAR', 'OCTOPUS', 'NORD_POOL'] as const;
export type FeedSource = (typeof FEED_SOURCES)[number];

export interface FeedKey {
  readonly source: FeedSource;
  readonly area: string;
}

export interface FeedClock {
  /** Of the market: its delivery days are those of this zone. */
  readonly timeZone: string;
  /** Minutes of the local day at which the next day is published, and at which it is missed. */
  readonly publishMinute: number;
  readonly alertMinute: number;
}

export interface DeliveryDay {
  /** `YYYY-MM-DD` in the zone of the market. */
  readonly date: string;
  readonly from: Date;
  readonly to: Date;
}

interface Source {
  readonly area: RegExp;
  readonly areaWords: string;
  readonly currencies: readonly string[];
  readonly publishMinute: number;
  readonly alertMinute: number;
  readonly path: (area: string, currency: string, day: DeliveryDay) => string;
  readonly read: (answer: FeedAnswer, area: string) => Stretch[];
}

export interface FeedAnswer {
  text(): string;
  json(): unknown;
}

const SOURCES: Readonly<Record<FeedSource, Source>> = {
  ENTSOE: {
    area: /^[0-9]{2}[A-Z0-9-]{14}$/,
    areaWords: 'the EIC of a bidding zone, such as 10YNL----------L',
    currencies: [],
    publishMinute: 13 * 60,
    alertMinute: 18 * 60,
    path: (area, _currency, { from, to }) =>
      `?documentType=A44&in_Domain=${area}&out_Domain=${area}&periodStart=${compact(from)}&periodEnd=${compact(to)}`,
    read: (answer) => entsoePrices(answer.text()),
  },
  AWATTAR: {
    area: /^(DE|AT)$/,
    areaWords: 'DE or AT',
    currencies: ['EUR'],
    publishMinute: 14 * 60,
    alertMinute: 18 * 60,
    path: (_area, _currency, { from, to }) => `?start=${from.getTime()}&end=${to.getTime()}`,
    read: (answer) => awattarPrices(answer.json()),
  },
  OCTOPUS: {
    area: /^[A-Z0-9-]{3,40}\/[A-P]$/,
    areaWords: 'a product and a region, such as AGILE-24-10-01/C',
    currencies: ['GBP'],
    publishMinute: 17 * 60,
    alertMinute: 21 * 60,
    path: (area, _currency, { from, to }) => {
      const [product = '', region = ''] = area.split('/');
      return `/products/${product}/electricity-tariffs/E-1R-${product}-${region}/standard-unit-rates/?period_from=${from.toISOString()}&period_to=${to.toISOString()}&page_size=200`;
    },
    read: (answer) => octopusPrices(answer.json()),
  },
  NORD_POOL: {
    area: /^[A-Z0-9]{2,5}$/,
    areaWords: 'a delivery area, such as NO1',
    currencies: ['EUR', 'DKK', 'NOK', 'SEK', 'GBP', 'PLN', 'RON'],
    publishMinute: 13 * 60,
    alertMinute: 18 * 60,
    path: (area, currency, { date }) =>
      `/DayAheadPrices?date=${date}&market=DayAhead&deliveryArea=${area}&currency=${currency}`,
    read: (answer, area) => nordPoolPrices(answer.json(), area),
  },
};

/** All four sell the central European day. */
export const MARKET_ZONE = 'Europe/Brussels';

export function defaultsOf(source: FeedSource): Pick<FeedClock, 'publishMinute' | 'alertMinute'> {
  return SOURCES[source];
}

/** Throws INVALID for an area or a currency that the source does not have. */
export function checkFeed({ source, area }: FeedKey, currency: string): void {
  const { area: form, areaWords, currencies } = SOURCES[source];
  if (!form.test(area)) throw invalid('BILLING_FEED_AREA', `area is ${areaWords}.`);
  if (currencies.length > 0 && !currencies.includes(currency))
    throw invalid('BILLING_FEED_CURRENCY', `${source} has prices in ${currencies.join(', ')}.`);
}

/** What comes after the address of the source, for one day. */
export function feedPath({ source, area }: FeedKey, currency: string, day: DeliveryDay): string {
  return SOURCES[source].path(area, currency, day);
}

/** The prices of the day. Throws INVALID for an answer that cannot be read, or is in another currency. */
export function readFeed({ source, area }: FeedKey, currency: string, answer: FeedAnswer): Stretch[] {
  const curve = SOURCES[source].read(answer, area);
  const other = curve.find(({ unit }) => unit !== currency);
  if (other)
    throw invalid('BILLING_FEED_CURRENCY', `The feed is in ${other.unit}, and ${currency} was wanted.`);
  return curve;
}

/** The delivery day that holds a moment, or one a number of days after it. */
export function deliveryDay(at: Date, timeZone: string, daysLater = 0): DeliveryDay {
  const { year, month, day } = localParts(at, timeZone);
  const from = midnight({ year, month, day: day + daysLater }, timeZone);
  return { date: localParts(from, timeZone).date, from, to: nextLocalMidnight(from, timeZone) };
}

/** The days that can be had at a moment: today, and tomorrow once it is published. */
export function daysToHave(now: Date, clock: FeedClock): DeliveryDay[] {
  const days = [deliveryDay(now, clock.timeZone)];
  if (now >= momentOf(now, clock, clock.publishMinute)) days.push(deliveryDay(now, clock.timeZone, 1));
  return days;
}

export interface FeedState {
  /** In a row: those that failed or left something out. */
  readonly attempts: number;
  /** The delivery day that was told to be missing. */
  readonly alertedFor: string | undefined;
}

export interface FeedOutlook {
  readonly dueAt: Date;
  readonly attempts: number;
  /** The day after is missing at the hour at which it is missed; told once a day. */
  readonly missing: (DeliveryDay & { readonly gaps: readonly Gap[] }) | undefined;
}

const BACKOFF_MINUTES = [1, 2, 5, 10, 20, 30];
/** Prices are corrected now and then: asked again with what is known of them, which costs the source nothing. */
const RECHECK_MS = 6 * 3_600_000;

/** After an attempt: when the next one is due, and whether somebody must be told. `curve`: all that is known of today and tomorrow. */
export function outlookOf(
  curve: readonly Stretch[],
  now: Date,
  clock: FeedClock,
  state: FeedState & { readonly failed: boolean },
): FeedOutlook {
  const days = daysToHave(now, clock);
  const isComplete = days.every(({ from, to }) => gapsIn(curve, from, to).length === 0);
  const tomorrow = deliveryDay(now, clock.timeZone, 1);
  const gaps = gapsIn(curve, tomorrow.from, tomorrow.to);
  const alertAt = momentOf(now, clock, clock.alertMinute);
  const isMissed = now >= alertAt && gaps.length > 0 && state.alertedFor !== tomorrow.date;
  const missing = isMissed ? { ...tomorrow, gaps } : undefined;
  const attempts = isComplete && !state.failed ? 0 : state.attempts + 1;
  if (attempts === 0) {
    const recheck = now.getTime() + RECHECK_MS;
    return { dueAt: new Date(Math.min(recheck, nextPublication(now, clock).getTime())), attempts, missing };
  }
  const minutes = BACKOFF_MINUTES[Math.min(attempts, BACKOFF_MINUTES.length) - 1]!;
  const again = now.getTime() + minutes * 60_000;
  // Not told late because the last attempt was a long time ago.
  const soonest = now < alertAt && gaps.length > 0 ? Math.min(again, alertAt.getTime()) : again;
  return { dueAt: new Date(soonest), attempts, missing };
}

function nextPublication(now: Date, clock: FeedClock): Date {
  const today = momentOf(now, clock, clock.publishMinute);
  return today > now ? today : momentOf(deliveryDay(now, clock.timeZone, 1).from, clock, clock.publishMinute);
}

function momentOf(at: Date, { timeZone }: FeedClock, minute: number): Date {
  const { year, month, day } = localParts(at, timeZone);
  return zonedToInstant(
    { year, month, day, hour: Math.floor(minute / 60), minute: minute % 60, second: 0 },
    timeZone,
  );
}

function midnight(date: Pick<LocalTime, 'year' | 'month' | 'day'>, timeZone: string): Date {
  return zonedToInstant({ ...date, hour: 0, minute: 0, second: 0 }, timeZone);
}

/** `yyyyMMddHHmm` in UTC. */
function compact(at: Date): string {
  return at.toISOString().replace(/[-T:]/g, '').slice(0, 12);
}
