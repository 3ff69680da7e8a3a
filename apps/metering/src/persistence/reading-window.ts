import { gatheredRead, type Tx } from '@kilowatch/platform';
import type { ReadingRow, TransactionKey } from './reading.repository.js';

/**
 * When the readings of a transaction were measured, so that only months in which there can be some are looked into. A charger's clock may be
 * set while it charges, or tell any year: a reading whose time is further from ours than the slack is noted (`distant_reading`), and
 * widens the window of its transaction. One that names no transaction counts by its time alone. A transaction id that the station uses
 * again is a session's from its start to the next one under that id.
 */
export interface ReadingWindow {
  readonly since: Date;
  readonly until: Date;
}

const DAY_MS = 86_400_000;
const SLACK_MS = 8 * DAY_MS;
/** What was measured at the edge of a window is in doubt (`selectReadings`). */
const EDGE_MS = 60_000;
/** A running session has no end yet. */
const ENDLESS = new Date('9999-12-31T00:00:00Z');

type Keyed = TransactionKey & { readonly sessionId: string };

/** Of the sessions that are looked at in one moment. */
export const windowOf = gatheredRead<Keyed, ReadingWindow>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    const rows = await tx.query<WindowRow>(
      `select k.session_id, d.since, d.until, use.begins, use.ends from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[],
          $6::bool[]) k (session_id, station_id, transaction_ref, started_at, again)
        left join lateral (select since, until from distant_reading where tenant = $1 and station_id = k.station_id
          and transaction_ref = k.transaction_ref limit 1) d on true
        ${USE}`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ stationId }) => stationId),
        sessions.map(({ transactionRef }) => transactionRef),
        sessions.map(({ startedAt }) => startedAt),
        sessions.map(({ ownRef }) => ownRef !== undefined),
      ],
    );
    const found = new Map(rows.map((row) => [row.session_id, row]));
    return new Map(
      sessions.map((session) => [session.sessionId, widened(session, found.get(session.sessionId)!)]),
    );
  },
);

interface WindowRow {
  readonly session_id: string;
  readonly since: Date | null;
  readonly until: Date | null;
  readonly begins: Date | null;
  readonly ends: Date | null;
}

const UNDER_REF = `select started_at from metered_session where tenant = $1 and station_id = k.station_id and session_id <> k.session_id and`;

/**
 * Of tenant $1 and the sessions `k` (session_id, station_id, transaction_ref, started_at, again): when the use of their transaction id begins and ends,
 * null where the id was not used before, or after.
 */
export const USE = `cross join lateral (select
    case when k.again or exists (${UNDER_REF} station_ref = k.transaction_ref and started_at < k.started_at)
      then k.started_at end as begins,
    least((${UNDER_REF} station_ref = k.transaction_ref and started_at > k.started_at order by started_at limit 1),
      (${UNDER_REF} transaction_ref = k.transaction_ref and started_at > k.started_at)) as ends) use`;

function widened(session: TransactionKey, row: WindowRow): ReadingWindow {
  const { startedAt, endedAt } = session;
  const since = startedAt.getTime() - SLACK_MS;
  // An end before the begin: the clock was set in between.
  const until = endedAt ? Math.max(endedAt.getTime(), startedAt.getTime()) + SLACK_MS : ENDLESS.getTime();
  const whole = {
    since: new Date(
      Math.min(
        since,
        (row.since?.getTime() ?? Infinity) - EDGE_MS,
        (endedAt ?? startedAt).getTime() - SLACK_MS,
      ),
    ),
    until: new Date(Math.max(until, (row.until?.getTime() ?? -Infinity) + EDGE_MS)),
  };
  return { since: row.begins ?? whole.since, until: row.ends ?? whole.until };
}

/** From the first to the last of all of them. */
export function hullOf(windows: readonly ReadingWindow[]): ReadingWindow {
  return {
    since: new Date(Math.min(...windows.map(({ since }) => since.getTime()))),
    until: new Date(Math.max(...windows.map(({ until }) => until.getTime()))),
  };
}

/** Notes the readings among these that no window would cover. Nothing is asked when there are none, which is nearly always. */
export async function noteDistant(tx: Tx, rows: readonly ReadingRow[]): Promise<void> {
  const spans = new Map<string, { row: ReadingRow; since: number; until: number }>();
  for (const row of rows) {
    const at = row.measuredAt.getTime();
    if (row.transactionRef === '' || Math.abs(at - row.receivedAt.getTime()) <= SLACK_MS) continue;
    const key = `${row.tenant}|${row.stationId}|${row.transactionRef}`;
    const span = spans.get(key) ?? { row, since: at, until: at };
    spans.set(key, { row, since: Math.min(span.since, at), until: Math.max(span.until, at) });
  }
  if (spans.size === 0) return;
  // In one order: two batches must not wait for each other.
  const sorted = [...spans].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, span]) => span);
  await tx.query(
    `insert into distant_reading as held (tenant, station_id, transaction_ref, since, until)
      select * from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
      on conflict on constraint distant_reading_pk do update set since = least(held.since, excluded.since),
        until = greatest(held.until, excluded.until)
      where held.since > excluded.since or held.until < excluded.until`,
    [
      sorted.map(({ row }) => row.tenant),
      sorted.map(({ row }) => row.stationId),
      sorted.map(({ row }) => row.transactionRef),
      sorted.map(({ since }) => new Date(since)),
      sorted.map(({ until }) => new Date(until)),
    ],
  );
}
