import { useEffect, useState } from 'react';
import { SessionCurveDocument } from '../../api/documents/session.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { FigureItem, Figures } from '../../ui/figures.js';
import {
  energyFigure,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatTime,
  powerFigure,
  LOCALE,
} from '../../ui/format.js';
import { curveResolution } from '../../ui/power-plot-geometry.js';
import { PowerPlot } from '../../ui/power-plot.js';
import { Skeleton } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import type { ShownSession } from './session-page.js';

/** The dark panel at the top: what flows now, what has flowed, what it costs, when it is done. */
export function SessionMeter({ session }: { session: ShownSession }) {
  const now = useNow(1_000);
  const isActive = session.state === 'ACTIVE';
  const end = session.endedAt ? Date.parse(session.endedAt) : now;
  const seconds = (end - Date.parse(session.startedAt)) / 1000;
  return (
    <section
      className="meter"
      aria-label={isActive ? 'Charging now' : 'What was charged'}
      data-active={isActive}
    >
      <Figures>
        {isActive ? (
          <FigureItem
            big
            label="Power now"
            name="power"
            figure={powerFigure(session.livePowerW)}
            note={limitNote(session.currentLimitA)}
          />
        ) : (
          <FigureItem
            big
            label="Energy"
            name="energy"
            figure={energyFigure(session.energyWh)}
            note={meterNote(session)}
          />
        )}
        {isActive && <FigureItem label="Energy" name="energy" figure={energyFigure(session.energyWh)} />}
        <FigureItem
          label={session.cost?.final ? 'Total cost' : 'Cost so far'}
          name="cost"
          figure={session.cost ? formatMoney(session.cost.totalInclVat) : '–'}
        />
        {isActive && <TimeToFull session={session} now={now} />}
        {session.socPercent != null && (
          <FigureItem
            label="Battery"
            name="soc"
            figure={formatPercent(session.socPercent)}
            note={<Bar percent={session.socPercent} label="State of charge" />}
          />
        )}
        <FigureItem
          label="Duration"
          name="duration"
          figure={formatDuration(seconds)}
          note={`since ${formatTime(session.startedAt, 'time')}${session.endedAt ? ` until ${formatTime(session.endedAt, 'time')}` : ''}`}
        />
      </Figures>
      <Curve session={session} />
    </section>
  );
}

function Bar({ percent, label }: { percent: number; label: string }) {
  return (
    <svg
      className="bar"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <rect width={percent} height="8" />
    </svg>
  );
}

function TimeToFull({ session, now }: { session: ShownSession; now: number }) {
  const fullAt = session.estimatedFullAt;
  const remaining = fullAt ? (Date.parse(fullAt) - now) / 1000 : 0;
  return (
    <FigureItem
      label="Time to full"
      name="full"
      figure={fullAt && remaining > 0 ? formatDuration(remaining) : '–'}
      note={fullAt && remaining > 0 ? `at ${formatTime(fullAt, 'time')}` : 'Not known yet'}
    />
  );
}

function limitNote(limitA: number | null): string | undefined {
  return limitA === null
    ? undefined
    : `Shared site: up to ${formatNumber(limitA, LOCALE, { maximumFractionDigits: 1 })} A per phase`;
}

function meterNote({ energyStatus }: ShownSession): string | undefined {
  if (energyStatus === 'ESTIMATED') return 'Estimated: the closing reading is missing';
  return energyStatus === 'DISPUTED' ? 'The meter is in doubt and being checked' : undefined;
}

const CURVE_POLL_MS = 10_000;
const FEW_POINTS = 8;

function Curve({ session }: { session: ShownSession }) {
  const isActive = session.state === 'ACTIVE';
  // Fixed for a minute at a time, or each second would ask for another curve.
  const minute = useNow(60_000);
  const end = session.endedAt ? Date.parse(session.endedAt) : minute;
  const step = curveResolution((end - Date.parse(session.startedAt)) / 1000);
  const { data, isLoading, refetch } = useLiveQuery(SessionCurveDocument, {
    variables: { id: session.id, resolutionSeconds: step },
    pollMs: isActive ? CURVE_POLL_MS : 0,
    fallbackPollMs: isActive ? CURVE_POLL_MS : 0,
  });
  const curve = data?.session?.powerCurve;
  // The end draws it anew, and while it is short so does each reading: a plot of one point shows nothing.
  const moment = `${session.state} ${(curve?.length ?? 0) < FEW_POINTS ? session.lastReadingAt : ''}`;
  const [drawn, setDrawn] = useState(moment);
  useEffect(() => {
    if (drawn === moment) return;
    setDrawn(moment);
    refetch();
  }, [drawn, moment, refetch]);
  if (!curve) {
    if (isLoading) return <Skeleton rows={2} tall />;
    return <p className="plot-empty">The power plot is not available right now.</p>;
  }
  return <PowerPlot curve={curve} stepSeconds={step} isRunning={isActive} />;
}
