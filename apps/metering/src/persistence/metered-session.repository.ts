import { groupBy } from '@kilowatch/kernel';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { EnergySource, EnergyVerdict, SessionEnergy } from '../domain/session-energy.js';
import type { SignedReason, SignedSession, SignedVerdict } from '../domain/signed/signed-session.js';

/** Metering's own view of a session: enough to find its readings, to close its energy and to authorise who asks. */
export interface MeteredSession {
  readonly tenant: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  /** As the station names it, and its readings. */
  readonly transactionRef: string;
  /** Unlike any other of the station; only where the station used `transactionRef` for another session. */
  readonly ownRef: string | undefined;
  readonly accountId: string;
  readonly status: 'ACTIVE' | 'ENDED';
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly maxPowerW: number;
  /** Clock of the charger minus ours when it started. */
  readonly clockOffsetSeconds: number;
  readonly locationId: string;
  readonly evseId: string;
  readonly sessionsVersion: number;
}

/** The same with its closed energy, once there is one. */
export interface ClosedSession extends MeteredSession {
  readonly closedAt: Date | undefined;
  readonly energyMwh: number | undefined;
  readonly verdict: EnergyVerdict | undefined;
  readonly source: EnergySource | undefined;
  readonly exportMwh: number | undefined;
  readonly beginRegisterMwh: number | undefined;
  readonly endRegisterMwh: number | undefined;
  readonly deviations: readonly string[];
  /** As it was when the session was closed; undefined before, and of sessions that nobody looked at. */
  readonly signedVerdict: SignedVerdict | undefined;
  readonly signedReasons: readonly SignedReason[];
  /** Its curve is drawn, and no reading came since. */
  readonly hasCurve: boolean;
}

interface Row {
  tenant: string;
  session_id: string;
  station_id: string;
  evse_number: number;
  transaction_ref: string;
  station_ref: string | null;
  account_id: string;
  status: 'ACTIVE' | 'ENDED';
  started_at: Date;
  ended_at: Date | null;
  max_power_w: number;
  sessions_version: string;
  closed_at: Date | null;
  energy_mwh: string | null;
  verdict: EnergyVerdict | null;
  begin_register_mwh: string | null;
  end_register_mwh: string | null;
  deviations: string[] | null;
  signed_verdict: SignedVerdict | null;
  signed_reasons: SignedReason[] | null;
  energy_source: EnergySource | null;
  export_mwh: string | null;
  clock_offset_seconds: string;
  location_id: string;
  evse_id: string;
  curve_due_at: Date | null;
  curve_filled_at: Date | null;
}

/** What sessions said of a session; an ended one waits for its closing until `dueAt`. */
export interface ToldSession extends MeteredSession {
  readonly dueAt: Date | undefined;
}

const TOLD_COLUMNS = `tenant, session_id, station_id, evse_number, transaction_ref, station_ref, account_id, status, started_at, ended_at,
  max_power_w, sessions_version, due_at, clock_offset_seconds, location_id, evse_id`;

/** Takes over what sessions said and locks it; answers what is held now, or nothing when it was no news. */
export const saveSession = gathered<ToldSession, ClosedSession>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    const told = sessions.map((session) => ({
      tenant,
      session_id: session.sessionId,
      station_id: session.stationId,
      evse_number: session.evseNumber,
      transaction_ref: session.ownRef ?? session.transactionRef,
      station_ref: session.ownRef === undefined ? null : session.transactionRef,
      account_id: session.accountId,
      status: session.status,
      started_at: session.startedAt,
      ended_at: session.endedAt,
      max_power_w: session.maxPowerW,
      sessions_version: session.sessionsVersion,
      due_at: session.dueAt,
      clock_offset_seconds: session.clockOffsetSeconds,
      location_id: session.locationId,
      evse_id: session.evseId,
    }));
    const rows = await tx.query<Row>(
      `insert into metered_session as held (${TOLD_COLUMNS})
        select ${TOLD_COLUMNS} from json_populate_recordset(null::metered_session, $1::json)
        on conflict on constraint metered_session_pk do update set account_id = excluded.account_id,
          evse_number = excluded.evse_number, max_power_w = excluded.max_power_w, status = excluded.status,
          started_at = excluded.started_at, ended_at = excluded.ended_at, sessions_version = excluded.sessions_version,
          clock_offset_seconds = excluded.clock_offset_seconds, location_id = excluded.location_id, evse_id = excluded.evse_id,
          due_at = case when held.closed_at is null then excluded.due_at end
        where held.sessions_version < excluded.sessions_version
        returning *`,
      [JSON.stringify(told)],
    );
    return new Map(rows.map((row) => [row.session_id, toSession(row)]));
  },
);

