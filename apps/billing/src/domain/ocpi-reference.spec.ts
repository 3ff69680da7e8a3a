/**
 * The worked examples of the OCPI specification (CC BY-ND 4.0, EV Roaming Foundation), which are not copied into
 * this project: where they are absent, these tests are too.
 */
import { type Decimal, decimal, roundMoney, sumDecimals } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { referenceData } from '../../test/reference-data.js';
import type { Amount } from './amounts.js';
import { type PricedSession, priceSession } from './pricing.js';
import type { PeriodKind, PricingPeriod } from './slices.js';
import { parseTariff } from './tariff-document.js';

interface Dimension {
  type: string;
  volume: number;
}

interface ReferenceCase {
  id: string;
  time_zone: string;
  tariff?: unknown;
  reservation_outcome?: 'used' | 'expired';
  cdr: {
    end_date_time: string;
    tariffs?: unknown[];
    charging_periods: { start_date_time: string; dimensions: Dimension[] }[];
  };
  expected: Record<string, { excl_vat: number; incl_vat?: number }>;
}

const reference = referenceData('price-cases.json') as { cases: ReferenceCase[] } | undefined;
const cases = reference?.cases ?? [];

function periodsOf({ cdr }: ReferenceCase): PricingPeriod[] {
  return cdr.charging_periods.map((period, index) => {
    const volume = (type: string) => period.dimensions.find((d) => d.type === type)?.volume;
    const range = (what: string) => {
      const [min, max] = [volume(`MIN_${what}`), volume(`MAX_${what}`)];
      return max === undefined ? undefined : { min: (min ?? max) * 1000, max: max * 1000 };
    };
    let kind: PeriodKind = 'CHARGING';
    if (volume('PARKING_TIME') !== undefined) kind = 'IDLE';
    if (volume('RESERVATION_TIME') !== undefined) kind = 'RESERVED';
    return {
      start: new Date(period.start_date_time),
      end: new Date(cdr.charging_periods[index + 1]?.start_date_time ?? cdr.end_date_time),
      kind,
      energyMwh: Math.round((volume('ENERGY') ?? 0) * 1_000_000) as PricingPeriod['energyMwh'],
      powerW: range('POWER'),
      currentMa: range('CURRENT'),
    };
  });
}

/** Before the rounding to cents: the specification prints some results finer, and 0.0288 is not 0.029. */
function exactExcl(price: PricedSession): Decimal {
  const divisor = { kWh: '1000000', h: '3600000', session: '1' };
  return sumDecimals(
    price.lines.map((line) => line.unitPrice.times(decimal(line.billedExact)).div(divisor[line.unit])),
  );
}

const placesOf = (value: number) => String(value).split('.')[1]?.length ?? 0;

const FIGURES: Record<string, (price: PricedSession) => Amount> = {
  total_cost: (price) => price.total,
  total_fixed_cost: (price) => price.components.fixed,
  total_energy_cost: (price) => price.components.energy,
  total_time_cost: (price) => price.components.time,
  total_parking_cost: (price) => price.components.parking,
  total_reservation_cost: (price) => price.components.reservation,
};

describe.runIf(cases.length > 0)('the price cases of the OCPI specification', () => {
  it.each(cases.map((c) => [c.id, c] as const))('%s', (_id, given) => {
    const price = priceSession({
      tariff: parseTariff(given.tariff ?? given.cdr.tariffs?.[0]),
      timeZone: given.time_zone,
      periods: periodsOf(given),
      reservation: given.reservation_outcome === 'expired' ? 'EXPIRED' : 'USED',
    });
    const cents = (value: number) => roundMoney(decimal(String(value)), price.currency).toFixed(2);
    for (const [name, figure] of Object.entries(given.expected)) {
      const actual = FIGURES[name]!(price);
      expect(actual.excl.toFixed(2), `${name} before VAT`).toBe(cents(figure.excl_vat));
      if (figure.incl_vat !== undefined) {
        expect(actual.incl.toFixed(2), `${name} with VAT`).toBe(cents(figure.incl_vat));
      }
    }
    const printed = given.expected.total_cost!.excl_vat;
    if (price.adjustment === null) {
      expect(exactExcl(price).round(placesOf(printed)).eq(String(printed)), 'exact total before VAT').toBe(
        true,
      );
    }
  });
});
