import { internal } from '@kilowatch/kernel';
import { readRule, type CurveTariff } from '../../domain/sources/curve-tariff.js';
import type { CurveKey } from '../../persistence/feed-price.repository.js';
import type { TariffSourceRecord } from '../../persistence/tariff-source.repository.js';

export interface CurveSource {
  readonly tariff: CurveTariff;
  readonly curve: CurveKey;
  readonly fallbackTariffId: string;
}

/** A stored source of a tariff that follows a curve. */
export function curveTariffOf(source: TariffSourceRecord): CurveSource {
  const { currency, timeZone, curveSource, curveArea, fallbackTariffId, definition } = source;
  if (!currency || !timeZone || !curveSource || !curveArea || !fallbackTariffId || !definition)
    throw internal('BILLING_SOURCE_STORED', 'The source of this tariff is not whole: set it again.');
  return {
    tariff: {
      id: source.tariffId,
      currency,
      definition: definition as CurveTariff['definition'],
      idleGraceMinutes: source.idleGraceMinutes,
      timeZone,
      rule: readRule(source.kind, source.settings),
    },
    curve: { source: curveSource, area: curveArea },
    fallbackTariffId,
  };
}
