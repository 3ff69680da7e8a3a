import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { readTimestamp } from './timestamp.js';

// Before anybody replaces it: what the driver makes of the same text.
const byTheDriver = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;

/** As Postgres writes it: no zeros at the end of a fraction, none at all for whole seconds. */
const written = (at: Date, micros: number) => {
  const whole = at.toISOString().slice(0, 19).replace('T', ' ');
  const fraction = String(micros).padStart(6, '0').replace(/0+$/, '');
  return `${whole}${fraction && `.${fraction}`}+00`;
};

const DAY_MS = 86_400_000;
const instants = fc.date({
  min: new Date('0100-01-01T00:00:00Z'),
  max: new Date(Date.parse('9999-12-31T23:59:59Z') - DAY_MS),
  noInvalidDate: true,
});

describe('a timestamp of Postgres', () => {
  it('is the instant that the driver reads, to the millisecond', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 999_999 }), (at, micros) => {
        const text = written(at, micros);
        const expected = Math.floor(at.getTime() / 1000) * 1000 + Math.floor(micros / 1000);
        expect(readTimestamp(text).getTime()).toBe(expected);
        expect(readTimestamp(text)).toEqual(byTheDriver(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('each millisecond is itself', () => {
    for (let ms = 0; ms < 1000; ms += 1) {
      const at = new Date(Date.UTC(2026, 1, 28, 23, 59, 59, ms));
      expect(readTimestamp(written(at, ms * 1000))).toEqual(at);
    }
  });

  it.each([
    ['another zone', '2026-03-29 03:30:00.5+02', '2026-03-29T01:30:00.500Z'],
    ['half an hour of zone', '2026-03-29 03:30:00+05:30', '2026-03-28T22:00:00.000Z'],
    ['a zone of +00 with seconds', '1900-01-01 00:00:00+00:01:15', '1899-12-31T23:58:45.000Z'],
    ['a year of the first century', '0044-03-15 12:00:00+00', '0044-03-15T12:00:00.000Z'],
    ['a year above 9999', '12026-01-01 00:00:00+00', '+012026-01-01T00:00:00.000Z'],
    ['a year before Christ', '0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
  ])('%s is read by the driver', (_what, text, iso) => {
    expect(readTimestamp(text).toISOString()).toBe(iso);
  });

  it('the end of all time stays infinite', () => {
    expect(readTimestamp('infinity')).toBe(Infinity);
    expect(readTimestamp('-infinity')).toBe(-Infinity);
  });
});
