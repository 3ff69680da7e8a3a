import type { Tx } from '@kilowatch/platform';
import type { TokenPurpose } from '../domain/partner.js';

export interface PartnerToken {
  readonly tenant: string;
  readonly hash: Buffer;
  readonly partnerId: string;
  readonly purpose: TokenPurpose;
  readonly sealed: Buffer;
}

export async function insertToken(tx: Tx, token: PartnerToken, at: Date): Promise<void> {
  await tx.query(
    `insert into partner_token (tenant, hash, partner_id, purpose, sealed, created_at) values ($1, $2, $3, $4, $5, $6)`,
    [token.tenant, token.hash, token.partnerId, token.purpose, token.sealed, at],
  );
}

export interface FoundToken extends PartnerToken {
  /** There is one that it, or another, replaced. */
  readonly replaces: boolean;
}

/** Over all tenants (a token names none): the first of `hashes` that is known. Needs the system scope. */
export async function findToken(tx: Tx, hashes: readonly Buffer[]): Promise<FoundToken | undefined> {
  const rows = await tx.query<{
    tenant: string;
    hash: Buffer;
    partner_id: string;
    purpose: TokenPurpose;
    sealed: Buffer;
    replaces: boolean;
  }>(
    `select t.*, exists (select 1 from partner_token o where o.tenant = t.tenant and o.partner_id = t.partner_id
        and o.purpose = 'REPLACED') as replaces from partner_token t join unnest($1::bytea[]) with ordinality as asked (hash, position) using (hash)
      order by asked.position limit 1`,
    [hashes],
  );
  const [row] = rows;
  return (
    row && {
      tenant: row.tenant,
      hash: row.hash,
      partnerId: row.partner_id,
      purpose: row.purpose,
      sealed: row.sealed,
      replaces: row.replaces,
    }
  );
}

/** False when the token is dead already: somebody else used it. */
export async function spendToken(tx: Tx, tenant: string, hash: Buffer): Promise<boolean> {
  const rows = await tx.query('delete from partner_token where tenant = $1 and hash = $2 returning 1', [
    tenant,
    hash,
  ]);
  return rows.length > 0;
}

/** It is good for another PUT yet. Returns what it was; undefined when it is dead already. */
export async function replaceToken(
  tx: Tx,
  tenant: string,
  hash: Buffer,
): Promise<'FINAL' | 'REPLACED' | undefined> {
  const rows = await tx.query<{ purpose: 'FINAL' | 'REPLACED' }>(
    `update partner_token t set purpose = 'REPLACED' from (select purpose from partner_token
        where tenant = $1 and hash = $2 and purpose in ('FINAL', 'REPLACED') for update) was
      where t.tenant = $1 and t.hash = $2 returning was.purpose`,
    [tenant, hash],
  );
  return rows[0]?.purpose;
}

/** Of the tokens before `hash`, which the partner uses: those that it replaced, and those of an answer that got lost. */
export async function endReplaced(tx: Tx, tenant: string, partnerId: string, hash: Buffer): Promise<void> {
  await tx.query(
    `delete from partner_token o using partner_token used where used.tenant = $1 and used.partner_id = $2 and used.hash = $3
      and o.tenant = $1 and o.partner_id = $2 and o.hash <> $3 and (o.purpose = 'REPLACED' or o.created_at < used.created_at)`,
    [tenant, partnerId, hash],
  );
}

/** The partner has this one token from now on. */
export async function keepOnly(tx: Tx, tenant: string, partnerId: string, hash: Buffer): Promise<void> {
  await tx.query('delete from partner_token where tenant = $1 and partner_id = $2 and hash <> $3', [
    tenant,
    partnerId,
    hash,
  ]);
}

/** False when it is gone: the partner was removed meanwhile. */
export async function makeFinal(tx: Tx, tenant: string, hash: Buffer): Promise<boolean> {
  const rows = await tx.query(
    `update partner_token set purpose = 'FINAL' where tenant = $1 and hash = $2 returning 1`,
    [tenant, hash],
  );
  return rows.length > 0;
}
