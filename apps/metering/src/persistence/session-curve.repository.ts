import { groupBy } from '@kilowatch/kernel';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { SocPoint } from '../domain/charging-forecast.js';
import type { CurvePoint } from '../domain/power-curve.js';
import { EACH, OF_EACH, ofEach, type TransactionKey } from './reading.repository.js';

/** A car is known by its last sessions: what it was years ago says less. */
const MOST_EARLIER = 8;
const MOST_MINUTES = 600;

/** The curves of sessions in coarser steps than readings, kept for longer than these. */
export type CurveTable = 'reading_minute' | 'reading_quarter';

export interface SessionWithCurve extends TransactionKey {
  readonly tenant: string;
  readonly sessionId: string;
  /** Its curve was drawn before; of one that was not there is no point yet. */
  readonly drawn: boolean;
}

/** Sessions of all tenants whose curve is to be drawn, locked for this transaction. */
export async function takeCurvesDue(tx: Tx, now: Date, limit: number): Promise<SessionWithCurve[]> {
  const rows = await tx.query<{
    tenant: string;
    session_id: string;
    station_id: string;
    evse_number: number;
    transaction_ref: string;
    started_at: Date;
    ended_at: Date | null;
    drawn: boolean;
  }>(
    `select tenant, session_id, station_id, evse_number, transaction_ref, started_at, ended_at,
        curve_filled_at is not null as drawn
      from metered_session where curve_due_at <= $1 order by curve_due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    sessionId: row.session_id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    transactionRef: row.transaction_ref,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    drawn: row.drawn,
  }));
}

/** The mean of whole numbers, null of none: as `round(avg())`, half away from zero, but that goes by way of numeric. */
const mean = (column: string) =>
  `case when sum(${column}) < 0 then (sum(${column}) - count(${column}) / 2) / count(${column})
    else (sum(${column}) + count(${column}) / 2) / count(${column}) end`;

const POINT = `tenant, session_id, measured_at, power_w, max_power_w, power_export_w, energy_import_mwh, energy_export_mwh,
  soc_percent, readings`;

/**
 * The points of both tables by one look at the readings and one pass over them, in the order of the key. The offset keeps the readings of
 * a session a look-up in their key: of a plain join the planner may think it large and read whole months.
 */
const draw = (
  held: (table: CurveTable) => string,
) => `with points (session_id, quarter, minute, power, most, export, imported, exported,
    soc, readings) as materialized (
    select k.session_id, date_bin('15 minutes', measured_at, 'epoch'), date_bin('1 minute', measured_at, 'epoch'),
        ${mean('power_w')}, max(power_w), ${mean('power_export_w')}, max(energy_import_mwh), max(energy_export_mwh),
        max(soc_percent), count(*)
      from ${EACH} cross join lateral (${OF_EACH} offset 0) r group by grouping sets ((1, 2, 3), (1, 2)) order by 1, 2, 3),
  by_minute as (insert into reading_minute (${POINT})
    select $1, session_id, minute, power, most, export, imported, exported, soc, readings
      from points where minute is not null ${held('reading_minute')})
  insert into reading_quarter (${POINT})
    select $1, session_id, quarter, power, most, export, imported, exported, soc, readings
      from points where minute is null ${held('reading_quarter')}`;

/** To look for a point before it is written costs as much as to write it, and most curves are drawn once. */
const DRAW = draw(() => '');
const DRAW_AGAIN = draw(
  (table) => `on conflict on constraint ${table}_pk do update set power_w = excluded.power_w,
    max_power_w = excluded.max_power_w, power_export_w = excluded.power_export_w, energy_import_mwh = excluded.energy_import_mwh,
    energy_export_mwh = excluded.energy_export_mwh, soc_percent = excluded.soc_percent, readings = excluded.readings`,
);

/** Draws the curves of many sessions, each time from all of their readings: what came late is in it. */
export const fillCurves = gathered<SessionWithCurve & { readonly at: Date }>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    for (const [drawn, some] of groupBy(sessions, (session) => session.drawn))
      await tx.query(drawn ? DRAW_AGAIN : DRAW, await ofEach(tx, tenant, some));
    await tx.query(
      `update metered_session set curve_due_at = null, curve_filled_at = $2 where tenant = $1 and session_id = any ($3::uuid[])`,
      [tenant, sessions[0]!.at, pgArray.uuid(sessions.map(({ sessionId }) => sessionId))],
    );
  },
);

export async function postponeCurve(
  tx: Tx,
  { tenant, sessionId }: SessionWithCurve,
  { dueAt, now }: { readonly dueAt: Date; readonly now: Date },
): Promise<void> {
  // Should points be there against all expectation (put there by hand, from a backup), the next drawing takes its place among them.
  await tx.query(
    `update metered_session set curve_due_at = $3, curve_filled_at = coalesce(curve_filled_at, $4)
      where tenant = $1 and session_id = $2`,
    [tenant, sessionId, dueAt, now],
  );
}

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

/** In time order; the time of a point is that of its begin. */
export async function curveOf(
  tx: Tx,
  tenant: string,
  { sessionId }: { readonly sessionId: string },
  table: CurveTable,
): Promise<CurvePoint[]> {
  const rows = await tx.query<{
    measured_at: Date;
    power_w: number | null;
    energy_import_mwh: string | null;
    readings: number;
  }>(
    `select measured_at, power_w, energy_import_mwh, readings from ${table} where tenant = $1 and session_id = $2
      order by measured_at limit 20000`,
    [tenant, sessionId],
  );
  return rows.map((row) => ({
    at: row.measured_at,
    readings: row.readings,
    ...(row.power_w === null ? {} : { powerW: row.power_w }),
    ...(row.energy_import_mwh === null ? {} : { energyImportMwh: Number(row.energy_import_mwh) }),
  }));
}

/** The last sessions of whoever charges here that are drawn and told the state of charge, each in time order. */
export async function earlierCurves(
  tx: Tx,
  tenant: string,
  session: { readonly sessionId: string; readonly accountId: string; readonly startedAt: Date },
): Promise<SocPoint[][]> {
  if (session.accountId === '') return [];
  const rows = await tx.query<{
    session_id: string;
    measured_at: Date;
    power_w: number | null;
    energy_import_mwh: string | null;
    soc_percent: number;
  }>(
    `select c.session_id, c.measured_at, c.power_w, c.energy_import_mwh, c.soc_percent
      from (select session_id from metered_session where tenant = $1 and account_id = $2 and started_at < $3
        and session_id <> $4 and curve_filled_at is not null order by started_at desc limit ${MOST_EARLIER}) s
      cross join lateral (select * from reading_minute m where m.tenant = $1 and m.session_id = s.session_id
        and m.soc_percent is not null order by m.measured_at limit ${MOST_MINUTES}) c`,
    [tenant, session.accountId, session.startedAt, session.sessionId],
  );
  const curves = groupBy(rows, ({ session_id }) => session_id);
  return [...curves.values()].map((points) =>
    points.map((row) => ({
      at: row.measured_at,
      socPercent: row.soc_percent,
      ...(row.power_w === null ? {} : { powerW: row.power_w }),
      ...(row.energy_import_mwh === null ? {} : { energyImportMwh: Number(row.energy_import_mwh) }),
    })),
  );
}
