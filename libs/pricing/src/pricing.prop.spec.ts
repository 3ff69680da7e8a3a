import { type Decimal, mwh, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComponentDocument,
  type ElementDocument,
  aDocument,
  component,
  element,
} from './pricing.builders.js';
import { type PricedSession, type PricingPeriod, priceSession } from './pricing.js';
import { parseTariff } from './tariff-document.js';

const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
const price = fc.integer({ min: 0, max: 9_999 }).map((n) => (n / 10_000).toFixed(4));
const vat = fc.constantFrom(undefined, '0', '5.2', '10', '21');
const clockTime = fc
  .integer({ min: 0, max: 95 })
  .map((q) => `${two(Math.floor(q / 4))}:${two((q % 4) * 15)}`);
const two = (n: number) => String(n).padStart(2, '0');

const components: fc.Arbitrary<ComponentDocument[]> = fc
  .uniqueArray(fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'), { minLength: 1 })
  .chain((types) =>
    fc.tuple(...types.map((type) => fc.tuple(price, vat).map(([p, v]) => component(type, p, v, 0)))),
  );

const localTime = fc
  .record({ start_time: clockTime, end_time: clockTime })
  .filter((r) => r.start_time !== r.end_time && !(r.start_time === '00:00' && r.end_time === '00:00'));
const duration = fc.integer({ min: 1, max: 10 }).map((tens) => ({ min_duration: tens * 600 }));

/** Energy is priced in steps by amount; no other dimension depends on energy, none on power. */
const tiered: fc.Arbitrary<ElementDocument[]> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), price, price, vat)
  .map(([kwh, low, high, rate]) => [
    element([component('ENERGY', low, rate, 0)], { max_kwh: kwh }),
    element([component('ENERGY', high, rate, 0)], { min_kwh: kwh }),
  ]);

const tariffWith = (energyTiers: typeof tiered) =>
  fc
    .tuple(
      fc.array(
        fc.tuple(components, fc.oneof(localTime, duration)).map(([c, r]) => element(c, r)),
        { maxLength: 3 },
      ),
      energyTiers,
      components.filter((c) => c.some((one) => one.type !== 'ENERGY')).map((c) => element(c)),
    )
    .map(([restricted, tiers, rest]) => [...restricted, ...tiers, rest])
    .map((list) => aDocument({ elements: list }))
    .filter((document) => {
      try {
        return parseTariff(document) !== undefined;
      } catch {
        return false;
      }
    })
    .map(parseTariff);

const tariff = tariffWith(tiered);
/** Where more energy reached a cheaper tier sooner, taking more could rightly cost less. */
const risingTariff = tariffWith(
  tiered.filter(([low, high]) => low!.price_components[0]!.price <= high!.price_components[0]!.price),
);

/**
 * Even power in whole mWh per millisecond, whole seconds: wherever a price step cuts, the energy is whole, so the
 * invariants hold exactly and not only up to a milli-watt-hour.
 */
const course = fc
  .record({
    start: fc
      .integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 })
      .map((minutes) => minutes * 60_000),
    lengths: fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 5 }),
    kinds: fc.array(fc.constantFrom('CHARGING', 'HELD', 'IDLE', 'GRACE'), { minLength: 5, maxLength: 5 }),
    // 3.6, 7.2, 18 kW.
    power: fc.constantFrom(1, 2, 5),
  })
  .map(({ start, lengths, kinds, power }) => {
    let at = start;
    return lengths.map((minutes, index): PricingPeriod => {
      const from = at;
      at += minutes * 60_000;
      const kind = kinds[index]! as PricingPeriod['kind'];
      const energy = kind === 'CHARGING' ? minutes * 60_000 * power : 0;
      return { start: new Date(from), end: new Date(at), kind, energyMwh: mwh(energy) };
    });
  });

const zone = fc.constantFrom(...ZONES);
const runs = { numRuns: 200 };

function figures(session: PricedSession): string[] {
  const { total, components: parts } = session;
  return [total, parts.fixed, parts.energy, parts.time, parts.parking].flatMap((a) => [
    a.excl.toFixed(),
    a.incl.toFixed(),
  ]);
}

