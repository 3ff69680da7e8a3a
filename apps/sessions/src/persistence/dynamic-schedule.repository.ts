import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { DynamicSchedule, ProfileCriteria, ScheduleLimits } from '../domain/dynamic-schedule.js';

export interface DynamicScheduleRow {
  readonly profile_id: number;
  readonly evse_number: number;
  readonly purpose: string;
  readonly stack_level: number;
  readonly unit: string;
  readonly interval_seconds: number | null;
  readonly duration_seconds: number | null;
  readonly limits: ScheduleLimits;
  readonly changed_by: string;
  readonly changed_at: Date;
  /** The station has these limits since then; null: not yet. */
  readonly told_at: Date | null;
  readonly asked_at: Date | null;
}

/** A station holds few profiles; what is set beyond is not kept, and asked for in vain. */
const MOST_PER_STATION = 50;
const COLUMNS = `profile_id, evse_number, purpose, stack_level, unit, interval_seconds, duration_seconds, limits, changed_by,
  changed_at, told_at, asked_at`;

/** Dynamic schedules of 2.1 stations, with the limits that hold now. */
@Injectable()
export class DynamicScheduleRepository {
  /** As the station accepted it. */
  async set(
    tx: Tx,
    tenant: string,
    stationId: string,
    schedule: DynamicSchedule,
    { by, at }: { by: string; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO dynamic_schedule (tenant, station_id, profile_id, evse_number, purpose, stack_level, unit,
         interval_seconds, duration_seconds, limits, changed_by, changed_at, told_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12
       WHERE (SELECT count(*) FROM dynamic_schedule WHERE tenant = $1 AND station_id = $2) < $13
       ON CONFLICT ON CONSTRAINT dynamic_schedule_pk DO NOTHING`,
      [
        tenant,
        stationId,
        schedule.profileId,
        schedule.evseNumber,
        schedule.purpose,
        schedule.stackLevel,
        schedule.unit,
        schedule.intervalSeconds,
        schedule.durationSeconds,
        JSON.stringify(schedule.limits),
        by,
        at,
        MOST_PER_STATION,
      ],
    );
  }

  /** New limits, beside those that they do not name. False: there is no such schedule. */
  async change(
    tx: Tx,
    tenant: string,
    stationId: string,
    profileId: number,
    limits: ScheduleLimits,
    { by, at }: { by: string; at: Date },
  ): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE dynamic_schedule SET limits = limits || $4::jsonb, changed_by = $5, changed_at = $6, told_at = NULL
       WHERE tenant = $1 AND station_id = $2 AND profile_id = $3 RETURNING 1`,
      [tenant, stationId, profileId, JSON.stringify(limits), by, at],
    );
    return rows.length > 0;
  }

  /** The station took these limits; unless others were set meanwhile, they are what holds. */
  async told(
    tx: Tx,
    tenant: string,
    stationId: string,
    profileId: number,
    limits: ScheduleLimits,
    at: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE dynamic_schedule SET told_at = $5 WHERE tenant = $1 AND station_id = $2 AND profile_id = $3
         AND limits @> $4::jsonb`,
      [tenant, stationId, profileId, JSON.stringify(limits), at],
    );
  }

  /** What holds now, for a station that asks for it. */
  async ask(
    tx: Tx,
    tenant: string,
    stationId: string,
    profileId: number,
    at: Date,
  ): Promise<ScheduleLimits | undefined> {
    const rows = await tx.query<{ limits: ScheduleLimits }>(
      `UPDATE dynamic_schedule SET asked_at = $4, told_at = coalesce(told_at, $4)
       WHERE tenant = $1 AND station_id = $2 AND profile_id = $3 RETURNING limits`,
      [tenant, stationId, profileId, at],
    );
    return rows[0]?.limits;
  }

  async remove(
    tx: Tx,
    tenant: string,
    stationId: string,
    { profileId, evseNumber, purpose, stackLevel }: ProfileCriteria,
  ): Promise<void> {
    await tx.query(
      `DELETE FROM dynamic_schedule WHERE tenant = $1 AND station_id = $2
         AND ($3::integer IS NULL OR profile_id = $3) AND ($4::integer IS NULL OR evse_number = $4)
         AND ($5::text IS NULL OR purpose = $5) AND ($6::integer IS NULL OR stack_level = $6)`,
      [tenant, stationId, profileId ?? null, evseNumber ?? null, purpose ?? null, stackLevel ?? null],
    );
  }

  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<DynamicScheduleRow[]> {
    return tx.query<DynamicScheduleRow>(
      `SELECT ${COLUMNS} FROM dynamic_schedule WHERE tenant = $1 AND station_id = $2
         AND ($3::integer IS NULL OR profile_id > $3) ORDER BY profile_id LIMIT $4`,
      [tenant, stationId, page.after?.[0] ?? null, page.limit],
    );
  }
}
