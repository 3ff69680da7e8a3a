import type { Tx } from '@kilowatch/platform';

export interface StationArrival {
  readonly tenant: string;
  readonly stationId: string;
  readonly generation: number;
  readonly protocol: string;
  readonly securityProfile: number;
  readonly at: Date;
}

/**
 * What a station came with. The profile it reached counts only where it had to show something: whoever may come with nothing has
 * shown nothing. False: an older connection than the one known.
 */
export async function saveArrival(tx: Tx, arrival: StationArrival): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set protocol = $3, connected_at = $4, connection_generation = $5,
        reached_profile = case when security_profile > 0 then greatest(reached_profile, $6) else reached_profile end
      where tenant = $1 and station_id = $2 and connection_generation < $5 returning 1`,
    [
      arrival.tenant,
      arrival.stationId,
      arrival.protocol,
      arrival.at,
      arrival.generation,
      arrival.securityProfile,
    ],
  );
  return rows.length > 0;
}

export async function saveSerialNumber(
  tx: Tx,
  tenant: string,
  stationId: string,
  serialNumber: string,
): Promise<void> {
  await tx.query(
    'update station_credential set serial_number = $3 where tenant = $1 and station_id = $2 and serial_number <> $3',
    [tenant, stationId, serialNumber],
  );
}

/** An operator took it in. Only what came from the factory needs claiming; once. */
export async function saveClaim(tx: Tx, tenant: string, stationId: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set claimed_at = $3 where tenant = $1 and station_id = $2 and factory and claimed_at is null
      returning 1`,
    [tenant, stationId, now],
  );
  return rows.length > 0;
}

/** Two stations of one serial number are no proof of either. */
export async function countSerialNumber(tx: Tx, tenant: string, serialNumber: string): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    'select count(*) from station_credential where tenant = $1 and lower(serial_number) = lower($2)',
    [tenant, serialNumber],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function allowExpired(tx: Tx, tenant: string, stationId: string, until: Date): Promise<boolean> {
  const rows = await tx.query(
    'update station_credential set expired_allowed_until = $3 where tenant = $1 and station_id = $2 returning 1',
    [tenant, stationId, until],
  );
  return rows.length > 0;
}

/** From now on the station may come with `profile`, whatever it reached before. */
export async function allowProfile(
  tx: Tx,
  tenant: string,
  stationId: string,
  profile: number,
): Promise<boolean> {
  const rows = await tx.query(
    `update station_credential set security_profile = $3, reached_profile = $3, wanted_profile = null, version = version + 1
      where tenant = $1 and station_id = $2 returning 1`,
    [tenant, stationId, profile],
  );
  return rows.length > 0;
}

export async function wantProfile(
  tx: Tx,
  tenant: string,
  stationId: string,
  profile: number | null,
): Promise<void> {
  await tx.query('update station_credential set wanted_profile = $3 where tenant = $1 and station_id = $2', [
    tenant,
    stationId,
    profile,
  ]);
}

/** The upgrade got there: this is what it is provisioned for. */
export async function raiseProfile(
  tx: Tx,
  tenant: string,
  stationId: string,
  profile: number,
): Promise<void> {
  await tx.query(
    `update station_credential set security_profile = greatest(security_profile, $3),
        reached_profile = greatest(reached_profile, $3), wanted_profile = null, version = version + 1
      where tenant = $1 and station_id = $2`,
    [tenant, stationId, profile],
  );
}

/** It came with the new one: the old one is dead, and so are those of the factory. `credentialId` says which it came with. */
export async function promotePassword(
  tx: Tx,
  tenant: string,
  stationId: string,
  isPending: (hash: string) => boolean,
): Promise<boolean> {
  const [row] = await tx.query<{ pending_password_hash: string | null }>(
    'select pending_password_hash from station_credential where tenant = $1 and station_id = $2 for update',
    [tenant, stationId],
  );
  if (!row?.pending_password_hash || !isPending(row.pending_password_hash)) return false;
  await tx.query(
    `update station_credential set password_hash = pending_password_hash, pending_password_hash = null,
        pending_since = null, pending_priority = null, restore_due_at = null, factory = false, repair_due_at = null,
        version = version + 1, updated_at = now()
      where tenant = $1 and station_id = $2`,
    [tenant, stationId],
  );
  return true;
}

export async function endFactoryCredentials(tx: Tx, tenant: string, stationId: string): Promise<void> {
  await tx.query(
    `update station_credential set factory = false, expired_allowed_until = null, repair_due_at = null, version = version + 1
      where tenant = $1 and station_id = $2 and (factory or expired_allowed_until is not null)`,
    [tenant, stationId],
  );
}

/** It is here, and has credentials that it must not keep. */
export async function planRepair(tx: Tx, tenant: string, stationId: string, now: Date): Promise<void> {
  await tx.query(
    `update station_credential set repair_due_at = $3, repair_attempts = 0 where tenant = $1 and station_id = $2
        and connected_at is not null and ((factory and claimed_at is not null) or expired_allowed_until > $3)`,
    [tenant, stationId, now],
  );
}

export interface DueRepair {
  readonly tenant: string;
  readonly stationId: string;
  readonly attempts: number;
}

export async function takeRepairs(tx: Tx, now: Date, limit: number): Promise<DueRepair[]> {
  const rows = await tx.query<{ tenant: string; station_id: string; repair_attempts: number }>(
    `select tenant, station_id, repair_attempts from station_credential where repair_due_at <= $1
      order by repair_due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    stationId: row.station_id,
    attempts: row.repair_attempts,
  }));
}

export async function putOffRepair(
  tx: Tx,
  { tenant, stationId, attempts }: DueRepair,
  dueAt: Date | null,
): Promise<void> {
  await tx.query(
    'update station_credential set repair_due_at = $3, repair_attempts = $4 where tenant = $1 and station_id = $2',
    [tenant, stationId, dueAt, attempts],
  );
}
