import { describe, expect, it } from 'vitest';
import { SERVICES } from '../system/services.js';
import { faultOptions } from './options.js';
import { FAULTS, faultsCalled } from './registry.js';

describe('the command line of faults', () => {
  it('takes names, numbers and `all`, each fault once', () => {
    const named = faultOptions(['kill-nats', '1', '--seed', '7', '--chargers', '50', '--quick'], 1);
    expect(named).toMatchObject({ seed: 7, chargers: 50, quick: true, list: false });
    expect(named?.faults.filter(({ name }) => name === 'kill-nats')).toHaveLength(1);
    expect(named?.faults.every(({ number }) => number === 1)).toBe(true);
    expect(faultOptions(['all'], 1)?.faults).toHaveLength(FAULTS.length);
  });

  it('takes `smoke` for the end of every process in turn', () => {
    const names = faultOptions(['smoke'], 1)?.faults.map(({ name }) => name);
    const processes = [...SERVICES.map(({ name }) => name), 'postgres', 'nats'];
    expect(names?.toSorted()).toEqual(processes.map((name) => `kill-${name}`).toSorted());
  });

  it('draws a seed and leaves the number of chargers to each fault when nothing is said', () => {
    expect(faultOptions(['kill-nats'], 4711)).toMatchObject({
      seed: 4711,
      chargers: undefined,
      quick: false,
    });
  });

  it('gives help when asked for, or when nothing is to be done', () => {
    expect(faultOptions(['--help'], 1)).toBeUndefined();
    expect(faultOptions([], 1)).toBeUndefined();
    expect(faultOptions(['--list'], 1)).toMatchObject({ list: true, faults: [] });
  });

  it.each([
    [['kill-everything'], /there is no fault kill-everything/],
    [['kill-nats', '--chargers', '1'], /--chargers wants a whole number from 2, not 1/],
    [['kill-nats', '--seed', 'x'], /--seed wants/],
  ])('refuses %j', (argv, sentence) => {
    expect(() => faultOptions(argv, 1)).toThrow(sentence);
  });
});

describe('the list of faults', () => {
  it('has each name once, and no name that is a number, `smoke` or `all`', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(?!all$|smoke$)[a-z][a-z0-9-]+$/);
  });

  it('is in the order of numbers, and each fault promises something', () => {
    const numbers = FAULTS.map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    for (const { promises } of FAULTS) expect(promises.length).toBeGreaterThan(0);
    expect(faultsCalled('nothing')).toEqual([]);
  });
});
