import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detect, type Finding } from './detect.js';
import { explain } from './explanation.js';
import { silenceDueAt } from './no-readings.js';
import { observe } from './observe.js';
import { newState, type DetectorState, type Sample, type SessionFacts, type Surroundings } from './watch.js';

const T0 = Date.UTC(2026, 0, 1, 12);
const minute = (n: number) => T0 + n * 60_000;
const CHARGING: SessionFacts = {
  active: true,
  chargingState: 'CHARGING',
  stateSince: T0,
  startedAt: T0,
  stopReason: '',
  chargedMs: 0,
  endedCharging: false,
};
const inState = (chargingState: string, since: number): SessionFacts => ({
  ...CHARGING,
  chargingState,
  stateSince: minute(since),
  chargedMs: minute(since) - T0,
});
const ended = (over: Partial<SessionFacts> = {}): SessionFacts => ({
  ...CHARGING,
  active: false,
  endedAt: minute(30),
  stopReason: 'Local',
  chargedMs: 30 * 60_000,
  ...over,
});

/** A session as it unfolds: readings a minute apart, and what happens beside them. */
class Story {
  readonly state: DetectorState = newState();
  readonly findings: Finding[] = [];
  around: Surroundings = { facts: CHARGING };
  private energyMwh = 5_000_000;
  private last = 0;

  /** Power in W for each minute from `from` on; the register follows. */
  power(from: number, watts: readonly number[], over: Partial<Sample> = {}): this {
    watts.forEach((powerW, index) => {
      const at = from + index;
      this.energyMwh += Math.round((powerW * 1000 * (at - this.last)) / 60);
      this.last = at;
      this.sample({ at: minute(at), powerW, energyMwh: this.energyMwh, live: true, ...over });
    });
    return this;
  }

  sample(sample: Sample): this {
    observe(this.state, sample, this.around);
    this.findings.push(...detect(this.state, this.around));
    return this;
  }

  now(around: Surroundings): this {
    this.around = { ...this.around, ...around };
    this.findings.push(...detect(this.state, this.around));
    return this;
  }

  /** `KIND` when it was detected, `-KIND` when it was over. */
  get told(): string[] {
    return this.findings.flatMap((finding) =>
      finding.type === 'DELIVERED' ? [] : [finding.type === 'DETECTED' ? finding.kind : `-${finding.kind}`],
    );
  }
}
const flat = (powerW: number, minutes: number) => Array.from({ length: minutes }, () => powerW);

describe('zero energy', () => {
  it('is found after five minutes of charging without energy, once', () => {
    const story = new Story().power(0, flat(0, 5));
    expect(story.told).toEqual([]);
    story.power(5, flat(0, 10));
    expect(story.told).toEqual(['ZERO_ENERGY']);
    expect(story.findings[0]).toMatchObject({ onset: T0, evidence: { energyWh: 0, chargingSeconds: 300 } });
  });

  it('is over when energy flows after all', () => {
    expect(new Story().power(0, flat(0, 7)).power(7, flat(7_000, 5)).told).toEqual([
      'ZERO_ENERGY',
      '-ZERO_ENERGY',
    ]);
  });

  it.each<[string, Surroundings, Partial<Sample>]>([
    ['the car does not want to charge', { facts: { ...CHARGING, chargingState: 'SUSPENDED_EV' } }, {}],
    ['the charger pauses it', { facts: { ...CHARGING, chargingState: 'SUSPENDED_EVSE' } }, {}],
    ['load management pauses it', { facts: CHARGING, limitMa: 0 }, {}],
    ['the charger offers less than 6 A', { facts: CHARGING }, { offeredMa: 0 }],
    ['the battery is full', { facts: CHARGING }, { socPercent: 99 }],
    ['the readings are a back-fill', { facts: CHARGING }, { live: false }],
  ])('is not suspected while %s', (_why, around, sample) => {
    expect(new Story().now(around).power(0, flat(0, 20), sample).told).toEqual([]);
  });

  it('is not suspected where nobody may charge, until somebody may', () => {
    const nobodys = { ...CHARGING, nobodys: true };
    const metered = { energyMwh: 0, measured: true };
    const story = new Story().now({ facts: nobodys }).power(0, flat(0, 20));
    expect(story.now({ facts: ended({ nobodys: true }), metered }).told).toEqual([]);
    expect(story.now({ facts: CHARGING, metered: undefined }).told).toEqual(['ZERO_ENERGY']);
  });

  it('does not trust a coarse register against measured power', () => {
    const story = new Story();
    for (let at = 0; at < 8; at++)
      story.sample({ at: minute(at), powerW: 3_700, energyMwh: 5_000_000, live: true });
    expect(story.told).toEqual([]);
  });

  it('does not take a register of whole kWh for one that stands still, where no power is measured', () => {
    const register = (energyMwh: number) => {
      const story = new Story();
      for (let at = 0; at < 20; at++) story.sample({ at: minute(at), energyMwh, live: true });
      return story.told;
    };
    expect(register(5_000_000)).toEqual([]);
    expect(register(5_000_001)).toEqual(['ZERO_ENERGY']);
    // Of this transaction alone: it begins at nothing, however fine it is.
    expect(register(0)).toEqual(['ZERO_ENERGY']);
    const atEnd = (minutes: number) => {
      const story = new Story();
      for (let at = 0; at < 4; at++) story.sample({ at: minute(at), energyMwh: 5_000_000, live: true });
      const facts = ended({ endedAt: minute(minutes), chargedMs: minute(minutes) - T0 });
      return story.now({ facts, metered: { energyMwh: 0, measured: true } }).told;
    };
    expect(atEnd(44)).toEqual([]);
    expect(atEnd(45)).toEqual(['ZERO_ENERGY']);
  });

  it('is found at the end from the closed energy, unless the session was short', () => {
    const metered = { energyMwh: 40_000, measured: true };
    expect(new Story().now({ facts: ended() }).now({ metered }).now({ metered }).told).toEqual([
      'ZERO_ENERGY',
    ]);
    expect(new Story().now({ metered }).now({ facts: ended() }).told).toEqual(['ZERO_ENERGY']);
    expect(new Story().now({ facts: ended({ endedAt: minute(2) }), metered }).told).toEqual([]);
    expect(new Story().now({ facts: ended(), metered: { energyMwh: 100_000, measured: true } }).told).toEqual(
      [],
    );
  });
});

