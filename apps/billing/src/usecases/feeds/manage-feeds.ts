import { Inject, Injectable } from '@nestjs/common';
import {
  decimal,
  invalid,
  isCurrency,
  isTimeZone,
  notFound,
  type Clock,
  type Decimal,
} from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { gapsIn, laidOut, within, type Gap, type Stretch } from '../../domain/feeds/curve.js';
import {
  checkFeed,
  defaultsOf,
  FEED_SOURCES,
  MARKET_ZONE,
  type FeedSource,
} from '../../domain/feeds/price-feed.js';
import { curveBetween, recordStretches, type CurveKey } from '../../persistence/feed-price.repository.js';
import { wakeSourcesOfCurve } from '../../persistence/tariff-source.repository.js';
import {
  listPriceFeeds,
  removePriceFeed,
  savePriceFeed,
  type PriceFeedRecord,
} from '../../persistence/price-feed.repository.js';

export type { PriceFeedRecord };

export interface FeedInput {
  readonly source: string;
  readonly area: string;
  readonly currency: string;
  readonly timeZone?: string | null;
  readonly publishMinute?: number | null;
  readonly alertMinute?: number | null;
}

export interface OwnCurveInput {
  readonly name: string;
  readonly unit: string;
  readonly stretches: readonly {
    readonly start: Date;
    readonly end: Date;
    readonly value: string | Decimal;
  }[];
}

/** Curves that operators record themselves: shares of renewable energy, CO2, loads, prices of a contract. */
export const OWN_SOURCE = 'OWN';

const LONGEST_MS = 31 * 86_400_000;
const MOST_RECORDED = 3_000;
const MINUTES_OF_DAY = 1_440;

@Injectable()
export class ManageFeeds {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<PriceFeedRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listPriceFeeds(tx, tenant, page));
  }

  /** Adds it or changes its hours, and asks it at once. Throws INVALID. */
  async set({ tenant, accountId }: Principal, input: FeedInput): Promise<PriceFeedRecord> {
    const source = sourceOf(input.source);
    if (!isCurrency(input.currency))
      throw invalid('BILLING_FEED_CURRENCY', 'The currency must be an ISO 4217 code.');
    checkFeed({ source, area: input.area }, input.currency);
    const timeZone = input.timeZone ?? MARKET_ZONE;
    if (!isTimeZone(timeZone)) throw invalid('BILLING_FEED_ZONE', 'This is not a known time zone.');
    const usual = defaultsOf(source);
    const feed = {
      tenant,
      source,
      area: input.area,
      unit: input.currency,
      timeZone,
      publishMinute: minuteOf(input.publishMinute ?? usual.publishMinute),
      alertMinute: minuteOf(input.alertMinute ?? usual.alertMinute),
      createdBy: accountId,
      dueAt: this.clock.now(),
    };
    if (feed.alertMinute < feed.publishMinute)
      throw invalid('BILLING_FEED_HOURS', 'Prices cannot be missed before they are published.');
    return this.database.transaction(tenantScope(tenant), (tx) => savePriceFeed(tx, feed));
  }

  /** What it brought stays. NOT_FOUND. */
  async remove({ tenant }: Principal, { source, area }: CurveKey): Promise<void> {
    const known = sourceOf(source);
    const gone = await this.database.transaction(tenantScope(tenant), (tx) =>
      removePriceFeed(tx, tenant, known, area),
    );
    if (!gone) throw notFound('BILLING_FEED', 'There is no such price feed.');
  }

  /** At most 31 days. */
  async prices(
    { tenant }: Principal,
    { source, area, from, to }: CurveKey & { readonly from: Date; readonly to: Date },
  ): Promise<{ readonly stretches: readonly Stretch[]; readonly gaps: readonly Gap[] }> {
    if (to <= from || to.getTime() - from.getTime() > LONGEST_MS)
      throw invalid('BILLING_FEED_RANGE', 'Ask for a time of at most 31 days that ends after it begins.');
    const curve = await this.database.read(tenantScope(tenant), (tx) =>
      curveBetween(tx, tenant, { source: curveSourceOf(source), area }, from, to),
    );
    return { stretches: within(curve, from, to), gaps: gapsIn(curve, from, to) };
  }

  /** Adds to the curve, or corrects it; returns how many stretches were new or another. Throws INVALID. */
  async record({ tenant }: Principal, { name, unit, stretches }: OwnCurveInput): Promise<number> {
    if (!/^[A-Za-z0-9._-]{1,36}$/.test(name))
      throw invalid(
        'BILLING_CURVE_NAME',
        'The name of a curve has 1 to 36 letters, digits, dots and dashes.',
      );
    if (unit !== '%' && unit !== 'g/kWh' && !isCurrency(unit))
      throw invalid('BILLING_CURVE_UNIT', 'unit is a currency, % or g/kWh.');
    const curve = stretches.map(({ start, end, value }) => ({ start, end, value: decimal(value), unit }));
    if (curve.length === 0 || curve.length > MOST_RECORDED)
      throw invalid('BILLING_CURVE_LENGTH', `Give 1 to ${MOST_RECORDED} stretches at a time.`);
    if (curve.some(({ start, end }) => end <= start || end.getTime() - start.getTime() > LONGEST_MS))
      throw invalid('BILLING_CURVE_TIMES', 'A stretch must end after it begins, within 31 days.');
    const total = (list: readonly { start: Date; end: Date }[]) =>
      list.reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0);
    if (total(laidOut(curve)) !== total(curve))
      throw invalid('BILLING_CURVE_OVERLAP', 'Stretches must not overlap.');
    const key = { source: OWN_SOURCE, area: name };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const now = this.clock.now();
      const changed = await recordStretches(tx, tenant, key, curve, now);
      if (changed > 0) await wakeSourcesOfCurve(tx, tenant, key, now);
      return changed;
    });
  }
}

function sourceOf(text: string): FeedSource {
  const source = FEED_SOURCES.find((one) => one === text);
  if (!source) throw invalid('BILLING_FEED_SOURCE', `source is one of ${FEED_SOURCES.join(', ')}.`);
  return source;
}

function curveSourceOf(text: string): string {
  return text === OWN_SOURCE ? OWN_SOURCE : sourceOf(text);
}

function minuteOf(minute: number): number {
  if (Number.isInteger(minute) && minute >= 0 && minute < MINUTES_OF_DAY) return minute;
  throw invalid('BILLING_FEED_HOURS', 'Hours are minutes of the day, 0 to 1439.');
}
