import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backAgain,
  forgottenOnResume,
  mayDraw,
  retryDelayMs,
  settled,
  type Outcome,
  type SessionLimit,
} from './session-limit.js';
import type { ChargingNeeds } from './charging-needs.js';
import { launch, nextDue, replan, type ActiveSession } from './steering.js';

const T0 = Date.UTC(2026, 0, 1, 12);
const at = (seconds: number) => new Date(T0 + seconds * 1000);
const STEERING = { leaseMs: 900_000, flightMs: 20_000 };
const session = (sessionId: string, over: Partial<ActiveSession> = {}): ActiveSession => ({
  sessionId,
  startedAt: at(-60 - Number(sessionId)),
  capDa: 320,
  charging: true,
  clockOffsetMs: 0,
  ...over,
});

/** A site as the service runs it: plan, send, hear. */
class Site {
  limits: SessionLimit[] = [];
  now = 0;

  constructor(
    public limitDa: number | null,
    public sessions: ActiveSession[],
  ) {}

  /** Commands that go out now: session -> limit. */
  send(): Record<string, number | null> {
    const planned = replan(this.limitDa, this.sessions, this.limits, at(this.now), STEERING);
    const { limits, launched } = launch(this.limitDa, this.sessions, planned, at(this.now), STEERING);
    this.limits = limits;
    return Object.fromEntries([...launched].map((id) => [id, this.of(id)!.flight!.limitDa]));
  }

  hear(sessionId: string, outcome: Outcome): void {
    this.limits = this.limits.map((each) =>
      each.sessionId === sessionId ? settled(each, outcome, at(this.now)) : each,
    );
  }

  /** Sends and has everything accepted until there is nothing more to say. */
  settle(): void {
    for (let round = 0; round < 10; round++) {
      for (const id of Object.keys(this.send())) this.hear(id, 'ACCEPTED');
    }
  }

  /** Commands and outcomes so far; versions begin with the time at which a session got its first limit. */
  versions(sessionId: string): number {
    return this.of(sessionId)!.version - T0 / 1000;
  }

  of(sessionId: string): SessionLimit | undefined {
    return this.limits.find((each) => each.sessionId === sessionId);
  }

  due(): number | undefined {
    const due = nextDue(this.limitDa, this.limits, at(this.now), STEERING);
    return due && (due.getTime() - T0) / 1000;
  }
}

