import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { child, children, integer, numberText, text } from './json.js';

describe('numberText', () => {
  it.each([
    [0, '0'],
    [16.05, '16.05'],
    [-0.5, '-0.5'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-1.25e22, '-12500000000000000000000'],
    [1.2345e21, '1234500000000000000000'],
  ])('writes %d as %s', (value, expected) => {
    expect(numberText(value)).toBe(expected);
  });

  it('never uses an exponent and keeps the exact number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const written = numberText(value);
        expect(written).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(written)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('field readers', () => {
  it('takes empty and blank strings as absent', () => {
    expect(text({ iccid: '', imsi: '  ', model: 'X' }, 'iccid')).toBeNull();
    expect(text({ iccid: '', imsi: '  ', model: 'X' }, 'imsi')).toBeNull();
    expect(text({ iccid: '', imsi: '  ', model: 'X' }, 'model')).toBe('X');
  });

  it('gives nothing for a value of another type', () => {
    const object = { evse: [1], id: '1', list: { a: 1 } };
    expect(child(object, 'evse')).toBeNull();
    expect(integer(object, 'id')).toBeNull();
    expect(children(object, 'list')).toEqual([]);
  });

  it('skips list members that are not objects', () => {
    expect(children({ list: [1, null, { a: 1 }] }, 'list')).toEqual([{ a: 1 }]);
  });
});
