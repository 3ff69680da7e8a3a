import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toAppError, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import type { Stretch } from '../../domain/feeds/curve.js';
import { daysToHave, deliveryDay, outlookOf, type FeedOutlook } from '../../domain/feeds/price-feed.js';
import { curveBetween, recordStretches } from '../../persistence/feed-price.repository.js';
import {
  findPriceFeed,
  leaseFeed,
  recordAttempt,
  takeDueFeeds,
  type PriceFeedRecord,
} from '../../persistence/price-feed.repository.js';
import { wakeSourcesOfCurve } from '../../persistence/tariff-source.repository.js';
import { FeedClient } from './feed-client.js';

/** Longer than two days can take to be answered. */
const LEASE_MS = 120_000;

interface Attempt {
  readonly stretches: readonly Stretch[];
  readonly etags: Readonly<Record<string, string>>;
  readonly failure: string | undefined;
}

/**
 * Brings the prices of today and, once they are published, of tomorrow. The row is the lease: it is pushed on before the source is asked,
 * which happens after the commit and outside of it; what came of it is recorded in a transaction of its own.
 */
@Injectable()
export class FetchPriceFeeds implements DueWorkDefinition<PriceFeedRecord>, BeforeApplicationShutdown {
  readonly name = 'fetch-price-feeds';
  readonly intervalMs = 1_000;
  readonly limit = 10;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly client: FeedClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<PriceFeedRecord[]> {
    return takeDueFeeds(tx, now, limit);
  }

  async run(tx: Tx, feed: PriceFeedRecord, now: Date): Promise<void> {
    await leaseFeed(tx, feed, new Date(now.getTime() + LEASE_MS), now);
    tx.afterCommit(() => this.underWay.add(this.fetch(feed, now)));
  }

  /** Waits for the answers that are on their way: they are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  private async fetch(feed: PriceFeedRecord, now: Date): Promise<void> {
    const attempt = await this.ask(feed, now);
    await this.database.transaction(tenantScope(feed.tenant), (tx) => this.record(tx, feed, attempt));
  }

  /** What a day brought counts, though another failed. */
  private async ask(feed: PriceFeedRecord, now: Date): Promise<Attempt> {
    const stretches: Stretch[] = [];
    const etags: Record<string, string> = {};
    let failure: string | undefined;
    for (const day of daysToHave(now, feed)) {
      const known = feed.etags[day.date];
      try {
        const answer = await this.client.ask(feed, feed.unit, day, known);
        if (answer.kind === 'prices') stretches.push(...answer.curve);
        const etag = answer.kind === 'prices' ? answer.etag : known;
        if (etag !== undefined && etag.length <= 200) etags[day.date] = etag;
      } catch (error) {
        failure = toAppError(error).code;
        const { source, area } = feed;
        this.log.warn({ source, area, day: day.date, code: failure }, 'price feed could not be read');
      }
    }
    return { stretches, etags, failure };
  }

  private async record(tx: Tx, feed: PriceFeedRecord, { stretches, etags, failure }: Attempt): Promise<void> {
    const { tenant, source, area } = feed;
    const held = await findPriceFeed(tx, tenant, source, area);
    // Removed, or made anew, while it was asked.
    if (!held || held.version !== feed.version) return;
    const now = this.clock.now();
    const changed = await recordStretches(tx, tenant, feed, stretches, now);
    if (changed > 0) await wakeSourcesOfCurve(tx, tenant, feed, now);
    const [from, to] = [deliveryDay(now, feed.timeZone).from, deliveryDay(now, feed.timeZone, 1).to];
    const curve = await curveBetween(tx, tenant, feed, from, to);
    const outlook = outlookOf(curve, now, feed, { ...held, failed: failure !== undefined });
    const version = await recordAttempt(tx, feed, {
      dueAt: outlook.dueAt,
      attempts: outlook.attempts,
      // With a gap left, the same answer would not help: it is asked for whole.
      etags: outlook.attempts === 0 ? etags : {},
      answeredAt: failure === undefined ? now : undefined,
      failure,
      alertedFor: outlook.missing?.date ?? held.alertedFor,
    });
    if (outlook.missing)
      this.tellMissing(tx, feed, outlook.missing, { version, failure: failure ?? '', now });
  }

  private tellMissing(
    tx: Tx,
    { source, area }: PriceFeedRecord,
    missing: NonNullable<FeedOutlook['missing']>,
    { version, failure, now }: { version: number; failure: string; now: Date },
  ): void {
    const ms = missing.gaps.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
    tx.publish(events.priceFeedMissing, {
      aggregateId: `${source}:${area}`,
      aggregateVersion: version,
      occurredAt: now,
      payload: { source, area, day: missing.date, missingMinutes: Math.round(ms / 60_000), failure },
    });
  }
}
