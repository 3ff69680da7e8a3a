import { useId, useMemo, useState, type PointerEvent } from 'react';
import { formatPower, formatTime } from './format.js';
import {
  nearestPoint,
  plotGeometry,
  thinned,
  type PlotPoint,
  type PowerPoint,
} from './power-plot-geometry.js';
import { useWidth } from './use-width.js';

const HEIGHT = 220;
const MARGINS = { left: 52, right: 12, top: 12, bottom: 28 };
const TABLE_ROWS = 24;

interface PowerPlotProps {
  readonly curve: readonly PowerPoint[];
  readonly stepSeconds: number;
  /** Marks the last point as the present. */
  readonly isRunning: boolean;
}

/** Power over time. The same figures stand in a table below, for those who do not see the drawing. */
export function PowerPlot({ curve, stepSeconds, isRunning }: PowerPlotProps) {
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const [pointed, setPointed] = useState<PlotPoint>();
  const id = useId();
  const plot = useMemo(
    () => plotGeometry(curve, { width, height: HEIGHT, ...MARGINS }, stepSeconds, zoneOffsetMs(curve)),
    [curve, width, stepSeconds],
  );
  const peak = curve.reduce((most, { powerW }) => Math.max(most, powerW), 0);
  const last = plot.points[plot.points.length - 1];
  const first = plot.points[0];
  if (!first || !last)
    return <p className="plot-empty">The power plot begins with the first meter reading.</p>;
  const summary =
    `Between ${formatTime(first.atMs, 'time')} and ${formatTime(last.atMs, 'time')}: ` +
    `at most ${formatPower(peak)}, last ${formatPower(last.powerW)}.`;
  const timeStyle = last.atMs - first.atMs < 300_000 ? 'time-seconds' : 'time';
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointed(nearestPoint(plot.points, ((event.clientX - box.left) / box.width) * width));
  };
  return (
    <figure className="plot">
      <div ref={frame}>
        <svg
          viewBox={`0 0 ${width} ${HEIGHT}`}
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
          onPointerMove={point}
          onPointerLeave={() => setPointed(undefined)}
        >
          <title id={`${id}-title`}>Charging power over time</title>
          <desc id={`${id}-desc`}>{summary}</desc>
          <defs>
            <linearGradient id={`${id}-fill`} x1="0" y1="0" x2="0" y2="1">
              <stop offset="0" className="plot-fill-top" />
              <stop offset="1" className="plot-fill-bottom" />
            </linearGradient>
          </defs>
          {plot.yTicks.map(({ position, value }) => (
            <g key={value} className="plot-tick">
              <line x1={MARGINS.left} x2={width - MARGINS.right} y1={position} y2={position} />
              <text x={MARGINS.left - 8} y={position + 4} textAnchor="end">
                {value === 0 ? '0' : axisPower(value, peak)}
              </text>
            </g>
          ))}
          {plot.xTicks.map(({ position, value }) => (
            <g key={value} className="plot-tick">
              <text x={position} y={HEIGHT - 8} textAnchor={anchorAt(position, width)}>
                {formatTime(value, timeStyle)}
              </text>
            </g>
          ))}
          <path d={plot.area} fill={`url(#${id}-fill)`} />
          <path d={plot.line} className="plot-line" />
          {isRunning && <circle cx={last.x} cy={last.y} r="5" className="plot-now" />}
          {pointed && <Pointed point={pointed} width={width} baseline={plot.baseline} style={timeStyle} />}
        </svg>
      </div>
      <details className="plot-table">
        <summary>Power as a table</summary>
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Power as a table">
          <table>
            <caption className="visually-hidden">{summary}</caption>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Power</th>
              </tr>
            </thead>
            <tbody>
              {thinned(plot.points, TABLE_ROWS).map(({ atMs, powerW }) => (
                <tr key={atMs}>
                  <th scope="row">{formatTime(atMs, 'time-seconds')}</th>
                  <td>{formatPower(powerW)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

interface PointedProps {
  readonly point: PlotPoint;
  readonly width: number;
  readonly baseline: number;
  readonly style: 'time' | 'time-seconds';
}

function Pointed({ point, width, baseline, style }: PointedProps) {
  return (
    <g className="plot-pointed" aria-hidden="true">
      <line x1={point.x} x2={point.x} y1={MARGINS.top} y2={baseline} />
      <circle cx={point.x} cy={point.y} r="4" />
      <text
        x={point.x + (point.x > width / 2 ? -10 : 10)}
        y={MARGINS.top + 12}
        textAnchor={point.x > width / 2 ? 'end' : 'start'}
      >
        {`${formatTime(point.atMs, style)} · ${formatPower(point.powerW)}`}
      </text>
    </g>
  );
}

// One unit for the whole axis.
function axisPower(watts: number, peak: number): string {
  return peak < 1000 ? `${watts} W` : `${watts / 1000} kW`;
}

function anchorAt(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x < MARGINS.left + 16) return 'start';
  return x > width - 40 ? 'end' : 'middle';
}

// Round hours are round on the viewer's clock.
function zoneOffsetMs(curve: readonly PowerPoint[]): number {
  return -new Date(curve[0]?.at ?? 0).getTimezoneOffset() * 60_000;
}
