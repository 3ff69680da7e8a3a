import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPage, isComplete, missingPages, NO_PAGES, type ReportPages } from './report-pages.js';

const report = (pages: readonly (readonly [seqNo: number, last: boolean])[]): ReportPages =>
  pages.reduce((held, [seqNo, last]) => addPage(held, seqNo, last), NO_PAGES);

describe('the pages of a report', () => {
  it.each([
    [[], 0, false],
    [[[0, true]], 0, true],
    [[[0, false]], 0, false],
    [
      [
        [0, false],
        [1, true],
      ],
      0,
      true,
    ],
    [[[2, true]], 2, false],
    [
      [
        [0, false],
        [3, true],
      ],
      2,
      false,
    ],
  ] as const)('%j lack %d, complete: %s', (pages, missing, complete) => {
    expect([missingPages(report(pages)), isComplete(report(pages))]).toEqual([missing, complete]);
  });

  it('are complete exactly when all have come, in whatever order and however often', () => {
    const order = fc
      .integer({ min: 1, max: 20 })
      .chain((count) =>
        fc.tuple(
          fc.constant(count),
          fc.array(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 60 }),
        ),
      );
    fc.assert(
      fc.property(order, ([count, seqNos]) => {
        const held = report(seqNos.map((seqNo) => [seqNo, seqNo === count - 1] as const));
        expect(isComplete(held)).toBe(new Set(seqNos).size === count);
      }),
    );
  });
});
