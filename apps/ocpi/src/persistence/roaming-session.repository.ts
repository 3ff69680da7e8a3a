import { gathered, type Tx } from '@kilowatch/platform';
import type { Page } from '../domain/page.js';
import type { SessionSource } from '../domain/session.js';

interface Row {
  session_id: string;
  started_at: Date;
  ended_at: Date | null;
  location_id: string;
  evse_uid: string;
  connector_id: string;
  token_id: string;
  token_type: string;
  start_method: string;
  energy_mwh: string | null;
  cost_currency: string | null;
  cost_excl_vat: string | null;
  cost_incl_vat: string | null;
  last_updated: Date;
}

// `last_updated` is when we learned it, not when it happened: a partner that pulled in between must find it next time. It stays
// where nothing of what partners are told has changed.
const ON_CONFLICT = 'on conflict on constraint roaming_session_pk do update set';
const TOLD = [
  'started_at',
  'ended_at',
  'location_id',
  'evse_uid',
  'connector_id',
  'token_id',
  'token_type',
  'start_method',
];
const of = (row: 'held' | 'excluded') => `(${TOLD.map((column) => `${row}.${column}`).join(', ')})`;

export interface ToldSession extends Omit<SessionSource, 'energyMwh' | 'cost'> {
  readonly version: number;
}

/** What sessions says; nothing when a newer version is held. */
export const saveSnapshot = gathered(
  ({ sessionId }: ToldSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into roaming_session as held (tenant, session_id, sessions_version, started_at, ended_at, location_id,
          evse_uid, connector_id, token_id, token_type, start_method, created_at, last_updated)
        select $1, told.*, told.last_updated from unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
          $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
          as told (session_id, sessions_version, started_at, ended_at, location_id, evse_uid, connector_id, token_id,
            token_type, start_method, last_updated)
        ${ON_CONFLICT} sessions_version = excluded.sessions_version, (${TOLD.join(', ')}) = ${of('excluded')},
          last_updated = case when ${of('held')} is distinct from ${of('excluded')} then excluded.last_updated
            else held.last_updated end
        where held.sessions_version < excluded.sessions_version`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ version }) => version),
        sessions.map(({ startedAt }) => startedAt),
        sessions.map(({ endedAt }) => endedAt ?? null),
        sessions.map(({ locationId }) => locationId),
        sessions.map(({ evseUid }) => evseUid),
        sessions.map(({ connectorId }) => connectorId),
        sessions.map(({ tokenId }) => tokenId),
        sessions.map(({ tokenType }) => tokenType),
        sessions.map(({ startMethod }) => startMethod),
        sessions.map(({ lastUpdated }) => lastUpdated),
      ],
    );
  },
);

export interface MeteredSession {
  readonly sessionId: string;
  readonly energyMwh: number;
  readonly lastUpdated: Date;
}

/** Nothing when its cost is known: that came with the final energy. */
export const saveEnergy = gathered(
  ({ sessionId }: MeteredSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into roaming_session as held (tenant, session_id, sessions_version, energy_mwh, created_at, last_updated)
        select $1, session_id, 0, energy_mwh, told_at, told_at
        from unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) as told (session_id, energy_mwh, told_at)
        ${ON_CONFLICT} energy_mwh = excluded.energy_mwh, last_updated = excluded.last_updated
        where held.cost_currency is null and held.energy_mwh is distinct from excluded.energy_mwh`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ energyMwh }) => energyMwh),
        sessions.map(({ lastUpdated }) => lastUpdated),
      ],
    );
  },
);

export interface BilledSession extends MeteredSession {
  readonly cost: NonNullable<SessionSource['cost']>;
}

/** The final figures. */
export const saveCost = gathered(
  ({ sessionId }: BilledSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into roaming_session (tenant, session_id, sessions_version, energy_mwh, cost_currency, cost_excl_vat,
          cost_incl_vat, created_at, last_updated)
        select $1, session_id, 0, energy_mwh, currency, excl_vat, incl_vat, told_at, told_at
        from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
          as told (session_id, energy_mwh, currency, excl_vat, incl_vat, told_at)
        ${ON_CONFLICT} last_updated = excluded.last_updated, energy_mwh = excluded.energy_mwh, cost_currency = excluded.cost_currency,
          cost_excl_vat = excluded.cost_excl_vat, cost_incl_vat = excluded.cost_incl_vat`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ energyMwh }) => energyMwh),
        sessions.map(({ cost }) => cost.currency),
        sessions.map(({ cost }) => cost.exclVat),
        sessions.map(({ cost }) => cost.inclVat),
        sessions.map(({ lastUpdated }) => lastUpdated),
      ],
    );
  },
);

/** All that is not known to the end. */
export async function forgetUnfinished(tx: Tx, tenant: string): Promise<void> {
  await tx.query(
    'delete from roaming_session where tenant = $1 and (cost_currency is null or ended_at is null)',
    [tenant],
  );
}

/** Oldest known first; sessions of which only energy or cost is known yet are left out. */
export async function listSessions(
  tx: Tx,
  tenant: string,
  page: Page,
): Promise<{ sessions: SessionSource[]; total: number }> {
  const matching = `from roaming_session where tenant = $1 and sessions_version > 0
    and ($2::timestamptz is null or last_updated >= $2) and ($3::timestamptz is null or last_updated < $3)`;
  const filter = [tenant, page.from ?? null, page.to ?? null];
  const total = await tx.query<{ n: string }>(`select count(*) as n ${matching}`, filter);
  const rows = await tx.query<Row>(
    `select * ${matching} order by created_at, session_id offset $4 limit $5`,
    [...filter, page.offset, page.limit],
  );
  return { sessions: rows.map(toSession), total: Number(total[0]?.n ?? 0) };
}

function toSession(row: Row): SessionSource {
  return {
    sessionId: row.session_id,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    locationId: row.location_id,
    evseUid: row.evse_uid,
    connectorId: row.connector_id,
    tokenId: row.token_id,
    tokenType: row.token_type,
    startMethod: row.start_method,
    energyMwh: row.energy_mwh === null ? undefined : Number(row.energy_mwh),
    cost:
      row.cost_currency === null
        ? undefined
        : { currency: row.cost_currency, exclVat: row.cost_excl_vat ?? '', inclVat: row.cost_incl_vat ?? '' },
    lastUpdated: row.last_updated,
  };
}
