import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  chargingMs,
  estimateAt,
  learnCar,
  UNKNOWN_CAR,
  type CarCurve,
  type SocPoint,
} from './charging-forecast.js';
import type { TimedReading } from './reading.js';

const START = Date.parse('2026-03-01T10:00:00Z');
const at = (minute: number) => new Date(START + minute * 60_000);
const soc = (minute: number, socPercent: number): TimedReading => ({
  at: at(minute),
  context: 'PERIODIC',
  socPercent,
  deviations: [],
});

/** A car that charges as its curve says, a reading a minute. */
function charge(
  car: { capacityWh: number; takes: (soc: number) => number },
  from: number,
  limitW: number,
): (TimedReading & SocPoint)[] {
  const readings: (TimedReading & SocPoint)[] = [];
  let [level, wh] = [from, 1_000];
  for (let minute = 0; level < 100 && minute < 3_000; minute += 1) {
    const powerW = Math.min(limitW, car.takes(level));
    readings.push({
      at: at(minute),
      context: minute === 0 ? 'BEGIN' : 'PERIODIC',
      socPercent: Math.floor(level * 2) / 2,
      powerW: Math.round(powerW),
      energyImportMwh: Math.round(wh * 1_000),
      deviations: [],
    });
    wh += powerW / 60;
    level += (powerW / 60 / car.capacityWh) * 100;
  }
  return readings;
}

const slowTaper = {
  capacityWh: 60_000,
  takes: (level: number) => (level < 40 ? 110_000 : Math.max(4_000, 110_000 - (level - 40) * 1_800)),
};
const flat = {
  capacityWh: 77_000,
  takes: (level: number) => (level < 78 ? 125_000 : Math.max(5_000, 125_000 - (level - 78) * 5_600)),
};

