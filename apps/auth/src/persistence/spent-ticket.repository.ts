import type { Tx } from '@kilowatch/platform';

export interface SpentTicket {
  readonly tenant: string;
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

/** False when it is there already. */
export async function insertSpentTicket(tx: Tx, ticket: SpentTicket): Promise<boolean> {
  const rows = await tx.query(
    `insert into spent_ticket (tenant, ticket_hash, expires_at) values ($1, $2, $3)
      on conflict on constraint spent_ticket_pk do nothing returning 1`,
    [ticket.tenant, ticket.hash, ticket.expiresAt],
  );
  return rows.length > 0;
}

/** Of all tenants; an expired ticket is refused without its row. */
export async function forgetSpentTickets(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from spent_ticket where (tenant, ticket_hash) in (
      select tenant, ticket_hash from spent_ticket where expires_at < $1 limit $2 for update skip locked)
      returning tenant`,
    [before, limit],
  );
}
