/** Running sum and count of the ratings of a station. Whole numbers, so the order of ratings changes nothing. */
export interface RatingAggregate {
  readonly sum: number;
  readonly count: number;
}

/** What a rating adds to its station's aggregate; a replaced one adds only the difference. */
export function ratingDelta(score: number, replaced: number | undefined): RatingAggregate {
  return replaced === undefined ? { sum: score, count: 1 } : { sum: score - replaced, count: 0 };
}

/** Plain average to two decimals, for display; undefined without ratings. */
export function averageOf({ sum, count }: RatingAggregate): number | undefined {
  return count === 0 ? undefined : Math.round((sum / count) * 100) / 100;
}