describe('the price of any session under any tariff', () => {
  it('is the sum of its lines within rounding', () => {
    fc.assert(
      fc.property(tariff, zone, course, (t, timeZone, periods) => {
        const { total, lines } = priceSession({ tariffs: [t], timeZone, periods });
        const off = (sum: Decimal, figure: Decimal) => sum.minus(figure).abs();
        const allowed = String(0.005 * (lines.length + 1));
        expect(off(sumDecimals(lines.map((l) => l.excl)), total.excl).lte(allowed)).toBe(true);
        expect(off(sumDecimals(lines.map((l) => l.incl)), total.incl).lte(allowed)).toBe(true);
      }),
      runs,
    );
  });

  it('adds up: VAT table to the total, net and VAT to gross, in whole cents', () => {
    fc.assert(
      fc.property(tariff, zone, course, (t, timeZone, periods) => {
        const { total, byVatRate, lines } = priceSession({ tariffs: [t], timeZone, periods });
        expect(sumDecimals(byVatRate.map((r) => r.excl)).eq(total.excl)).toBe(true);
        expect(sumDecimals(byVatRate.map((r) => r.vat)).eq(total.vat)).toBe(true);
        for (const a of [total, ...byVatRate, ...lines]) {
          expect(a.excl.plus(a.vat).eq(a.incl)).toBe(true);
          expect(a.excl.round(2).eq(a.excl) && a.incl.round(2).eq(a.incl)).toBe(true);
        }
      }),
      runs,
    );
  });

  it('does not change when a period is cut in two', () => {
    fc.assert(
      fc.property(tariff, zone, course, fc.nat(), fc.nat(), (t, timeZone, periods, which, where) => {
        const index = which % periods.length;
        const period = periods[index]!;
        const seconds = (period.end.getTime() - period.start.getTime()) / 1000;
        const part = (where % seconds) * 1000;
        const middle = new Date(period.start.getTime() + part);
        const energy = (period.energyMwh / (seconds * 1000)) * part;
        const halves = [
          { ...period, end: middle, energyMwh: mwh(energy) },
          { ...period, start: middle, energyMwh: mwh(period.energyMwh - energy) },
        ];
        const cut = [...periods.slice(0, index), ...halves, ...periods.slice(index + 1)];
        expect(figures(priceSession({ tariffs: [t], timeZone, periods: cut }))).toEqual(
          figures(priceSession({ tariffs: [t], timeZone, periods })),
        );
      }),
      runs,
    );
  });

  it('bills each kWh and each minute at most once', () => {
    fc.assert(
      fc.property(tariff, zone, course, (t, timeZone, periods) => {
        const { lines, energyMwh, durationMs } = priceSession({ tariffs: [t], timeZone, periods });
        const billed = (dimension: string) =>
          lines.filter((l) => l.dimension === dimension).reduce((sum, l) => sum + l.billedExact, 0);
        expect(billed('ENERGY')).toBeLessThanOrEqual(energyMwh);
        expect(billed('TIME')).toBeLessThanOrEqual(durationMs.CHARGING + durationMs.HELD);
        expect(billed('PARKING_TIME')).toBeLessThanOrEqual(durationMs.IDLE);
      }),
      runs,
    );
  });

  it('has only flat and time costs without energy', () => {
    fc.assert(
      fc.property(tariff, zone, course, (t, timeZone, periods) => {
        const dry = periods.map((p) => ({ ...p, energyMwh: mwh(0) }));
        const { lines, components: parts } = priceSession({ tariffs: [t], timeZone, periods: dry });
        expect(lines.some((line) => line.dimension === 'ENERGY')).toBe(false);
        expect(parts.energy.incl.eq('0')).toBe(true);
      }),
      runs,
    );
  });

  it('never falls when more energy is taken in the same time', () => {
    fc.assert(
      fc.property(risingTariff, zone, course, fc.nat({ max: 10 }), (t, timeZone, periods, power) => {
        const last = periods[periods.length - 1]!;
        const extra = power * (last.end.getTime() - last.start.getTime());
        const more = [...periods.slice(0, -1), { ...last, energyMwh: mwh(last.energyMwh + extra) }];
        const less = priceSession({ tariffs: [t], timeZone, periods }).total;
        const now = priceSession({ tariffs: [t], timeZone, periods: more }).total;
        expect(now.excl.gte(less.excl)).toBe(true);
        expect(now.incl.gte(less.incl)).toBe(true);
      }),
      runs,
    );
  });

  it('can be worked out again from the periods it leaves in the CDR', () => {
    fc.assert(
      fc.property(tariff, zone, course, (t, timeZone, periods) => {
        const first = priceSession({ tariffs: [t], timeZone, periods });
        const again = priceSession({ tariffs: [t], timeZone, periods: first.periods });
        expect(figures(again)).toEqual(figures(first));
      }),
      runs,
    );
  });
});

describe('local time restrictions', () => {
  const flatRate = parseTariff(aDocument({ elements: [element([component('TIME', '6', '21', 0)])] }));
  const sliced = parseTariff(
    aDocument({
      elements: Array.from({ length: 24 }, (_, hour) =>
        element([component('TIME', '6', '21', 0)], {
          start_time: `${two(hour)}:00`,
          end_time: `${two((hour + 1) % 24)}:00`,
        }),
      ),
    }),
  );

  it('cover every minute exactly once, both clock-change nights and midnight included', () => {
    const nights = fc.constantFrom(
      '2026-03-28T20:00:00Z',
      '2026-10-24T20:00:00Z',
      '2026-12-31T20:00:00Z',
      '2026-11-01T02:00:00Z',
    );
    fc.assert(
      fc.property(
        nights,
        fc.nat({ max: 480 }),
        fc.integer({ min: 1, max: 900 }),
        zone,
        (night, wait, minutes, timeZone) => {
          const start = new Date(new Date(night).getTime() + wait * 60_000);
          const end = new Date(start.getTime() + minutes * 60_000);
          const periods: PricingPeriod[] = [{ start, end, kind: 'CHARGING', energyMwh: mwh(0) }];
          const whole = priceSession({ tariffs: [flatRate], timeZone, periods }).total;
          expect(priceSession({ tariffs: [sliced], timeZone, periods }).total.incl.toFixed()).toBe(
            whole.incl.toFixed(),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