describe('steering a site', () => {
  it('lowers those that are there before it raises the new one', () => {
    const site = new Site(400, [session('1')]);
    site.settle();
    expect(site.of('1')).toMatchObject({ appliedDa: 320, state: 'APPLIED' });
    site.sessions.push(session('0', { charging: false }));
    expect(site.send()).toEqual({ 0: 60 });
    site.hear('0', 'ACCEPTED');
    site.sessions[1] = session('0');
    expect(site.send()).toEqual({ 1: 200 });
    site.hear('1', 'ACCEPTED');
    expect(site.send()).toEqual({ 0: 200 });
  });

  it('Q50: tells a charger that forgets its limit again at once, and counts with all it may draw until then', () => {
    const site = new Site(400, [session('1'), session('2')]);
    site.settle();
    expect(site.of('1')).toMatchObject({ appliedDa: 200, state: 'APPLIED' });
    site.limits = site.limits.map((each) => (each.sessionId === '1' ? forgottenOnResume(each) : each));
    expect(mayDraw(site.of('1')!, at(0))).toBe(320);
    expect(site.due()).toBe(0);
    expect(site.send()).toEqual({ 1: 200 });
    site.hear('1', 'ACCEPTED');
    expect(site.send()).toEqual({});
  });

  it('Q50: tells it again too when it waits for room to get more, and counts with all it may draw', () => {
    const site = new Site(400, [session('1'), session('2', { charging: false })]);
    site.settle();
    site.sessions[1] = session('2');
    site.send();
    expect(site.of('2')).toMatchObject({ state: 'PENDING', appliedDa: 60, wantedDa: 200, flight: null });
    site.limits = site.limits.map((each) => (each.sessionId === '2' ? forgottenOnResume(each) : each));
    expect(mayDraw(site.of('2')!, at(0))).toBe(320);
    expect(site.send()).toEqual({ 2: 200 });
  });

  it('Q50: tells it again too when it resumed while a command was under way, which may have come before', () => {
    const site = new Site(400, [session('1')]);
    site.send();
    const { version } = site.of('1')!;
    site.limits = site.limits.map(forgottenOnResume);
    // So its outcome is nobody's, and what it may draw is counted until it is told again.
    expect(site.of('1')!.version).toBe(version + 1);
    expect(mayDraw(site.of('1')!, at(0))).toBe(320);
    site.now = 20;
    expect(site.send()).toEqual({ 1: 320 });
  });

  it.each<[string, Outcome]>([
    ['reached in time', 'ACCEPTED'],
    ['found away', 'OFFLINE'],
  ])('tells a charger that is back again, and changes nobody else, when it was %s', (_name, outcome) => {
    const site = new Site(400, [session('1'), session('2')]);
    site.settle();
    site.now = 600;
    site.send();
    site.hear('1', outcome);
    site.hear('2', 'ACCEPTED');
    site.limits = site.limits.map((each) => (each.sessionId === '1' ? backAgain(each) : each));
    expect(mayDraw(site.of('1')!, at(600))).toBe(320);
    expect(site.send()).toEqual({ 1: 200 });
    site.hear('1', 'ACCEPTED');
    expect(site.send()).toEqual({});
  });

  it('gives the room of an ended session to the others', () => {
    const site = new Site(400, [session('1'), session('2')]);
    site.settle();
    site.sessions.pop();
    expect(site.send()).toEqual({ 1: 320 });
  });

  it('sends one command at a time to a charger', () => {
    const site = new Site(400, [session('1')]);
    site.send();
    site.limitDa = 100;
    expect(site.send()).toEqual({});
    site.hear('1', 'ACCEPTED');
    expect(site.of('1')).toMatchObject({ state: 'PENDING', appliedDa: 320, wantedDa: 100 });
    expect(site.send()).toEqual({ 1: 100 });
  });

  it('renews a lease before it ends, with the time since the start of the transaction in its duration', () => {
    const site = new Site(400, [session('1', { startedAt: at(-100), clockOffsetMs: 5_000 })]);
    site.send();
    expect(site.of('1')!.flight).toMatchObject({ durationSeconds: 1_005 });
    site.hear('1', 'ACCEPTED');
    expect(site.due()).toBe(600);
    site.now = 599;
    expect(site.send()).toEqual({});
    site.now = 600;
    expect(site.send()).toEqual({ 1: 320 });
    expect(site.versions('1')).toBe(2);
  });

  it.each([
    ['in 1970', -T0],
    ['two days ahead', 2 * 86_400_000],
  ])(
    'Q18: renews the lease of a charger whose clock is %s for as long as it counts on it',
    (_name, clockOffsetMs) => {
      // Sessions took our time for its start.
      const site = new Site(400, [session('1', { startedAt: at(-100), clockOffsetMs })]);
      site.settle();
      site.now = 600;
      site.send();
      const { durationSeconds, leaseUntil } = site.of('1')!.flight!;
      expect(leaseUntil).toEqual(at(1_500));
      expect(durationSeconds).toBe(100 + 600 + 900);
    },
  );

  it('counts an offline charger with what it holds, and has room for its connector before its lease is over', () => {
    const site = new Site(400, [session('1'), session('2')]);
    site.settle();
    site.now = 600;
    site.send();
    site.hear('1', 'OFFLINE');
    site.hear('2', 'ACCEPTED');
    site.settle();
    expect(site.of('1')).toMatchObject({ state: 'OFFLINE', attempt: 1 });
    expect(site.of('2')).toMatchObject({ appliedDa: 200 });
    for (site.now = site.due()!; site.now < 880; site.now = site.due()!) {
      for (const id of Object.keys(site.send())) site.hear(id, id === '1' ? 'OFFLINE' : 'ACCEPTED');
    }
    expect(site.now).toBe(880);
    expect(site.send()).toMatchObject({ 2: 80 });
    site.hear('2', 'ACCEPTED');
    expect(mayDraw(site.of('1')!, at(900)) + mayDraw(site.of('2')!, at(900))).toBe(400);
  });

  it('counts a charger that refuses as one that draws all it can', () => {
    const site = new Site(400, [session('1'), session('2')]);
    expect(site.send()).toEqual({ 1: 200, 2: 200 });
    site.hear('1', 'REFUSED');
    site.hear('2', 'ACCEPTED');
    expect(site.send()).toEqual({ 2: 80 });
    expect(site.of('1')).toMatchObject({ state: 'REFUSED', wantedDa: 200 });
    site.hear('2', 'ACCEPTED');
    site.now = 6;
    expect(site.send()).toEqual({ 1: 200 });
    site.hear('1', 'ACCEPTED');
    expect(site.send()).toEqual({ 2: 200 });
  });

  it('tries an unanswered command again later and later, as a new version', () => {
    const site = new Site(400, [session('1')]);
    site.send();
    site.hear('1', 'UNKNOWN');
    expect(site.send()).toEqual({});
    expect(site.due()).toBe(5);
    site.now = 5;
    site.send();
    expect(site.versions('1')).toBe(2);
    site.hear('1', 'UNKNOWN');
    expect(site.due()).toBe(15);
    expect([1, 2, 3, 30].map(retryDelayMs)).toEqual([5_000, 10_000, 20_000, 300_000]);
  });

  it('repeats a command nobody reported back from, with the same version while the same is wanted', () => {
    const site = new Site(400, [session('1')]);
    site.send();
    expect(site.due()).toBe(20);
    site.now = 20;
    expect(site.send()).toEqual({ 1: 320 });
    expect(site.versions('1')).toBe(1);
    site.limitDa = 100;
    site.now = 40;
    expect(site.send()).toEqual({ 1: 100 });
    expect(site.versions('1')).toBe(2);
  });

  it('gives a limit that comes again after it was lifted no version that was told before', () => {
    const site = new Site(400, [session('1')]);
    site.settle();
    const { version } = site.of('1')!;
    site.limitDa = null;
    site.settle();
    expect(site.of('1')).toBeUndefined();
    site.now = 60;
    site.limitDa = 400;
    site.send();
    expect(site.of('1')!.version).toBeGreaterThan(version + 1);
  });

  it('takes the profiles away when the site has no limit any more, then forgets the sessions', () => {
    const site = new Site(400, [session('1'), session('2')]);
    site.settle();
    site.limitDa = null;
    expect(site.send()).toEqual({ 1: null, 2: null });
    site.hear('1', 'ACCEPTED');
    site.hear('2', 'REFUSED');
    expect(site.send()).toEqual({});
    expect(site.limits).toEqual([]);
    expect(site.due()).toBeUndefined();
  });
});

