import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import { FIRMWARE_ENDS, type FirmwareStatus } from '../domain/firmware-update.js';

export type FirmwareKind = 'INSTALL' | 'PUBLISH';

export interface FirmwareRow {
  readonly id: string;
  readonly station_id: string;
  readonly kind: FirmwareKind;
  readonly request_id: number | null;
  readonly location: string;
  readonly signed: boolean;
  readonly status: FirmwareStatus;
  /** Empty: the station speaks of an update that nobody asked for here. */
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly retrieve_at: Date | null;
  readonly install_at: Date | null;
  readonly updated_at: Date;
  readonly version: number;
}

@Injectable()
export class FirmwareUpdateRepository {
  async add(tx: Tx, tenant: string, row: FirmwareRow): Promise<void> {
    await tx.query(
      `INSERT INTO firmware_update (tenant, id, station_id, kind, request_id, location, signed, status, requested_by,
         requested_at, retrieve_at, install_at, updated_at, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        tenant,
        row.id,
        row.station_id,
        row.kind,
        row.request_id,
        row.location,
        row.signed,
        row.status,
        row.requested_by,
        row.requested_at,
        row.retrieve_at,
        row.install_at,
        row.updated_at,
        row.version,
      ],
    );
  }

  async save(tx: Tx, tenant: string, row: FirmwareRow): Promise<void> {
    await tx.query(
      `UPDATE firmware_update SET status = $3, updated_at = $4, version = $5 WHERE tenant = $1 AND id = $2`,
      [tenant, row.id, row.status, row.updated_at, row.version],
    );
  }

  async find(tx: Tx, tenant: string, id: string): Promise<FirmwareRow | undefined> {
    const [row] = await tx.query<FirmwareRow>('SELECT * FROM firmware_update WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
    ]);
    return row;
  }

  /** Under the station's lock. With a request id the one that has it, else the newest. */
  async spokenOf(
    tx: Tx,
    tenant: string,
    stationId: string,
    kind: FirmwareKind,
    requestId: number | undefined,
  ): Promise<FirmwareRow | undefined> {
    const [row] = await tx.query<FirmwareRow>(
      `SELECT * FROM firmware_update WHERE tenant = $1 AND station_id = $2 AND kind = $3
         AND ($4::int IS NULL OR request_id = $4::int) ORDER BY requested_at DESC, id DESC LIMIT 1`,
      [tenant, stationId, kind, requestId ?? null],
    );
    return row;
  }

  /** Other updates of the station that have not ended. */
  openBeside(tx: Tx, tenant: string, stationId: string, id: string): Promise<FirmwareRow[]> {
    return tx.query<FirmwareRow>(
      `SELECT * FROM firmware_update WHERE tenant = $1 AND station_id = $2 AND kind = 'INSTALL' AND id <> $3
         AND NOT status = ANY ($4)`,
      [tenant, stationId, id, FIRMWARE_ENDS],
    );
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<FirmwareRow[]> {
    const [requestedAt, id] = page.after ?? [];
    return tx.query<FirmwareRow>(
      `SELECT * FROM firmware_update WHERE tenant = $1 AND station_id = $2
         AND ($3::timestamptz IS NULL OR (requested_at, id) < ($3::timestamptz, $4::uuid))
       ORDER BY requested_at DESC, id DESC LIMIT $5`,
      [tenant, stationId, requestedAt ?? null, id ?? null, page.limit],
    );
  }
}
