import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces } from './receive-upload.js';

async function* parts(lengths: readonly number[]): AsyncGenerator<Buffer> {
  let n = 0;
  for (const length of lengths) yield Buffer.from(Array.from({ length }, () => n++ % 251));
}

describe('pieces of a file', () => {
  it('are the same bytes, all of one size but the last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(40)), fc.integer({ min: 1, max: 30 }), async (lengths, size) => {
        const cut: Buffer[] = [];
        for await (const piece of pieces(parts(lengths), size)) cut.push(piece);
        const whole: Buffer[] = [];
        for await (const part of parts(lengths)) whole.push(part);
        expect(Buffer.concat(cut)).toEqual(Buffer.concat(whole));
        expect(cut.slice(0, -1).every((piece) => piece.length === size)).toBe(true);
        expect(cut.every((piece) => piece.length > 0)).toBe(true);
      }),
    );
  });
});
