import type { Tx } from '@kilowatch/platform';
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

// `last_updated` is when we learned it, not when it happened: a partner that pulled in between must find it next time.
const UPSERT =
  'on conflict on constraint roaming_session_pk do update set last_updated = excluded.last_updated';

/** What sessions says; nothing when a newer version is held. */
export async function saveSnapshot(
  tx: Tx,
  tenant: string,
  version: number,
  session: Omit<SessionSource, 'energyMwh' | 'cost' | 'lastUpdated'>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into roaming_session as held (tenant, session_id, sessions_version, started_at, ended_at, location_id,
        evse_uid, connector_id, token_id, token_type, start_method, created_at, last_updated)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
      ${UPSERT}, sessions_version = excluded.sessions_version, started_at = excluded.started_at,
        ended_at = excluded.ended_at, location_id = excluded.location_id, evse_uid = excluded.evse_uid,
        connector_id = excluded.connector_id, token_id = excluded.token_id, token_type = excluded.token_type,
        start_method = excluded.start_method
      where held.sessions_version < excluded.sessions_version`,
    [
      tenant,
      session.sessionId,
      version,
      session.startedAt,
      session.endedAt ?? null,
      session.locationId,
      session.evseUid,
      session.connectorId,
      session.tokenId,
      session.tokenType,
      session.startMethod,
      now,
    ],
  );
}

export async function saveEnergy(
  tx: Tx,
  tenant: string,
  sessionId: string,
  energyMwh: number,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into roaming_session (tenant, session_id, sessions_version, energy_mwh, created_at, last_updated)
      values ($1, $2, 0, $3, $4, $4)
      ${UPSERT}, energy_mwh = excluded.energy_mwh`,
    [tenant, sessionId, energyMwh, now],
  );
}

/** The final figures. */
export async function saveCost(
  tx: Tx,
  tenant: string,
  sessionId: string,
  energyMwh: number,
  cost: NonNullable<SessionSource['cost']>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into roaming_session (tenant, session_id, sessions_version, energy_mwh, cost_currency, cost_excl_vat,
        cost_incl_vat, created_at, last_updated)
      values ($1, $2, 0, $3, $4, $5, $6, $7, $7)
      ${UPSERT}, energy_mwh = excluded.energy_mwh, cost_currency = excluded.cost_currency,
        cost_excl_vat = excluded.cost_excl_vat, cost_incl_vat = excluded.cost_incl_vat`,
    [tenant, sessionId, energyMwh, cost.currency, cost.exclVat, cost.inclVat, now],
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
