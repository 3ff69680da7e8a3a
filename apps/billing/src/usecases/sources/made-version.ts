import { notFound } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { within } from '../../domain/feeds/curve.js';
import { deliveryDay, type DeliveryDay } from '../../domain/feeds/price-feed.js';
import { curveDocument, type CurveDocument, type CurveTariff } from '../../domain/sources/curve-tariff.js';
import { discountedDocument, readDiscount } from '../../domain/sources/discount.js';
import { curveBetween } from '../../persistence/feed-price.repository.js';
import type { TariffSourceRecord } from '../../persistence/tariff-source.repository.js';
import { findVersionAt, type PublishedVersion } from '../../persistence/tariff-version.repository.js';
import type { NewVersion } from '../publish-tariff.js';
import { curveTariffOf } from './curve-source.js';

export interface VersionByCurve {
  readonly tariff: CurveTariff;
  readonly made: CurveDocument;
  readonly today: DeliveryDay;
  /** Nothing is known of the day after when it ends with today. */
  readonly until: Date;
}

/** What a version would say now: today, and tomorrow once anything of it is known. Throws NOT_FOUND without a fallback. */
export async function versionByCurve(tx: Tx, source: TariffSourceRecord, now: Date): Promise<VersionByCurve> {
  const { tenant } = source;
  const { tariff, curve: curveKey, fallbackTariffId } = curveTariffOf(source);
  const fallback = await findVersionAt(tx, tenant, { tariffId: fallbackTariffId, at: now, now });
  if (!fallback || fallback.validFrom > now)
    throw notFound('BILLING_SOURCE_FALLBACK', 'There is no fallback tariff of that id that is valid now.');
  const [today, tomorrow] = [deliveryDay(now, tariff.timeZone), deliveryDay(now, tariff.timeZone, 1)];
  const curve = await curveBetween(tx, tenant, curveKey, today.from, tomorrow.to);
  const knowsTomorrow = within(curve, tomorrow.from, tomorrow.to).length > 0;
  const until = knowsTomorrow ? tomorrow.to : today.to;
  return {
    tariff,
    today,
    until,
    made: curveDocument(tariff, curve, fallback, { from: today.from, to: until }),
  };
}

/** What subscribers of a plan pay instead of a version of the base. */
export function discountOn(
  base: PublishedVersion,
  { tariffId, settings, plan, name }: TariffSourceRecord,
): Pick<NewVersion, 'currency' | 'document' | 'note' | 'validFrom' | 'name'> {
  const discount = readDiscount(settings);
  const parts = [
    ...(discount.percent.eq('0') ? [] : [`${discount.percent.toFixed()} % off`]),
    ...(discount.perKwh.eq('0') ? [] : [`${discount.perKwh.toFixed()} ${base.currency} off a kWh`]),
  ];
  return {
    name,
    currency: base.currency,
    document: discountedDocument(base.document, tariffId, discount),
    note: `Plan ${plan ?? ''}: ${parts.join(' and ')} tariff ${base.id}, version ${base.version}.`,
    validFrom: base.validFrom,
  };
}
