import { describe, expect, it } from 'vitest';
import { covers, MOST_ATTEMPTS, mustTell, nextLook, type WantedAvailability } from './wanted-availability.js';

const OUT: WantedAvailability = {
  evseNumber: 1,
  connectorNumber: 0,
  operative: false,
  confirmed: true,
  attempts: 0,
};
const first = { evseNumber: 1, number: 1 };
const second = { evseNumber: 2, number: 1 };

describe('a station that came back', () => {
  it.each([
    ['shows it out of service', OUT, ['UNAVAILABLE', 'AVAILABLE'], false],
    ['shows a fault', OUT, ['FAULTED', 'AVAILABLE'], false],
    ['forgot it', OUT, ['AVAILABLE', 'AVAILABLE'], true],
    ['charges on it', OUT, ['CHARGING', 'AVAILABLE'], true],
    ['forgot one of two', { ...OUT, evseNumber: 0 }, ['UNAVAILABLE', 'AVAILABLE'], true],
    [
      'was away when it was to go back to service',
      { ...OUT, operative: true, confirmed: false },
      ['UNAVAILABLE', 'AVAILABLE'],
      true,
    ],
    ['was told that it is in service', { ...OUT, operative: true }, ['UNAVAILABLE', 'AVAILABLE'], false],
    ['was away', { ...OUT, confirmed: false }, ['UNAVAILABLE', 'AVAILABLE'], true],
  ] as const)('and %s', (_name, wanted, [one, two], told) => {
    expect(
      mustTell(wanted, [
        { ...first, status: one },
        { ...second, status: two },
      ]),
    ).toBe(told);
  });

  it('is told again while it is silent, later each time, and not for ever', () => {
    const waits = Array.from({ length: MOST_ATTEMPTS }, (_, i) => nextLook('UNKNOWN', i + 1));
    expect(waits.at(-1)).toBeUndefined();
    expect(waits.slice(0, -1)).toEqual([...waits.slice(0, -1)].sort((a, b) => a! - b!));
    for (const outcome of ['ACCEPTED', 'REJECTED', 'CHARGER_ERROR', 'OFFLINE'] as const)
      expect(nextLook(outcome, 1)).toBeUndefined();
  });
});

describe('a wish covers', () => {
  it.each([
    [0, 0, true, true],
    [1, 0, true, false],
    [1, 1, true, false],
    [1, 2, false, false],
    [2, 0, false, true],
  ])('EVSE %d connector %d: the first EVSE %s, the second %s', (evseNumber, connectorNumber, one, two) => {
    expect(covers({ evseNumber, connectorNumber }, first)).toBe(one);
    expect(covers({ evseNumber, connectorNumber }, second)).toBe(two);
  });
});
