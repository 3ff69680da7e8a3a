import { escapeLike, type SortKey, type Tx } from '@kilowatch/platform';
import { toToken, type Token, type TokenRow, type TokenStatus } from './token.repository.js';

/** What `TokenKeys` puts before the key of a contract. */
const KEY_PREFIX = 'emaid:';
const MOST_SHOWN = 20;

export interface ContractFilter {
  readonly accountId: string | undefined;
  readonly status: TokenStatus | undefined;
  /** Upper case, without separators; `exact`: the whole key. */
  readonly search: { readonly text: string; readonly exact: boolean } | undefined;
}

/** The part of a token's key that certificates and stations know a contract by. */
export function emaidKeyOf({ valueKey }: Pick<Token, 'valueKey'>): string {
  return valueKey.slice(KEY_PREFIX.length);
}

/** Latest first: ids are UUIDv7. */
export async function listContracts(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  { accountId, status, search }: ContractFilter,
): Promise<{ rows: Token[]; total: number }> {
  const where = `tenant = $1 and type = 'eMAID' and ($2::uuid is null or account_id = $2)
    and ($3::text is null or status = $3) and ($4::text is null or value_key like $4)`;
  const around = search?.exact ? '' : '%';
  const pattern = search ? `${KEY_PREFIX}${around}${escapeLike(search.text)}${around}` : null;
  const params = [tenant, accountId ?? null, status ?? null, pattern];
  const rows = await tx.query<TokenRow>(
    `select * from token where ${where} and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [...params, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from token where ${where}`, params);
  return { rows: rows.map(toToken), total: Number(total[0]?.n ?? 0) };
}

export interface SeenCertificate {
  readonly serial: string;
  readonly firstSeenAt: Date;
  /** Undefined: it was seen before its times were kept, and not since. */
  readonly validFrom: Date | undefined;
  readonly validUntil: Date | undefined;
  /** A responder or a list said so. */
  readonly revoked: boolean;
}

/** Certificates that were good when a car showed them, the latest first. By key of the contract. */
export async function certificatesOf(
  tx: Tx,
  tenant: string,
  emaidKeys: readonly string[],
): Promise<Map<string, SeenCertificate[]>> {
  const rows = await tx.query<{
    emaid_key: string;
    serial: string;
    first_seen_at: Date;
    valid_from: Date | null;
    valid_until: Date | null;
    revoked: boolean;
  }>(
    `select k.key as emaid_key, c.*, exists (select from ocsp_status o where o.tenant = $1
          and o.issuer_key_hash = c.issuer_key_hash and o.serial = c.serial and o.status = 'REVOKED') as revoked
      from unnest($2::text[]) as k(key)
        cross join lateral (select serial, issuer_key_hash, first_seen_at, valid_from, valid_until from contract_certificate
          where tenant = $1 and emaid_key = k.key order by first_seen_at desc, serial limit ${MOST_SHOWN}) c`,
    [tenant, emaidKeys],
  );
  return grouped(rows, (row) => ({
    serial: row.serial,
    firstSeenAt: row.first_seen_at,
    validFrom: row.valid_from ?? undefined,
    validUntil: row.valid_until ?? undefined,
    revoked: row.revoked,
  }));
}

export interface ContractPlace {
  readonly at: Date;
  /** Empty when the station is not known any more. */
  readonly stationIdentity: string;
  readonly locationName: string;
}

interface PlaceRow {
  emaid_key: string;
  at: Date;
  identity: string | null;
  location: string | null;
}

/** Through which stations cars got the contract, the latest first. By key of the contract. */
export async function installationsOf(
  tx: Tx,
  tenant: string,
  emaidKeys: readonly string[],
): Promise<Map<string, ContractPlace[]>> {
  const rows = await tx.query<PlaceRow>(
    `select i.emaid_key, i.installed_at as at, s.identity, l.name as location
      from contract_installation i
        left join known_station s on s.tenant = $1 and s.station_id = i.station_id
        left join known_location l on l.tenant = $1 and l.location_id = s.location_id
      where i.tenant = $1 and i.emaid_key = any ($2::text[]) order by i.installed_at desc`,
    [tenant, emaidKeys],
  );
  return grouped(rows, toPlace);
}

/** Where it was last accepted, certificate or not. By token. */
export async function lastUsesOf(
  tx: Tx,
  tenant: string,
  tokenIds: readonly string[],
): Promise<Map<string, ContractPlace>> {
  const rows = await tx.query<PlaceRow & { token_id: string }>(
    `select distinct on (p.token_id) p.token_id, p.accepted_at as at, s.identity, l.name as location
      from token_place p
        left join known_station s on s.tenant = $1 and s.station_id = p.station_id
        left join known_location l on l.tenant = $1 and l.location_id = s.location_id
      where p.tenant = $1 and p.token_id = any ($2::uuid[]) order by p.token_id, p.accepted_at desc`,
    [tenant, tokenIds],
  );
  return new Map(rows.map((row) => [row.token_id, toPlace(row)]));
}

/** A car got this contract through this station. */
export async function saveInstallation(
  tx: Tx,
  tenant: string,
  one: { readonly emaidKey: string; readonly stationId: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into contract_installation as held (tenant, emaid_key, station_id, installed_at) values ($1, $2, $3, $4)
      on conflict on constraint contract_installation_pk do update set installed_at = excluded.installed_at
      where held.installed_at < excluded.installed_at`,
    [tenant, one.emaidKey, one.stationId, one.at],
  );
}

function toPlace({ at, identity, location }: PlaceRow): ContractPlace {
  return { at, stationIdentity: identity ?? '', locationName: location ?? '' };
}

function grouped<Row extends { emaid_key: string }, Shown>(
  rows: readonly Row[],
  shown: (row: Row) => Shown,
): Map<string, Shown[]> {
  const groups = new Map<string, Shown[]>();
  for (const row of rows) {
    const group = groups.get(row.emaid_key) ?? [];
    if (group.length < MOST_SHOWN) group.push(shown(row));
    groups.set(row.emaid_key, group);
  }
  return groups;
}