describe('sessions that share less than 6 A a head', () => {
  /** What each draws over some hours, dA s, and when each was told to begin or to pause. */
  function watch(site: Site, hours: number, onTold: (id: string, limitDa: number) => void = () => {}) {
    const drawn = new Map(site.sessions.map(({ sessionId }) => [sessionId, 0]));
    const turns: { id: string; at: number }[] = [];
    while (site.now < hours * 3_600) {
      for (let told = site.send(); Object.keys(told).length > 0; told = site.send()) {
        for (const [id, limitDa] of Object.entries(told)) {
          if ((site.of(id)!.appliedDa ?? 0) > 0 !== limitDa! > 0) turns.push({ id, at: site.now });
          site.hear(id, 'ACCEPTED');
          onTold(id, limitDa!);
        }
      }
      const next = Math.min(site.due()!, hours * 3_600);
      for (const { sessionId, appliedDa } of site.limits)
        drawn.set(sessionId, drawn.get(sessionId)! + appliedDa! * (next - site.now));
      site.now = next;
    }
    return { drawn, turns };
  }

  it('take turns of a quarter of an hour: none goes without, however many began before it', () => {
    const site = new Site(
      130,
      [1, 2, 3, 4, 5].map((number) => session(String(number), { startedAt: at(-600 + number) })),
    );
    const { drawn, turns } = watch(site, 10);
    const [least, most] = [Math.min(...drawn.values()), Math.max(...drawn.values())];
    expect(least).toBeGreaterThan(most * 0.85);
    for (const { id, at: from } of turns) {
      const next = turns.find((each) => each.id === id && each.at > from);
      if (next) expect(next.at - from).toBeGreaterThan(899.9);
    }
  });

  it('let one that came later charge in place of cars that are full and stay', () => {
    const full = [1, 2, 3, 4, 5].map((number) =>
      session(String(number), { startedAt: at(-3_600 + number), charging: false }),
    );
    const site = new Site(320, full);
    site.settle();
    site.now = 3_600;
    site.sessions.push(session('6', { startedAt: at(3_600) }));
    // Paused by us they are SuspendedEVSE, and SuspendedEV again once they may draw.
    const { drawn } = watch(site, 7, (id, limitDa) => {
      site.sessions = site.sessions.map((each) =>
        each.sessionId === id && id !== '6' ? { ...each, charging: limitDa === 0 } : each,
      );
    });
    expect(drawn.get('6')).toBeGreaterThan(60 * 5 * 3_600);
  });
});

