import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { fuzzOptionsFrom, TARGETS } from './fuzz-options.js';

describe('options of fuzz', () => {
  it('takes the pure way and a seed of its own when nothing is said', () => {
    const options = fuzzOptionsFrom([]);
    expect(options).toMatchObject({ help: false, targets: ['frames'], runs: undefined });
    expect(options.seed).not.toBe(fuzzOptionsFrom([]).seed);
  });

  it('takes targets, runs and a seed', () => {
    expect(fuzzOptionsFrom(['frames', 'sockets', '--runs', '100000', '--seed', '7'])).toEqual({
      help: false,
      targets: ['frames', 'sockets'],
      runs: 100_000,
      seed: 7,
    });
  });

  it.each([['--runs', '0'], ['--runs', 'many'], ['--seed', '-1'], ['--seed', '1.5'], ['tables']])(
    'refuses %s %s',
    (...argv) => {
      expect(() => fuzzOptionsFrom(argv)).toThrow();
    },
  );

  it('names tests that exist', () => {
    for (const { file } of Object.values(TARGETS)) expect(existsSync(`${WORKSPACE_ROOT}/${file}`)).toBe(true);
  });
});
