import { groupBy } from '@kilowatch/kernel';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { SocPoint } from '../domain/charging-forecast.js';
import { refsOf } from './metered-session.repository.js';
import { EACH, OF_EACH, ofEach, type TransactionKey } from './reading.repository.js';

/** A car is known by its last sessions: what it was years ago says less. */
const MOST_EARLIER = 8;
const MOST_MINUTES = 600;
const MOST_ROWS = 20_000;
const MINUTE_MS = 60_000;

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
    station_ref: string | null;
    started_at: Date;
    ended_at: Date | null;
    drawn: boolean;
  }>(
    `select tenant, session_id, station_id, evse_number, transaction_ref, station_ref, started_at, ended_at,
        curve_filled_at is not null as drawn
      from metered_session where curve_due_at <= $1 order by curve_due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    sessionId: row.session_id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    ...refsOf(row),
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    drawn: row.drawn,
  }));
}

/** Of a row of `reading_minute m`, where curves were drawn before they were packed. */
const MINUTE_OF_ROW = `floor(date_part('epoch', m.measured_at) / 60)::bigint`;

/** The mean of whole numbers, null of none: as `round(avg())`, half away from zero, but that goes by way of numeric. */
const mean = (column: string) =>
  `case when sum(${column}) < 0 then (sum(${column}) - count(${column}) / 2) / count(${column})
    else (sum(${column}) + count(${column}) / 2) / count(${column}) end`;

/** A point: a minute, what was measured in it, and how many readings its mean power is of. */
const POINT =
  'minute, power_w, max_power_w, power_export_w, energy_import_mwh, energy_export_mwh, soc_percent, readings';
const COLUMNS = POINT.split(', ');

/**
 * The curves by one look at the readings and one pass over them. The offset keeps the readings of a session a look-up in their key: of a
 * plain join the planner may think it large and read whole months.
 */
const draw = (held: string) => `with fresh (session_id, ${POINT}) as materialized (
    select k.session_id, floor(date_part('epoch', measured_at) / 60)::bigint,
        ${mean('power_w')}, max(power_w), ${mean('power_export_w')}, max(energy_import_mwh), max(energy_export_mwh),
        max(soc_percent), count(power_w)
      from ${EACH} cross join lateral (${OF_EACH} offset 0) r group by 1, 2)
  insert into session_curve (tenant, session_id, drawn_at, ${POINT})
    select $1, session_id, $12, ${COLUMNS.map((column) => `array_agg(${column} order by minute)`).join(', ')}
      from (select * from fresh ${held}) p group by session_id
    on conflict on constraint session_curve_pk do update set drawn_at = excluded.drawn_at,
      ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

const DRAW = draw('');
/** Readings are kept for less long than curves: minutes that were drawn and of which none is left stay as they are. */
const DRAW_AGAIN = draw(`union all
  select o.* from (
      select c.session_id, p.* from session_curve c
        cross join lateral unnest(${COLUMNS.map((column) => `c.${column}`).join(', ')}) p (${POINT})
        where c.tenant = $1 and c.session_id = any ($4::uuid[])
      union all
      select m.session_id, ${MINUTE_OF_ROW}, ${COLUMNS.slice(1)
        .map((column) => `m.${column}`)
        .join(', ')} from reading_minute m
        where m.tenant = $1 and m.session_id = any ($4::uuid[])
          and not exists (select from session_curve c where c.tenant = $1 and c.session_id = m.session_id)) o
    where not exists (select from fresh f where f.session_id = o.session_id and f.minute = o.minute)`);

/** Draws the curves of many sessions, each time from all of their readings: what came late is in it. One without a point has no row. */
export const fillCurves = gathered<SessionWithCurve & { readonly at: Date }>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    for (const [drawn, some] of groupBy(sessions, (session) => session.drawn))
      await tx.query(drawn ? DRAW_AGAIN : DRAW, [...(await ofEach(tx, tenant, some)), some[0]!.at]);
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
 * all sessions there are. A drawing too many, for an id that another tenant has too, does no harm. One that is being drawn is waited for,
 * because that drawing may not have seen these readings.
 */
export async function markCurvesDue(
  tx: Tx,
  sessions: readonly { readonly tenant: string; readonly sessionId: string }[],
  dueAt: Date,
): Promise<void> {
  if (sessions.length === 0) return;
  await tx.query(
    `update metered_session set curve_due_at = $3 where tenant = any ($1::text[]) and session_id = any ($2::uuid[])
      and closed_at is not null and (curve_due_at is null or curve_due_at < $3)`,
    [
      [...new Set(sessions.map(({ tenant }) => tenant))],
      [...new Set(sessions.map(({ sessionId }) => sessionId))],
      dueAt,
    ],
  );
}

interface CurveRow {
  readonly minute: readonly string[];
  readonly power_w: readonly (number | null)[];
  readonly energy_import_mwh: readonly (string | null)[];
  readonly soc_percent: readonly (number | null)[];
  readonly readings: readonly number[];
}

/** In time order; the time of a point is that of its begin. */
export async function curveOf(tx: Tx, tenant: string, { sessionId }: SessionId): Promise<SocPoint[]> {
  const [packed] = await tx.query<CurveRow>(
    `select minute, power_w, energy_import_mwh, soc_percent, readings from session_curve where tenant = $1 and session_id = $2`,
    [tenant, sessionId],
  );
  return packed ? pointsOf(packed) : pointsInRows(tx, tenant, sessionId);
}

interface SessionId {
  readonly sessionId: string;
}

/** Of a curve that was drawn before curves were packed. */
async function pointsInRows(tx: Tx, tenant: string, sessionId: string): Promise<SocPoint[]> {
  const [row] = await tx.query<{ [Column in keyof CurveRow]: CurveRow[Column] | null }>(
    `select ${['minute', 'power_w', 'energy_import_mwh', 'soc_percent', 'readings']
      .map((column) => `array_agg(${column} order by minute) as ${column}`)
      .join(', ')}
      from (select ${MINUTE_OF_ROW} as minute, m.* from reading_minute m where tenant = $1 and session_id = $2
        order by measured_at limit ${MOST_ROWS}) m`,
    [tenant, sessionId],
  );
  return row?.minute ? pointsOf(row as CurveRow) : [];
}

function pointsOf(row: CurveRow): SocPoint[] {
  return row.minute.map((minute, i) => {
    const [power, energy, soc] = [row.power_w[i], row.energy_import_mwh[i], row.soc_percent[i]];
    return {
      at: new Date(Number(minute) * MINUTE_MS),
      readings: row.readings[i]!,
      ...(power == null ? {} : { powerW: power }),
      ...(energy == null ? {} : { energyImportMwh: Number(energy) }),
      ...(soc == null ? {} : { socPercent: soc }),
    };
  });
}

/** The last sessions of whoever charges here that are drawn and told the state of charge, each in time order. */
export async function earlierCurves(
  tx: Tx,
  tenant: string,
  session: SessionId & { readonly accountId: string; readonly startedAt: Date },
): Promise<SocPoint[][]> {
  if (session.accountId === '') return [];
  const earlier = await tx.query<{ session_id: string }>(
    `select session_id from metered_session where tenant = $1 and account_id = $2 and started_at < $3
      and session_id <> $4 and curve_filled_at is not null order by started_at desc limit ${MOST_EARLIER}`,
    [tenant, session.accountId, session.startedAt, session.sessionId],
  );
  const curves = await Promise.all(
    earlier.map(({ session_id: sessionId }) => curveOf(tx, tenant, { sessionId })),
  );
  return curves
    .map((points) => points.filter(({ socPercent }) => socPercent !== undefined).slice(0, MOST_MINUTES))
    .filter((points) => points.length > 0);
}

/** Curves that were drawn before then, some of them. Answers how many went. */
export async function forgetCurves(tx: Tx, before: Date, limit: number): Promise<number> {
  const rows = await tx.query<{ gone: string }>(
    `with gone as (delete from session_curve where ctid = any (array(
        select ctid from session_curve where drawn_at < $1 limit $2)) returning 1)
      select count(*) as gone from gone`,
    [before, limit],
  );
  return Number(rows[0]?.gone ?? 0);
}