describe('no readings', () => {
  const look = (story: Story, at: number) => story.now({ now: minute(at) });

  it('Q17: are found 20 minutes after charging began, when none ever came', () => {
    const story = new Story();
    expect(look(story, 19).told).toEqual([]);
    expect(look(story, 21).told).toEqual(['NO_READINGS']);
    expect(story.findings[0]).toMatchObject({ cause: 'NEVER_ANY', onset: T0, evidence: { seconds: 1_260 } });
    expect(look(story, 60).told).toEqual(['NO_READINGS']);
  });

  it('Q17: are found 20 minutes after the last one, and are over with the next or the session', () => {
    const silent = () => look(new Story().power(0, flat(11_000, 5)), 25);
    expect(silent().findings.at(-1)).toMatchObject({ cause: 'STOPPED', onset: minute(4) });
    expect(silent().power(26, [11_000]).told).toEqual(['NO_READINGS', '-NO_READINGS']);
    expect(silent().now({ facts: ended() }).told).toEqual(['NO_READINGS', '-NO_READINGS']);
  });

  it('Q17: are nothing strange while nothing charges, nor for a look that no time asked for', () => {
    expect(look(new Story().now({ facts: inState('SUSPENDED_EV', 1) }), 90).told).toEqual([]);
    expect(look(new Story().now({ facts: inState('CHARGING', 80) }), 90).told).toEqual([]);
    expect(new Story().now({ facts: CHARGING }).told).toEqual([]);
  });

  it('Q17: are looked for again while charging goes on, soon after they may be missed', () => {
    const state = newState();
    expect(silenceDueAt(state, T0, minute(20))).toBe(minute(30));
    expect(silenceDueAt({ ...state, at: minute(19) }, T0, minute(20))).toBe(minute(39));
  });
});

