import { decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stored } from './stored.js';

const leaf = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.string(),
  fc.date({ noInvalidDate: true }),
  fc.integer().map((n) => decimal(n).div('7')),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

it('is what the JSON text of a value gives back', () => {
  fc.assert(
    fc.property(value, (any) => {
      const text = JSON.stringify(any) as string | undefined;
      expect(stored(any)).toEqual(text === undefined ? undefined : JSON.parse(text));
      expect(JSON.stringify(stored(any))).toBe(text);
    }),
  );
});
