import { describe, expect, it } from 'vitest';
import { afterAttempt, checkedAction, checkedFilter, checkedTargets, MOST_ATTEMPTS } from './bulk-command.js';

describe('a target of a bulk command', () => {
  it.each(['ACCEPTED', 'REJECTED', 'CHARGER_ERROR', 'OFFLINE', 'UNKNOWN'] as const)(
    'is done when the answer is %s: nothing is sent twice blindly',
    (outcome) => {
      expect(afterAttempt({ kind: 'answered', outcome }, 1)).toEqual({ outcome });
    },
  );

  it('is tried again, more and more slowly, while the gateway is away, and given up at last', () => {
    const moves = Array.from({ length: MOST_ATTEMPTS }, (_, i) =>
      afterAttempt({ kind: 'unreachable' }, i + 1),
    );
    expect(moves.map((move) => ('againInMs' in move ? move.againInMs : move.outcome))).toEqual([
      2_000,
      4_000,
      8_000,
      16_000,
      32_000,
      'UNKNOWN',
    ]);
  });
});

describe('what a bulk command asks', () => {
  it('must name the stations: an empty filter is nobody, not everybody', () => {
    expect(() => checkedFilter({})).toThrow(/which stations/);
    expect(() => checkedFilter({ locationId: null })).toThrow(/which stations/);
    expect(checkedFilter({ online: true })).toEqual({ online: true });
  });

  it('meets at least one station and at most 10,000', () => {
    expect(() => checkedTargets(0)).toThrow(/No station/);
    expect(() => checkedTargets(10_001)).toThrow(/narrow/);
    expect(checkedTargets(10_000)).toBe(10_000);
  });

  it('names an action', () => {
    expect(() => checkedAction('Reset; DROP')).toThrow(/not the name/);
    expect(checkedAction('Reset')).toBe('Reset');
  });
});
