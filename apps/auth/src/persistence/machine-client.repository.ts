import { notFound } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { MachineClient } from '../domain/machine-client.js';

interface Row {
  tenant: string;
  id: string;
  name: string;
  scopes: string[];
  secret_hash: Buffer;
  previous_hash: Buffer | null;
  previous_until: Date | null;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export async function insertMachineClient(tx: Tx, client: MachineClient): Promise<void> {
  await tx.query(
    `insert into machine_client (tenant, id, name, scopes, secret_hash, created_at)
      values ($1, $2, $3, $4::text[], $5, $6)`,
    [client.tenant, client.id, client.name, client.scopes, client.secretHash, client.createdAt],
  );
}

/** Of a locked client. */
export async function saveMachineClient(tx: Tx, client: MachineClient): Promise<void> {
  await tx.query(
    `update machine_client set secret_hash = $3, previous_hash = $4, previous_until = $5, revoked_at = $6
      where tenant = $1 and id = $2`,
    [
      client.tenant,
      client.id,
      client.secretHash,
      client.previousHash ?? null,
      client.previousUntil ?? null,
      client.revokedAt ?? null,
    ],
  );
}

/** NOT_FOUND when there is none. */
export async function lockMachineClient(tx: Tx, tenant: string, id: string): Promise<MachineClient> {
  const [row] = await tx.query<Row>('select * from machine_client where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  if (!row) throw notFound('AUTH_CLIENT', 'There is no such client.');
  return toClient(row);
}

/** Of all tenants: whoever asks for a token says no tenant, and ids are unique. */
export async function findMachineClient(tx: Tx, id: string): Promise<MachineClient | undefined> {
  const [row] = await tx.query<Row>('select * from machine_client where id = $1', [id]);
  return row && toClient(row);
}

/** As often as once a minute: it is for people who wonder whether anything still uses it. */
export async function touchMachineClient(tx: Tx, { tenant, id }: MachineClient, now: Date): Promise<void> {
  await tx.query(
    `update machine_client set last_used_at = $3::timestamptz
      where tenant = $1 and id = $2 and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute')`,
    [tenant, id, now],
  );
}

/** Latest first. */
export async function listMachineClients(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<MachineClient[]> {
  const rows = await tx.query<Row>(
    'select * from machine_client where tenant = $1 and ($2::uuid is null or id < $2) order by id desc limit $3',
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toClient);
}

function toClient(row: Row): MachineClient {
  return {
    tenant: row.tenant,
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    secretHash: row.secret_hash,
    previousHash: row.previous_hash ?? undefined,
    previousUntil: row.previous_until ?? undefined,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
