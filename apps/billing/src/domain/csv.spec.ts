import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from './csv.js';

describe('a table as a file', () => {
  it('has no cell that a spreadsheet computes, and loses no text', () => {
    expect(csv(['name'], [['=1+1'], ['-2.50'], ['+31 20']])).toBe("name\r\n'=1+1\r\n-2.50\r\n'+31 20\r\n");
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 }), (texts) => {
        const line = csv(['h'], [texts]).slice('h\r\n'.length, -2);
        expect(cellsOf(line).map((text) => text.replace(/^'/, ''))).toEqual(
          texts.map((text) => text.replace(/^'/, '')),
        );
        expect(cellsOf(line).some((text) => /^[=+@\t\r]/.test(text))).toBe(false);
      }),
    );
  });
});

/** Cells of one record, read as RFC 4180 says. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const raw = quoted ? quoted[0] : /^[^,]*/.exec(rest)![0];
    cells.push(quoted ? quoted[1]!.replaceAll('""', '"') : raw);
    if (raw.length === rest.length) return cells;
    rest = rest.slice(raw.length + 1);
  }
}
