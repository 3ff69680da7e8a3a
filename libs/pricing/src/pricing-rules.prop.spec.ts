/**
 * What holds for any session under any tariffs: steps, restrictions of every kind, several taxes or taxes in the prices,
 * limits, prices below zero, several tariffs at once.
 */
import { decimal, mwh, sumDecimals } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PricedSession, type PricingInput, type PricingPeriod, priceSession } from './pricing.js';
import { share } from './slices.js';
import type { Tariff } from './tariff.js';
import { parseTariff } from './tariff-document.js';

type Document = Record<string, unknown>;

const two = (n: number) => String(n).padStart(2, '0');
const cents = (min: number) => fc.integer({ min, max: 9_999 }).map((n) => (n / 10_000).toFixed(4));
const clockTime = fc
  .integer({ min: 0, max: 95 })
  .map((q) => `${two(Math.floor(q / 4))}:${two((q % 4) * 15)}`);
const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

const tax = fc.record({
  name: fc.constantFrom('GST', 'QST', 'CITY'),
  percentage: fc.constantFrom('0', '5', '9.975', '21'),
});
const taxes = fc.oneof(
  fc.constant({}),
  fc.constantFrom('0', '5.2', '10', '21').map((vat) => ({ vat })),
  fc
    .uniqueArray(tax, { minLength: 1, maxLength: 3, selector: (one) => one.name })
    .map((list) => ({ taxes: list })),
);

interface Wanted {
  readonly types?: readonly string[];
  readonly steps?: readonly number[];
  readonly minPrice?: number;
}

const components = ({
  types = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'],
  steps = [0, 1, 60, 500, 900, 1000],
  minPrice = 0,
}: Wanted) =>
  fc
    .uniqueArray(fc.constantFrom(...types), { minLength: 1 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((type) =>
          fc
            .tuple(cents(minPrice), fc.constantFrom(...steps), taxes)
            .map(([price, step_size, taxed]) => ({ type, price, step_size, ...taxed })),
        ),
      ),
    );

/** Each kind alone, as they are joined by AND anyway, and the two that are often together. */
const restrictions = fc.oneof(
  fc.record({ start_time: clockTime, end_time: clockTime }),
  fc.subarray(DAYS, { minLength: 1 }).map((day_of_week) => ({ day_of_week })),
  fc.integer({ min: 1, max: 28 }).map((day) => ({ start_date: `2026-${two(1 + (day % 12))}-${two(day)}` })),
  fc.integer({ min: 1, max: 28 }).map((day) => ({ end_date: `2026-${two(1 + (day % 12))}-${two(day)}` })),
  fc.integer({ min: 1, max: 40 }).map((kwh) => ({ min_kwh: kwh })),
  fc.integer({ min: 1, max: 40 }).map((kwh) => ({ max_kwh: kwh })),
  fc.integer({ min: 1, max: 10 }).map((tens) => ({ min_duration: tens * 600 })),
  fc.integer({ min: 1, max: 10 }).map((tens) => ({ max_duration: tens * 600 })),
  fc.integer({ min: 1, max: 40 }).map((kw) => ({ min_power: kw })),
  fc.integer({ min: 1, max: 40 }).map((kw) => ({ max_power: kw })),
  fc.integer({ min: 1, max: 64 }).map((ampere) => ({ min_current: ampere })),
  fc.integer({ min: 1, max: 64 }).map((ampere) => ({ max_current: ampere })),
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), clockTime)
    .map(([kw, start_time]) => ({ min_power: kw, start_time })),
);

const element = (wanted: Wanted) =>
  fc
    .tuple(components(wanted), fc.option(restrictions, { nil: undefined }))
    .map(([price_components, r]) => ({ price_components, ...(r ? { restrictions: r } : {}) }));

const limit = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }))
  .map(([excl, more]) => ({
    excl_vat: excl,
    ...(more === undefined ? {} : { incl_vat: excl + more }),
  }));

const documentOf = (wanted: Wanted) =>
  fc
    .record({
      elements: fc.array(element(wanted), { minLength: 1, maxLength: 5 }),
      tax_included: fc.constantFrom('YES', 'NO', 'N/A', undefined),
      min_price: fc.option(limit, { nil: undefined }),
      max_price: fc.option(limit, { nil: undefined }),
    })
    .map((parts): Document => ({ id: 'T', currency: 'EUR', ...parts }));

