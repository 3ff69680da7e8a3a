import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromInvocation } from './invocation-folder.js';

describe('a path on the command line', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is taken from where npm was called', () => {
    vi.stubEnv('INIT_CWD', '/home/anna');
    expect(fromInvocation('cards.csv')).toBe('/home/anna/cards.csv');
    expect(fromInvocation('/tmp/cards.csv')).toBe('/tmp/cards.csv');
  });

  it('is taken from the current folder without npm', () => {
    vi.stubEnv('INIT_CWD', undefined);
    expect(fromInvocation('cards.csv')).toBe(join(process.cwd(), 'cards.csv'));
  });
});
