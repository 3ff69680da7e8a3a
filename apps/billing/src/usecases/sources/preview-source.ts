import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { parseTariff, priceSchedule, type ScheduleEntry } from '@kilowatch/pricing';
import type { Gap } from '../../domain/feeds/curve.js';
import { deliveryDay, MARKET_ZONE } from '../../domain/feeds/price-feed.js';
import { findVersionAt } from '../../persistence/tariff-version.repository.js';
import { JudgeTariffs, type Finding } from '../judge-tariffs.js';
import { discountOn, versionByCurve } from './made-version.js';
import { checkOther, readSource, type TariffSourceInput, type TariffSourceRecord } from './manage-sources.js';

export interface SourcePreview {
  readonly currency: string;
  /** Of the prices: now to the end of what is known, at most two days. */
  readonly schedule: readonly ScheduleEntry[];
  /** Time of the schedule of which the curve says nothing. */
  readonly gaps: readonly Gap[];
  readonly note: string;
  readonly findings: readonly Finding[];
}

const HOUR_MS = 3_600_000;

/** The prices that a source would make now. Nothing is stored. */
@Injectable()
export class PreviewSource {
  constructor(
    private readonly database: Database,
    private readonly judge: JudgeTariffs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** As `ManageSources.set` throws, and INVALID for a fallback that does not fit. */
  async run(principal: Principal, input: TariffSourceInput): Promise<SourcePreview> {
    const { tenant } = principal;
    const now = this.clock.now();
    const source = { ...readSource(principal, input, now), failure: null, madeAt: null };
    return this.database.read(tenantScope(tenant), async (tx) => {
      await checkOther(tx, source);
      const { currency, document, note, gaps, timeZone, until } = await wouldMake(tx, source, now);
      const hours = (until.getTime() - now.getTime()) / HOUR_MS;
      return {
        currency,
        schedule: priceSchedule(parseTariff(document), timeZone, now, hours),
        gaps: gaps
          .filter(({ to }) => to > now)
          .map(({ from, to }) => ({ from: from < now ? now : from, to })),
        note,
        findings: await this.judge.findingsAt(tx, tenant, source.tariffId, document),
      };
    });
  }
}

async function wouldMake(tx: Tx, source: TariffSourceRecord, now: Date) {
  if (source.kind !== 'DISCOUNT') {
    const { tariff, made, until } = await versionByCurve(tx, source, now);
    const { currency, timeZone } = tariff;
    return { currency, timeZone, until, ...made };
  }
  const { tenant } = source;
  const base = await findVersionAt(tx, tenant, { tariffId: source.baseTariffId ?? '', at: now, now });
  if (!base) throw notFound('BILLING_SOURCE_BASE', 'There is no tariff of that id to give a discount on.');
  const { currency, document, note } = discountOn(base, source);
  // A tariff that is applied by hand names no zone: its hours are those of each place.
  const timeZone = (document as { time_zone?: string }).time_zone ?? MARKET_ZONE;
  return { currency, document, note, timeZone, gaps: [], until: deliveryDay(now, timeZone, 1).to };
}
