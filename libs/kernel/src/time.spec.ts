import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTimeZone,
  localParts,
  nextLocalMidnight,
  offsetChanges,
  parseLenientInstant,
  zonedToInstant,
} from './time.js';

const AMSTERDAM = 'Europe/Amsterdam';
const ZONES = [AMSTERDAM, 'UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const instant = fc
  .integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2050, 0, 1) / 1000 })
  .map((seconds) => new Date(seconds * 1000));
const at = (hour: number, minute = 0) => ({ hour, minute, second: 0 });

describe('localParts', () => {
  it('tells local date, weekday and offset', () => {
    expect(localParts(new Date('2024-01-15T23:30:05Z'), AMSTERDAM)).toEqual({
      year: 2024,
      month: 1,
      day: 16,
      hour: 0,
      minute: 30,
      second: 5,
      weekday: 'TUESDAY',
      date: '2024-01-16',
      minuteOfDay: 30,
      offsetMinutes: 60,
    });
  });

  it('jumps over the hour that spring leaves out', () => {
    expect(localParts(new Date('2026-03-29T00:59:59Z'), AMSTERDAM)).toMatchObject({
      hour: 1,
      offsetMinutes: 60,
    });
    expect(localParts(new Date('2026-03-29T01:00:00Z'), AMSTERDAM)).toMatchObject({
      hour: 3,
      offsetMinutes: 120,
    });
  });

  it('sees the same wall clock twice in autumn', () => {
    expect(localParts(new Date('2026-10-25T00:30:00Z'), AMSTERDAM)).toMatchObject({
      hour: 2,
      offsetMinutes: 120,
    });
    expect(localParts(new Date('2026-10-25T01:30:00Z'), AMSTERDAM)).toMatchObject({
      hour: 2,
      offsetMinutes: 60,
    });
  });

  it('handles offsets that are no whole hours', () => {
    expect(localParts(new Date('2024-06-01T00:00:00Z'), 'Asia/Kolkata')).toMatchObject({
      hour: 5,
      minute: 30,
    });
  });

  it('refuses an unknown zone', () => {
    expect(() => localParts(new Date(0), 'Mars/Olympus')).toThrow(
      expect.objectContaining({ kind: 'INVALID', code: 'TIME_ZONE_UNKNOWN' }),
    );
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone(AMSTERDAM)).toBe(true);
  });
});

describe('zonedToInstant', () => {
  it('chooses between the two 02:30 of the autumn night', () => {
    const local = { year: 2026, month: 10, day: 25, ...at(2, 30) };
    expect(zonedToInstant(local, AMSTERDAM).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    expect(zonedToInstant(local, AMSTERDAM, 'later').toISOString()).toBe('2026-10-25T01:30:00.000Z');
  });

  it('moves the missing 02:30 of the spring night forward', () => {
    const local = { year: 2026, month: 3, day: 29, ...at(2, 30) };
    expect(zonedToInstant(local, AMSTERDAM).toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('gives back the instant whose wall clock it is told, in every zone', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), (when, zone) => {
        const parts = localParts(when, zone);
        const both = [zonedToInstant(parts, zone, 'earlier'), zonedToInstant(parts, zone, 'later')];
        expect(both.map((d) => d.getTime())).toContain(when.getTime());
      }),
      { numRuns: 300 },
    );
  });
});

describe('nextLocalMidnight', () => {
  it('is 23 hours away in spring, 25 in autumn, 24 else', () => {
    const lengthOf = (date: string) => {
      const start = nextLocalMidnight(new Date(`${date}T12:00:00Z`), AMSTERDAM);
      return (nextLocalMidnight(start, AMSTERDAM).getTime() - start.getTime()) / 3_600_000;
    };
    expect([lengthOf('2026-03-28'), lengthOf('2026-10-24'), lengthOf('2026-06-10')]).toEqual([23, 25, 24]);
  });

  it('turns the year', () => {
    expect(nextLocalMidnight(new Date('2026-12-31T22:59:59Z'), AMSTERDAM).toISOString()).toBe(
      '2026-12-31T23:00:00.000Z',
    );
  });
});

describe('offsetChanges', () => {
  it('finds both clock changes of a year to the millisecond', () => {
    const found = offsetChanges(
      new Date('2026-01-01T00:00:00Z'),
      new Date('2027-01-01T00:00:00Z'),
      AMSTERDAM,
    );
    expect(found.map((d) => d.toISOString())).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
    ]);
  });

  it('finds none where the clock never changes', () => {
    expect(
      offsetChanges(new Date('2026-01-01T00:00:00Z'), new Date('2026-12-31T00:00:00Z'), 'Asia/Kolkata'),
    ).toEqual([]);
  });

  it('includes a change at the very end, not at the very start', () => {
    const change = new Date('2026-03-29T01:00:00Z');
    const hour = 3_600_000;
    expect(offsetChanges(new Date(change.getTime() - hour), change, AMSTERDAM)).toEqual([change]);
    expect(offsetChanges(change, new Date(change.getTime() + hour), AMSTERDAM)).toEqual([]);
  });
});

describe('parseLenientInstant', () => {
  it.each([
    ['2024-01-15T09:00:00Z', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T09:00:00.123Z', '2024-01-15T09:00:00.123Z'],
    ['2024-01-15T09:00:00.123456Z', '2024-01-15T09:00:00.123Z'],
    ['2024-01-15T09:00:00.5', '2024-01-15T09:00:00.500Z'],
    ['2024-01-15T09:00:00', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15 09:00:00', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T09:00', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15t09:00:00z', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T10:00:00+01:00', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T10:00:00+0100', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T03:30:00-05:30', '2024-01-15T09:00:00.000Z'],
    ['2024-01-15T10:00:00+01', '2024-01-15T09:00:00.000Z'],
    ['2024-1-5T9:00:00Z', '2024-01-05T09:00:00.000Z'],
    ['2024-01-15', '2024-01-15T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(parseLenientInstant(text)?.toISOString()).toBe(expected);
  });

  it('reads the usual form as any other', () => {
    const digits = (max: number, length = 2) =>
      fc.integer({ min: 0, max }).map((value) => String(value).padStart(length, '0'));
    const date = fc.tuple(digits(9999, 4), digits(13), digits(32)).map((parts) => parts.join('-'));
    const clock = fc.tuple(digits(24), digits(60), digits(61)).map((parts) => parts.join(':'));
    const fraction = fc.option(digits(999, 3), { nil: undefined });
    fc.assert(
      fc.property(date, clock, fraction, (day, time, ms) => {
        const text = `${day}T${time}${ms === undefined ? '' : `.${ms}`}Z`;
        expect(parseLenientInstant(text)).toEqual(parseLenientInstant(text.replace('T', ' ')));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '',
    'now',
    '1705309200',
    '2024-13-01T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-01-15T24:00:00Z',
    '2024-01-15T25:00:00Z',
    '2023-02-29T00:00:00.000Z',
    '15.01.2024',
  ])('knows that "%s" is no time', (text) => {
    expect(parseLenientInstant(text)).toBeUndefined();
  });

  it('reads every ISO text it is given', () => {
    fc.assert(
      fc.property(instant, (when) => {
        expect(parseLenientInstant(when.toISOString())?.getTime()).toBe(when.getTime());
      }),
    );
  });
});
