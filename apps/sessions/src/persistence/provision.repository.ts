import { Injectable } from '@nestjs/common';
import { gathered, pgArray, type Tx } from '@kilowatch/platform';
import type { Registration } from '../domain/registration.js';

export interface DueStation {
  readonly tenant: string;
  readonly stationId: string;
  readonly lease: string;
  readonly attempts: number;
}

/** What provisioning knows of a station. */
export interface ProvisionRow {
  readonly online: boolean;
  readonly protocol: string;
  readonly vendor: string;
  readonly model: string;
  readonly firmware_version: string;
  readonly last_boot_at: Date | null;
  readonly registration: Registration;
  readonly trigger_boot: boolean;
  readonly read_firmware: string | null;
  readonly checked_at: Date | null;
}

export interface ProvisionNote {
  readonly readFirmware?: string;
  readonly checkedAt?: Date;
  readonly bootTriggered?: boolean;
}

/** One row per station that has been provisioned, or is to be. Whoever holds its lease works on the station. */
@Injectable()
export class ProvisionRepository {
  /** Something happened that calls for work: whoever works on the station now is told by the next lease. */
  async call(
    tx: Tx,
    tenant: string,
    stationId: string,
    call: { dueAt: Date; triggerBoot: boolean | null },
  ): Promise<string> {
    const [row] = await tx.query<{ lease: string }>(
      `INSERT INTO station_provision AS held (tenant, station_id, due_at, attempts, lease, waiting, trigger_boot)
       VALUES ($1, $2, $3, 0, 1, false, coalesce($4::boolean, false))
       ON CONFLICT ON CONSTRAINT station_provision_pk DO UPDATE SET due_at = excluded.due_at, attempts = 0,
         lease = held.lease + 1, trigger_boot = coalesce($4::boolean, held.trigger_boot)
       RETURNING lease`,
      [tenant, stationId, call.dueAt, call.triggerBoot],
    );
    return row!.lease;
  }

  /** For a station that never told what it is: one row, one question, however often it connects. */
  async callOnce(tx: Tx, tenant: string, stationId: string, dueAt: Date): Promise<void> {
    await tx.query(
      `INSERT INTO station_provision AS held (tenant, station_id, due_at, attempts, lease, waiting, trigger_boot)
       VALUES ($1, $2, $3, 0, 1, false, true)
       ON CONFLICT ON CONSTRAINT station_provision_pk DO UPDATE SET due_at = excluded.due_at, attempts = 0,
         lease = held.lease + 1 WHERE held.waiting AND held.due_at IS NULL`,
      [tenant, stationId, dueAt],
    );
  }

  /** The station is back: only when something waits for it. */
  async wake(tx: Tx, tenant: string, station: { stationId: string; dueAt: Date }): Promise<void> {
    await wakeStations(tx, tenant, station);
  }

  /** A station whose driver waits for a remote start is left alone: there is one command at a time. */
  async takeDue(tx: Tx, now: Date, limit: number): Promise<DueStation[]> {
    const rows = await tx.query<{ tenant: string; station_id: string; lease: string; attempts: number }>(
      `SELECT p.tenant, p.station_id, p.lease, p.attempts FROM station_provision p
       WHERE p.due_at <= $1 AND NOT EXISTS (SELECT 1 FROM remote_start r WHERE r.tenant = p.tenant
         AND r.station_id = p.station_id AND r.consumed_by IS NULL AND r.expires_at > $1)
       ORDER BY p.due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [now, limit],
    );
    return rows.map(({ station_id: stationId, ...row }) => ({ ...row, stationId }));
  }

  /** Counts the attempt that begins and keeps others off until then. */
  async lease(tx: Tx, due: DueStation, until: Date): Promise<DueStation> {
    const [row] = await tx.query<{ lease: string; attempts: number }>(
      `UPDATE station_provision SET due_at = $3, attempts = attempts + 1, lease = lease + 1
       WHERE tenant = $1 AND station_id = $2 RETURNING lease, attempts`,
      [due.tenant, due.stationId, until],
    );
    return { ...due, ...row! };
  }

  async state(tx: Tx, tenant: string, stationId: string): Promise<ProvisionRow | undefined> {
    const [row] = await tx.query<ProvisionRow>(
      `SELECT s.online, s.protocol, s.vendor, s.model, s.firmware_version, s.last_boot_at, s.registration,
         coalesce(p.trigger_boot, false) AS trigger_boot, p.read_firmware, p.checked_at
       FROM station s LEFT JOIN station_provision p ON p.tenant = s.tenant AND p.station_id = s.id
       WHERE s.tenant = $1 AND s.id = $2`,
      [tenant, stationId],
    );
    return row;
  }

  /** What a step brought: true whoever holds the lease by now. */
  async note(tx: Tx, tenant: string, stationId: string, note: ProvisionNote): Promise<void> {
    await tx.query(
      `UPDATE station_provision SET read_firmware = coalesce($3, read_firmware),
         checked_at = coalesce($4, checked_at), trigger_boot = trigger_boot AND NOT $5
       WHERE tenant = $1 AND station_id = $2`,
      [tenant, stationId, note.readFirmware ?? null, note.checkedAt ?? null, note.bootTriggered ?? false],
    );
  }

  /** Ends a lease; nothing when another one was given in the meantime. */
  async release(
    tx: Tx,
    due: DueStation,
    next: { dueAt: Date | null; waiting: boolean; attempts: number },
  ): Promise<void> {
    await tx.query(
      `UPDATE station_provision SET due_at = $4, waiting = $5, attempts = $6
       WHERE tenant = $1 AND station_id = $2 AND lease = $3`,
      [due.tenant, due.stationId, due.lease, next.dueAt, next.waiting, next.attempts],
    );
  }
}

const wakeStations = gathered<{ stationId: string; dueAt: Date }>(
  ({ stationId }) => stationId,
  async (tx, tenant, stations) => {
    await tx.query(
      `UPDATE station_provision p SET due_at = k.due_at, attempts = 0, lease = p.lease + 1
       FROM unnest($2::uuid[], $3::timestamptz[]) AS k (station_id, due_at)
       WHERE p.tenant = $1 AND p.station_id = k.station_id AND p.waiting AND p.due_at IS NULL`,
      [
        tenant,
        pgArray.uuid(stations.map(({ stationId }) => stationId)),
        pgArray.timestamptz(stations.map(({ dueAt }) => dueAt)),
      ],
    );
  },
);
