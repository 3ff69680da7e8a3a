import { describe, expect, it } from 'vitest';
import { flowOf, flowUntil, outletPowerW } from './power-guess.js';

const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 12, minute));
/** 3 kW, then 11 kW. */
const READ = [
  { from: at(0), to: at(4), energyMwh: 200_000 },
  { from: at(4), to: at(10), energyMwh: 1_100_000 },
];

describe('the present power', () => {
  it('is that of the last interval, in whatever order they are given', () => {
    const flow = flowOf([...READ].reverse(), true, 22_000);
    expect(flow.lastAt).toEqual(at(10));
    expect(flow.present * 3_600).toBeCloseTo(11_000, 6);
    expect(flowUntil(flow, at(0), flow.present, at(16))).toEqual([
      { from: at(10), to: at(16), energyMwh: 1_100_000 },
    ]);
  });

  it('is none while the car or the station holds back, or nobody knows', () => {
    expect(flowOf(READ, false, 22_000)).toMatchObject({ lastAt: at(10), present: 0 });
    expect(flowOf([], true, 22_000)).toMatchObject({ lastAt: undefined, present: 0 });
  });

  it('is never below nothing, nor more than the outlet gives, nor divided by no time', () => {
    const odd = (energyMwh: number, to = at(1)) =>
      flowOf([{ from: at(0), to, energyMwh }], true, 3_600).present;
    expect([odd(-5), odd(5, at(0))]).toEqual([0, 0]);
    expect(odd(9_000_000) * 3_600).toBeCloseTo(3_600, 6);
  });
});

describe('what is to flow', () => {
  it('begins with the session where nothing was told yet', () => {
    const flow = flowOf([], true, 3_600);
    expect(flowUntil(flow, at(0), flow.most, at(1))).toEqual([{ from: at(0), to: at(1), energyMwh: 60_000 }]);
  });

  it('is nothing at a time before the last reading', () => {
    expect(flowUntil(flowOf(READ, true, 22_000), at(0), 1, at(3))).toEqual([]);
  });
});

describe('what an outlet gives', () => {
  it.each([
    [{ maxCurrentA: 16, maxVoltageV: 230, phases: 3, powerType: 'AC_3_PHASE' }, 11_040],
    [{ maxCurrentA: 32, maxVoltageV: 400, phases: 1, powerType: 'AC_1_PHASE' }, 7_360],
    [{ maxCurrentA: 500, maxVoltageV: 920, phases: 0, powerType: 'DC' }, 460_000],
    [{ maxCurrentA: 0, maxVoltageV: 0, phases: 0, powerType: 'DC' }, 400_000],
    [{ maxCurrentA: 0, maxVoltageV: 0, phases: 0, powerType: '' }, 400_000],
    [{ maxCurrentA: 0, maxVoltageV: 0, phases: 3, powerType: 'AC_3_PHASE' }, 43_000],
  ])('%o: %i W', (outlet, watts) => {
    expect(outletPowerW(outlet)).toBe(watts);
  });
});
