import { gathered, type Tx } from '@kilowatch/platform';
import { newState, type DetectorState, type SessionFacts, type Surroundings } from '../domain/watch.js';

export interface TransactionKey {
  readonly stationId: string;
  readonly transactionRef: string;
}

/** The session of a transaction, once sessions has told of it. */
export interface WatchedSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly accountId: string;
  readonly stationIdentity: string;
  readonly clockOffsetMs: number;
}

/** A transaction's detector state, locked, with all that surrounds it. */
export interface Watch extends TransactionKey {
  readonly state: DetectorState;
  readonly session: WatchedSession | undefined;
  readonly around: Surroundings;
}

interface Row {
  station_id: string;
  transaction_ref: string;
  state: DetectorState;
  session_id: string | null;
  evse_number: number;
  account_id: string;
  station_identity: string;
  clock_offset_ms: string;
  facts: SessionFacts | null;
  limit_ma: number | null;
  faulted_at: Date | null;
  energy_mwh: string | null;
  measured: boolean | null;
}

// Each look-up is a lateral with a limit: a batch of keys then always walks the primary keys, whatever the planner believes of
// tables that grow with every session (a hash join would read them whole).
const select = (lock: '' | 'for update' | 'for update skip locked') => `
  select s.station_id, s.transaction_ref, s.state, w.session_id, w.evse_number, w.account_id, w.station_identity,
    w.clock_offset_ms, w.facts, l.limit_ma, e.energy_mwh, e.measured,
    (select max(c.faulted_at) from connector_state c
      where c.tenant = $1 and c.station_id = s.station_id and c.evse_number = w.evse_number) as faulted_at
  from unnest($2::uuid[], $3::text[]) as k (station_id, transaction_ref)
  cross join lateral (select * from detector_state d
    where d.tenant = $1 and d.station_id = k.station_id and d.transaction_ref = k.transaction_ref limit 1 ${lock}) s
  left join lateral (select * from watched_session o
    where o.tenant = $1 and o.station_id = k.station_id and o.transaction_ref = k.transaction_ref limit 1) w on true
  left join lateral (select * from session_limit o
    where o.tenant = $1 and o.session_id = w.session_id limit 1) l on true
  left join lateral (select * from session_energy o
    where o.tenant = $1 and o.session_id = w.session_id limit 1) e on true`;
const SELECT_LOCKED = select('for update');
const SELECT_UNLESS_LOCKED = select('for update skip locked');

/** All watches of a batch in one query, in one order everywhere, so that two batches wait instead of deadlocking. */
export async function lockWatches(tx: Tx, tenant: string, keys: readonly TransactionKey[]): Promise<Watch[]> {
  const found = await find(tx, tenant, keys, SELECT_LOCKED);
  if (found.length === keys.length) return found;
  const have = new Set(found.map(watchKey));
  const missing = keys.filter((key) => !have.has(watchKey(key)));
  await insertMissing(tx, tenant, missing);
  return [...found, ...(await find(tx, tenant, missing, SELECT_LOCKED))];
}

/** Undefined while somebody else holds it: a job comes back instead of waiting. */
export const tryLockWatch = gathered<TransactionKey, Watch>(watchKey, async (tx, tenant, keys) => {
  const held = byKey(await find(tx, tenant, keys, SELECT_UNLESS_LOCKED));
  const missing = keys.filter((key) => !held.has(watchKey(key)));
  if (missing.length === 0) return held;
  // Not there yet, or held by somebody: the insert leaves a held one alone.
  await insertMissing(tx, tenant, missing);
  return new Map([...held, ...byKey(await find(tx, tenant, missing, SELECT_UNLESS_LOCKED))]);
});

export const saveState = gathered<Watch>(watchKey, saveStates);

export async function saveStates(tx: Tx, tenant: string, watches: readonly Watch[]): Promise<void> {
  await tx.query(
    `insert into detector_state (tenant, station_id, transaction_ref, state)
      select $1, * from unnest($2::uuid[], $3::text[], $4::jsonb[])
      on conflict on constraint detector_state_pk do update set state = excluded.state`,
    [
      tenant,
      watches.map((watch) => watch.stationId),
      watches.map((watch) => watch.transactionRef),
      watches.map((watch) => JSON.stringify(watch.state)),
    ],
  );
}

export function watchKey(key: TransactionKey): string {
  return `${key.stationId}|${key.transactionRef}`;
}

function byKey(watches: readonly Watch[]): Map<string, Watch> {
  return new Map(watches.map((watch) => [watchKey(watch), watch]));
}

async function insertMissing(tx: Tx, tenant: string, keys: readonly TransactionKey[]): Promise<void> {
  await tx.query(
    `insert into detector_state (tenant, station_id, transaction_ref, state)
      select $1, station_id, transaction_ref, $4 from unnest($2::uuid[], $3::text[]) as k (station_id, transaction_ref)
      order by station_id, transaction_ref
      on conflict on constraint detector_state_pk do nothing`,
    [
      tenant,
      keys.map((key) => key.stationId),
      keys.map((key) => key.transactionRef),
      JSON.stringify(newState()),
    ],
  );
}

async function find(tx: Tx, tenant: string, keys: readonly TransactionKey[], sql: string): Promise<Watch[]> {
  // The rows are locked in the order of the keys.
  const ordered = [...keys].sort((a, b) => (watchKey(a) < watchKey(b) ? -1 : 1));
  const rows = await tx.query<Row>(sql, [
    tenant,
    ordered.map((key) => key.stationId),
    ordered.map((key) => key.transactionRef),
  ]);
  return rows.map(toWatch);
}

function toWatch(row: Row): Watch {
  return {
    stationId: row.station_id,
    transactionRef: row.transaction_ref,
    state: row.state,
    session:
      row.session_id === null
        ? undefined
        : {
            sessionId: row.session_id,
            stationId: row.station_id,
            evseNumber: row.evse_number,
            accountId: row.account_id,
            stationIdentity: row.station_identity,
            clockOffsetMs: Number(row.clock_offset_ms),
          },
    around: {
      facts: row.facts ?? undefined,
      limitMa: row.limit_ma ?? undefined,
      faultedAt: row.faulted_at?.getTime(),
      metered:
        row.energy_mwh === null
          ? undefined
          : { energyMwh: Number(row.energy_mwh), measured: row.measured ?? false },
    },
  };
}