describe('power drop', () => {
  it('is found within two readings below half of the level, and is over when power is back', () => {
    const story = new Story().power(0, flat(11_000, 10)).power(10, [4_000]);
    expect(story.told).toEqual([]);
    story.power(11, [4_000]);
    expect(story.findings.at(-1)).toMatchObject({
      kind: 'POWER_DROP',
      onset: minute(10),
      evidence: { levelW: 11_000, powerW: 4_000 },
    });
    expect(story.power(12, flat(4_000, 10)).power(22, flat(11_000, 2)).told).toEqual([
      'POWER_DROP',
      '-POWER_DROP',
    ]);
  });

  it('is over with the session', () => {
    const story = new Story().power(0, flat(11_000, 10)).power(10, flat(4_000, 3));
    expect(story.now({ facts: ended() }).told).toEqual(['POWER_DROP', '-POWER_DROP']);
  });

  it.each<[string, (story: Story) => Story]>([
    ['one low reading', (story) => story.power(10, [4_000, 11_000, 11_000])],
    ['a taper above 80 %', (story) => story.power(10, flat(3_000, 5), { socPercent: 85 })],
    [
      'a slow taper without a state of charge',
      (story) =>
        story.power(
          10,
          Array.from({ length: 60 }, (_, n) => Math.round(11_000 * Math.exp(-n / 12))),
        ),
    ],
    [
      'a lowered offer',
      (story) =>
        story
          .power(10, flat(11_000, 5), { offeredMa: 16_000 })
          .power(15, flat(4_200, 5), { offeredMa: 6_000 }),
    ],
    [
      'an offer that is heard of only when it is low',
      (story) => story.power(10, flat(4_200, 5), { offeredMa: 6_000 }),
    ],
    [
      'a lowered limit of load management',
      (story) =>
        story
          .now({ limitMa: 16_000 })
          .power(10, flat(11_000, 5))
          .now({ limitMa: 6_000 })
          .power(15, flat(4_200, 5)),
    ],
    [
      'a limit of load management where there was none',
      (story) => story.now({ limitMa: 6_000 }).power(10, flat(4_200, 5)),
    ],
    ['a suspended car', (story) => story.now({ facts: inState('SUSPENDED_EV', 10) }).power(10, flat(400, 5))],
    [
      'a suspended charger',
      (story) => story.now({ facts: inState('SUSPENDED_EVSE', 10) }).power(10, flat(400, 5)),
    ],
    [
      'ramp-up after a resumption',
      (story) =>
        story
          .now({ facts: inState('SUSPENDED_EV', 10) })
          .power(10, flat(0, 5))
          .now({ facts: inState('CHARGING', 15) })
          .power(15, [600, 2_000, 5_000, 11_000]),
    ],
    ['a gap of an hour', (story) => story.power(70, flat(4_000, 10))],
    ['back-fill', (story) => story.power(10, flat(4_000, 5), { live: false })],
    ['readings out of order', (story) => story.power(5, [4_000, 4_000, 4_000, 4_000])],
  ])('is not suspected for %s', (_why, unfold) => {
    expect(unfold(new Story().power(0, flat(11_000, 10))).told).toEqual([]);
  });

  it('is taken back when the suspension that explains it is heard of late', () => {
    const story = new Story().power(0, flat(11_000, 10)).power(10, flat(4_000, 3));
    expect(story.now({ facts: inState('SUSPENDED_EV', 10) }).told).toEqual(['POWER_DROP', '-POWER_DROP']);
  });

  it('is found later when the session becomes known later', () => {
    const story = new Story();
    story.around = {};
    story.power(0, flat(11_000, 10)).power(10, flat(4_000, 3));
    expect(story.told).toEqual([]);
    expect(story.now({ facts: CHARGING }).told).toEqual(['POWER_DROP']);
  });
});

describe('interruption', () => {
  it('is no power for two minutes while the state says charging, and is over when power is back', () => {
    const story = new Story().power(0, flat(11_000, 10)).power(10, flat(0, 2));
    expect(story.told).toEqual([]);
    story.power(12, [0, 0]);
    expect(story.findings.at(-1)).toMatchObject({
      kind: 'INTERRUPTION',
      onset: minute(10),
      evidence: { seconds: 120 },
    });
    expect(story.power(14, flat(11_000, 3)).told).toEqual(['INTERRUPTION', '-INTERRUPTION']);
  });

  it('opens again when it comes again', () => {
    const story = new Story()
      .power(0, flat(11_000, 10))
      .power(10, flat(0, 4))
      .power(14, flat(11_000, 5))
      .power(19, flat(0, 4));
    expect(story.told).toEqual(['INTERRUPTION', '-INTERRUPTION', 'INTERRUPTION']);
  });

  it.each<[string, Surroundings]>([
    ['the car suspends', { facts: inState('SUSPENDED_EV', 10) }],
    ['load management pauses', { limitMa: 0 }],
  ])('is not suspected when %s', (_why, around) => {
    expect(new Story().power(0, flat(11_000, 10)).now(around).power(10, flat(0, 10)).told).toEqual([]);
  });

  it('is not suspected when a full car stops after a taper', () => {
    const taper = Array.from({ length: 40 }, (_, n) => Math.round(11_000 * Math.exp(-n / 12)));
    expect(new Story().power(0, flat(11_000, 10)).power(10, taper).power(50, flat(0, 10)).told).toEqual([]);
  });

  it('is a fault of the connector in a session that charged', () => {
    const story = new Story().power(0, flat(11_000, 5)).now({ faultedAt: minute(5) });
    expect(story.told).toEqual(['INTERRUPTION']);
    expect(story.now({ faultedAt: undefined }).power(6, flat(11_000, 2)).told).toEqual([
      'INTERRUPTION',
      '-INTERRUPTION',
    ]);
    expect(new Story().now({ faultedAt: minute(-5) }).told).toEqual([]);
    expect(
      new Story().now({ facts: { ...CHARGING, chargingState: 'EV_CONNECTED' }, faultedAt: minute(5) }).told,
    ).toEqual([]);
  });

  it.each([
    ['PowerLoss', ['INTERRUPTION']],
    ['EmergencyStop', ['INTERRUPTION']],
    ['GroundFault', ['INTERRUPTION']],
    ['Local', []],
    ['Remote', []],
    ['EVDisconnected', []],
  ])('of a session that ended by %s: %j', (stopReason, told) => {
    const story = new Story().power(0, flat(11_000, 5));
    expect(story.now({ facts: ended({ stopReason }) }).now({}).told).toEqual(told);
    expect(new Story().now({ facts: ended({ stopReason, chargedMs: 0 }) }).told).toEqual([]);
  });

  it('is none of a car that was full when its connector faulted or its session ended', () => {
    const full = { ...inState('SUSPENDED_EV', 5), full: { since: minute(5) } };
    // A fault is a state of its own as well (1.6).
    const faulted = (at: number) => ({
      ...inState('SUSPENDED_EVSE', at),
      full: { since: minute(5), until: minute(at) },
    });
    const told = (at: number) =>
      new Story()
        .power(0, flat(11_000, 5))
        .now({ facts: full })
        .now({ facts: faulted(at), faultedAt: minute(at) }).told;
    expect(told(90)).toEqual([]);
    expect(told(5.5)).toEqual(['INTERRUPTION']);
    const lost = (since: number) => {
      const facts = ended({ stopReason: 'PowerLoss', full: { since: minute(since) } });
      return new Story().power(0, flat(11_000, 5)).now({ facts }).told;
    };
    expect(lost(5)).toEqual([]);
    expect(lost(29.5)).toEqual(['INTERRUPTION']);
  });

  it('is a hint when the plug was pulled while power flowed', () => {
    const pulled = { facts: ended({ stopReason: 'EVDisconnected', endedCharging: true }) };
    const story = new Story().power(0, flat(11_000, 5)).now(pulled);
    expect(story.findings.at(-1)).toMatchObject({ kind: 'INTERRUPTION', confidence: 0.5 });
    expect(new Story().power(0, flat(11_000, 5), { socPercent: 90 }).now(pulled).told).toEqual([]);
  });
});

