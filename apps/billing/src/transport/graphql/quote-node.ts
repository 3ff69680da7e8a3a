import { ZERO } from '@kilowatch/kernel';
import {
  isTimeVariable,
  parseTariff,
  priceSchedule,
  summarise,
  type ScheduleEntry,
} from '@kilowatch/pricing';
import { shownPrices } from '../../domain/transparency.js';
import type { CurrentTariff, QuoteRecord } from '../../usecases/view-tariffs.js';

export function toTariffNode(tariff: CurrentTariff) {
  const { id, name, version, currency, isDefault, validFrom, document } = tariff;
  const summary = summarise(parseTariff(document));
  return { id, name, version, currency, isDefault, validFrom, definition: document, summary };
}

/** The schedule follows from what is stored; it is the one of the moment the price was quoted for. */
export function toQuoteNode(quote: QuoteRecord) {
  const tariff = parseTariff(quote.document);
  const schedule = priceSchedule(tariff, quote.timeZone, quote.quotedAt);
  const steps = isTimeVariable(tariff) ? schedule : [];
  return {
    id: quote.id,
    tariffId: quote.tariffId,
    tariffName: quote.tariffName,
    tariffVersion: quote.tariffVersion,
    hash: quote.hash,
    summary: summarise(tariff),
    schedule: toSteps(steps, quote.currency),
    prices: shownPrices(schedule[0]!).map((shown) => ({ ...shown, currency: quote.currency })),
    validUntil: quote.sessionId === undefined ? quote.expiresAt : null,
    lockedAt: quote.lockedAt ?? null,
  };
}

/** Prices of energy, taxes included. */
export function toSteps(schedule: readonly ScheduleEntry[], currency: string) {
  return schedule.map(({ start, end, perKwh }) => ({
    from: start,
    to: end,
    energyPricePerKwh: perKwh?.incl ?? ZERO,
    currency,
  }));
}
