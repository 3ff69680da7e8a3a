import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadingContext, TimedReading } from './reading.js';
import { sessionEnergy } from './session-energy.js';

const START = Date.parse('2026-03-01T10:00:00Z');
const UNKNOWN = { maxPowerW: 0 };

const register = (minute: number, wh: number, context: ReadingContext = 'PERIODIC'): TimedReading => ({
  at: new Date(START + minute * 60_000),
  context,
  energyImportMwh: wh * 1000,
  deviations: [],
});
const power = (minute: number, powerW: number): TimedReading => ({
  at: new Date(START + minute * 60_000),
  context: 'PERIODIC',
  powerW,
  deviations: [],
});

describe('energy of a session', () => {
  it('is the end register minus the begin register', () => {
    const energy = sessionEnergy(
      [register(0, 5000, 'BEGIN'), register(30, 7000), register(60, 9500, 'END')],
      UNKNOWN,
    );
    expect(energy).toMatchObject({
      energyMwh: 4_500_000,
      verdict: 'MEASURED',
      beginMwh: 5_000_000,
      endMwh: 9_500_000,
    });
    expect(energy.intervals.map((interval) => interval.energyMwh)).toEqual([2_000_000, 2_500_000]);
  });

  it('stays with the end that was told first, whatever a stop says that is told again', () => {
    const told = (reading: TimedReading, minute: number): TimedReading => ({
      ...reading,
      receivedAt: new Date(START + minute * 60_000),
    });
    const readings = [
      told(register(0, 1000, 'BEGIN'), 0),
      told(register(60, 6000, 'END'), 60),
      told(register(61, 9000, 'END'), 61),
    ];
    for (const order of [readings, [...readings].reverse()]) {
      const energy = sessionEnergy(order, UNKNOWN);
      expect(energy).toMatchObject({ energyMwh: 5_000_000, deviations: ['end_told_again'] });
    }
  });

  it('goes by first and last register when begin and end are not marked', () => {
    expect(sessionEnergy([register(5, 100), register(15, 250)], UNKNOWN)).toMatchObject({
      energyMwh: 150_000,
      verdict: 'MEASURED',
    });
  });

  it('goes by begin and end when the clock was set back in between', () => {
    const received = (reading: TimedReading, minute: number): TimedReading => ({
      ...reading,
      receivedAt: new Date(START + minute * 60_000),
    });
    const energy = sessionEnergy(
      [
        received(register(60, 5000, 'BEGIN'), 0),
        received(register(20, 7000), 20),
        received(register(40, 9500, 'END'), 40),
      ],
      { maxPowerW: 11_000 },
    );
    expect(energy).toMatchObject({
      energyMwh: 4_500_000,
      verdict: 'MEASURED',
      beginMwh: 5_000_000,
      endMwh: 9_500_000,
      deviations: ['clock_set_back'],
    });
    expect(energy.intervals).toEqual([
      { from: register(40, 0).at, to: register(60, 0).at, energyMwh: 4_500_000 },
    ]);
  });

  it('tells a long session in few enough intervals to be announced, without losing energy', () => {
    const readings = Array.from({ length: 20_001 }, (_, i) => register(i / 6, 1000 + i));
    const { intervals, energyMwh } = sessionEnergy(readings, UNKNOWN);
    expect(intervals.length).toBeLessThanOrEqual(2_000);
    expect(intervals.reduce((sum, interval) => sum + interval.energyMwh, 0)).toBe(energyMwh);
    expect(energyMwh).toBe(20_000_000);
    expect(intervals[0]!.from).toEqual(readings[0]!.at);
    expect(intervals.at(-1)!.to).toEqual(readings.at(-1)!.at);
    expect(
      intervals.every(({ from }, i) => i === 0 || from.getTime() === intervals[i - 1]!.to.getTime()),
    ).toBe(true);
  });

  it('does not count registers after the end or before the begin', () => {
    const readings = [
      register(-5, 10),
      register(0, 100, 'BEGIN'),
      register(20, 300, 'END'),
      register(25, 900),
    ];
    expect(sessionEnergy(readings, UNKNOWN).energyMwh).toBe(200_000);
  });

  it('Q37: bills nothing when the end lies below the begin by rounding', () => {
    const energy = sessionEnergy([register(0, 1000, 'BEGIN'), register(10, 999, 'END')], UNKNOWN);
    expect(energy).toMatchObject({ energyMwh: 0, verdict: 'MEASURED', deviations: ['register_rounding'] });
  });

  it('goes by the closing register when it is coarser than the last sample', () => {
    const energy = sessionEnergy(
      [register(0, 0, 'BEGIN'), register(5, 12.1), register(6, 12.22), register(7, 12, 'END')],
      UNKNOWN,
    );
    expect(energy).toMatchObject({
      energyMwh: 12_000,
      verdict: 'MEASURED',
      deviations: ['register_rounding'],
    });
    expect(energy.intervals.map((interval) => interval.energyMwh)).toEqual([12_000, 0, 0]);
  });

  it('Q40: takes two readings of one instant in the order of their registers', () => {
    const readings = [register(0, 0, 'BEGIN'), register(5, 30), register(5, 20), register(6, 30, 'END')];
    expect(sessionEnergy(readings, UNKNOWN)).toMatchObject({ energyMwh: 30_000, verdict: 'MEASURED' });
  });

  it('Q36: segments at a register reset and disputes the result', () => {
    const energy = sessionEnergy(
      [register(0, 50_000, 'BEGIN'), register(10, 51_000), register(20, 0), register(30, 700, 'END')],
      UNKNOWN,
    );
    expect(energy).toMatchObject({
      energyMwh: 1_700_000,
      verdict: 'DISPUTED',
      deviations: ['register_reset'],
    });
  });

  it('Q36: recognises samples counted from the session start between lifetime registers', () => {
    const energy = sessionEnergy(
      [register(0, 90_000, 'BEGIN'), register(10, 0), register(20, 800), register(30, 91_500, 'END')],
      UNKNOWN,
    );
    expect(energy).toMatchObject({
      energyMwh: 1_500_000,
      verdict: 'MEASURED',
      deviations: ['session_relative_samples'],
    });
    expect(energy.intervals.reduce((sum, interval) => sum + interval.energyMwh, 0)).toBe(1_500_000);
  });

  it('disputes more energy than the connector can give', () => {
    const energy = sessionEnergy([register(0, 0, 'BEGIN'), register(60, 100_000, 'END')], {
      maxPowerW: 22_000,
    });
    expect(energy).toMatchObject({ verdict: 'DISPUTED', deviations: ['energy_above_connector_maximum'] });
  });

  it('Q34: disputes a register that disagrees a thousandfold with the power, and mends nothing', () => {
    const readings = [register(0, 0, 'BEGIN'), power(0, 10_000), power(60, 10_000), register(60, 10, 'END')];
    expect(sessionEnergy(readings, UNKNOWN)).toMatchObject({
      verdict: 'DISPUTED',
      deviations: ['energy_power_mismatch', 'kwh_labelled_wh'],
    });
  });

  it('Q40: takes clock-aligned samples among the periodic ones, in whatever order they come', () => {
    const readings = [
      register(10, 900),
      register(0, 0, 'BEGIN'),
      register(7.5, 700),
      register(15, 1_200, 'END'),
      register(5, 400),
    ];
    const energy = sessionEnergy(readings, UNKNOWN);
    expect(energy).toMatchObject({ energyMwh: 1_200_000, verdict: 'MEASURED', deviations: [] });
    expect(energy.intervals.map((interval) => interval.energyMwh / 1000)).toEqual([400, 300, 200, 300]);
  });

  it('wire: repeated samples: libocpp repeats every sample at the end, and nothing is summed', () => {
    const periodic = [register(5, 400), register(10, 900)];
    const begin = register(0, 0, 'BEGIN');
    const repeated = [begin, ...periodic, register(15, 1_200, 'END')];
    expect(sessionEnergy([begin, ...periodic, ...repeated], UNKNOWN)).toMatchObject({
      energyMwh: 1_200_000,
      verdict: 'MEASURED',
      deviations: [],
    });
  });

  it('integrates power, marked as an estimate, when there is no register', () => {
    const energy = sessionEnergy([power(0, 6000), power(30, 6000), power(60, 12_000)], UNKNOWN);
    expect(energy).toMatchObject({ energyMwh: 7_500_000, verdict: 'ESTIMATED', deviations: ['no_register'] });
  });

  it('Q38: says so when nothing was measured at all', () => {
    expect(sessionEnergy([], UNKNOWN)).toMatchObject({
      energyMwh: 0,
      verdict: 'ESTIMATED',
      deviations: ['no_readings'],
    });
  });

  it('is the same for any order and repetition of the readings', () => {
    const readings = [0, 400, 900, 1500, 2600].map((wh, i) =>
      register(i * 10, 10_000 + wh, i === 0 ? 'BEGIN' : i === 4 ? 'END' : 'PERIODIC'),
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...readings, ...readings], { minLength: 10, maxLength: 10 }),
        (mixed) => {
          expect(sessionEnergy(mixed, UNKNOWN).energyMwh).toBe(2_600_000);
        },
      ),
    );
  });

  it('has intervals without gaps whose energies sum to the whole, never negative', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 30 }),
        (registers) => {
          const energy = sessionEnergy(
            registers.map((wh, i) => register(i * 5, wh)),
            UNKNOWN,
          );
          expect(energy.intervals.reduce((sum, interval) => sum + interval.energyMwh, 0)).toBe(
            energy.energyMwh,
          );
          energy.intervals.forEach((interval, i) => {
            expect(interval.energyMwh).toBeGreaterThanOrEqual(0);
            const next = energy.intervals[i + 1];
            if (next) expect(next.from).toEqual(interval.to);
          });
        },
      ),
    );
  });

  describe('falls back, and says to what', () => {
    const interval = (
      minute: number,
      wh: number,
      key: 'energyIntervalMwh' | 'clockIntervalMwh' = 'energyIntervalMwh',
    ) => ({
      ...power(minute, 6_000),
      [key]: wh * 1000,
    });
    const sources: [string, TimedReading[], object][] = [
      [
        'registers of the transaction',
        [register(0, 0, 'BEGIN'), interval(30, 9_999), register(60, 500, 'END')],
        { source: 'TRANSACTION', energyMwh: 500_000, verdict: 'MEASURED' },
      ],
      [
        'first and last register',
        [register(0, 0, 'BEGIN'), register(30, 3_000), interval(60, 9_999)],
        { source: 'SAMPLES', energyMwh: 3_000_000, verdict: 'MEASURED' },
      ],
      [
        'the sum of intervals, one for each instant',
        [register(0, 100, 'BEGIN'), interval(30, 2_900), interval(30, 2_900), interval(60, 3_100)],
        { source: 'INTERVALS', energyMwh: 6_000_000, verdict: 'MEASURED', beginMwh: 100_000 },
      ],
      [
        'intervals of the clock when there are no others',
        [interval(15, 1_500, 'clockIntervalMwh'), interval(30, 1_500, 'clockIntervalMwh')],
        { source: 'INTERVALS', energyMwh: 3_000_000, verdict: 'MEASURED' },
      ],
      [
        'the integral of power',
        [power(0, 6_000), power(60, 6_000)],
        { source: 'POWER', energyMwh: 6_000_000, verdict: 'ESTIMATED' },
      ],
      ['nothing', [], { source: 'NONE', energyMwh: 0, verdict: 'ESTIMATED' }],
    ];
    it.each(sources)('%s', (_name, readings, expected) => {
      expect(sessionEnergy(readings, UNKNOWN)).toMatchObject(expected);
    });

    it('does not add intervals of the clock to those of the session, which they lie across', () => {
      const readings = [interval(10, 1_000), interval(15, 1_500, 'clockIntervalMwh'), interval(20, 1_000)];
      expect(sessionEnergy(readings, UNKNOWN)).toMatchObject({ energyMwh: 2_000_000 });
    });

    it('disputes intervals that are more than the connector can give', () => {
      expect(sessionEnergy([interval(10, 1), interval(20, 90_000)], { maxPowerW: 22_000 })).toMatchObject({
        verdict: 'DISPUTED',
        source: 'INTERVALS',
        deviations: ['energy_above_connector_maximum', 'sum_of_intervals'],
      });
    });

    it('does not guess what was drawn in hours without a word', () => {
      expect(sessionEnergy([power(0, 6_000), power(30, 6_000), power(300, 6_000)], UNKNOWN)).toMatchObject({
        energyMwh: 3_000_000,
        verdict: 'ESTIMATED',
        deviations: ['no_register', 'power_gap'],
      });
    });
  });

  describe('traps', () => {
    const limits = { maxPowerW: 22_000 };

    it('a counter that begins anew is told from a reset, counted through, and held for review', () => {
      const readings = [register(0, 99_998_000, 'BEGIN'), register(10, 99_999_500), register(20, 700, 'END')];
      expect(sessionEnergy(readings, limits)).toMatchObject({
        energyMwh: 2_700_000,
        verdict: 'DISPUTED',
        deviations: ['register_rollover'],
      });
      const reset = [register(0, 99_000_000, 'BEGIN'), register(10, 99_001_500), register(20, 700, 'END')];
      expect(sessionEnergy(reset, limits)).toMatchObject({
        energyMwh: 1_500_000,
        verdict: 'DISPUTED',
        deviations: ['register_reset'],
      });
    });

    it('power that is told every two hours makes no lie of registers', () => {
      const rare = [0, 120, 240, 360, 480, 481].map((minute) => power(minute, 11_000));
      const readings = [register(0, 0, 'BEGIN'), ...rare, register(481, 88_000, 'END')];
      expect(sessionEnergy(readings, limits)).toMatchObject({
        energyMwh: 88_000_000,
        verdict: 'MEASURED',
        deviations: [],
      });
    });

    it('a single sample off the line is left out, and billed by begin and end', () => {
      const dip = [register(0, 50_000, 'BEGIN'), register(10, 51_000), register(11, 0), register(12, 51_200), register(20, 52_000, 'END')]; // prettier-ignore
      expect(sessionEnergy(dip, limits)).toMatchObject({
        energyMwh: 2_000_000,
        verdict: 'MEASURED',
        deviations: ['register_glitch'],
      });
      const jump = [register(0, 50_000, 'BEGIN'), register(10, 9_000_000), register(20, 52_000, 'END')];
      expect(sessionEnergy(jump, limits)).toMatchObject({
        energyMwh: 2_000_000,
        verdict: 'MEASURED',
        deviations: ['register_glitch'],
      });
    });

    it('lifetime samples between registers that count from the session start', () => {
      const readings = [register(0, 0, 'BEGIN'), register(10, 90_100), register(20, 90_900), register(30, 1_500, 'END')]; // prettier-ignore
      const energy = sessionEnergy(readings, limits);
      expect(energy).toMatchObject({
        energyMwh: 1_500_000,
        verdict: 'MEASURED',
        deviations: ['session_relative_registers'],
      });
      expect(energy.intervals.map(({ energyMwh }) => energyMwh / 1000)).toEqual([0, 800, 700]);
    });

    it('Wh labelled kWh shows without any power: a thousandth is what the connector can give', () => {
      const readings = [register(0, 0, 'BEGIN'), register(60, 10_000_000, 'END')];
      for (const maxPowerW of [22_000, 0])
        expect(sessionEnergy(readings, { maxPowerW })).toMatchObject(
          maxPowerW === 0
            ? { verdict: 'DISPUTED', deviations: ['energy_above_connector_maximum'] }
            : { verdict: 'DISPUTED', deviations: ['energy_above_connector_maximum', 'wh_labelled_kwh'] },
        );
    });

    it('kWh labelled Wh shows against current and voltage as well', () => {
      const driven = (minute: number): TimedReading => ({
        ...power(minute, 0),
        powerW: undefined as never,
        currentMa: 16_000,
        voltageMv: 230_000,
      });
      const readings = [register(0, 0, 'BEGIN'), driven(0), driven(30), driven(60), register(60, 11, 'END')];
      expect(sessionEnergy(readings, UNKNOWN)).toMatchObject({
        verdict: 'DISPUTED',
        deviations: ['energy_power_mismatch', 'kwh_labelled_wh'],
      });
    });

    it('values after the end are recorded, and not billed', () => {
      const readings = [register(0, 0, 'BEGIN'), register(20, 300, 'END'), register(25, 900)];
      expect(sessionEnergy(readings, UNKNOWN)).toMatchObject({
        energyMwh: 300_000,
        verdict: 'MEASURED',
        deviations: ['values_after_end'],
      });
    });

    it.each([
      [-3_600, ['clock_off']],
      [75, ['clock_off']],
      [20, []],
    ])('a clock that is %s s off', (clockOffsetSeconds, deviations) => {
      const readings = [register(0, 0, 'BEGIN'), register(20, 300, 'END')];
      expect(sessionEnergy(readings, { maxPowerW: 0, clockOffsetSeconds })).toMatchObject({
        verdict: 'MEASURED',
        deviations,
      });
    });
  });

  describe('of a charger that tells its local time as UTC (Q18)', () => {
    const startedAt = new Date(START);
    const twoHoursAhead = { maxPowerW: 0, startedAt, clockOffsetSeconds: 7_200 };
    const minutesOf = (readings: TimedReading[], limits = twoHoursAhead) =>
      sessionEnergy(readings, limits).intervals.map(({ from, to }) =>
        [from, to].map((at) => (at.getTime() - START) / 60_000),
      );

    it('lies within its session, whose times are ours', () => {
      const readings = [register(120, 0, 'BEGIN'), register(150, 300), register(180, 500, 'END')];
      expect(sessionEnergy(readings, twoHoursAhead)).toMatchObject({
        energyMwh: 500_000,
        verdict: 'MEASURED',
      });
      expect(minutesOf(readings)).toEqual([
        [0, 30],
        [30, 60],
      ]);
    });

    it('lies at its own hours when the clock was set right two minutes after the start', () => {
      const heard = (minute: number, aheadMinutes: number, wh: number, context?: ReadingContext) => ({
        ...register(minute + aheadMinutes, wh, context),
        receivedAt: new Date(START + minute * 60_000),
      });
      const readings = [
        heard(0, 10, 0, 'BEGIN'),
        heard(1, 10, 100),
        ...[3, 10, 20, 40].map((minute) => heard(minute, 0, minute * 100)),
        heard(60, 0, 6_000, 'END'),
      ];
      const limits = { ...twoHoursAhead, clockOffsetSeconds: 600 };
      expect(sessionEnergy(readings, limits)).toMatchObject({ energyMwh: 6_000_000, verdict: 'MEASURED' });
      expect(minutesOf(readings, limits).flat()).toEqual([0, 1, 1, 3, 3, 10, 10, 20, 20, 40, 40, 60]);
    });

    it('lies within its session when all of it is told at the end', () => {
      const readings = [register(120, 0, 'BEGIN'), register(150, 300), register(300, 500, 'END')];
      const told = readings.map((reading) => ({ ...reading, receivedAt: new Date(START + 180 * 60_000) }));
      expect(minutesOf(told)).toEqual([
        [0, 30],
        [30, 180],
      ]);
    });

    it('takes the readings of a clock that was set right in between as they are', () => {
      const readings = [register(120, 0, 'BEGIN'), register(30, 300), register(60, 500, 'END')];
      expect(minutesOf(readings)).toEqual([
        [0, 30],
        [30, 60],
      ]);
    });

    it.each([-7_200, 240])('a clock that is %s s off is believed, as its session believes it', (seconds) => {
      const readings = [register(0, 0, 'BEGIN'), register(30, 500, 'END')];
      expect(minutesOf(readings, { ...twoHoursAhead, clockOffsetSeconds: seconds })).toEqual([[0, 30]]);
    });
  });

  it('knows what went back to the grid, from registers or from intervals', () => {
    const out = (minute: number, wh: number): TimedReading => ({
      ...power(minute, 0),
      energyExportMwh: wh * 1000,
    });
    expect(sessionEnergy([out(0, 50), out(10, 80), out(20, 95)], UNKNOWN).exportMwh).toBe(45_000);
    const reset = sessionEnergy([out(0, 50), out(10, 80), out(20, 5), out(30, 7)], UNKNOWN);
    expect(reset).toMatchObject({ exportMwh: 32_000 });
    expect(reset.deviations).toContain('export_register_reset');
    const told = [10, 20].map((minute): TimedReading => ({ ...power(minute, 0), exportIntervalMwh: 4_000 }));
    expect(sessionEnergy(told, UNKNOWN).exportMwh).toBe(8_000);
    expect(sessionEnergy([power(0, 1)], UNKNOWN).exportMwh).toBeUndefined();
  });

  it('tells the mean power and current of each interval, where they were measured', () => {
    const drawn = (minute: number, wh: number, powerW: number): TimedReading => ({
      ...register(minute, wh),
      powerW,
      currentMa: powerW * 4,
    });
    const { intervals } = sessionEnergy(
      [
        register(0, 0, 'BEGIN'),
        drawn(5, 100, 1_000),
        drawn(10, 200, 3_000),
        register(20, 300, 'END'),
        register(30, 300),
      ],
      UNKNOWN,
    );
    expect(intervals.map(({ powerW, currentMa }) => [powerW, currentMa])).toEqual([
      [1_000, 4_000],
      [3_000, 12_000],
      [undefined, undefined],
    ]);
  });

  it('tells the current of all phases, where power and voltage say what it is', () => {
    const readings = [
      register(0, 0, 'BEGIN'),
      { ...register(5, 100), powerW: 11_040, voltageMv: 230_000, currentMa: 16_000 },
      { ...register(10, 200), powerW: 3_680, voltageMv: 230_000, currentMa: 16_000 },
      { ...register(15, 300), voltageMv: 230_000, currentMa: 7_000 },
    ];
    const { intervals } = sessionEnergy(readings, UNKNOWN);
    expect(intervals.map(({ currentMa }) => currentMa)).toEqual([48_000, 16_000, 7_000]);
  });

  it('is, at each reading, what it will be when the session ends there: all but a stretch without energy', () => {
    const step = fc.record({
      seconds: fc.integer({ min: 1, max: 900 }),
      wh: fc.nat({ max: 300 }),
      powerW: fc.option(fc.nat({ max: 11_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 30 }),
        (steps, wait) => {
          let [seconds, wh] = [0, 1_000];
          const readings: TimedReading[] = [register(0, wh, 'BEGIN')];
          for (const { powerW, ...by } of steps) {
            [seconds, wh] = [seconds + by.seconds, wh + by.wh];
            readings.push({ ...register(seconds / 60, wh), ...(powerW === undefined ? {} : { powerW }) });
            const end = register(seconds / 60 + wait, wh, 'END');
            const running = sessionEnergy(readings, UNKNOWN);
            const ended = sessionEnergy([...readings, end], UNKNOWN);
            expect(ended.energyMwh).toBe(running.energyMwh);
            expect(ended.intervals.slice(0, -1)).toEqual(running.intervals);
            expect(ended.intervals.at(-1)).toEqual({ from: readings.at(-1)!.at, to: end.at, energyMwh: 0 });
          }
        },
      ),
    );
  });
});
