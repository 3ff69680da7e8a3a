import type { Tx } from '@kilowatch/platform';

export interface StationCredential {
  readonly tenant: string;
  readonly stationId: string;
  readonly identity: string;
  readonly identityKey: string;
  readonly securityProfile: number;
  readonly passwordHash: string | undefined;
  readonly allowMissingSubprotocol: boolean;
  /** Best first; empty: as for every station. */
  readonly subprotocols: readonly string[];
  /** Null: as its model says. */
  readonly pinged: boolean | null;
  readonly version: number;
  /** As the station says at its boot; empty before. */
  readonly serialNumber: string;
  /** The highest profile it ever came with after it showed credentials: never lower again (A05). */
  readonly reachedProfile: number;
  /** Its credentials are those of the factory, to be replaced once it is claimed (2.1 A00.FR.805 ff.). */
  readonly factory: boolean;
  readonly claimedAt: Date | null;
  /** Until then it may come with its expired certificate, to get another. */
  readonly expiredAllowedUntil: Date | null;
  /** An upgrade is on its way to this profile: what is worth it is taken for it. */
  readonly wantedProfile: number | null;
  /** Told to the station, which has not been seen with it. */
  readonly pendingPasswordHash: string | undefined;
  readonly pendingSince: Date | null;
  /** The pending password went with a network profile (2.1): which profiles came first before. */
  readonly pendingPriority: string | undefined;
  /** Subprotocol of its last connection; empty before. */
  readonly protocol: string;
  readonly connectedAt: Date | null;
}

interface Row {
  tenant: string;
  station_id: string;
  identity: string;
  identity_key: string;
  security_profile: number;
  password_hash: string | null;
  allow_missing_subprotocol: boolean;
  subprotocols: string;
  pinged: boolean | null;
  version: string;
  serial_number: string;
  reached_profile: number;
  factory: boolean;
  claimed_at: Date | null;
  expired_allowed_until: Date | null;
  wanted_profile: number | null;
  pending_password_hash: string | null;
  pending_since: Date | null;
  pending_priority: string | null;
  protocol: string;
  connected_at: Date | null;
}

/** What an operator sets. */
export type WantedCredential = Pick<
  StationCredential,
  | 'tenant'
  | 'stationId'
  | 'identity'
  | 'identityKey'
  | 'securityProfile'
  | 'passwordHash'
  | 'allowMissingSubprotocol'
  | 'factory'
>;

export async function saveStationCredential(tx: Tx, credential: WantedCredential, now: Date): Promise<void> {
  await tx.query(
    `insert into station_credential as held (tenant, station_id, identity, identity_key, security_profile, password_hash,
        allow_missing_subprotocol, version, updated_at, factory)
      values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)
      on conflict on constraint station_credential_pk do update set identity = excluded.identity,
        identity_key = excluded.identity_key, security_profile = excluded.security_profile,
        password_hash = coalesce(excluded.password_hash, held.password_hash),
        allow_missing_subprotocol = excluded.allow_missing_subprotocol, version = held.version + 1,
        updated_at = excluded.updated_at,
        pending_password_hash = case when excluded.password_hash is null then held.pending_password_hash end,
        pending_priority = case when excluded.password_hash is null then held.pending_priority end,
        factory = case when excluded.password_hash is null then held.factory else excluded.factory end`,
    [
      credential.tenant,
      credential.stationId,
      credential.identity,
      credential.identityKey,
      credential.securityProfile,
      credential.passwordHash ?? null,
      credential.allowMissingSubprotocol,
      now,
      credential.factory,
    ],
  );
}

/** False: a station without a credential. */
export async function saveSubprotocols(
  tx: Tx,
  tenant: string,
  stationId: string,
  subprotocols: readonly string[],
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set subprotocols = $3, updated_at = $4 where tenant = $1 and station_id = $2 returning 1`,
    [tenant, stationId, subprotocols.join(','), now],
  );
  return rows.length > 0;
}

/** False: a station without a credential. */
export async function savePinged(
  tx: Tx,
  tenant: string,
  stationId: string,
  pinged: boolean | null,
  now: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set pinged = $3, updated_at = $4 where tenant = $1 and station_id = $2 returning 1`,
    [tenant, stationId, pinged, now],
  );
  return rows.length > 0;
}

/** Of all tenants: whether a station of another one went by this name before. Ids of stations are made in order of time. */
export async function isNameOfAnother(
  tx: Tx,
  { tenant, stationId, identityKey }: Pick<StationCredential, 'tenant' | 'stationId' | 'identityKey'>,
): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from station_credential where identity_key = $2 and tenant <> $1 and station_id < $3 limit 1',
    [tenant, identityKey, stationId],
  );
  return rows.length > 0;
}

export async function findCredentialByIdentity(
  tx: Tx,
  tenant: string,
  identityKey: string,
): Promise<StationCredential | undefined> {
  const rows = await tx.query<Row>(
    'select * from station_credential where tenant = $1 and identity_key = $2',
    [tenant, identityKey],
  );
  return rows[0] && toCredential(rows[0]);
}

export async function findCredentialByStation(
  tx: Tx,
  tenant: string,
  stationId: string,
): Promise<StationCredential | undefined> {
  const rows = await tx.query<Row>('select * from station_credential where tenant = $1 and station_id = $2', [
    tenant,
    stationId,
  ]);
  return rows[0] && toCredential(rows[0]);
}

function toCredential(row: Row): StationCredential {
  return {
    tenant: row.tenant,
    stationId: row.station_id,
    identity: row.identity,
    identityKey: row.identity_key,
    securityProfile: row.security_profile,
    passwordHash: row.password_hash ?? undefined,
    allowMissingSubprotocol: row.allow_missing_subprotocol,
    subprotocols: row.subprotocols === '' ? [] : row.subprotocols.split(','),
    pinged: row.pinged,
    version: Number(row.version),
    serialNumber: row.serial_number,
    reachedProfile: row.reached_profile,
    factory: row.factory,
    claimedAt: row.claimed_at,
    expiredAllowedUntil: row.expired_allowed_until,
    wantedProfile: row.wanted_profile,
    pendingPasswordHash: row.pending_password_hash ?? undefined,
    pendingSince: row.pending_since,
    pendingPriority: row.pending_priority ?? undefined,
    protocol: row.protocol,
    connectedAt: row.connected_at,
  };
}

/** Which stations have these identities, by identity key. */
export async function stationsByIdentity(
  tx: Tx,
  tenant: string,
  identityKeys: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.query<{ identity_key: string; station_id: string }>(
    'select identity_key, station_id from station_credential where tenant = $1 and identity_key = any ($2::text[])',
    [tenant, identityKeys],
  );
  return new Map(rows.map((row) => [row.identity_key, row.station_id]));
}

/** False for a tenant that a stranger made up. */
export async function hasStations(tx: Tx, tenant: string): Promise<boolean> {
  const rows = await tx.query('select 1 from station_credential where tenant = $1 limit 1', [tenant]);
  return rows.length > 0;
}
