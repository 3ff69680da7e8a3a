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

/** A transaction's detector state with all that surrounds it. Locked, or nothing is stored of it yet (`isNew`). */
export interface Watch extends TransactionKey {
  readonly state: DetectorState;
  readonly isNew: boolean;
  readonly session: WatchedSession | undefined;
  readonly around: Surroundings;
}

interface Row {
  station_id: string;
  transaction_ref: string;
  state: DetectorState | null;
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
// tables that grow with every session (a hash join would read them whole). What only running sessions are judged by is not looked
// up for ended ones, and the other way round.
const SESSION = 'w.session_id, w.evse_number, w.account_id, w.station_identity, w.clock_offset_ms, w.facts';
const AROUND = `e.energy_mwh, e.measured,
    case when w.active then (select max(c.faulted_at) from connector_state c
      where c.tenant = $1 and c.station_id = w.station_id and c.evse_number = w.evse_number and c.faulted_at is not null)
    end as faulted_at`;
const ENERGY = `left join lateral (select * from session_energy o
    where o.tenant = $1 and o.session_id = w.session_id and not w.active limit 1) e on true`;

/**
 * The watches of a batch in one query, in one order everywhere, so that two batches wait instead of deadlocking. A transaction of
 * which nothing is stored comes as new; `saveStates` says whether it still was.
 */
export async function lockWatches(tx: Tx, tenant: string, keys: readonly TransactionKey[]): Promise<Watch[]> {
  // The rows are locked in the order of the keys.
  const ordered = inOrder(keys);
  const rows = await tx.query<Row>(
    `select k.station_id, k.transaction_ref, s.state, ${SESSION}, l.limit_ma, ${AROUND}
      from unnest($2::uuid[], $3::text[]) as k (station_id, transaction_ref)
      left join lateral (select d.state from detector_state d
        where d.tenant = $1 and d.station_id = k.station_id and d.transaction_ref = k.transaction_ref limit 1 for update) s on true
      left join lateral (select * from watched_session o
        where o.tenant = $1 and o.station_id = k.station_id and o.transaction_ref = k.transaction_ref limit 1) w on true
      left join lateral (select * from session_limit o
        where o.tenant = $1 and o.session_id = w.session_id limit 1) l on true
      ${ENERGY}`,
    [tenant, ordered.map((key) => key.stationId), ordered.map((key) => key.transactionRef)],
  );
  return rows.map(toWatch);
}

export interface WantedWatch {
  readonly sessionId: string;
  /** Only while it is charging: time asks, and for any other session time changes nothing. */
  readonly onlyCharging: boolean;
}

/**
 * The watch of a session. BUSY while somebody else holds it: a job comes back instead of waiting. OVER when it was wanted only while
 * the session is charging, and it is not. Undefined when sessions has not told of it.
 */
export const tryLockWatch = gathered<WantedWatch, Watch | 'BUSY' | 'OVER'>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, wanted) => {
    const rows = await tx.query<Row & { session_id: string; wanted: boolean; first: boolean | null }>(
      `select w.station_id, w.transaction_ref, w.wanted, s.state, ${SESSION}, null::int as limit_ma, ${AROUND},
          case when w.wanted and s.state is null then pg_try_advisory_xact_lock(${firstOf('w')}) end as first
        from unnest($2::uuid[], $3::boolean[]) as k (session_id, only_charging)
        cross join lateral (select *, not k.only_charging or (active and facts ->> 'chargingState' = 'CHARGING') as wanted
          from watched_session o where o.tenant = $1 and o.session_id = k.session_id limit 1) w
        left join lateral (select d.state from detector_state d
          where w.wanted and d.tenant = $1 and d.station_id = w.station_id and d.transaction_ref = w.transaction_ref
          limit 1 for update skip locked) s on true
        ${ENERGY}`,
      [tenant, wanted.map(({ sessionId }) => sessionId), wanted.map(({ onlyCharging }) => onlyCharging)],
    );
    const free = await withoutState(tx, tenant, rows.filter(({ first }) => first)); // prettier-ignore
    const found = new Map<string, Watch | 'BUSY' | 'OVER'>();
    for (const row of rows) {
      const isHeld = row.state !== null || free.has(row.session_id);
      found.set(row.session_id, row.wanted ? (isHeld ? toWatch(row) : 'BUSY') : 'OVER');
    }
    return found;
  },
);

