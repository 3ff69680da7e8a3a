import type { billing } from '@kilowatch/contracts';
import { tariffDocument221 } from '@kilowatch/pricing';
import type { CurrentTariff } from '../persistence/tariff.repository.js';

/** A tariff as other services read it. */
export function tariffMessage(tariff: CurrentTariff): billing.Tariff {
  return {
    tariffId: tariff.id,
    version: tariff.version,
    name: tariff.name,
    currency: tariff.currency,
    ocpiJson: ocpiJson(tariff.document),
    lastUpdated: tariff.changedAt,
    isDefault: tariff.isDefault,
  };
}

const NUMBERS = new Set([
  ...['price', 'vat', 'excl_vat', 'incl_vat', 'min_kwh', 'max_kwh'],
  ...['min_current', 'max_current', 'min_power', 'max_power'],
]);

/** OCPI 2.2.1 has numbers where we keep text, and does not know our idle grace. The digits stay the same. */
export function ocpiJson(document: unknown): string {
  return JSON.stringify(tariffDocument221(document), (key, value: unknown) => {
    if (key === 'idle_grace_minutes') return undefined;
    return NUMBERS.has(key) && typeof value === 'string' ? Number(value) : value;
  });
}