const tariff = documentOf({ minPrice: -3_000 }).map((document) => parseTariff(document));
/** One to three, with ids of their own. */
const tariffs = fc
  .array(documentOf({ minPrice: -3_000 }), { minLength: 1, maxLength: 3 })
  .map((documents) => documents.map((document, i) => parseTariff({ ...document, id: `T${i}` })));

interface Part {
  readonly ms: number;
  readonly kind: PricingPeriod['kind'];
  readonly energy: number;
  readonly power: PricingPeriod['powerW'];
  readonly current: PricingPeriod['currentMa'];
  readonly which: number;
}

const range = (max: number) =>
  fc.option(
    fc
      .tuple(fc.nat({ max }), fc.nat({ max }))
      .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
    { nil: undefined },
  );
const kind = fc.constantFrom('CHARGING', 'HELD', 'IDLE', 'GRACE') as fc.Arbitrary<PricingPeriod['kind']>;
const anyPart: fc.Arbitrary<Part> = fc.record({
  ms: fc.integer({ min: 0, max: 20_000_000 }),
  kind,
  energy: fc.nat({ max: 30_000_000 }),
  power: range(50_000),
  current: range(80_000),
  which: fc.nat(),
});
/** Even power in whole mWh per millisecond: wherever it is cut, the energy is whole. */
const evenPart: fc.Arbitrary<Part> = fc
  .tuple(anyPart, fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(0, 1, 2, 5))
  .map(([part, seconds, power]) => ({ ...part, ms: seconds * 1000, energy: seconds * 1000 * power }));

const courseOf = (part: fc.Arbitrary<Part>) =>
  fc
    .tuple(
      fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2027, 0, 1) / 1000 }),
      fc.option(fc.integer({ min: 1, max: 7_200_000 }), { nil: undefined }),
      fc.array(part, { minLength: 1, maxLength: 6 }),
    )
    .map(([second, reservedMs, parts]) => {
      let at = second * 1000;
      const periods: (PricingPeriod & { which: number })[] = [];
      const add = (ms: number, more: Omit<PricingPeriod, 'start' | 'end'> & { which: number }) => {
        periods.push({ start: new Date(at), end: new Date(at + ms), ...more });
        at += ms;
      };
      if (reservedMs !== undefined) add(reservedMs, { kind: 'RESERVED', energyMwh: mwh(0), which: 0 });
      for (const one of parts) {
        add(one.ms, {
          kind: one.kind,
          energyMwh: mwh(one.energy),
          which: one.which,
          ...(one.power ? { powerW: one.power } : {}),
          ...(one.current ? { currentMa: one.current } : {}),
        });
      }
      return periods;
    });

const zone = fc.constantFrom(
  'Europe/Amsterdam',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'UTC',
);
const outcome = fc.constantFrom('USED' as const, 'EXPIRED' as const);
const runs = { numRuns: 500 };

/** A session under some of the tariffs. */
const session = (part: fc.Arbitrary<Part>): fc.Arbitrary<PricingInput> =>
  fc.tuple(tariffs, courseOf(part), zone, outcome).map(([list, periods, timeZone, reservation]) => ({
    tariffs: list,
    timeZone,
    reservation,
    periods: periods.map(({ which, ...period }) => ({ ...period, tariffId: list[which % list.length]!.id })),
  }));

/** All figures of a price, exact and rounded, by tax too. */
function figures({ total, exact, components: parts, byVatRate, byTax }: PricedSession): unknown {
  return JSON.parse(
    JSON.stringify({
      total,
      exact,
      parts,
      byVatRate: sorted(byVatRate),
      byTax: sorted(byTax ?? []),
    }),
  );
}

