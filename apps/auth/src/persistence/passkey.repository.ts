import type { Tx } from '@kilowatch/platform';
import type { Passkey } from '../domain/passkey.js';

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  credential_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  name: string;
  backed_up: boolean;
  created_at: Date;
  last_used_at: Date | null;
}

/** False when the credential is somebody's already, in whatever tenant. */
export async function insertPasskey(tx: Tx, passkey: Passkey): Promise<boolean> {
  const rows = await tx.query(
    `insert into passkey (tenant, id, account_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
      values ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9, $10)
      on conflict on constraint passkey_credential do nothing returning 1`,
    [
      passkey.tenant,
      passkey.id,
      passkey.accountId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.name,
      passkey.backedUp,
      passkey.createdAt,
    ],
  );
  return rows.length > 0;
}

/** Oldest first; there are few. */
export async function listPasskeys(tx: Tx, tenant: string, accountId: string): Promise<Passkey[]> {
  const rows = await tx.query<Row>(
    'select * from passkey where tenant = $1 and account_id = $2 order by id',
    [tenant, accountId],
  );
  return rows.map(toPasskey);
}

/** Of all tenants: whoever signs in with one says no tenant. Locked, so that two uses are seen one after the other. */
export async function lockPasskeyByCredential(tx: Tx, credentialId: string): Promise<Passkey | undefined> {
  const [row] = await tx.query<Row>('select * from passkey where credential_id = $1 for update', [
    credentialId,
  ]);
  return row && toPasskey(row);
}

export async function savePasskeyUse(
  tx: Tx,
  { tenant, id, counter, backedUp, lastUsedAt }: Passkey,
): Promise<void> {
  await tx.query(
    'update passkey set counter = $3, backed_up = $4, last_used_at = $5 where tenant = $1 and id = $2',
    [tenant, id, counter, backedUp, lastUsedAt ?? null],
  );
}

/** Undefined when the account has no such passkey. */
export async function renamePasskey(
  tx: Tx,
  of: { tenant: string; accountId: string; id: string },
  name: string,
): Promise<Passkey | undefined> {
  const [row] = await tx.query<Row>(
    'update passkey set name = $4 where tenant = $1 and account_id = $2 and id = $3 returning *',
    [of.tenant, of.accountId, of.id, name],
  );
  return row && toPasskey(row);
}

/** Undefined when the account has no such passkey. */
export async function deletePasskey(
  tx: Tx,
  of: { tenant: string; accountId: string; id: string },
): Promise<Passkey | undefined> {
  const [row] = await tx.query<Row>(
    'delete from passkey where tenant = $1 and account_id = $2 and id = $3 returning *',
    [of.tenant, of.accountId, of.id],
  );
  return row && toPasskey(row);
}

function toPasskey(row: Row): Passkey {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: Number(row.counter),
    transports: row.transports,
    name: row.name,
    backedUp: row.backed_up,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
