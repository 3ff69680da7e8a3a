/** Builders of tariffs, periods and quotes for tests. */
import { type MilliWattHours, mwhFromKwhText } from '@kilowatch/kernel';
import type { PeriodKind, PricingPeriod } from './slices.js';
import type { Tariff } from './tariff.js';
import { parseTariff } from './tariff-document.js';

export interface ComponentDocument {
  type: string;
  price: string | number;
  vat?: string | number;
  step_size?: number;
}

export interface ElementDocument {
  price_components: ComponentDocument[];
  restrictions?: Record<string, unknown>;
}

export function component(type: string, price: string, vat?: string, step_size = 1): ComponentDocument {
  return vat === undefined ? { type, price, step_size } : { type, price, vat, step_size };
}

export function element(
  components: ComponentDocument[],
  restrictions?: Record<string, unknown>,
): ElementDocument {
  return restrictions ? { price_components: components, restrictions } : { price_components: components };
}

export function aDocument(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: 'T1', currency: 'EUR', elements: [element([component('ENERGY', '0.50', '20')])], ...parts };
}

export function aTariff(elements: ElementDocument[], parts: Record<string, unknown> = {}): Tariff {
  return parseTariff(aDocument({ ...parts, elements }));
}

/** `aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '20.5')`: the end may be a time of the same UTC day. */
export function aPeriod(
  kind: PeriodKind,
  start: string,
  end: string,
  kwh = '0',
  more: Partial<PricingPeriod> = {},
): PricingPeriod {
  const from = new Date(start);
  const to = end.includes('T') ? new Date(end) : new Date(`${start.slice(0, 10)}T${end}Z`);
  return { start: from, end: to, kind, energyMwh: mwhFromKwhText(kwh), ...more };
}

export function energyOf(periods: readonly PricingPeriod[]): MilliWattHours {
  return periods.reduce((sum, period) => sum + period.energyMwh, 0) as MilliWattHours;
}