const CAR: ChargingNeeds = {
  transfer: 'AC_three_phase',
  departureAt: at(4 * 3_600),
  maxPeriods: null,
  energyWh: 10_000,
  minCurrentA: 6,
  maxCurrentA: 16,
  maxVoltageV: 400,
  minPowerW: null,
  maxPowerW: null,
  capacityWh: null,
  stateOfCharge: null,
  fullStateOfCharge: null,
};

describe('a car that said what it needs', () => {
  const car = (no = 1, over: Partial<ChargingNeeds> = {}) => ({
    needs: { ...CAR, ...over },
    no,
    connectorPhases: 3,
  });
  const tenths = (site: Site, id = '1') =>
    (site.of(id)!.flight?.schedule ?? site.of(id)!.schedule)?.periods.map((period) => period.tenths);

  it('gets a schedule until it leaves, counted from the start of its transaction, where there is no limit at all', () => {
    const site = new Site(null, [session('1', { startedAt: at(-100), car: car() }), session('2')]);
    expect(site.send()).toEqual({ 1: 320 });
    // 10 kWh and a tenth at 16 A: 59.8 min.
    expect(site.of('1')!.flight).toMatchObject({
      durationSeconds: 4 * 3_600 + 100,
      schedule: {
        unit: 'A',
        periods: [
          { fromSeconds: 0, tenths: 160 },
          { fromSeconds: 3_700, tenths: 60 },
        ],
      },
    });
    site.hear('1', 'ACCEPTED');
    expect(site.send()).toEqual({});
    expect(site.due()).toBe(4 * 3_600 - 300);
  });

  it('leaves to the others what it cannot take', () => {
    const site = new Site(480, [session('1', { car: car() }), session('2')]);
    site.settle();
    expect([site.of('1')!.appliedDa, site.of('2')!.appliedDa]).toEqual([160, 320]);
  });

  it('K16: gets another schedule when its limit changes, and none without a cause', () => {
    const site = new Site(320, [session('1', { car: car() })]);
    site.settle();
    site.now = 700;
    expect(site.send()).toEqual({});
    site.limitDa = 100;
    expect(site.send()).toEqual({ 1: 100 });
    expect(tenths(site)).toEqual([100, 60]);
  });

  it('K17: gets another schedule when it tells its needs again, also while one is under way', () => {
    const site = new Site(320, [session('1', { car: car() })]);
    site.send();
    site.sessions[0] = session('1', { car: car(2, { maxCurrentA: 10 }) });
    expect(site.send()).toEqual({});
    site.hear('1', 'ACCEPTED');
    expect(site.of('1')!.state).toBe('PENDING');
    expect(Object.keys(site.send())).toEqual(['1']);
    expect(tenths(site)).toEqual([100, 60]);
    site.hear('1', 'ACCEPTED');
    expect(site.of('1')).toMatchObject({ state: 'APPLIED', appliedNeedsNo: 2 });
    site.sessions[0] = session('1', { car: car(3, { maxCurrentA: 10 }) });
    expect(Object.keys(site.send())).toEqual(['1']);
  });

  it('whose charger did not answer counts with the profile that is over first', () => {
    const site = new Site(400, [session('1', { car: car() })]);
    site.settle();
    site.sessions[0] = session('1', { car: car(2, { departureAt: at(3_600) }) });
    site.send();
    site.hear('1', 'UNKNOWN');
    expect(site.of('1')!.leaseUntil).toEqual(at(3_600));
    expect(mayDraw(site.of('1')!, at(3_601))).toBe(320);
  });

  it('is let go when the limit of its site is lifted: its own schedule stays', () => {
    const site = new Site(100, [session('1', { car: car() }), session('2')]);
    site.settle();
    site.limitDa = null;
    expect(site.send()).toEqual({ 1: 320, 2: null });
    expect(tenths(site)).toEqual([160, 60]);
  });
});

