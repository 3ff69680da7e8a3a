import { Injectable } from '@nestjs/common';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';

export interface WantedRow {
  readonly tenant: string;
  readonly station_id: string;
  readonly evse_number: number;
  readonly connector_number: number;
  readonly operative: boolean;
  readonly confirmed: boolean;
  readonly attempts: number;
  readonly version: number;
}

export interface Wish {
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly operative: boolean;
  readonly confirmed: boolean;
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

export interface SettlingStation {
  readonly stationId: string;
  readonly dueAt: Date;
  readonly booted: boolean;
}

@Injectable()
export class WantedAvailabilityRepository {
  /** The last wish counts. */
  async save(tx: Tx, tenant: string, wish: Wish): Promise<void> {
    await tx.query(
      `INSERT INTO wanted_availability AS held (tenant, station_id, evse_number, connector_number, operative, confirmed,
         requested_by, requested_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
       ON CONFLICT ON CONSTRAINT wanted_availability_pk DO UPDATE SET operative = excluded.operative,
         confirmed = excluded.confirmed, requested_by = excluded.requested_by, requested_at = excluded.requested_at,
         attempts = 0, due_at = NULL, version = held.version + 1`,
      [
        tenant,
        wish.stationId,
        wish.evseNumber,
        wish.connectorNumber,
        wish.operative,
        wish.confirmed,
        wish.requestedBy,
        wish.requestedAt,
      ],
    );
  }

  /** The station came back: look at it once it has settled. `booted`: it may have forgotten what it was told. */
  async lookAt(tx: Tx, tenant: string, station: SettlingStation): Promise<void> {
    await lookAtStations(tx, tenant, station);
  }

  /** Of all tenants, locked. */
  takeDue(tx: Tx, now: Date, limit: number): Promise<WantedRow[]> {
    return tx.query<WantedRow>(
      'SELECT * FROM wanted_availability WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED',
      [now, limit],
    );
  }

  /** Only while it is the same wish: an operator may have changed their mind while the station was told. */
  async settle(
    tx: Tx,
    row: WantedRow,
    { confirmed, attempts, dueAt }: { confirmed: boolean; attempts: number; dueAt: Date | null },
  ): Promise<void> {
    await tx.query(
      `UPDATE wanted_availability SET confirmed = $6, attempts = $7, due_at = $8
       WHERE tenant = $1 AND station_id = $2 AND evse_number = $3 AND connector_number = $4 AND version = $5`,
      [
        row.tenant,
        row.station_id,
        row.evse_number,
        row.connector_number,
        row.version,
        confirmed,
        attempts,
        dueAt,
      ],
    );
  }
}

const lookAtStations = gathered<SettlingStation>(
  ({ stationId }) => stationId,
  async (tx, tenant, stations) => {
    await tx.query(
      `UPDATE wanted_availability w SET due_at = k.due_at, attempts = 0
       FROM unnest($2::uuid[], $3::timestamptz[], $4::bool[]) AS k (station_id, due_at, booted)
       WHERE w.tenant = $1 AND w.station_id = k.station_id AND (NOT w.confirmed OR (k.booted AND NOT w.operative))`,
      [
        tenant,
        pgArray.uuid(stations.map(({ stationId }) => stationId)),
        pgArray.timestamptz(stations.map(({ dueAt }) => dueAt)),
        pgArray.bool(stations.map(({ booted }) => booted)),
      ],
    );
  },
);
