import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';

/** Projection of auth's tokens: whose is which. */
@Injectable()
export class TokenHolderRepository {
  async save(tx: Tx, tenant: string, tokenId: string, accountId: string, version: number): Promise<void> {
    await tx.query(
      `INSERT INTO token_holder AS held (tenant, token_id, account_id, version) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT token_holder_pk DO UPDATE SET account_id = excluded.account_id,
         version = excluded.version WHERE held.version < excluded.version`,
      [tenant, tokenId, accountId, version],
    );
  }

  async accountOf(tx: Tx, tenant: string, tokenId: string): Promise<string | undefined> {
    const rows = await tx.query<{ account_id: string }>(
      'SELECT account_id FROM token_holder WHERE tenant = $1 AND token_id = $2',
      [tenant, tokenId],
    );
    return rows[0]?.account_id || undefined;
  }
}
