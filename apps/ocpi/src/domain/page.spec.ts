import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextUrl, pageOf, SERVER_LIMIT } from './page.js';

const ENDPOINT = 'https://kw.example/ocpi/2.2.1/cdrs';

describe('what is asked for', () => {
  it('has defaults and lowers a limit above ours', () => {
    expect(pageOf({})).toEqual({ offset: 0, limit: SERVER_LIMIT, from: undefined, to: undefined });
    expect(pageOf({ limit: '5000', offset: '7' })).toMatchObject({ limit: SERVER_LIMIT, offset: 7 });
  });

  it.each([
    { offset: '-1' },
    { offset: '1.5' },
    { offset: 'x' },
    { offset: ['1', '2'] },
    { limit: '0' },
    { limit: '' },
    { offset: '99999999999999' },
    { date_from: 'yesterday' },
    { date_to: '2026-02-30T00:00:00Z' },
  ])('is refused when it cannot be meant: %j', (query) => {
    expect(() => pageOf(query)).toThrow(/OCPI_PAGE/);
  });

  it('takes times with Z, without designator and with an offset whose plus was not escaped', () => {
    for (const date_from of ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00', '2026-03-01T11:00:00 01:00']) {
      expect(pageOf({ date_from }).from).toEqual(new Date('2026-03-01T10:00:00Z'));
    }
  });
});

describe('following the links', () => {
  const [TOTAL, LIMIT] = [fc.integer({ min: 0, max: 250 }), fc.integer({ min: 1, max: 120 })];
  /** Objects that one page has room for. */
  const ROOM = fc.integer({ min: 1, max: 120 });

  it('visits every object once and keeps the filters, also where pages are shorter than their limit', () => {
    fc.assert(
      fc.property(TOTAL, LIMIT, ROOM, (total, limit, room) => {
        const seen: number[] = [];
        let query: Record<string, string> | undefined = {
          limit: String(limit),
          date_from: '2026-03-01T10:00:00Z',
        };
        for (let i = 0; query !== undefined && i <= 251; i++) {
          const page = pageOf(query);
          expect(page.from).toEqual(new Date('2026-03-01T10:00:00Z'));
          const told = Math.max(0, Math.min(total - page.offset, page.limit, room));
          for (let at = page.offset; at < page.offset + told; at++) seen.push(at);
          const next = nextUrl(ENDPOINT, page, told, total);
          query = next === undefined ? undefined : Object.fromEntries(new URL(next).searchParams);
        }
        expect(seen).toEqual(Array.from({ length: total }, (_, at) => at));
      }),
    );
  });

  it('ends where a page that is not the last brings nothing', () => {
    expect(nextUrl(ENDPOINT, pageOf({}), 0, 5)).toBeUndefined();
  });
});
