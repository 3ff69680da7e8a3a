import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { LivenessState, LivenessWheel, type Living } from './liveness-wheel.js';

class Charger implements Living {
  readonly liveness = new LivenessState();
  lastTrafficAt = 0;
  silenceAllowedMs: number | undefined = undefined;
  pings: number[] = [];
  lostAt: number | undefined;
  constructor(private readonly clock: { now: number }) {}
  ping() {
    this.pings.push(this.clock.now);
  }
  lost() {
    this.lostAt = this.clock.now;
  }
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32;
}

describe('LivenessWheel', () => {
  const clock = { now: 0 };
  let wheel: LivenessWheel<Charger>;
  const run = (seconds: number, each: () => void = () => undefined) => {
    for (let i = 0; i < seconds; i++) {
      clock.now += 1000;
      each();
      wheel.tick(clock.now);
    }
  };

  beforeEach(() => {
    clock.now = 1_000_000_000_000;
    wheel = new LivenessWheel({ minSeconds: 30, maxSeconds: 60 }, seeded(7));
  });

  it('Q21: pings a silent charger twice and then gives it up, within three intervals', () => {
    const charger = new Charger(clock);
    wheel.add(charger, clock.now);
    const start = clock.now;
    run(200);
    expect(charger.pings).toHaveLength(2);
    expect(charger.lostAt! - start).toBeGreaterThanOrEqual(90_000);
    expect(charger.lostAt! - start).toBeLessThanOrEqual(183_000);
  });

  it('Q20: never gives up a charger from which anything comes', () => {
    const charger = new Charger(clock);
    wheel.add(charger, clock.now);
    run(3600, () => {
      if (clock.now % 59_000 === 0) charger.lastTrafficAt = clock.now;
    });
    expect(charger.lostAt).toBeUndefined();
    expect(charger.pings.length).toBeGreaterThan(50);
  });

  it('Q21: does not ping a charger that cannot stand it, and gives it up once it is silent for longer than it may be', () => {
    const charger = new Charger(clock);
    charger.silenceAllowedMs = 11 * 60_000;
    charger.lastTrafficAt = clock.now;
    wheel.add(charger, clock.now);
    run(3600, () => {
      if (clock.now % 300_000 === 0) charger.lastTrafficAt = clock.now;
    });
    expect([charger.pings, charger.lostAt]).toEqual([[], undefined]);
    const silentSince = charger.lastTrafficAt;
    run(1200);
    expect(charger.lostAt! - silentSince).toBeGreaterThan(11 * 60_000);
    expect(charger.lostAt! - silentSince).toBeLessThan(13 * 60_000);
  });

  it('does not give up a charger because our own process stood still', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 61, max: 3_600 }), (seed, standstill) => {
        wheel = new LivenessWheel({ minSeconds: 30, maxSeconds: 60 }, seeded(seed));
        const charger = new Charger(clock);
        wheel.add(charger, clock.now);
        run(1);
        clock.now += standstill * 1000;
        wheel.tick(clock.now);
        expect(charger.lostAt).toBeUndefined();
        expect(charger.pings).toHaveLength(1);
      }),
    );
  });

  it('forgets a removed charger', () => {
    const charger = new Charger(clock);
    wheel.add(charger, clock.now);
    wheel.remove(charger);
    run(120);
    expect(charger.pings).toEqual([]);
  });

  it('spreads many chargers over the interval', () => {
    const chargers = Array.from({ length: 1000 }, () => new Charger(clock));
    for (const charger of chargers) wheel.add(charger, clock.now);
    const perSecond: number[] = [];
    run(61, () => undefined);
    for (const charger of chargers) {
      const second = Math.floor(charger.pings[0]! / 1000);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(Math.max(...Object.values(perSecond))).toBeLessThan(100);
  });
});
