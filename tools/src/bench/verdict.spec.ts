import { describe, expect, it } from 'vitest';
import type { LoadResult } from './load.js';
import {
  cheapest,
  disturbance,
  judgeCost,
  judgeCurve,
  judgeGrowth,
  judgeIdle,
  judgeJoin,
  judgeOpenLoop,
  judgeRows,
} from './verdict.js';

const costing = (cpuMsPerMessageAll: number): LoadResult => ({
  messages: 1,
  messagesPerSecond: 1,
  p50Ms: 1,
  p99Ms: 1,
  maxMs: 1,
  cpuMsPerMessage: new Map(),
  cpuMsPerMessageAll,
  postgresByService: new Map(),
  othersShare: 0,
  sentAgain: 0,
});

describe('the verdict on the cost of a message', () => {
  it.each([
    [0.999, true, 'PASS  50 chargers: 0.999 CPU-ms a message, at most 1.000'],
    [1, true, 'PASS  50 chargers: 1.000 CPU-ms a message, at most 1.000'],
    [1.001, false, 'FAIL  50 chargers: 1.001 CPU-ms a message, at most 1.000'],
  ])('of %f', (cost, passed, line) => {
    expect(judgeCost('50 chargers', costing(cost), 1)).toEqual({ passed, line });
  });
});

describe('the verdict on growth', () => {
  it.each([
    [0.8, 0.87, true, 'PASS  history: +8.7 % CPU a message, at most +10.0 %'],
    [0.8, 0.9, false, 'FAIL  history: +12.5 % CPU a message, at most +10.0 %'],
    [0.8, 0.76, true, 'PASS  history: -5.0 % CPU a message, at most +10.0 %'],
  ])('from %f to %f', (few, many, passed, line) => {
    expect(judgeGrowth('history', costing(few), costing(many))).toEqual({
      passed,
      line,
    });
  });

  it('and every other verdict fails where nothing was measured', () => {
    expect(judgeCost('x', costing(NaN), 1).passed).toBe(false);
    expect(judgeGrowth('x', costing(NaN), costing(1)).passed).toBe(false);
  });
});

describe('the verdict on the open loop', () => {
  it.each([
    [500, 49.9, true, 'PASS  rate: 99 of 100 answers within 49.9 ms of their time, less than 50'],
    [500, 50, false, 'FAIL  rate: 99 of 100 answers within 50.0 ms of their time, less than 50'],
    [
      400,
      3,
      false,
      'FAIL  rate: 99 of 100 answers within 3.0 ms of their time, less than 50; 400 messages instead of 500',
    ],
    [0, 0, false, expect.stringContaining('0 messages instead of 500')],
  ])('of %d messages with a p99 of %d ms', (messages, p99Ms, passed, line) => {
    expect(judgeOpenLoop('rate', { messages, p99Ms }, 500)).toEqual({ passed, line });
  });
});

describe('the verdict on a fleet that joins', () => {
  const joining = (lastBootedAfterMs: number, maxMs: number, messages = 9_000) =>
    judgeJoin({ joined: 500, lastBootedAfterMs, refusals: 3, working: { ...costing(1), messages, maxMs } });

  it.each([
    [30_000, 1_000, [true, true]],
    [30_001, 1_000, [false, true]],
    [4_000, 1_001, [true, false]],
  ])('booted after %d ms, longest answer of the others %d ms', (booted, longest, passed) => {
    expect(joining(booted, longest).map((one) => one.passed)).toEqual(passed);
  });

  it('fails when nobody was at work', () => {
    expect(joining(1, 0, 0)[1]!.passed).toBe(false);
  });
});

describe('the verdict on an idle connection', () => {
  const idle = (kbAll: number, connections = 4_000) =>
    judgeIdle({ connections, kbAll, kb: new Map(), liveKb: new Map() });

  it('counts all processes', () => {
    expect(idle(20)).toEqual({
      passed: true,
      line: 'PASS  idle connection: 20.0 KB in all processes, at most 20',
    });
    expect(idle(20.1)!.passed).toBe(false);
  });

  it('is none when there were too few to tell', () => {
    expect(idle(3, 400)).toBeUndefined();
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

describe('the verdict on readings', () => {
  it('counts the CPU of metering and Postgres, and nobody else’s', () => {
    const cpuMsPerMessage = new Map([
      ['metering', 0.01],
      ['postgres', 0.015],
      ['auth', 5],
    ]);
    const rows =
      'readings from gRPC to commit: 40,000 rows per CPU-second of metering and Postgres, at least';
    expect(judgeRows({ cpuMsPerMessage }, 40_000).line).toBe(`PASS  ${rows} 40,000`);
    expect(judgeRows({ cpuMsPerMessage }, 50_000).line).toBe(`FAIL  ${rows} 50,000`);
  });

  it.each([
    [2.5, true],
    [2.7, false],
  ])('compares a look at a curve: 2 -> %s ms', (after, passed) => {
    expect(judgeCurve([1_000_000, 20_000_000], [2, after], 1.3).passed).toBe(passed);
  });
});
