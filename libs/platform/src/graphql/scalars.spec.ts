import { decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTimeScalar, decimalScalar } from './scalars.js';

describe('DateTime', () => {
  it('is written in UTC with milliseconds and read back as the same instant', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
        const text = dateTimeScalar.serialize(date);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(dateTimeScalar.parseValue(text)).toEqual(date);
      }),
    );
  });

  it('reads an offset', () => {
    expect(dateTimeScalar.parseValue('2026-11-21T12:00:00+02:00')).toEqual(new Date('2026-11-21T10:00:00Z'));
  });

  it.each([
    '2026-11-21',
    '2026-11-21T10:00:00',
    'yesterday',
    '',
    1_795_000_000,
    null,
    '2026-13-01T00:00:00Z',
  ])('refuses %j', (value) => {
    expect(() => dateTimeScalar.parseValue(value)).toThrow('ISO 8601');
  });
});

describe('Decimal', () => {
  it('keeps every digit of a stored text, the last zeros included', () => {
    expect(decimalScalar.serialize('12.30')).toBe('12.30');
    expect(decimalScalar.serialize(decimal('0.0000000001'))).toBe('0.0000000001');
  });

  it.each([1.5, 12, '1e5', '1,5', '', ' 1', 'NaN', null])('refuses %j as input', (value) => {
    expect(() => decimalScalar.parseValue(value)).toThrow('string of digits');
  });

  it('refuses to write a JavaScript number', () => {
    expect(() => decimalScalar.serialize(0.1)).toThrow();
  });
});
