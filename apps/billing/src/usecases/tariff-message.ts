import type { billing } from '@kilowatch/contracts';
import { localDocument, tariffDocument221 } from '@kilowatch/pricing';
import type { CurrentTariff } from '../persistence/tariff.repository.js';

/** A tariff as other services read it. */
export function tariffMessage(tariff: CurrentTariff): billing.Tariff {
  return {
    tariffId: tariff.id,
    version: tariff.version,
    name: tariff.name,
    currency: tariff.currency,
    ocpiJson: ocpiJson(tariff.document, tariff.changedAt),
    lastUpdated: tariff.changedAt,
    isDefault: tariff.isDefault,
  };
}

const OURS = new Set(['idle_grace_minutes', 'negative_total', 'time_zone', 'note']);
const NUMBERS = new Set([
  ...['price', 'vat', 'excl_vat', 'incl_vat', 'min_kwh', 'max_kwh'],
  ...['min_current', 'max_current', 'min_power', 'max_power'],
]);

/**
 * OCPI 2.2.1 has numbers where we keep text, and does not know our idle grace, zone and instants. The digits stay the same. `at`: when it is told, or
 * when the session began that was under it.
 */
export function ocpiJson(document: unknown, at: Date): string {
  const { time_zone: timeZone } = document as { readonly time_zone?: string };
  const local = localDocument(document, timeZone ?? 'UTC', at);
  return JSON.stringify(tariffDocument221(local), (key, value: unknown) => {
    if (OURS.has(key)) return undefined;
    return NUMBERS.has(key) && typeof value === 'string' ? Number(value) : value;
  });
}