const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('the price of any session under any tariffs', () => {
  it('does not change when a period is cut in two', () => {
    fc.assert(
      fc.property(session(evenPart), fc.nat(), fc.nat(), (input, which, where) => {
        const index = which % input.periods.length;
        const period = input.periods[index]!;
        const ms = period.end.getTime() - period.start.getTime();
        const part = where % ms;
        const middle = new Date(period.start.getTime() + part);
        const energy = share(period.energyMwh, part, ms);
        const periods = [
          ...input.periods.slice(0, index),
          { ...period, end: middle, energyMwh: mwh(energy) },
          { ...period, start: middle, energyMwh: mwh(period.energyMwh - energy) },
          ...input.periods.slice(index + 1),
        ];
        expect(figures(priceSession({ ...input, periods }))).toEqual(figures(priceSession(input)));
      }),
      runs,
    );
  });

  it('comes out again from the periods it leaves, whatever the power', () => {
    fc.assert(
      fc.property(session(anyPart), (input) => {
        const first = priceSession(input);
        expect(figures(priceSession({ ...input, periods: first.periods }))).toEqual(figures(first));
      }),
      runs,
    );
  });

  it('adds up: the tables of rates and of taxes to the total, the parts to the exact total', () => {
    fc.assert(
      fc.property(session(anyPart), (input) => {
        const { total, byVatRate, byTax, lines, exact, adjustment } = priceSession(input);
        expect(sumDecimals(byVatRate.map((r) => r.excl)).eq(total.excl)).toBe(true);
        expect(sumDecimals(byVatRate.map((r) => r.vat)).eq(total.vat)).toBe(true);
        if (byTax) expect(sumDecimals(byTax.map((r) => r.amount)).eq(total.vat)).toBe(true);
        for (const amount of [total, ...byVatRate, ...lines]) {
          expect(amount.excl.plus(amount.vat).eq(amount.incl)).toBe(true);
          expect(amount.excl.round(2).eq(amount.excl) && amount.incl.round(2).eq(amount.incl)).toBe(true);
        }
        if (adjustment !== null) return;
        const { total: whole, ...parts } = exact;
        const sum = (side: 'excl' | 'incl') => sumDecimals(Object.values(parts).map((part) => part[side]));
        expect(sum('excl').minus(whole.excl).abs().lte('1e-27')).toBe(true);
        expect(sum('incl').minus(whole.incl).abs().lte('1e-27')).toBe(true);
      }),
      runs,
    );
  });

  it('keeps to the minimum and the maximum of its one tariff', () => {
    fc.assert(
      fc.property(tariff, courseOf(anyPart), zone, (one, periods, timeZone) => {
        const { exact } = priceSession({ tariffs: [one], timeZone, periods });
        const { minPrice: min, maxPrice: max } = one;
        if (max) expect(exact.total.excl.lte(max.excl)).toBe(true);
        if (max?.incl) expect(exact.total.incl.lte(max.incl)).toBe(true);
        if (min && (!max || max.excl.gte(min.excl))) expect(exact.total.excl.gte(min.excl)).toBe(true);
      }),
      runs,
    );
  });

  it('bills no more than was measured but for the steps', () => {
    fc.assert(
      fc.property(session(anyPart), (input) => {
        const { lines, energyMwh, durationMs } = priceSession(input);
        const measured = (dimension: string) =>
          lines.filter((l) => l.dimension === dimension).reduce((sum, l) => sum + l.measuredExact, 0);
        expect(measured('ENERGY')).toBeLessThanOrEqual(energyMwh);
        expect(measured('TIME')).toBeLessThanOrEqual(durationMs.CHARGING + durationMs.HELD);
        expect(measured('PARKING_TIME')).toBeLessThanOrEqual(durationMs.IDLE);
        for (const line of lines) {
          const surplus = line.billedExact - line.measuredExact;
          expect(surplus).toBeGreaterThanOrEqual(0);
          expect(surplus).toBeLessThan(1000 * 1000);
          if (surplus > 0) expect(line.unitPrice.gt('0')).toBe(true);
        }
      }),
      runs,
    );
  });

  it('is that of one tariff when all periods are under it', () => {
    fc.assert(
      fc.property(tariffs, fc.nat(), courseOf(anyPart), zone, (list, which, periods, timeZone) => {
        const only = list[which % list.length]!;
        const under = periods.map((period) => ({ ...period, tariffId: only.id }));
        expect(figures(priceSession({ tariffs: list, timeZone, periods: under }))).toEqual(
          figures(priceSession({ tariffs: [only], timeZone, periods })),
        );
      }),
      runs,
    );
  });

  it('does not depend on the order in which its tariffs are listed', () => {
    fc.assert(
      fc.property(session(anyPart), (input) => {
        const turned = { ...input, tariffs: [...input.tariffs].reverse() };
        expect(figures(priceSession(turned))).toEqual(figures(priceSession(input)));
      }),
      runs,
    );
  });
});