/** Mean of |told - true| / true, told at each reading from the second on of what is left until `wanted`, %. */
function errorOf(readings: readonly TimedReading[], wanted: number, car: CarCurve): number {
  const reached = readings.find(({ socPercent = 0 }) => socPercent >= wanted)!.at.getTime();
  const errors = readings.flatMap((reading, i) => {
    const left = reached - reading.at.getTime();
    if (i < 5 || left < 5 * 60_000) return [];
    const told = estimateAt(readings.slice(0, i + 1), { soc: wanted }, car);
    return told ? [(Math.abs(told.getTime() - reached) / left) * 100] : [];
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

describe('when a state of charge is reached', () => {
  it('is told by the pace alone, half as fast in the last fifth, when neither power nor battery is known', () => {
    expect(estimateAt([soc(0, 40), soc(10, 50)], { soc: 100 })).toEqual(at(10 + 30 + 40));
    expect(estimateAt([soc(0, 40), soc(10, 50)], { soc: 70 })).toEqual(at(10 + 20));
    expect(estimateAt([soc(0, 85), soc(10, 90)], { soc: 95 })).toEqual(at(10 + 20));
  });

  it('is not told when it is reached, does not rise, or is not said', () => {
    expect(estimateAt([], { soc: 100 })).toBeUndefined();
    expect(
      estimateAt([{ ...soc(0, 0), socPercent: undefined as never, powerW: 1_000 }], { soc: 100 }),
    ).toBeUndefined();
    expect(estimateAt([soc(0, 50), soc(10, 50)], { soc: 100 })).toBeUndefined();
    expect(estimateAt([soc(0, 90), soc(10, 100)], { soc: 100 })).toBeUndefined();
    expect(estimateAt([soc(0, 60), soc(10, 70)], { soc: 65 })).toBeUndefined();
  });

  it('is later when less is offered from now on', () => {
    const readings = charge(flat, 20, 22_000).slice(0, 30);
    const last = { ...readings.at(-1)!, currentMa: 32_000 };
    const before = estimateAt(
      [...readings, { ...last, offeredCurrentMa: 32_000 }],
      { soc: 80 },
      UNKNOWN_CAR,
    )!;
    const after = estimateAt([...readings, { ...last, offeredCurrentMa: 16_000 }], { soc: 80 }, UNKNOWN_CAR)!;
    const left = (told: Date) => told.getTime() - last.at.getTime();
    expect(left(after) / left(before)).toBeCloseTo(2, 1);
  });

  it('is exact where a limit holds the car back all the way', () => {
    for (const limit of [3_700, 11_000])
      expect(errorOf(charge(flat, 20, limit), 80, UNKNOWN_CAR)).toBeLessThan(4);
  });

  it.each([
    ['a car that slows down early', slowTaper],
    ['a car that holds on for long', flat],
  ])('is told better by its earlier sessions: %s', (_name, car) => {
    const earlier = learnCar([charge(car, 12, 300_000), charge(car, 30, 11_000)]);
    expect(earlier.capacityMwh! / 1000).toBeGreaterThan(car.capacityWh * 0.97);
    expect(earlier.capacityMwh! / 1000).toBeLessThan(car.capacityWh * 1.03);
    const now = charge(car, 18, 300_000);
    const [known, unknown] = [errorOf(now, 80, earlier), errorOf(now, 80, UNKNOWN_CAR)];
    expect(known).toBeLessThan(8);
    expect(known).toBeLessThan(unknown);
    expect(unknown).toBeLessThan(40);
    expect(errorOf(now, 95, earlier)).toBeLessThan(13);
  });
});

describe('when an energy is reached', () => {
  it('is told by power when nothing is known of the battery, and by its curve when it is', () => {
    const readings = charge(flat, 20, 11_000).slice(0, 31);
    const bare = readings.map(({ socPercent: _soc, ...rest }) => rest);
    // 30 minutes at 11 kW are 5.5 kWh; 5.5 more take as long.
    for (const given of [bare, readings]) {
      const told = estimateAt(given, { energyMwh: 11_000_000 })!;
      expect(Math.abs(told.getTime() - at(60).getTime())).toBeLessThan(60_000);
    }
    expect(estimateAt(readings, { energyMwh: 5_000_000 })).toBeUndefined();
    // More than fits into the battery.
    expect(estimateAt(readings, { energyMwh: 200_000_000 })).toBeUndefined();
  });
});

describe('learning a car', () => {
  it('needs a rise to tell the battery, and ignores what cannot be one', () => {
    expect(learnCar([])).toEqual({ capacityMwh: undefined, powerW: [] });
    const point = (minute: number, socPercent: number, wh: number): SocPoint => ({
      at: at(minute),
      socPercent,
      energyImportMwh: wh * 1_000,
    });
    expect(learnCar([[point(0, 50, 0), point(10, 52, 1_000)]]).capacityMwh).toBeUndefined();
    expect(learnCar([[point(0, 50, 0), point(10, 60, 10)]]).capacityMwh).toBeUndefined();
    expect(learnCar([[point(0, 50, 0), point(10, 60, 6_000)]]).capacityMwh).toBe(60_000_000);
  });
});

/** Real sessions of a 150 kW station (EPFL), which are no part of this repository: battery, states of charge, the most it took. */
const SESSIONS = process.env['KW_SESSION_DATA'] ?? '/work/shared/data/sessions/epfl-desl-dc-sessions.csv';

describe.skipIf(!existsSync(SESSIONS))(
  'backtest over real fast-charging sessions (skipped without KW_SESSION_DATA)',
  () => {
    it('tells the length of a charge from its first power within a third, in the middle of all of them', () => {
      const [head = '', ...lines] = readFileSync(SESSIONS, 'utf8').trim().split(/\r?\n/);
      const names = head.split(',');
      const errors: number[] = [];
      const signed: number[] = [];
      for (const line of lines) {
        const cells = line.split(',');
        const of = (name: string) => Number(cells[names.indexOf(name)]);
        const [from, to, capacity, minutes] = [
          of('soc_arrival'),
          of('soc_departure'),
          of('capacity_kwh'),
          of('stay_min'),
        ];
        const energy = of('energy_kwh');
        const usable =
          to - from >= 10 && capacity > 10 && minutes >= 5 && minutes <= 120 && of('pmax_w') > 5_000;
        // Sessions whose figures contradict each other say nothing about a forecast.
        if (!usable || Math.abs(energy / (((to - from) / 100) * capacity) - 1) > 0.25) continue;
        const told = chargingMs(from, to, capacity * 1e6, of('pmax_w')) / 60_000;
        errors.push((Math.abs(told - minutes) / minutes) * 100);
        signed.push(((told - minutes) / minutes) * 100);
      }
      const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
      process.stdout.write(
        `forecast over ${errors.length} sessions: median error ${median(errors).toFixed(1)} %, median bias ${median(signed).toFixed(1)} %\n`,
      );
      expect(errors.length).toBeGreaterThan(200);
      expect(median(errors)).toBeLessThan(33);
    });
  },
);
