import { describe, expect, it } from 'vitest';
import type { LoadResult } from './load.js';
import { cheapest, disturbance, judgeCost, judgeGrowth } from './verdict.js';

const targets = { cpuMsPerMessage: 1, growthPercent: 10 };
const costing = (cpuMsPerMessageAll: number): LoadResult => ({
  messages: 1,
  messagesPerSecond: 1,
  p50Ms: 1,
  p99Ms: 1,
  cpuMsPerMessage: new Map(),
  cpuMsPerMessageAll,
  othersShare: 0,
});

describe('the verdict on the cost of a message', () => {
  it.each([
    [0.999, true, 'PASS  50 chargers: 0.999 CPU-ms a message, at most 1.000'],
    [1, true, 'PASS  50 chargers: 1.000 CPU-ms a message, at most 1.000'],
    [1.001, false, 'FAIL  50 chargers: 1.001 CPU-ms a message, at most 1.000'],
  ])('of %f', (cost, passed, line) => {
    expect(judgeCost('50 chargers', costing(cost), targets)).toEqual({ passed, line });
  });
});

describe('the verdict on growth', () => {
  it.each([
    [0.8, 0.87, true, 'PASS  history: +8.7 % CPU a message, at most +10.0 %'],
    [0.8, 0.9, false, 'FAIL  history: +12.5 % CPU a message, at most +10.0 %'],
    [0.8, 0.76, true, 'PASS  history: -5.0 % CPU a message, at most +10.0 %'],
  ])('from %f to %f', (few, many, passed, line) => {
    expect(judgeGrowth('history', costing(few), costing(many), targets)).toEqual({
      passed,
      line,
    });
  });

  it('and every other verdict fails where nothing was measured', () => {
    expect(judgeCost('x', costing(NaN), targets).passed).toBe(false);
    expect(judgeGrowth('x', costing(NaN), costing(1), targets).passed).toBe(false);
  });
});

describe('several runs of one load', () => {
  it('count with the one that was disturbed least', () => {
    expect(cheapest([costing(3), costing(1), costing(2)]).cpuMsPerMessageAll).toBe(1);
    expect(() => cheapest([])).toThrow(/no result/);
  });
});

describe('a machine that is busy with something else', () => {
  it('is told with the verdict', () => {
    expect(disturbance([{ othersShare: 0.02 }, { othersShare: 0.1 }])).toBeUndefined();
    expect(disturbance([{ othersShare: 0.02 }, { othersShare: 0.47 }])).toMatch(
      /^DISTURBED {2}other processes took up to 47 % of the machine/,
    );
  });
});
