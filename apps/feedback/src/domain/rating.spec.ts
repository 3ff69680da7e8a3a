import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageOf, ratingDelta, type RatingAggregate } from './rating-aggregate.js';
import { assertCanRate, canRate, checkedVerdict, LONGEST_TEXT, REPLACE_WITHIN_MS } from './rating.js';

const NOW = new Date('2026-03-08T12:00:00Z');
const ended = { accountId: 'dora', ended: true };
const running = { accountId: 'dora', ended: false };

describe('a verdict', () => {
  it.each([0, 6, -1, 2.5, Number.NaN, Infinity])('is refused with the score %s', (score) => {
    expect(() => checkedVerdict(score, [], undefined)).toThrow(/FEEDBACK_SCORE/);
  });

  it('keeps each reason once and refuses unknown ones', () => {
    expect(checkedVerdict(2, ['SLOW', 'PRICE', 'SLOW'], undefined).reasons).toEqual(['SLOW', 'PRICE']);
    expect(() => checkedVerdict(2, ['SLOW', 'WEATHER'], undefined)).toThrow(/FEEDBACK_REASON/);
  });

  it('counts characters as people see them', () => {
    expect(checkedVerdict(5, [], '⚡'.repeat(LONGEST_TEXT)).text).toHaveLength(LONGEST_TEXT);
    expect(checkedVerdict(5, [], '🚗'.repeat(LONGEST_TEXT)).text).toBeDefined();
    expect(() => checkedVerdict(5, [], 'x'.repeat(LONGEST_TEXT + 1))).toThrow(/FEEDBACK_TEXT/);
  });

  it('has no text when there are only blanks', () => {
    expect(checkedVerdict(5, [], '  \n').text).toBeUndefined();
  });
});

describe('rating a session', () => {
  it('is for its own driver, after the end', () => {
    expect(canRate(ended, 'dora', undefined, NOW)).toBe(true);
    expect(canRate(running, 'dora', undefined, NOW)).toBe(false);
    expect(canRate(ended, 'dan', undefined, NOW)).toBe(false);
    expect(() => assertCanRate(undefined, 'dora', undefined, NOW)).toThrow(/FEEDBACK_SESSION/);
    expect(() => assertCanRate(running, 'dan', undefined, NOW)).toThrow(/FEEDBACK_SESSION/);
    expect(() => assertCanRate(running, 'dora', undefined, NOW)).toThrow(/FEEDBACK_NOT_ENDED/);
  });

  it('can be repeated for seven days after the first time', () => {
    const at = (ms: number) => new Date(NOW.getTime() - ms);
    expect(canRate(ended, 'dora', at(REPLACE_WITHIN_MS), NOW)).toBe(true);
    expect(canRate(ended, 'dora', at(REPLACE_WITHIN_MS + 1), NOW)).toBe(false);
    expect(() => assertCanRate(ended, 'dora', at(REPLACE_WITHIN_MS + 1), NOW)).toThrow(/FEEDBACK_TOO_LATE/);
  });
});

describe('the running aggregate', () => {
  it('is the average of the last score of each session, whatever was replaced', () => {
    const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(scores, (ratings) => {
        const last = new Map<number, number>();
        let total: RatingAggregate = { sum: 0, count: 0 };
        for (const [session, score] of ratings) {
          const delta = ratingDelta(score, last.get(session));
          total = { sum: total.sum + delta.sum, count: total.count + delta.count };
          last.set(session, score);
        }
        const plain = [...last.values()].reduce((sum, score) => sum + score, 0) / last.size;
        expect(total.count).toBe(last.size);
        expect(averageOf(total)).toBeCloseTo(plain, 2);
      }),
    );
  });

  it('has no average without ratings', () => {
    expect(averageOf({ sum: 0, count: 0 })).toBeUndefined();
  });
});
