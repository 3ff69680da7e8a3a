import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';

export interface NewRemoteStart {
  readonly id: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorId: string;
  readonly remoteStartId: number;
  readonly tokenHash: string;
  /** Of the tag that the station is told instead (Q44); empty: it is told the token. */
  readonly stationTagHash: string;
  readonly accountId: string;
  readonly quoteId: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

@Injectable()
export class RemoteStartRepository {
  async add(tx: Tx, tenant: string, start: NewRemoteStart): Promise<void> {
    await tx.query(
      `INSERT INTO remote_start (tenant, id, station_id, evse_number, connector_id, remote_start_id, token_hash,
         account_id, quote_id, requested_at, expires_at, station_tag_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        tenant,
        start.id,
        start.stationId,
        start.evseNumber,
        start.connectorId,
        start.remoteStartId,
        start.tokenHash,
        start.accountId,
        start.quoteId,
        start.requestedAt,
        start.expiresAt,
        start.stationTagHash,
      ],
    );
  }

  /** The accounts whose requests the station was told this tag for (Q44) and that wait for their start; two at most. */
  async accountsBehind(
    tx: Tx,
    tenant: string,
    { stationId, tagHash, at }: { stationId: string; tagHash: string; at: Date },
  ): Promise<string[]> {
    const rows = await tx.query<{ account_id: string }>(
      `SELECT DISTINCT account_id FROM remote_start WHERE tenant = $1 AND station_id = $2 AND station_tag_hash = $3
         AND consumed_by IS NULL AND expires_at >= $4 LIMIT 2`,
      [tenant, stationId, tagHash, at],
    );
    return rows.map((row) => row.account_id);
  }

  async remoteStartId(tx: Tx, tenant: string, id: string): Promise<number> {
    const rows = await tx.query<{ remote_start_id: number }>(
      'SELECT remote_start_id FROM remote_start WHERE tenant = $1 AND id = $2',
      [tenant, id],
    );
    return rows[0]!.remote_start_id;
  }

  /** The station refused or is away: nothing will come of it. The audit keeps that it was asked. */
  async withdraw(tx: Tx, tenant: string, id: string): Promise<void> {
    await tx.query('DELETE FROM remote_start WHERE tenant = $1 AND id = $2 AND consumed_by IS NULL', [
      tenant,
      id,
    ]);
  }
}
