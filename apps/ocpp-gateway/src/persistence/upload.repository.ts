import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';

/** OPEN: waits for the file. RECEIVING: one is coming in. STORED: it is there. REFUSED: too large. */
export type UploadState = 'OPEN' | 'RECEIVING' | 'STORED' | 'REFUSED';

export interface NewUpload {
  readonly uploadId: string;
  readonly stationId: string;
  readonly tokenHash: string;
  readonly openedAt: Date;
  readonly expiresAt: Date;
}

export interface ClaimedUpload {
  readonly tenant: string;
  readonly uploadId: string;
  readonly stationId: string;
  readonly attempt: number;
}

export interface StoredFile {
  readonly uploadId: string;
  readonly state: UploadState;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly chunks: number;
  readonly sha256: string;
}

@Injectable()
export class UploadRepository {
  async open(tx: Tx, tenant: string, upload: NewUpload): Promise<void> {
    await tx.query(
      `INSERT INTO upload (tenant, upload_id, station_id, token_hash, state, opened_at, expires_at)
       VALUES ($1, $2, $3, $4, 'OPEN', $5, $6)`,
      [tenant, upload.uploadId, upload.stationId, upload.tokenHash, upload.openedAt, upload.expiresAt],
    );
  }

  /**
   * Takes the upload that a token opens, for one request: of all tenants, because the token is all that a charger shows. One
   * that has been coming in since before `staleBefore` was broken off.
   */
  async claim(
    tx: Tx,
    tokenHash: string,
    now: Date,
    staleBefore: Date,
  ): Promise<ClaimedUpload | 'unknown' | 'busy' | 'gone'> {
    const [row] = await tx.query<{
      tenant: string;
      upload_id: string;
      station_id: string;
      state: UploadState;
      attempt: number;
      expired: boolean;
      stale: boolean;
    }>(
      `SELECT tenant, upload_id, station_id, state, attempt, expires_at <= $2 AS expired,
         coalesce(claimed_at <= $3, false) AS stale
       FROM upload WHERE token_hash = $1 FOR UPDATE`,
      [tokenHash, now, staleBefore],
    );
    if (!row) return 'unknown';
    if (row.expired || row.state === 'STORED' || row.state === 'REFUSED') return 'gone';
    if (row.state === 'RECEIVING' && !row.stale) return 'busy';
    const attempt = row.attempt + 1;
    await tx.query(
      `UPDATE upload SET state = 'RECEIVING', attempt = $3, claimed_at = $4 WHERE tenant = $1 AND upload_id = $2`,
      [row.tenant, row.upload_id, attempt, now],
    );
    return { tenant: row.tenant, uploadId: row.upload_id, stationId: row.station_id, attempt };
  }

  async addChunk(
    tx: Tx,
    { tenant, uploadId, attempt }: ClaimedUpload,
    no: number,
    data: Buffer,
  ): Promise<void> {
    await tx.query(
      'INSERT INTO upload_chunk (tenant, upload_id, attempt, no, data) VALUES ($1, $2, $3, $4, $5)',
      [tenant, uploadId, attempt, no, data],
    );
  }

  /** False: another request has taken it over in the meantime. */
  async settle(
    tx: Tx,
    { tenant, uploadId, attempt }: ClaimedUpload,
    file: Omit<StoredFile, 'uploadId'>,
    storedAt: Date | null,
  ): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE upload SET state = $4, file_name = $5, size_bytes = $6, chunks = $7, sha256 = $8, stored_at = $9,
         claimed_at = NULL
       WHERE tenant = $1 AND upload_id = $2 AND attempt = $3 AND state = 'RECEIVING' RETURNING 1`,
      [
        tenant,
        uploadId,
        attempt,
        file.state,
        file.fileName,
        file.sizeBytes,
        file.chunks,
        file.sha256,
        storedAt,
      ],
    );
    return rows.length > 0;
  }

  async dropChunks(tx: Tx, { tenant, uploadId, attempt }: ClaimedUpload): Promise<void> {
    await tx.query('DELETE FROM upload_chunk WHERE tenant = $1 AND upload_id = $2 AND attempt = $3', [
      tenant,
      uploadId,
      attempt,
    ]);
  }

  async dropOtherAttempts(tx: Tx, { tenant, uploadId, attempt }: ClaimedUpload): Promise<void> {
    await tx.query('DELETE FROM upload_chunk WHERE tenant = $1 AND upload_id = $2 AND attempt <> $3', [
      tenant,
      uploadId,
      attempt,
    ]);
  }

  async filesOf(tx: Tx, tenant: string, ids: readonly string[]): Promise<StoredFile[]> {
    const rows = await tx.query<{
      upload_id: string;
      state: UploadState;
      file_name: string;
      size_bytes: string;
      chunks: number;
      sha256: string;
    }>(
      `SELECT upload_id, state, file_name, size_bytes, chunks, sha256 FROM upload
       WHERE tenant = $1 AND upload_id = ANY ($2::uuid[])`,
      [tenant, ids],
    );
    return rows.map((row) => ({
      uploadId: row.upload_id,
      state: row.state,
      fileName: row.file_name,
      sizeBytes: Number(row.size_bytes),
      chunks: row.chunks,
      sha256: row.sha256,
    }));
  }

  async chunk(tx: Tx, tenant: string, uploadId: string, no: number): Promise<Buffer | undefined> {
    const [row] = await tx.query<{ data: Buffer }>(
      `SELECT c.data FROM upload u JOIN upload_chunk c USING (tenant, upload_id, attempt)
       WHERE u.tenant = $1 AND u.upload_id = $2 AND u.state = 'STORED' AND c.no = $3`,
      [tenant, uploadId, no],
    );
    return row?.data;
  }

  /** Of all tenants: deletes a batch with its pieces. */
  forget(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM upload WHERE (tenant, upload_id) IN (
         SELECT tenant, upload_id FROM upload WHERE opened_at < $1 ORDER BY opened_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING tenant`,
      [before, limit],
    );
  }
}
