import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connection, decodeCursor, encodeCursor, pageRequest } from './connection.js';

const NOW = '2026-03-01T10:00:00.000Z';
const ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

const year = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true } as const;
const keyPart = fc.oneof(
  fc.tuple(fc.constant('text' as const), fc.string({ maxLength: 50, unit: 'grapheme' })),
  fc.tuple(fc.constant('integer' as const), fc.oneof(fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1))),
  fc.tuple(fc.constant('bigint' as const), fc.maxSafeInteger()),
  fc.tuple(fc.constant('id' as const), fc.uuid()),
  fc.tuple(
    fc.constant('time' as const),
    fc.date(year).map((at) => at.toISOString()),
  ),
);

describe('cursor', () => {
  it('comes back as the sort key it was made of', () => {
    fc.assert(
      fc.property(fc.array(keyPart, { minLength: 1, maxLength: 4 }), (parts) => {
        const key = parts.map(([, value]) => value);
        const types = parts.map(([type]) => type);
        expect(decodeCursor(encodeCursor(key), types)).toEqual(key);
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
    expect(() => decodeCursor(cursor, ['text', 'integer'])).toThrow(
      expect.objectContaining({ kind: 'INVALID' }),
    );
  });
});

describe('a part of a cursor that its column could not be compared with', () => {
  it.each([
    ['id', 'no id'],
    ['id', ID.toUpperCase()],
    ['id', 7],
    ['time', 'yesterday'],
    ['time', '2026-03-01'],
    ['time', '2026-02-31T25:00:00.000Z'],
    ['time', '0000-01-01T00:00:00.000Z'],
    ['time', '+275760-09-13T00:00:00.000Z'],
    ['time', 7],
    ['text', 'a\u0000b'],
    ['text', 7],
    ['integer', 2 ** 31],
    ['integer', 1.5],
    ['integer', '7'],
    ['bigint', 2 ** 53],
    ['bigint', '7'],
  ] as const)('is refused: %s %j', (type, part) => {
    const cursor = encodeCursor([NOW, part]);
    expect(() => decodeCursor(cursor, ['time', type])).toThrow(expect.objectContaining({ code: 'CURSOR' }));
  });

  it('is taken where it fits', () => {
    const cursor = encodeCursor([NOW, ID, 'a', 7, 2 ** 40]);
    expect(decodeCursor(cursor, ['time', 'id', 'text', 'integer', 'bigint'])).toEqual([
      NOW,
      ID,
      'a',
      7,
      2 ** 40,
    ]);
  });
});

describe('pageRequest', () => {
  it.each([0, -1, 101, 1.5, Number.NaN])('refuses first = %d', (first) => {
    expect(() => pageRequest({ first }, ['integer'])).toThrow(expect.objectContaining({ kind: 'INVALID' }));
  });

  it.each([1, 100])('asks for one row more than first = %d', (first) => {
    expect(pageRequest({ first, after: null }, ['integer'])).toEqual({
      first,
      limit: first + 1,
      after: undefined,
    });
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
          const page = pageRequest({ first, after }, ['integer']);
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
