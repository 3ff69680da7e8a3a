import { type Decimal, decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast, LATEST_LOOK_MS, SOONEST_LOOK_MS, STOP_LEAD_MS, type Spending } from './fund-forecast.js';

const T0 = Date.UTC(2026, 0, 1);
/** 0.50 a kWh, exact to the millionth of a cent, so that rounding hides nothing. */
const costOf = (wattMs: number): Decimal =>
  decimal(Math.round(wattMs)).div('3600000').div('1000').times('0.5');
const MOST_W = 22_000;
/** Between two readings; a look after it sees what was not read yet. */
const RAREST_MS = 120_000;

/** A car: power by minute, readings every so often; all in milliseconds from T0. */
interface Car {
  readonly powers: readonly number[];
  readonly everyMs: number;
}
const aCar = fc.record({
  powers: fc.array(fc.integer({ min: 0, max: MOST_W }), { minLength: 1, maxLength: 60 }),
  everyMs: fc.constantFrom(10_000, 30_000, 60_000, RAREST_MS),
});

const takenUntil = new WeakMap<Car, number[]>();

/** Watt-milliseconds; summed by minute once for each car. */
function taken(car: Car, ms: number): number {
  let sums = takenUntil.get(car);
  if (!sums) {
    sums = [0];
    for (const power of car.powers) sums.push(sums.at(-1)! + power * 60_000);
    takenUntil.set(car, sums);
  }
  const minute = Math.min(Math.floor(ms / 60_000), car.powers.length - 1);
  return sums[minute]! + car.powers[minute]! * (ms - minute * 60_000);
}

/** What billing can know of it at that time: its last two readings. */
function seen(car: Car, nowMs: number): Spending {
  const last = Math.floor(nowMs / car.everyMs) * car.everyMs;
  const before = Math.max(0, last - car.everyMs);
  const rate = last > before ? (taken(car, last) - taken(car, before)) / (last - before) : 0;
  const at = (power: number) => (time: Date) =>
    costOf(taken(car, last) + power * Math.max(0, time.getTime() - T0 - last));
  return { at: at(rate), atMost: at(MOST_W) };
}

const total = (cars: readonly Car[], ms: number) => sumDecimals(cars.map((car) => costOf(taken(car, ms))));

const END_MS = 3 * 3_600_000;

/** Looks as told until the sessions are to be stopped, or the end. */
function stoppedAt(cars: readonly Car[], room: Decimal): number | undefined {
  for (let ms = 0; ms < END_MS;) {
    const now = new Date(T0 + ms);
    const { stop, lookAt } = forecast({ room, spent: ZERO, running: cars.map((car) => seen(car, ms)), now });
    if (stop) return ms;
    expect(lookAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(SOONEST_LOOK_MS);
    expect(lookAt.getTime() - now.getTime()).toBeLessThanOrEqual(LATEST_LOOK_MS);
    ms = lookAt.getTime() - T0;
  }
  return undefined;
}

const aRoom = fc.integer({ min: 1, max: 2_000 }).map((cents) => decimal(cents).div('100'));
const someCars = fc.array(aCar, { minLength: 1, maxLength: 3 });

describe('sessions that share a sum', () => {
  it('are stopped neither late, by more than flows between two readings and looks, nor with more left than a stop takes', () => {
    fc.assert(
      fc.property(someCars, aRoom, (cars, room) => {
        const at = stoppedAt(cars, room);
        if (at === undefined) {
          expect(total(cars, END_MS - LATEST_LOOK_MS - RAREST_MS).lt(room)).toBe(true);
          return;
        }
        const unseen = sumDecimals(
          cars.map(({ everyMs }) => costOf(MOST_W * (everyMs + SOONEST_LOOK_MS + STOP_LEAD_MS))),
        );
        expect(total(cars, at + STOP_LEAD_MS).lte(room.plus(unseen))).toBe(true);
        // At the power they were last seen at.
        const end = new Date(T0 + at + STOP_LEAD_MS);
        expect(sumDecimals(cars.map((car) => seen(car, at).at(end))).gte(room)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('at even power are stopped with nothing over, and no more unused than a stop and a look take', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: MOST_W }), aRoom, (power, room) => {
        const car: Car = { powers: [power], everyMs: 10_000 };
        const at = stoppedAt([car], room);
        if (at === undefined || at < 20_000) return;
        const cost = total([car], at);
        expect(cost.lte(room.plus(costOf(power * SOONEST_LOOK_MS)))).toBe(true);
        expect(cost.plus(costOf(power * (STOP_LEAD_MS + 1_000))).gte(room)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
