import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';

export interface CustomerInformationRow {
  readonly id: string;
  readonly request_id: number;
  /** Masked. */
  readonly customer: string;
  readonly report: boolean;
  readonly clear: boolean;
  /** Outcome of the request, or REQUESTED. */
  readonly status: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  /** Every page up to the last one is there. */
  readonly complete: boolean;
  /** Pages in order, as far as they are there. */
  readonly data: string | null;
}

const SELECT = `SELECT c.*, coalesce(c.last_seq_no + 1 = p.pages, false) AS complete, p.data
  FROM customer_information c CROSS JOIN LATERAL (SELECT count(*) AS pages, string_agg(g.data, '' ORDER BY g.seq_no) AS data
    FROM customer_information_page g WHERE g.tenant = c.tenant AND g.id = c.id) p`;

@Injectable()
export class CustomerInformationRepository {
  async add(
    tx: Tx,
    tenant: string,
    stationId: string,
    row: Omit<CustomerInformationRow, 'status' | 'complete' | 'data'>,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO customer_information (tenant, id, station_id, request_id, customer, report, clear, status, requested_by,
         requested_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'REQUESTED', $8, $9)`,
      [
        tenant,
        row.id,
        stationId,
        row.request_id,
        row.customer,
        row.report,
        row.clear,
        row.requested_by,
        row.requested_at,
      ],
    );
  }

  async setStatus(tx: Tx, tenant: string, id: string, status: string): Promise<void> {
    await tx.query('UPDATE customer_information SET status = $3 WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
      status,
    ]);
  }

  /** False: nobody asked for it here. */
  async addPage(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { requestId: number; seqNo: number; last: boolean; data: string },
  ): Promise<boolean> {
    const [row] = await tx.query<{ id: string }>(
      `UPDATE customer_information SET last_seq_no = CASE WHEN $4 THEN $5::int ELSE last_seq_no END
       WHERE tenant = $1 AND station_id = $2 AND request_id = $3 RETURNING id`,
      [tenant, stationId, page.requestId, page.last, page.seqNo],
    );
    if (!row) return false;
    await tx.query(
      `INSERT INTO customer_information_page (tenant, id, seq_no, data) VALUES ($1, $2, $3, $4)
       ON CONFLICT ON CONSTRAINT customer_information_page_pk DO NOTHING`,
      [tenant, row.id, page.seqNo, page.data],
    );
    return true;
  }

  async find(tx: Tx, tenant: string, id: string): Promise<CustomerInformationRow | undefined> {
    const [row] = await tx.query<CustomerInformationRow>(`${SELECT} WHERE c.tenant = $1 AND c.id = $2`, [
      tenant,
      id,
    ]);
    return row;
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<CustomerInformationRow[]> {
    const [requestedAt, id] = page.after ?? [];
    return tx.query<CustomerInformationRow>(
      `${SELECT} WHERE c.tenant = $1 AND c.station_id = $2
         AND ($3::timestamptz IS NULL OR (c.requested_at, c.id) < ($3::timestamptz, $4::uuid))
       ORDER BY c.requested_at DESC, c.id DESC LIMIT $5`,
      [tenant, stationId, requestedAt ?? null, id ?? null, page.limit],
    );
  }

  /** Of all tenants, with the pages. */
  forget(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM customer_information WHERE (tenant, id) IN (SELECT tenant, id FROM customer_information
         WHERE requested_at < $1 ORDER BY requested_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING tenant`,
      [before, limit],
    );
  }
}
