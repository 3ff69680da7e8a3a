/** Power over time for people: mean power per step of a wanted length, at most 500 points. */
import type { TimedReading } from './reading.js';

export interface PowerPoint {
  readonly at: Date;
  readonly powerW: number;
  /** Register at the end of the step, mWh since the first register; absent when the step holds none. */
  readonly energyMwh?: number;
}

export const MAX_POINTS = 500;

/**
 * @param readings in time order
 * @param resolutionSeconds length of a step, at least 1; made longer when the curve would have more than 500 points
 */
export function powerCurve(readings: readonly TimedReading[], resolutionSeconds: number): PowerPoint[] {
  const first = readings[0];
  const last = readings[readings.length - 1];
  if (!first || !last) return [];
  const spanSeconds = (last.at.getTime() - first.at.getTime()) / 1000;
  const step = Math.max(1, Math.floor(resolutionSeconds), Math.ceil(spanSeconds / (MAX_POINTS - 1))) * 1000;
  const begin = readings.find((reading) => reading.energyImportMwh !== undefined)?.energyImportMwh;
  const buckets = new Map<number, { sum: number; count: number; energy?: number }>();
  for (const reading of readings) {
    const power = reading.powerW;
    if (power === undefined && reading.energyImportMwh === undefined) continue;
    const key = Math.floor((reading.at.getTime() - first.at.getTime()) / step);
    const bucket = buckets.get(key) ?? { sum: 0, count: 0 };
    if (power !== undefined) {
      bucket.sum += power;
      bucket.count += 1;
    }
    if (reading.energyImportMwh !== undefined && begin !== undefined) {
      bucket.energy = Math.max(0, reading.energyImportMwh - begin);
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
