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

const STEPS: Readonly<Record<CurveTable, string>> = {
  reading_minute: '1 minute',
  reading_quarter: '15 minutes',
};

export interface SessionWithCurve extends TransactionKey {
  readonly tenant: string;
  readonly sessionId: string;
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
  }>(
    `select tenant, session_id, station_id, evse_number, transaction_ref, started_at, ended_at from metered_session
      where curve_due_at <= $1 order by curve_due_at limit $2 for update skip locked`,
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
  }));
}

/** Draws the curves of many sessions, each time from all of their readings: what came late is in it. */
export const fillCurves = gathered<SessionWithCurve & { readonly at: Date }>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    const parameters = await ofEach(tx, tenant, sessions);
    for (const [table, step] of Object.entries(STEPS)) {
      await tx.query(
        `insert into ${table} (tenant, session_id, measured_at, power_w, max_power_w, power_export_w, energy_import_mwh,
            energy_export_mwh, soc_percent, readings)
          select $1, k.session_id, date_bin('${step}', r.measured_at, 'epoch'), round(avg(r.power_w)), max(r.power_w),
            round(avg(r.power_export_w)), max(r.energy_import_mwh), max(r.energy_export_mwh), max(r.soc_percent), count(*)
          from ${EACH} cross join lateral (${OF_EACH}) r group by 2, 3
          on conflict on constraint ${table}_pk do update set power_w = excluded.power_w, max_power_w = excluded.max_power_w,
            power_export_w = excluded.power_export_w, energy_import_mwh = excluded.energy_import_mwh,
            energy_export_mwh = excluded.energy_export_mwh, soc_percent = excluded.soc_percent, readings = excluded.readings`,
        parameters,
      );
    }
    await tx.query(
      `update metered_session set curve_due_at = null, curve_filled_at = $2 where tenant = $1 and session_id = any ($3::uuid[])`,
      [tenant, sessions[0]!.at, pgArray.uuid(sessions.map(({ sessionId }) => sessionId))],
    );
  },
);

export async function postponeCurve(
  tx: Tx,
  { tenant, sessionId }: SessionWithCurve,
  dueAt: Date,
): Promise<void> {
  await tx.query('update metered_session set curve_due_at = $3 where tenant = $1 and session_id = $2', [
    tenant,
    sessionId,
    dueAt,
  ]);
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