export async function lockSession(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<ClosedSession | undefined> {
  const rows = await tx.query<Row>(
    'select * from metered_session where tenant = $1 and session_id = $2 for update',
    [tenant, sessionId],
  );
  return rows[0] && toSession(rows[0]);
}

export async function findSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ClosedSession[]> {
  const rows = await tx.query<Row>(
    'select * from metered_session where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, sessionIds],
  );
  return rows.map(toSession);
}

/** Sessions of all tenants whose late window has passed, locked for this transaction. None of them is closed. */
export async function takeDue(tx: Tx, now: Date, limit: number): Promise<ClosedSession[]> {
  const rows = await tx.query<Row>(
    'select * from metered_session where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toSession);
}

export async function postponeClosing(
  tx: Tx,
  { tenant, sessionId }: { tenant: string; sessionId: string },
  dueAt: Date,
): Promise<void> {
  await tx.query('update metered_session set due_at = $3 where tenant = $1 and session_id = $2', [
    tenant,
    sessionId,
    dueAt,
  ]);
}

export interface Closing {
  readonly sessionId: string;
  readonly energy: SessionEnergy;
  readonly signed: Pick<SignedSession, 'verdict' | 'reasons'>;
  readonly closedAt: Date;
}

export const closeSession = gathered(
  ({ sessionId }: Closing) => sessionId,
  async (tx, tenant, closings) => {
    const rows = closings.map(({ sessionId, energy, signed, closedAt }) => ({
      session_id: sessionId,
      closed_at: closedAt,
      energy_mwh: energy.energyMwh,
      verdict: energy.verdict,
      begin_register_mwh: energy.beginMwh,
      end_register_mwh: energy.endMwh,
      deviations: energy.deviations,
      signed_verdict: signed.verdict,
      signed_reasons: signed.reasons,
      energy_source: energy.source,
      export_mwh: energy.exportMwh,
    }));
    await tx.query(
      `update metered_session held set closed_at = c.closed_at, due_at = null, energy_mwh = c.energy_mwh,
          curve_due_at = c.closed_at + interval '1 minute',
          verdict = c.verdict, begin_register_mwh = c.begin_register_mwh, end_register_mwh = c.end_register_mwh,
          deviations = c.deviations, signed_verdict = c.signed_verdict, signed_reasons = c.signed_reasons,
          energy_source = c.energy_source, export_mwh = c.export_mwh
        from json_populate_recordset(null::metered_session, $2::json) c
        where held.tenant = $1 and held.session_id = any ($3::uuid[]) and held.session_id = c.session_id`,
      // The ids by themselves as well: then the key's index finds them, whatever the planner believes of the table.
      [tenant, JSON.stringify(rows), pgArray.uuid(rows.map((row) => row.session_id))],
    );
  },
);

export function transactionKey(tenant: string, stationId: string, transactionRef: string): string {
  return `${tenant}|${stationId}|${transactionRef}`;
}

/** A session, and where it is. */
export interface PlacedSession {
  readonly sessionId: string;
  /** Unlike any other of the station. */
  readonly transactionRef: string;
  readonly startedAt: Date;
  readonly locationId: string;
  readonly evseId: string;
}

/** Of a transaction id that was used again, the last few sessions. */
const MOST_USES = 3;

/** Sessions of transactions, for those that are known, by `transactionKey`, in time order. */
export async function sessionsOfTransactions(
  tx: Tx,
  keys: readonly { tenant: string; stationId: string; transactionRef: string }[],
): Promise<Map<string, PlacedSession[]>> {
  const rows = await tx.query<{
    tenant: string;
    station_id: string;
    ref: string;
    session_id: string;
    transaction_ref: string;
    started_at: Date;
    location_id: string;
    evse_id: string;
  }>(
    // The limit makes it an index look-up for each key, whatever the planner believes of a table that grows for ever.
    `select k.tenant, k.station_id, k.ref, s.session_id, s.transaction_ref, s.started_at, s.location_id, s.evse_id
      from (select distinct * from unnest($1::text[], $2::uuid[], $3::text[])) k (tenant, station_id, ref)
      cross join lateral ((select * from metered_session m where m.tenant = k.tenant
        and m.station_id = k.station_id and m.transaction_ref = k.ref limit 1)
      union all (select * from metered_session m where m.tenant = k.tenant
        and m.station_id = k.station_id and m.station_ref = k.ref order by m.started_at desc limit ${MOST_USES})) s
      order by s.started_at`,
    [keys.map((key) => key.tenant), keys.map((key) => key.stationId), keys.map((key) => key.transactionRef)],
  );
  const placed = (row: (typeof rows)[number]): PlacedSession => ({
    sessionId: row.session_id,
    transactionRef: row.transaction_ref,
    startedAt: row.started_at,
    locationId: row.location_id,
    evseId: row.evse_id,
  });
  const found = groupBy(rows, (row) => transactionKey(row.tenant, row.station_id, row.ref));
  return new Map([...found].map(([key, uses]) => [key, uses.map(placed)]));
}

/** A place where a session may run. */
export interface EvsePlace {
  readonly tenant: string;
  readonly stationId: string;
  readonly evseNumber: number;
}

/** The session that runs there, and since when by the station's clock. */
export type RunningSession = EvsePlace & PlacedSession;

/** The newest running session of each place; a place without one is missing. One statement, of all tenants. */
export async function runningOn(tx: Tx, places: readonly EvsePlace[]): Promise<RunningSession[]> {
  const rows = await tx.query<Row>(
    `select s.* from (select distinct * from unnest($1::text[], $2::uuid[], $3::int[])) k (tenant, station_id, evse_number)
      cross join lateral (select * from metered_session m where m.tenant = k.tenant and m.station_id = k.station_id
        and m.evse_number = k.evse_number and m.status = 'ACTIVE' order by m.started_at desc limit 1) s`,
    [
      places.map(({ tenant }) => tenant),
      places.map(({ stationId }) => stationId),
      places.map(({ evseNumber }) => evseNumber),
    ],
  );
  return rows.map((row) => ({ ...toSession(row), transactionRef: row.transaction_ref }));
}

/** How the station names the transaction, and the name of its own where that was used before. */
export function refsOf(
  row: Pick<Row, 'transaction_ref' | 'station_ref'>,
): Pick<MeteredSession, 'transactionRef' | 'ownRef'> {
  return row.station_ref === null
    ? { transactionRef: row.transaction_ref, ownRef: undefined }
    : { transactionRef: row.station_ref, ownRef: row.transaction_ref };
}

function toSession(row: Row): ClosedSession {
  const whole = (text: string | null) => (text === null ? undefined : Number(text));
  return {
    tenant: row.tenant,
    sessionId: row.session_id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    ...refsOf(row),
    accountId: row.account_id,
    status: row.status,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    maxPowerW: row.max_power_w,
    clockOffsetSeconds: Number(row.clock_offset_seconds),
    locationId: row.location_id,
    evseId: row.evse_id,
    sessionsVersion: Number(row.sessions_version),
    closedAt: row.closed_at ?? undefined,
    energyMwh: whole(row.energy_mwh),
    verdict: row.verdict ?? undefined,
    source: row.energy_source ?? undefined,
    exportMwh: whole(row.export_mwh),
    beginRegisterMwh: whole(row.begin_register_mwh),
    endRegisterMwh: whole(row.end_register_mwh),
    deviations: row.deviations ?? [],
    hasCurve: row.curve_filled_at !== null && row.curve_due_at === null,
    signedVerdict: row.signed_verdict ?? undefined,
    signedReasons: row.signed_reasons ?? [],
  };
}