/** Sessions of these of whose transactions nothing is stored; a row that is there is held by somebody, or has just been stored. */
async function withoutState(
  tx: Tx,
  tenant: string,
  rows: readonly { session_id: string; station_id: string; transaction_ref: string }[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const free = await tx.query<{ session_id: string }>(
    `select k.session_id from unnest($2::uuid[], $3::uuid[], $4::text[]) as k (session_id, station_id, transaction_ref)
      where not exists (select from detector_state d
        where d.tenant = $1 and d.station_id = k.station_id and d.transaction_ref = k.transaction_ref offset 0)`,
    [
      tenant,
      rows.map((row) => row.session_id),
      rows.map((row) => row.station_id),
      rows.map((row) => row.transaction_ref),
    ],
  );
  return new Set(free.map((row) => row.session_id));
}

export const saveState = gathered<Watch>(watchKey, async (tx, tenant, watches) => {
  await updateHeld(tx, tenant, watches);
});

/** Returns those that were new and are not any more, because somebody else was first: theirs are not saved. */
export async function saveStates(tx: Tx, tenant: string, watches: readonly Watch[]): Promise<Watch[]> {
  await updateHeld(tx, tenant, watches.filter(({ isNew }) => !isNew)); // prettier-ignore
  return insertNew(tx, tenant, watches.filter(({ isNew }) => isNew)); // prettier-ignore
}

export function watchKey(key: TransactionKey): string {
  return `${key.stationId}|${key.transactionRef}`;
}

function inOrder<Key extends TransactionKey>(keys: readonly Key[]): Key[] {
  return [...keys].sort((a, b) => (watchKey(a) < watchKey(b) ? -1 : 1));
}

const INSERT = `insert into detector_state (tenant, station_id, transaction_ref, state)
  select $1, k.* from unnest($2::uuid[], $3::text[], $4::jsonb[]) as k (station_id, transaction_ref, state)`;
const CONFLICT = 'on conflict on constraint detector_state_pk';

/**
 * Of a transaction of which nothing is stored there is no row to lock: who stores its first state holds this name meanwhile. Readings
 * wait for it, a job comes back; if both waited, each could wait for the other. (Two rounds of readings in two pods still may, where the
 * first readings of the same two transactions come to them in different order; Postgres ends one, and it goes again.)
 */
function firstOf(row: string): string {
  return `hashtextextended('watch|' || ${row}.station_id || '|' || ${row}.transaction_ref, 0)`;
}

async function updateHeld(tx: Tx, tenant: string, watches: readonly Watch[]): Promise<void> {
  if (watches.length === 0) return;
  await tx.query(`${INSERT} ${CONFLICT} do update set state = excluded.state`, columnsOf(tenant, watches));
}

/** Waits for who inserts the same at this moment; returns the watches of which there is a row already. */
async function insertNew(tx: Tx, tenant: string, watches: readonly Watch[]): Promise<Watch[]> {
  if (watches.length === 0) return [];
  const inserted = await tx.query<{ station_id: string; transaction_ref: string }>(
    `${INSERT} where pg_advisory_xact_lock(${firstOf('k')}) is not null ${CONFLICT} do nothing
      returning station_id, transaction_ref`,
    columnsOf(tenant, inOrder(watches)),
  );
  const ours = new Set(
    inserted.map((row) => watchKey({ stationId: row.station_id, transactionRef: row.transaction_ref })),
  );
  return watches.filter((watch) => !ours.has(watchKey(watch)));
}

function columnsOf(tenant: string, watches: readonly Watch[]): unknown[] {
  return [
    tenant,
    watches.map((watch) => watch.stationId),
    watches.map((watch) => watch.transactionRef),
    watches.map((watch) => JSON.stringify(watch.state)),
  ];
}

function toWatch(row: Row): Watch {
  return {
    stationId: row.station_id,
    transactionRef: row.transaction_ref,
    state: row.state ?? newState(),
    isNew: row.state === null,
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
