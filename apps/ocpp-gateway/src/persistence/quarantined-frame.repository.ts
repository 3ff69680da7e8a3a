import type { Tx } from '@kilowatch/platform';

export interface QuarantinedFrame {
  readonly tenant: string;
  readonly frameId: string;
  readonly stationId: string;
  readonly connectionId: string;
  readonly protocol: string;
  readonly action: string;
  readonly errorCode: string;
  readonly digest: Buffer;
  readonly text: string;
  readonly transactionRef: string | null;
  readonly receivedAt: Date;
}

export interface Kept {
  readonly frameId: string;
  readonly transactionRef: string | null;
  readonly isNew: boolean;
}

export interface HeldFrame {
  readonly frameId: string;
  readonly stationId: string;
  readonly connectionId: string;
  readonly protocol: string;
  readonly action: string;
  readonly errorCode: string;
  readonly text: string;
  readonly transactionRef: string | null;
  readonly repeats: number;
  readonly receivedAt: Date;
  readonly resolution: Resolution | null;
  readonly resolutionNote: string | null;
  readonly resolvedAt: Date | null;
}

export type Resolution = 'REPLAYED' | 'DISMISSED';

export interface HeldSearch {
  readonly stationId?: string | undefined;
  readonly open?: boolean | undefined;
  readonly after?: readonly [receivedAt: string, frameId: string] | undefined;
  readonly limit: number;
}

interface HeldRow {
  frame_id: string;
  station_id: string;
  connection_id: string;
  protocol: string;
  action: string;
  error_code: string;
  frame: Buffer;
  transaction_ref: string | null;
  repeats: number;
  received_at: Date;
  resolution: Resolution | null;
  resolution_note: string | null;
  resolved_at: Date | null;
}

// Bytes, not text: a broken frame may hold what Postgres takes for no text.
const KEEP = `INSERT INTO quarantined_frame AS held
    (tenant, frame_id, station_id, connection_id, protocol, action, error_code, digest, frame, transaction_ref, received_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT ON CONSTRAINT quarantined_frame_content_key DO UPDATE SET repeats = held.repeats + 1
  RETURNING frame_id, transaction_ref, repeats = 0 AS is_new`;

export class QuarantinedFrameRepository {
  /** The same content of the same station keeps its first row. */
  async keep(tx: Tx, frame: QuarantinedFrame): Promise<Kept> {
    const [row] = await tx.query<{ frame_id: string; transaction_ref: string | null; is_new: boolean }>(
      KEEP,
      [
        frame.tenant,
        frame.frameId,
        frame.stationId,
        frame.connectionId,
        frame.protocol,
        frame.action,
        frame.errorCode,
        frame.digest,
        Buffer.from(frame.text, 'utf8'),
        frame.transactionRef,
        frame.receivedAt,
      ],
    );
    return { frameId: row!.frame_id, transactionRef: row!.transaction_ref, isNew: row!.is_new };
  }

  /** Latest first. */
  async search(tx: Tx, tenant: string, search: HeldSearch): Promise<HeldFrame[]> {
    const params: unknown[] = [tenant];
    const p = (value: unknown) => `$${params.push(value)}`;
    const where = ['tenant = $1'];
    if (search.stationId !== undefined) where.push(`station_id = ${p(search.stationId)}`);
    if (search.open !== undefined) where.push(`resolved_at IS ${search.open ? '' : 'NOT '}NULL`);
    if (search.after)
      where.push(
        `(received_at, frame_id) < (${p(search.after[0])}::timestamptz, ${p(search.after[1])}::uuid)`,
      );
    const rows = await tx.query<HeldRow>(
      `SELECT * FROM quarantined_frame WHERE ${where.join(' AND ')}
       ORDER BY received_at DESC, frame_id DESC LIMIT ${p(search.limit)}`,
      params,
    );
    return rows.map(heldOf);
  }

  async find(tx: Tx, tenant: string, frameId: string): Promise<HeldFrame | undefined> {
    const rows = await tx.query<HeldRow>(
      'SELECT * FROM quarantined_frame WHERE tenant = $1 AND frame_id = $2',
      [tenant, frameId],
    );
    return rows[0] && heldOf(rows[0]);
  }

  /** The first resolution stands. */
  async resolve(
    tx: Tx,
    tenant: string,
    frameId: string,
    by: { resolution: Resolution; note: string | null; accountId: string; at: Date },
  ): Promise<void> {
    await tx.query(
      `UPDATE quarantined_frame SET resolution = $3, resolution_note = $4, resolved_by = $5, resolved_at = $6
       WHERE tenant = $1 AND frame_id = $2 AND resolved_at IS NULL`,
      [tenant, frameId, by.resolution, by.note, by.accountId, by.at],
    );
  }
}

function heldOf(row: HeldRow): HeldFrame {
  return {
    frameId: row.frame_id,
    stationId: row.station_id,
    connectionId: row.connection_id,
    protocol: row.protocol,
    action: row.action,
    errorCode: row.error_code,
    text: row.frame.toString('utf8'),
    transactionRef: row.transaction_ref,
    repeats: row.repeats,
    receivedAt: row.received_at,
    resolution: row.resolution,
    resolutionNote: row.resolution_note,
    resolvedAt: row.resolved_at,
  };
}
