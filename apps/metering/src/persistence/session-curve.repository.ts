import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { SocPoint } from '../domain/charging-forecast.js';
import type { CurvePoint } from '../domain/power-curve.js';
import { MINUTE_MS, type CurveMinute } from '../domain/session-curve.js';

/** A car is known by its last sessions: what it was years ago says less. */
const MOST_EARLIER = 8;
const MOST_MINUTES = 600;

export interface DrawnCurve {
  readonly sessionId: string;
  readonly closedAt: Date;
  readonly minutes: readonly CurveMinute[];
}

/** Stores the curves of many sessions in the place of those that were there. One without a point has no row. */
export const saveCurve = gathered<DrawnCurve>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, curves) => {
    const rows = curves.filter(({ minutes }) => minutes.length > 0).map((curve) => packed(tenant, curve));
    if (rows.length === 0) return;
    await tx.query(
      `insert into session_curve select * from json_populate_recordset(null::session_curve, $1::json)
        on conflict on constraint session_curve_pk do update set minute = excluded.minute, ${REPLACED}`,
      [JSON.stringify(rows)],
    );
  },
);

/** A column for each figure, each with an entry for each minute. */
const FIGURES = {
  power_w: 'powerW',
  max_power_w: 'maxPowerW',
  power_export_w: 'powerExportW',
  energy_import_mwh: 'energyImportMwh',
  energy_export_mwh: 'energyExportMwh',
  soc_percent: 'socPercent',
  readings: 'readings',
} as const satisfies Record<string, keyof CurveMinute>;
const REPLACED = Object.keys(FIGURES)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

function packed(tenant: string, { sessionId, closedAt, minutes }: DrawnCurve): Record<string, unknown> {
  const figures = Object.entries(FIGURES).map(([column, figure]) => [
    column,
    minutes.map((minute) => minute[figure] ?? null),
  ]);
  return {
    tenant,
    session_id: sessionId,
    closed_at: closedAt,
    minute: minutes.map(({ at }) => at.getTime() / MINUTE_MS),
    ...Object.fromEntries(figures),
  };
}

/** Their curves are as their readings are now. */
export const noteDrawn = gathered<{ readonly sessionId: string; readonly at: Date }>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `update metered_session set curve_due_at = null, curve_filled_at = $2 where tenant = $1 and session_id = any ($3::uuid[])`,
      [tenant, sessions[0]!.at, pgArray.uuid(sessions.map(({ sessionId }) => sessionId))],
    );
  },
);

/**
 * Readings came for these sessions; of those that are closed already, the curve is to be drawn again. Both keys are compared with
 * values, so that any plan is a look-up in the primary key: of a join with what is unnested the planner may think it large and read
 * all sessions there are. A drawing too many, for an id that another tenant has too, does no harm.
 */
export async function markCurvesDue(
  tx: Tx,
  sessions: readonly { readonly tenant: string; readonly sessionId: string }[],
  dueAt: Date,
): Promise<void> {
  if (sessions.length === 0) return;
  await tx.query(
    `update metered_session set curve_due_at = $3 where tenant = any ($1::text[]) and session_id = any ($2::uuid[])
      and closed_at is not null and curve_due_at is null`,
    [
      [...new Set(sessions.map(({ tenant }) => tenant))],
      [...new Set(sessions.map(({ sessionId }) => sessionId))],
      dueAt,
    ],
  );
}

interface CurveRow {
  readonly session_id: string;
  readonly minute: readonly number[];
  readonly power_w: readonly (number | null)[];
  readonly energy_import_mwh: readonly (string | null)[];
  readonly soc_percent: readonly (number | null)[];
  readonly readings: readonly number[];
}

const COLUMNS = 'c.session_id, c.minute, c.power_w, c.energy_import_mwh, c.soc_percent, c.readings';

/** In time order; the time of a point is that of its begin. */
export async function curveOf(
  tx: Tx,
  tenant: string,
  { sessionId }: { readonly sessionId: string },
): Promise<CurvePoint[]> {
  const rows = await tx.query<CurveRow>(
    `select ${COLUMNS} from session_curve c where c.tenant = $1 and c.session_id = $2`,
    [tenant, sessionId],
  );
  return rows.flatMap(pointsOf);
}

/** The last sessions of whoever charges here that are drawn and told the state of charge, each in time order. */
export async function earlierCurves(
  tx: Tx,
  tenant: string,
  session: { readonly sessionId: string; readonly accountId: string; readonly startedAt: Date },
): Promise<SocPoint[][]> {
  if (session.accountId === '') return [];
  const rows = await tx.query<CurveRow>(
    // Each look by itself, so that it is one in the key of curves.
    `select ${COLUMNS} from (select session_id from metered_session where tenant = $1 and account_id = $2 and started_at < $3
        and session_id <> $4 and curve_filled_at is not null order by started_at desc limit ${MOST_EARLIER}) s
      cross join lateral (select * from session_curve where tenant = $1 and session_id = s.session_id limit 1) c`,
    [tenant, session.accountId, session.startedAt, session.sessionId],
  );
  return rows
    .map((row) => pointsOf(row).filter(({ socPercent }) => socPercent !== undefined))
    .filter((points) => points.length > 0)
    .map((points) => points.slice(0, MOST_MINUTES));
}

function pointsOf(row: CurveRow): SocPoint[] {
  return row.minute.map((minute, i) => {
    const [power, energy, soc] = [row.power_w[i], row.energy_import_mwh[i], row.soc_percent[i]];
    return {
      at: new Date(minute * MINUTE_MS),
      readings: row.readings[i]!,
      ...(power == null ? {} : { powerW: power }),
      ...(energy == null ? {} : { energyImportMwh: Number(energy) }),
      ...(soc == null ? {} : { socPercent: soc }),
    };
  });
}

/** Curves of sessions that were closed before then, some of them. Answers how many went. */
export async function forgetCurves(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query<{ gone: string }>(
    `with gone as (delete from session_curve where ctid = any (array(
        select ctid from session_curve where closed_at < $1 limit $2)) returning 1)
      select count(*) as gone from gone`,
    [before, limit],
  );
  return Number(rows[0]?.gone ?? 0);
}