describe('the sum at the chargers', () => {
  const outcome = fc.constantFrom<Outcome>(
    'ACCEPTED',
    'ACCEPTED',
    'ACCEPTED',
    'REFUSED',
    'OFFLINE',
    'UNKNOWN',
  );
  const move = fc.oneof(
    fc.record({ kind: fc.constant('limit' as const), limitDa: fc.integer({ min: 0, max: 1_500 }) }),
    fc.record({ kind: fc.constant('hear' as const), pick: fc.nat(), outcome, reached: fc.boolean() }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant('state' as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant('end' as const), pick: fc.nat() }),
    fc.record({
      kind: fc.constant('needs' as const),
      pick: fc.nat(),
      most: fc.integer({ min: 1, max: 63 }),
      stay: fc.integer({ min: -100, max: 8_000 }),
    }),
  );

  it('is never above what we count with, and our commands never raise it above the limit', () => {
    fc.assert(
      fc.property(
        fc.array(move, { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (moves, count) => {
          const site = new Site(
            600,
            Array.from({ length: count }, (_, index) => session(String(index))),
          );
          /** What the chargers really hold: limit and the end of its lease. */
          const truth = new Map<string, { limitDa: number; until: number }>();
          const really = (each: SessionLimit) => {
            const profile = truth.get(each.sessionId);
            return profile && profile.until > site.now ? profile.limitDa : each.capDa;
          };
          const counted = () => site.limits.reduce((sum, each) => sum + mayDraw(each, at(site.now)), 0);
          for (const step of moves) {
            const flying = site.limits.filter((each) => each.flight);
            if (step.kind === 'limit') site.limitDa = step.limitDa;
            if (step.kind === 'wait') site.now += step.seconds;
            if (step.kind === 'end' && site.sessions.length > 1)
              site.sessions.splice(step.pick % site.sessions.length, 1);
            if (step.kind === 'state') {
              const index = step.pick % site.sessions.length;
              site.sessions[index] = { ...site.sessions[index]!, charging: !site.sessions[index]!.charging };
            }
            if (step.kind === 'needs') {
              const index = step.pick % site.sessions.length;
              const there = site.sessions[index]!;
              const needs = { ...CAR, maxCurrentA: step.most, departureAt: at(site.now + step.stay) };
              const no = (there.car?.no ?? 0) + 1;
              site.sessions[index] = { ...there, car: { needs, no, connectorPhases: 3 } };
            }
            const heard = flying[step.kind === 'hear' && flying.length > 0 ? step.pick % flying.length : -1];
            if (step.kind === 'hear' && heard) {
              const flight = heard.flight!;
              if (step.outcome === 'ACCEPTED' || (step.outcome === 'UNKNOWN' && step.reached)) {
                truth.set(heard.sessionId, {
                  limitDa: flight.limitDa!,
                  until: (flight.leaseUntil.getTime() - T0) / 1000,
                });
              }
              site.hear(heard.sessionId, step.outcome);
            }
            site.limits = replan(site.limitDa, site.sessions, site.limits, at(site.now), STEERING);
            const before = counted();
            site.send();
            expect(counted()).toBeLessThanOrEqual(Math.max(before, site.limitDa!));
            for (const each of site.limits) {
              expect(really(each)).toBeLessThanOrEqual(mayDraw(each, at(site.now)));
              for (const { tenths } of each.flight?.schedule?.periods ?? [])
                expect(tenths).toBeLessThanOrEqual(each.flight!.limitDa!);
            }
            const due = nextDue(site.limitDa, site.limits, at(site.now), STEERING);
            expect(due?.getTime()).toBeGreaterThan(at(site.now).getTime());
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('ends at the plan once the chargers answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ limitDa: fc.integer({ min: 0, max: 1_500 }), outcome }), { maxLength: 12 }),
        (moves) => {
          const site = new Site(
            600,
            ['1', '2', '3', '4'].map((id) => session(id)),
          );
          for (const { limitDa, outcome: heard } of moves) {
            site.limitDa = limitDa;
            for (const id of Object.keys(site.send())) site.hear(id, heard);
          }
          for (let round = 0; round < 5; round++) {
            site.now += 400;
            site.settle();
          }
          expect(site.limits.map((each) => [each.state, each.appliedDa])).toEqual(
            site.limits.map((each) => ['APPLIED', each.wantedDa]),
          );
          expect(site.limits.reduce((sum, each) => sum + each.appliedDa!, 0)).toBeLessThanOrEqual(
            site.limitDa!,
          );
        },
      ),
    );
  });
});
