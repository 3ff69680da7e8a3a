import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  curveResolution,
  nearestPoint,
  plotGeometry,
  thinned,
  timeTicks,
  valueTicks,
} from './power-plot-geometry.js';

const SIZE = { width: 600, height: 200, left: 50, right: 10, top: 10, bottom: 30 };
const START = Date.parse('2026-07-01T10:00:00Z');
const curveOf = (powers: number[], stepSeconds = 60) =>
  powers.map((powerW, i) => ({ at: new Date(START + i * stepSeconds * 1000).toISOString(), powerW }));

describe('plotGeometry', () => {
  it('spans the frame from the first to the last point and from zero to the highest tick', () => {
    const { points, yTicks, baseline } = plotGeometry(curveOf([0, 10_000, 5_000]), SIZE, 60);
    expect(points.map(({ x }) => x)).toEqual([50, 320, 590]);
    expect(points[0]?.y).toBe(baseline);
    expect(points[1]?.y).toBe(yTicks[yTicks.length - 1]?.position);
  });

  it('draws nothing across a pause', () => {
    const curve = [
      ...curveOf([1_000, 1_000]),
      ...curveOf([1_000, 1_000]).map(({ at, powerW }) => ({
        at: new Date(Date.parse(at) + 3_600_000).toISOString(),
        powerW,
      })),
    ];
    expect(plotGeometry(curve, SIZE, 60).line.match(/M/g)).toHaveLength(2);
  });

  it('draws one line through readings that are further apart than the steps asked for', () => {
    const { line } = plotGeometry(curveOf([11_000, 11_000, 10_000, 9_000], 60), SIZE, 5);
    expect(line.match(/M/g)).toHaveLength(1);
  });

  it('shows a reading that stands alone as a dot', () => {
    const [first] = curveOf([500]);
    const later = curveOf([500, 500, 500]).map(({ at, powerW }) => ({
      at: new Date(Date.parse(at) + 3_600_000).toISOString(),
      powerW,
    }));
    expect(plotGeometry([first!, ...later], SIZE, 60).line).toMatch(/^M[\d. ]+h0M/);
  });

  it('stands with no point and with one', () => {
    expect(plotGeometry([], SIZE, 60)).toMatchObject({ line: '', area: '', xTicks: [] });
    expect(plotGeometry(curveOf([500]), SIZE, 60).points).toHaveLength(1);
  });

  it('keeps every point inside the frame', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 400_000 }), { minLength: 1, maxLength: 60 }),
        (powers) => {
          for (const { x, y } of plotGeometry(curveOf(powers), SIZE, 60).points) {
            expect(x).toBeGreaterThanOrEqual(SIZE.left);
            expect(x).toBeLessThanOrEqual(SIZE.width - SIZE.right);
            expect(y).toBeGreaterThanOrEqual(SIZE.top);
            expect(y).toBeLessThanOrEqual(SIZE.height - SIZE.bottom);
          }
        },
      ),
    );
  });
});

describe('ticks', () => {
  it('are round figures that reach over the maximum', () => {
    expect(valueTicks(10_900, 4)).toEqual([0, 5_000, 10_000, 15_000]);
    expect(valueTicks(0, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('of time are round on the viewer’s clock', () => {
    const halfHourZone = 5.5 * 3_600_000;
    const ticks = timeTicks(START, START + 4 * 3_600_000, 5, halfHourZone);
    expect(ticks.map((at) => new Date(at + halfHourZone).getUTCMinutes())).toEqual(ticks.map(() => 0));
  });

  it('never crowd', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 * 86_400 }),
        fc.integer({ min: 2, max: 12 }),
        (seconds, count) => {
          expect(timeTicks(START, START + seconds * 1000, count).length).toBeLessThanOrEqual(count + 1);
        },
      ),
    );
  });
});

describe('curve resolution', () => {
  it('gives some two hundred points whatever the length, and never more than the server sends', () => {
    expect([30, 600, 3_600, 8 * 3_600].map(curveResolution)).toEqual([5, 5, 30, 300]);
    for (const hours of [1, 6, 24, 72])
      expect((hours * 3_600) / curveResolution(hours * 3_600)).toBeLessThanOrEqual(500);
  });
});

describe('pointing and thinning', () => {
  it('finds the nearest point, and none in an empty plot', () => {
    const { points } = plotGeometry(curveOf([1, 2, 3]), SIZE, 60);
    expect(nearestPoint(points, 330)?.powerW).toBe(2);
    expect(nearestPoint([], 330)).toBeUndefined();
  });

  it('keeps the first and the last point', () => {
    const kept = thinned(
      Array.from({ length: 100 }, (_, i) => i),
      10,
    );
    expect([kept.length, kept[0], kept[9]]).toEqual([10, 0, 99]);
    expect(thinned([1, 2], 10)).toEqual([1, 2]);
  });
});
