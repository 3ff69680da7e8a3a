import { describe, expect, it } from 'vitest';
import { isTrimDue, keptValues, MOST_OPEN, MOST_VALUES, openingVerdict } from './event-stream.js';

const at = (second: number) => new Date(second * 1000);

describe('a stream that a station opens', () => {
  const known = { monitorKnown: true, isOpen: false, open: 0 };

  it('is let when its monitor is known', () => {
    expect(openingVerdict(known)).toEqual({ accepted: true, reasonCode: '' });
    expect(openingVerdict({ ...known, monitorKnown: false })).toEqual({
      accepted: false,
      reasonCode: 'UnknownMonitor',
    });
  });

  it('is refused beyond what a station may hold, unless it is open already', () => {
    expect(openingVerdict({ ...known, open: MOST_OPEN }).reasonCode).toBe('TooManyStreams');
    expect(openingVerdict({ ...known, open: MOST_OPEN, isOpen: true }).accepted).toBe(true);
  });
});

describe('values of a stream', () => {
  it('are kept in the order of time, the last of one time only', () => {
    const values = [
      { at: at(2), value: 'b' },
      { at: at(1), value: 'a' },
      { at: at(2), value: 'c' },
    ];
    expect(keptValues(values).map(({ value }) => value)).toEqual(['a', 'c']);
  });

  it('are bounded in number: the newest stay', () => {
    const values = Array.from({ length: MOST_VALUES + 5 }, (_, i) => ({ at: at(i), value: String(i) }));
    const kept = keptValues(values);
    expect([kept.length, kept[0]?.value]).toEqual([MOST_VALUES, '5']);
  });

  it('are looked through once per thousand', () => {
    expect([isTrimDue(999, 10), isTrimDue(1_000, 1), isTrimDue(1_003, 10), isTrimDue(1_004, 3)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
