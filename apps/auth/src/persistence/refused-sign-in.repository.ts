import type { Tx } from '@kilowatch/platform';
import { MOST_PER_MINUTE, type RefusalReason, type RefusedSignIn } from '../domain/refused-sign-in.js';

interface Row {
  tenant: string;
  minute: Date;
  target_kind: 'account' | 'client' | '';
  target_id: string;
  address: string;
  why: RefusalReason;
  times: number;
}

/**
 * Counts one. Of a tenant that nobody has an account in nothing is kept, and of any only so much per minute: who tries names and
 * addresses in turn fills no table.
 */
export async function noteRefusedSignIn(tx: Tx, refused: Omit<RefusedSignIn, 'times'>): Promise<void> {
  const { tenant, minute, target, address, why } = refused;
  await tx.query(
    `insert into refused_sign_in as held (tenant, minute, target_kind, target_id, address, why, times)
      select $1, $2, case when room then $3 else '' end, case when room then $4 else '' end,
          case when room then $5 else '' end, $6, 1
        from (select (select count(*) from refused_sign_in where tenant = $1 and minute = $2) < $7
          or exists (select 1 from refused_sign_in where tenant = $1 and minute = $2 and target_kind = $3
            and target_id = $4 and address = $5 and why = $6) as room) as known
        where exists (select 1 from account where tenant = $1)
      on conflict on constraint refused_sign_in_pk do update set times = held.times + 1`,
    [tenant, minute, target?.kind ?? '', target?.id ?? '', address, why, MOST_PER_MINUTE],
  );
}

/** Of all tenants, of minutes that began before; locked. */
export async function lockRefusedSignIns(tx: Tx, before: Date, limit: number): Promise<RefusedSignIn[]> {
  const rows = await tx.query<Row>(
    'select * from refused_sign_in where minute < $1 order by minute limit $2 for update skip locked',
    [before, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    minute: row.minute,
    target: row.target_kind === '' ? undefined : { kind: row.target_kind, id: row.target_id },
    address: row.address,
    why: row.why,
    times: row.times,
  }));
}

export async function deleteRefusedSignIn(tx: Tx, one: RefusedSignIn): Promise<void> {
  await tx.query(
    `delete from refused_sign_in where tenant = $1 and minute = $2 and target_kind = $3 and target_id = $4
      and address = $5 and why = $6`,
    [one.tenant, one.minute, one.target?.kind ?? '', one.target?.id ?? '', one.address, one.why],
  );
}
