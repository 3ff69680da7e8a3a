/** Power over time for people: mean power per step of a wanted length, of no more points than are wanted. */

/** A reading, or the mean of several. */
export interface CurvePoint {
  readonly at: Date;
  readonly powerW?: number;
  readonly energyImportMwh?: number;
  /** How many it is the mean of. */
  readonly readings?: number;
}

export interface PowerPoint {
  readonly at: Date;
  readonly powerW: number;
  /** Register at the end of the step, mWh since the first register; absent when the step holds none. */
  readonly energyMwh?: number;
}

export const MAX_POINTS = 500;
const MINUTE = 60;

/** Whether the means of minutes show a curve of `spanSeconds` as finely as is wanted. */
export function minutesSuffice(
  spanSeconds: number,
  resolutionSeconds: number,
  maxPoints = MAX_POINTS,
): boolean {
  return stepSeconds(spanSeconds, resolutionSeconds, maxPoints) >= MINUTE;
}

function stepSeconds(spanSeconds: number, resolutionSeconds: number, maxPoints: number): number {
  return Math.max(1, Math.floor(resolutionSeconds), Math.ceil(spanSeconds / Math.max(1, maxPoints - 1)));
}

/**
 * @param points in time order
 * @param resolutionSeconds length of a step, at least 1; made longer when the curve would have more than `maxPoints` points
 */
export function powerCurve(
  points: readonly CurvePoint[],
  resolutionSeconds: number,
  maxPoints = MAX_POINTS,
): PowerPoint[] {
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last) return [];
  const step =
    stepSeconds((last.at.getTime() - first.at.getTime()) / 1000, resolutionSeconds, maxPoints) * 1000;
  const begin = points.find((point) => point.energyImportMwh !== undefined)?.energyImportMwh;
  const buckets = new Map<number, { sum: number; count: number; energy?: number }>();
  for (const point of points) {
    const power = point.powerW;
    if (power === undefined && point.energyImportMwh === undefined) continue;
    const key = Math.floor((point.at.getTime() - first.at.getTime()) / step);
    const bucket = buckets.get(key) ?? { sum: 0, count: 0 };
    if (power !== undefined) {
      const weight = point.readings ?? 1;
      bucket.sum += power * weight;
      bucket.count += weight;
    }
    if (point.energyImportMwh !== undefined && begin !== undefined) {
      bucket.energy = Math.max(0, point.energyImportMwh - begin);
    }
    buckets.set(key, bucket);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .filter(([, bucket]) => bucket.count > 0)
    .map(([key, bucket]) => ({
      at: new Date(first.at.getTime() + key * step),
      powerW: Math.round(bucket.sum / bucket.count),
      ...(bucket.energy === undefined ? {} : { energyMwh: bucket.energy }),
    }));
}
