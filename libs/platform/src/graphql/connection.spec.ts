import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connection, decodeCursor, encodeCursor, pageRequest } from './connection.js';

const keyPart = fc.oneof(fc.string({ maxLength: 50 }), fc.integer());

describe('cursor', () => {
  it('comes back as the sort key it was made of', () => {
    fc.assert(
      fc.property(fc.array(keyPart, { minLength: 1, maxLength: 4 }), (key) => {
        expect(decodeCursor(encodeCursor(key), key.length)).toEqual(key);
      }),
    );
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['an empty text', ''],
    ['an object', Buffer.from('{"a":1}').toString('base64url')],
    ['nested parts', Buffer.from('[["a"]]').toString('base64url')],
    ['too few parts', encodeCursor(['a'])],
    ['another spelling of a valid one', Buffer.from('["a", 1]').toString('base64url')],
    ['a giant', encodeCursor(['a'.repeat(2_000), 1])],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(() => decodeCursor(cursor, 2)).toThrow(expect.objectContaining({ kind: 'INVALID' }));
  });
});

describe('pageRequest', () => {
  it.each([0, -1, 101, 1.5, Number.NaN])('refuses first = %d', (first) => {
    expect(() => pageRequest({ first }, 1)).toThrow(expect.objectContaining({ kind: 'INVALID' }));
  });

  it.each([1, 100])('asks for one row more than first = %d', (first) => {
    expect(pageRequest({ first, after: null }, 1)).toEqual({ first, limit: first + 1, after: undefined });
  });
});

describe('connection', () => {
  it('walks through all rows exactly once whatever the page size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (count, first) => {
        const rows = Array.from({ length: count }, (_, id) => id);
        const seen: number[] = [];
        let after: string | null = null;
        for (let pages = 0; pages <= count; pages++) {
          const page = pageRequest({ first, after }, 1);
          const start: number = page.after ? Number(page.after[0]) + 1 : 0;
          const result: ReturnType<typeof connection<number>> = connection(
            page,
            rows.slice(start, start + page.limit),
            (id) => [id],
          );
          expect(result.pageInfo.hasPreviousPage).toBe(after !== null);
          seen.push(...result.nodes);
          after = result.pageInfo.endCursor;
          if (!result.pageInfo.hasNextPage) break;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
