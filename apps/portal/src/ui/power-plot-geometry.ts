/** Where each stroke of a power plot goes. Pure: points and a size in, coordinates and paths out. */

export interface PowerPoint {
  readonly at: string;
  readonly powerW: number;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  readonly atMs: number;
  readonly powerW: number;
}

export interface PlotTick {
  readonly position: number;
  readonly value: number;
}

export interface PlotGeometry {
  readonly points: readonly PlotPoint[];
  readonly line: string;
  readonly area: string;
  /** Watts. */
  readonly yTicks: readonly PlotTick[];
  /** Milliseconds since the epoch. */
  readonly xTicks: readonly PlotTick[];
  readonly baseline: number;
}

const NICE_STEPS = [1, 2, 2.5, 5, 10];
const TIME_STEPS_S = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
/** A pause longer than this many times the usual distance of two points is drawn as a gap, not as a line across it. */
const GAP_STEPS = 3;

/** Ticks from 0 to at least `maximum`, about `count` of them, at round figures. */
export function valueTicks(maximum: number, count: number): number[] {
  const raw = Math.max(maximum, 1) / count;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = (NICE_STEPS.find((nice) => nice * magnitude >= raw) ?? 10) * magnitude;
  const ticks = Math.ceil(Math.max(maximum, 1) / step);
  return Array.from({ length: ticks + 1 }, (_, i) => Math.round(i * step * 1000) / 1000);
}

/** Round moments between two instants, at most `count`, on the viewer's clock (`offsetMs` east of UTC). */
export function timeTicks(fromMs: number, toMs: number, count: number, offsetMs = 0): number[] {
  const seconds = Math.max((toMs - fromMs) / 1000, 1);
  const last = TIME_STEPS_S[TIME_STEPS_S.length - 1] ?? 86_400;
  const step =
    1000 * (TIME_STEPS_S.find((one) => seconds / one <= count) ?? Math.ceil(seconds / count / last) * last);
  const first = Math.ceil((fromMs + offsetMs) / step) * step - offsetMs;
  const ticks = [];
  for (let at = first; at <= toMs; at += step) ticks.push(at);
  return ticks;
}

/** The coarsest step the server should average over, so that a plot has enough points and not too many. */
export function curveResolution(durationSeconds: number): number {
  const wanted = durationSeconds / 200;
  return [5, 10, 30, 60, 120, 300, 600, 900].find((step) => step >= wanted) ?? 1800;
}

export function plotGeometry(
  curve: readonly PowerPoint[],
  size: PlotSize,
  stepSeconds: number,
  offsetMs = 0,
): PlotGeometry {
  const baseline = size.height - size.bottom;
  const times = curve.map(({ at }) => Date.parse(at));
  const from = times[0] ?? 0;
  const to = Math.max(times[times.length - 1] ?? 0, from + stepSeconds * 1000);
  const yValues = valueTicks(Math.max(0, ...curve.map(({ powerW }) => powerW)), 4);
  const top = yValues[yValues.length - 1] ?? 1;
  const x = (ms: number) =>
    round(size.left + ((ms - from) / (to - from)) * (size.width - size.left - size.right));
  const y = (watts: number) => round(baseline - (Math.max(0, watts) / top) * (baseline - size.top));

  const points = curve.map(({ powerW }, i) => {
    const atMs = times[i] ?? 0;
    return { x: x(atMs), y: y(powerW), atMs, powerW };
  });
  // A charger may measure less often than the steps asked for.
  const runs = withoutGaps(points, GAP_STEPS * Math.max(stepSeconds * 1000, usualDistance(times)));
  return {
    points,
    line: runs.map(linePath).join(''),
    area: runs.map((run) => areaPath(run, baseline)).join(''),
    yTicks: yValues.map((value) => ({ value, position: y(value) })),
    xTicks:
      curve.length === 0
        ? []
        : timeTicks(from, to, Math.max(2, Math.floor(size.width / 110)), offsetMs).map((value) => ({
            value,
            position: x(value),
          })),
    baseline,
  };
}

/** The point whose x is nearest; undefined in an empty plot. */
export function nearestPoint(points: readonly PlotPoint[], x: number): PlotPoint | undefined {
  return points.reduce<PlotPoint | undefined>(
    (best, point) => (best && Math.abs(best.x - x) <= Math.abs(point.x - x) ? best : point),
    undefined,
  );
}

/** At most `limit` of the points, evenly picked, the last always among them: for the table beside the plot. */
export function thinned<T>(points: readonly T[], limit: number): T[] {
  if (points.length <= limit) return [...points];
  const step = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, i) => points[Math.round(i * step)]).filter(
    (point) => point !== undefined,
  );
}

/** Median distance of neighbours; 0 where there are none. */
function usualDistance(times: readonly number[]): number {
  const distances = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return distances.sort((a, b) => a - b)[Math.floor((distances.length - 1) / 2)] ?? 0;
}

function withoutGaps(points: readonly PlotPoint[], longestMs: number): PlotPoint[][] {
  const runs: PlotPoint[][] = [];
  for (const point of points) {
    const run = runs[runs.length - 1];
    const previous = run?.[run.length - 1];
    if (run && previous && point.atMs - previous.atMs <= longestMs) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

// A point that stands alone is a stroke without length: its round cap shows as a dot.
const linePath = (run: PlotPoint[]): string =>
  run.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('') + (run.length === 1 ? 'h0' : '');

function areaPath(run: PlotPoint[], baseline: number): string {
  const first = run[0];
  const last = run[run.length - 1];
  if (!first || !last || run.length < 2) return '';
  return `${linePath(run)}L${last.x} ${baseline}L${first.x} ${baseline}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
