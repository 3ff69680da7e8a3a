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
}
