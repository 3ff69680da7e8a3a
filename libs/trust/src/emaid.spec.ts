import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emaidCheckCharacter, isSameContract, readEmaid } from './emaid.js';

const VECTORS = [
  'NN123ABCDEFGHI-T',
  'FRXYZ123456789-2',
  'ITA1B2C3E4F5G6-4',
  'ESZU8WOX834H1D-R',
  'PT73902837ABCZ-Z',
  'DE83DUIEN83QGZ-D',
  'DE83DUIEN83ZGQ-M',
  'DE8AA001234567-0',
  'NLTNM000122045-U',
  'DE8AACA2B3C4D5-L',
];
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const of = (alphabet: string, length: number) =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: length, maxLength: length })
    .map((list) => list.join(''));
const key = fc.tuple(of(letters, 2), of(`${letters}0123456789`, 12)).map((parts) => parts.join(''));

describe('eMAID', () => {
  it.each(VECTORS)('check character of %s (eMI3)', (vector) => {
    const [body, check] = vector.split('-') as [string, string];
    expect(emaidCheckCharacter(body)).toBe(check);
    expect(readEmaid(body + check)).toMatchObject({ key: body, checkCharacter: check, checkWrong: false });
  });

  it('warns of the wrong check character that OCHP prints, and names the same contract all the same', () => {
    expect(readEmaid('DE8AACA2B3C4D5N')).toMatchObject({ checkWrong: true });
    expect(isSameContract('DE8AACA2B3C4D5N', 'DE-8AA-CA2B3C4D5-L')).toBe(true);
  });

  it.each([
    ['DE-8AA-001234567-0', 'DE8AA0012345670'],
    ['de-8aa-001234567', 'DE8AA0012345670'],
    [' DE8AA001234567 ', 'DE-8AA-001234567-X'],
    ['NL-TNM-012204-5', 'NL-TNM-000122045-U'],
    ['NLTNM0122045', 'nltnm000122045'],
  ])('%s is the contract of %s', (one, other) => {
    expect(isSameContract(one, other)).toBe(true);
  });

  it.each([
    ['DE8AA001234567', 'DE8AA001234568'],
    ['DE8AA001234567', 'FR8AA001234567'],
    ['NL-TNM-012204-5', 'NL-TNM-012204-6'],
    ['04A1B2C3D4', '04A1B2C3D4'],
    ['', ''],
  ])('%s is not the contract of %s', (one, other) => {
    expect(isSameContract(one, other)).toBe(false);
  });

  it.each([
    'DE-8AA001234567',
    'DE-8AA-0012345670',
    'DE8AA-001234567',
    'DE8AA00123456',
    'D18AA001234567',
    'DE8AA00123456789',
    'DE8AA0012345ü7',
    'DE8AA00123456\u0000',
    `DE8AA001234567${' '.repeat(500)}x`,
  ])('%j is none', (text) => {
    expect(readEmaid(text)).toBeUndefined();
  });

  it('is one contract in every spelling, with and without its check character', () => {
    fc.assert(
      fc.property(key, fc.boolean(), fc.boolean(), fc.boolean(), (body, hyphens, lower, check) => {
        const parts = [
          body.slice(0, 2),
          body.slice(2, 5),
          body.slice(5),
          ...(check ? [emaidCheckCharacter(body)] : []),
        ];
        const text = parts.join(hyphens ? '-' : '');
        const spelt = lower ? text.toLowerCase() : text;
        expect(readEmaid(spelt)).toMatchObject({ key: body, checkWrong: false });
        expect(isSameContract(spelt, body)).toBe(true);
      }),
    );
  });

  it('finds every single wrong character and every swap of neighbours by the check character', () => {
    const changed = fc.tuple(key, fc.integer({ min: 2, max: 13 }), of(`${letters}0123456789`, 1));
    fc.assert(
      fc.property(changed, ([body, at, character]) => {
        const wrong = body.slice(0, at) + character + body.slice(at + 1);
        const swapped = body.slice(0, at - 1) + body[at]! + body[at - 1]! + body.slice(at + 1);
        for (const other of [wrong, swapped].filter((text) => text !== body && /^[A-Z]{2}/.test(text))) {
          expect(readEmaid(other + emaidCheckCharacter(body))).toMatchObject({ checkWrong: true });
        }
      }),
    );
  });
});