describe('whatever the readings', () => {
  const sample = fc.record({
    at: fc.integer({ min: -10, max: 180 }).map(minute),
    powerW: fc.option(fc.integer({ min: 0, max: 150_000 }), { nil: undefined }),
    energyMwh: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
    socPercent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    offeredMa: fc.option(fc.integer({ min: 0, max: 63_000 }), { nil: undefined }),
    live: fc.boolean(),
  });
  const around = fc.record({
    facts: fc.constantFrom(
      CHARGING,
      inState('SUSPENDED_EV', 20),
      inState('SUSPENDED_EVSE', 30),
      ended(),
      ended({ stopReason: 'PowerLoss' }),
    ),
    limitMa: fc.option(fc.integer({ min: 0, max: 32_000 }), { nil: undefined }),
    faultedAt: fc.option(fc.constant(minute(40)), { nil: undefined }),
    now: fc.option(fc.constantFrom(minute(10), minute(70)), { nil: undefined }),
  });

  it('kinds open and close in turn, confidence is a share, and the state stays small', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, around), { maxLength: 80 }), (steps) => {
        const story = new Story();
        for (const [each, beside] of steps) {
          story.around = beside;
          story.sample(each);
        }
        for (const kind of ['ZERO_ENERGY', 'POWER_DROP', 'INTERRUPTION', 'NO_READINGS']) {
          const turns = story.told.filter((told) => told.endsWith(kind));
          expect(turns).toEqual(turns.map((_, index) => (index % 2 === 0 ? kind : `-${kind}`)));
        }
        for (const finding of story.findings) {
          if (finding.type === 'DETECTED') {
            expect(finding.confidence).toBeGreaterThan(0);
            expect(finding.confidence).toBeLessThan(1);
            expect(explain(finding.kind, finding.cause, finding.evidence)).not.toMatch(/undefined|NaN/);
          }
        }
        expect(JSON.stringify(story.state).length).toBeLessThan(900);
      }),
    );
  });

  it('nothing is found in back-fill of a running session', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const story = new Story();
        for (const each of samples) story.sample({ ...each, live: false });
        expect(story.told).toEqual([]);
      }),
    );
  });

  it('the state survives being stored as JSON between readings', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
        let stored = newState();
        const kept = newState();
        for (const each of samples) {
          observe(kept, each, { facts: CHARGING });
          stored = JSON.parse(JSON.stringify(stored)) as DetectorState;
          observe(stored, each, { facts: CHARGING });
          expect(detect(stored, { facts: CHARGING })).toEqual(detect(kept, { facts: CHARGING }));
        }
      }),
    );
  });
});
