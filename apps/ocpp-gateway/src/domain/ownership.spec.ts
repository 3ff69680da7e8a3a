import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claim, isSuperseded, type Ownership } from './ownership.js';

const at = (generation: number): Ownership => ({ connectionId: `c${generation}`, generation });

describe('ownership', () => {
  it('gives an empty place to whoever comes', () => {
    expect(claim(undefined, at(1))).toBe('take');
  });

  it('gives the place to the newer generation, in whatever order the answers of the database arrive', () => {
    expect(claim(at(1), at(2))).toBe('take');
    expect(claim(at(2), at(1))).toBe('keep');
    expect(claim(at(2), at(2))).toBe('already');
  });

  it('ends with the newest for every order of arrival', () => {
    const generations = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(generations, (order) => {
        let holder: Ownership | undefined;
        for (const generation of order) if (claim(holder, at(generation)) === 'take') holder = at(generation);
        expect(holder?.generation).toBe(Math.max(...order));
      }),
    );
  });

  it('refuses only older generations', () => {
    expect(isSuperseded(at(3), 4)).toBe(true);
    expect(isSuperseded(at(3), 3)).toBe(false);
  });
});
