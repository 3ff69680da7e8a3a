import { expect, it } from 'vitest';
import { memoryKbOf, parseRollup } from './memory.js';

it('takes the proportional figure of a process', () => {
  const text = '5564-7fff ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nPss:  4321 kB\nPss_Dirty:  77 kB\n';
  expect(parseRollup(text)).toBe(4_321);
  expect(() => parseRollup('Rss: 1 kB')).toThrow(/no Pss/);
});

it('sees this very process grow by what it keeps', () => {
  const me = new Map([['me', process.pid]]);
  const before = memoryKbOf(me).get('me')!;
  const kept = Buffer.alloc(64 * 1024 * 1024, 1);
  const grown = memoryKbOf(me).get('me')! - before;
  expect(kept.length).toBe(64 * 1024 * 1024);
  expect(grown).toBeGreaterThan(50 * 1024);
});
