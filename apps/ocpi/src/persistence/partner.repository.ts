import { gatheredRead, type SortKey, type Tx } from '@kilowatch/platform';
import type { Credentials, Endpoint } from '../domain/credentials.js';
import type { Partner, PartnerState, TokenEncoding } from '../domain/partner.js';

interface Row {
  tenant: string;
  id: string;
  name: string;
  state: PartnerState;
  sees_own_fleet: boolean;
  token_encoding: TokenEncoding;
  country_code: string | null;
  party_id: string | null;
  version: string | null;
  endpoints: Endpoint[] | null;
  created_at: Date;
  registered_at: Date | null;
  last_request_at: Date | null;
}

/** What a finished handshake leaves behind. */
export interface Registration {
  readonly countryCode: string;
  readonly partyId: string;
  readonly roles: Credentials['roles'];
  readonly version: string;
  readonly versionsUrl: string;
  readonly endpoints: readonly Endpoint[];
  readonly theirToken: Buffer;
  readonly tokenEncoding: TokenEncoding;
  readonly at: Date;
}

const COLUMNS = `tenant, id, name, state, sees_own_fleet, token_encoding, country_code, party_id, version, endpoints,
  created_at, registered_at, last_request_at`;

export type NewPartner = Pick<Partner, 'tenant' | 'id' | 'name' | 'seesOwnFleet' | 'createdAt'>;

export async function insertPartner(tx: Tx, partner: NewPartner): Promise<void> {
  await tx.query(
    `insert into partner (tenant, id, name, state, sees_own_fleet, token_encoding, created_at)
      values ($1, $2, $3, 'INVITED', $4, 'BASE64', $5)`,
    [partner.tenant, partner.id, partner.name, partner.seesOwnFleet, partner.createdAt],
  );
}

const ownFleetPartners = gatheredRead<string, boolean>(
  (tenant) => tenant,
  async (tx, tenant) => {
    const rows = await tx.query(
      `select 1 from partner where tenant = $1 and sees_own_fleet and state <> 'REMOVED' limit 1`,
      [tenant],
    );
    return new Map([[tenant, rows.length > 0]]);
  },
);

/** Somebody may see the sessions of the tenant's own tokens, or will when the handshake is done. */
export async function hasOwnFleetPartner(tx: Tx, tenant: string): Promise<boolean> {
  return (await ownFleetPartners(tx, tenant, tenant)) === true;
}

export async function findPartner(
  tx: Tx,
  tenant: string,
  id: string,
  lock = false,
): Promise<Partner | undefined> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from partner where tenant = $1 and id = $2 ${lock ? 'for update' : ''}`,
    [tenant, id],
  );
  return rows[0] && toPartner(rows[0]);
}

/** Oldest first. */
/** @param party `DE*ABC`: only partners of this party */
export async function listPartners(
  tx: Tx,
  tenant: string,
  page: { readonly limit: number; readonly after: SortKey | undefined },
  party: string | undefined,
): Promise<Partner[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from partner where tenant = $1 and ($2::uuid is null or id > $2)
      and ($4::text is null or upper(country_code || '*' || party_id) = $4) order by id limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit, party ?? null],
  );
  return rows.map(toPartner);
}

export async function saveRegistration(
  tx: Tx,
  tenant: string,
  id: string,
  registration: Registration,
): Promise<void> {
  await tx.query(
    `update partner set state = 'REGISTERED', country_code = $3, party_id = $4, roles = $5, version = $6,
        versions_url = $7, endpoints = $8, their_token = $9, token_encoding = $10,
        registered_at = coalesce(registered_at, $11)
      where tenant = $1 and id = $2`,
    [
      tenant,
      id,
      registration.countryCode,
      registration.partyId,
      JSON.stringify(registration.roles),
      registration.version,
      registration.versionsUrl,
      JSON.stringify(registration.endpoints),
      registration.theirToken,
      registration.tokenEncoding,
      registration.at,
    ],
  );
}

/** What we reach a registered partner by; undefined for any other. The row stays locked. */
export async function lockRegistration(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<{ versionsUrl: string; theirToken: Buffer } | undefined> {
  const rows = await tx.query<{ versions_url: string; their_token: Buffer }>(
    `select versions_url, their_token from partner
      where tenant = $1 and id = $2 and state = 'REGISTERED' and their_token is not null for update`,
    [tenant, id],
  );
  return rows[0] && { versionsUrl: rows[0].versions_url, theirToken: rows[0].their_token };
}

/** Sealed; undefined when there is none (any more). */
export async function theirToken(tx: Tx, tenant: string, id: string): Promise<Buffer | undefined> {
  const rows = await tx.query<{ their_token: Buffer | null }>(
    'select their_token from partner where tenant = $1 and id = $2',
    [tenant, id],
  );
  return rows[0]?.their_token ?? undefined;
}

/** No traffic any more in either direction. */
export async function removePartner(tx: Tx, tenant: string, id: string): Promise<void> {
  await tx.query('delete from partner_token where tenant = $1 and partner_id = $2', [tenant, id]);
  await tx.query(`update partner set state = 'REMOVED', their_token = null where tenant = $1 and id = $2`, [
    tenant,
    id,
  ]);
}

export async function noteRequest(tx: Tx, tenant: string, id: string, at: Date): Promise<void> {
  await tx.query('update partner set last_request_at = $3 where tenant = $1 and id = $2', [tenant, id, at]);
}

function toPartner(row: Row): Partner {
  return {
    tenant: row.tenant,
    id: row.id,
    name: row.name,
    state: row.state,
    seesOwnFleet: row.sees_own_fleet,
    tokenEncoding: row.token_encoding,
    countryCode: row.country_code ?? undefined,
    partyId: row.party_id ?? undefined,
    version: row.version ?? undefined,
    endpoints: row.endpoints ?? [],
    createdAt: row.created_at,
    registeredAt: row.registered_at ?? undefined,
    lastRequestAt: row.last_request_at ?? undefined,
  };
}