describe('taxes', () => {
  const untaxed = documentOf({}).map((document) => ({
    ...document,
    min_price: undefined,
    max_price: undefined,
    tax_included: 'NO',
  }));
  const withTaxes = (document: Document, taxed: Document, scale?: string): Tariff =>
    parseTariff({
      ...document,
      ...(scale === undefined ? {} : { tax_included: 'YES' }),
      elements: (document.elements as { price_components: Document[] }[]).map((one) => ({
        ...one,
        price_components: one.price_components.map(({ vat: _, taxes: __, ...rest }) => ({
          ...rest,
          ...(scale === undefined ? {} : { price: decimal(String(rest.price)).times(scale).toFixed() }),
          ...taxed,
        })),
      })),
    });

  it('several come to the same as their sum', () => {
    fc.assert(
      fc.property(untaxed, courseOf(anyPart), zone, (document, periods, timeZone) => {
        const several = [
          { name: 'GST', percentage: '5' },
          { name: 'QST', percentage: '9.975' },
        ];
        const price = (one: Tariff) => {
          const { byTax: _, ...rest } = priceSession({ tariffs: [one], timeZone, periods });
          return figures(rest);
        };
        expect(price(withTaxes(document, { taxes: several }))).toEqual(
          price(withTaxes(document, { vat: '14.975' })),
        );
      }),
      runs,
    );
  });

  it('included in the prices come to the same as on top of them', () => {
    fc.assert(
      fc.property(untaxed, courseOf(anyPart), zone, (document, periods, timeZone) => {
        const price = (one: Tariff) => figures(priceSession({ tariffs: [one], timeZone, periods }));
        expect(price(withTaxes(document, { vat: '21' }, '1.21'))).toEqual(
          price(withTaxes(document, { vat: '21' })),
        );
      }),
      runs,
    );
  });
});

describe('more energy in the same time never costs less', () => {
  const more = (periods: readonly PricingPeriod[], extra: number): PricingPeriod[] => [
    ...periods.slice(0, -1),
    { ...periods.at(-1)!, energyMwh: mwh(periods.at(-1)!.energyMwh + extra) },
  ];
  /** Power is told, so that more energy is no other power. */
  const toldPower = courseOf(
    anyPart.map((part) => ({ ...part, power: part.power ?? { min: 7_000, max: 11_000 } })),
  ).map((periods) => periods.filter((period) => period.kind !== 'RESERVED'));
  const check = (document: Document, timeZone: string, periods: PricingPeriod[], extra: number) => {
    const price = (list: PricingPeriod[]) =>
      priceSession({ tariffs: [parseTariff(document)], timeZone, periods: list }).exact.total;
    const [less, now] = [price(periods), price(more(periods, extra))];
    expect(now.excl.gte(less.excl)).toBe(true);
    // A limit before taxes alone carries the mean rate over: energy at a low rate lowers it.
    const limits = [document.min_price, document.max_price] as ({ incl_vat?: number } | undefined)[];
    if (limits.some((one) => one && one.incl_vat === undefined)) return;
    expect(now.incl.gte(less.incl)).toBe(true);
  };

  it('with one price of energy, in steps, beside restricted prices of everything else', () => {
    const document = fc
      .tuple(documentOf({ types: ['TIME', 'PARKING_TIME', 'FLAT'] }), components({ types: ['ENERGY'] }))
      .map(([others, [energy]]): Document => {
        const byEnergy = (r: Document | undefined) => r && ('min_kwh' in r || 'max_kwh' in r);
        const rest = (others.elements as { restrictions?: Document }[]).filter(
          (one) => !byEnergy(one.restrictions),
        );
        return { ...others, elements: [...rest, { price_components: [energy] }] };
      });
    fc.assert(fc.property(document, zone, toldPower, fc.nat({ max: 20_000_000 }), check), runs);
  });

  it('with rising tiers of one step and one set of taxes', () => {
    const document = fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
        fc.array(cents(0), { minLength: 4, maxLength: 4 }),
        fc.constantFrom(0, 1, 500, 1000, 5000),
        taxes,
        fc.constantFrom('YES', 'NO', 'N/A'),
        fc.option(limit, { nil: undefined }),
      )
      .map(([bounds, prices, step_size, taxed, tax_included, max_price]): Document => {
        const rising = [...prices].sort();
        const tiers = [...bounds].sort((a, b) => a - b);
        const energy = (price: string | undefined) => [{ type: 'ENERGY', price, step_size, ...taxed }];
        return {
          id: 'T',
          currency: 'EUR',
          tax_included,
          max_price,
          elements: [
            ...tiers.map((max_kwh, i) => ({
              price_components: energy(rising[i]),
              restrictions: { max_kwh },
            })),
            { price_components: energy(rising[tiers.length]) },
          ],
        };
      });
    fc.assert(fc.property(document, zone, toldPower, fc.nat({ max: 20_000_000 }), check), runs);
  });
});
