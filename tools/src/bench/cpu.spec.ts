import { describe, expect, it } from 'vitest';
import {
  machineCpuMs,
  parseMachine,
  parseStat,
  serviceOf,
  spent,
  spentByService,
  total,
  usageOf,
} from './cpu.js';

describe('process usage', () => {
  it('counts fields after a command name with blanks and parentheses', () => {
    const fields = ['S', '1', ...Array.from({ length: 50 }, (_, i) => String(i))];
    const stat = parseStat(`42 (my (odd) name) ${fields.join(' ')}`);
    // Field 14 is the 12th after the state (field 3): fields[11] here, and so on.
    expect(stat).toEqual({ pid: 42, parent: 1, ownTicks: 9 + 10, endedChildrenTicks: 11 + 12 });
  });

  it('sees this very process spend time', () => {
    const pids = new Map([['me', process.pid]]);
    const before = usageOf(pids);
    const until = performance.now() + 60;
    while (performance.now() < until) Math.sqrt(until);
    expect(total(spent(before, usageOf(pids)).values())).toBeGreaterThan(0);
    expect(() => usageOf(new Map([['gone', 2 ** 22 + 1]]))).toThrow(/gone/);
  });

  it('tells by the title of a Postgres process for which service it works', () => {
    expect(serviceOf('postgres: kw_load_management postgres 127.0.0.1(33718) idle')).toBe('load-management');
    expect(serviceOf('postgres: autovacuum worker postgres')).toBeUndefined();
    expect(serviceOf('/usr/bin/node apps/metering/dist/main.js')).toBeUndefined();
  });

  it('adds up what connections of a service spent, whatever became of others of them', () => {
    const connection = (service: string, cpuMs: number) => ({ service, cpuMs });
    const before = new Map([
      [1, connection('billing', 500)],
      [2, connection('billing', 9_000)],
      [3, connection('auth', 10)],
    ]);
    const after = new Map([
      [1, connection('billing', 520)],
      [3, connection('auth', 10)],
      [4, connection('billing', 30)],
    ]);
    expect([...spentByService(before, after)]).toEqual([
      ['billing', 50],
      ['auth', 0],
    ]);
  });

  it('knows what the whole machine spent, idle and waiting time left out', () => {
    expect(parseMachine('cpu  10 20 30 4000 500 6 7 8 900 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toBe(81);
    const before = machineCpuMs();
    const until = performance.now() + 60;
    while (performance.now() < until) Math.sqrt(until);
    expect(machineCpuMs()).toBeGreaterThan(before);
  });
});
