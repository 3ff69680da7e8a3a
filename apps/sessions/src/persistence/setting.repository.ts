import { Injectable } from '@nestjs/common';
import { groupBy, isUuid } from '@kilowatch/kernel';
import { settingKey, type SettingName } from '@kilowatch/ocpp';
import { escapeLike, type SortKey, type Tx } from '@kilowatch/platform';
import type { Verdict } from '../domain/settings-plan.js';
import type {
  ActualSetting,
  SettingOutcome,
  SettingSource,
  WantedSetting,
} from '../domain/station-settings.js';
import { nameOfRow, PLACE_COLUMNS, rowOfName, type PlaceRow } from './variable-place.js';

/** A setting as it is shown: what the station said, what is wanted, or both. */
export interface SettingRow extends PlaceRow {
  readonly setting_key: string;
  readonly value: string | null;
  readonly mutability: string | null;
  readonly known: boolean | null;
  readonly data_type: string | null;
  readonly unit: string | null;
  readonly possible_values: string | null;
  readonly reported_at: Date | null;
  readonly wanted_value: string | null;
  readonly secret: boolean | null;
  readonly sealed: Buffer | null;
  readonly source: SettingSource | null;
  readonly wanted_by: string | null;
  readonly wanted_at: Date | null;
  readonly outcome: SettingOutcome | null;
  readonly status: string | null;
  readonly outcome_at: Date | null;
  readonly firmware: string | null;
  readonly attempts: number | null;
}

export interface Wish {
  readonly name: SettingName;
  /** Empty for a secret. */
  readonly value: string;
  readonly sealed: Buffer | null;
  readonly secret: boolean;
}

export interface Wisher {
  readonly source: SettingSource;
  readonly by: string;
  readonly at: Date;
}

const EITHER = PLACE_COLUMNS.split(', ')
  .map((column) => `coalesce(v.${column}, w.${column}) AS ${column}`)
  .join(', ');
const SHOWN = `setting_key, ${EITHER}, v.value, v.mutability, v.known, v.data_type, v.unit, v.possible_values,
  v.reported_at, w.value AS wanted_value, w.secret, w.sealed, w.source, w.wanted_by, w.wanted_at, w.outcome, w.status,
  w.outcome_at, w.firmware, w.attempts`;
/** Stations repeat variables in another case: the newest counts. */
const ACTUAL = `(SELECT DISTINCT ON (setting_key) * FROM station_variable
  WHERE tenant = $1 AND station_id = $2 AND attribute_type = 'Actual' ORDER BY setting_key, reported_at DESC) v`;
const WANTED = '(SELECT * FROM wanted_setting WHERE tenant = $1 AND station_id = $2) w';

/** What we want of stations beside what they say. */
@Injectable()
export class SettingRepository {
  /** By name; `search` finds parts of `component.variable`. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined; search: string | null },
  ): Promise<SettingRow[]> {
    const search = page.search ? `%${escapeLike(page.search)}%` : null;
    return tx.query<SettingRow>(
      `SELECT ${SHOWN} FROM ${ACTUAL} FULL JOIN ${WANTED} USING (setting_key)
       WHERE ($3::text IS NULL OR setting_key > $3)
         AND ($4::text IS NULL OR coalesce(v.component, w.component) || '.' || coalesce(v.variable, w.variable) ILIKE $4)
       ORDER BY setting_key LIMIT $5`,
      [tenant, stationId, page.after?.[0] ?? null, search, page.limit],
    );
  }

  /** All that is wanted of some stations, in the same shape; by station. */
  async wantedOf(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<Map<string, SettingRow[]>> {
    const rows = await tx.query<SettingRow & { station_id: string }>(
      `SELECT w.station_id, w.${SHOWN} FROM wanted_setting w LEFT JOIN LATERAL (
         SELECT * FROM station_variable s WHERE s.tenant = w.tenant AND s.station_id = w.station_id
           AND s.setting_key = w.setting_key AND s.attribute_type = 'Actual'
         ORDER BY s.reported_at DESC LIMIT 1) v ON true
       WHERE w.tenant = $1 AND w.station_id = ANY ($2::uuid[]) ORDER BY w.station_id, w.setting_key`,
      [tenant, stationIds.filter(isUuid)],
    );
    return groupBy(rows, (row) => row.station_id);
  }

  /** Some settings of some stations, reported or wanted; by station. */
  async namedOf(
    tx: Tx,
    tenant: string,
    stationIds: readonly string[],
    keys: readonly string[],
  ): Promise<Map<string, SettingRow[]>> {
    const rows = await tx.query<SettingRow & { station_id: string }>(
      `SELECT station_id, ${SHOWN} FROM (
         SELECT DISTINCT ON (station_id, setting_key) * FROM station_variable
           WHERE tenant = $1 AND station_id = ANY ($2::uuid[]) AND setting_key = ANY ($3) AND attribute_type = 'Actual'
           ORDER BY station_id, setting_key, reported_at DESC) v
       FULL JOIN (SELECT * FROM wanted_setting
           WHERE tenant = $1 AND station_id = ANY ($2::uuid[]) AND setting_key = ANY ($3)) w USING (station_id, setting_key)
       ORDER BY station_id, setting_key`,
      [tenant, stationIds.filter(isUuid), keys],
    );
    return groupBy(rows, (row) => row.station_id);
  }

  /** An operator's wish replaces every other; a default takes the place of a default only, when it says something else. */
  async want(
    tx: Tx,
    tenant: string,
    stationId: string,
    wishes: readonly Wish[],
    wisher: Wisher,
  ): Promise<void> {
    if (wishes.length === 0) return;
    await tx.query(
      `INSERT INTO wanted_setting AS held (tenant, station_id, setting_key, ${PLACE_COLUMNS}, value, secret, sealed,
         source, wanted_by, wanted_at, outcome, status, firmware, attempts)
       SELECT $1, $2, setting_key, ${PLACE_COLUMNS}, value, secret, decode(seal, 'base64'),
         $4, $5, $6::timestamptz, 'PENDING', '', '', 0
       FROM jsonb_to_recordset($3::jsonb) AS wish(setting_key text, component text, component_instance text,
         evse_number integer, connector_number integer, variable text, variable_instance text, value text,
         secret boolean, seal text)
       ON CONFLICT ON CONSTRAINT wanted_setting_pk DO UPDATE SET value = excluded.value, secret = excluded.secret,
         sealed = excluded.sealed, source = excluded.source, wanted_by = excluded.wanted_by,
         wanted_at = excluded.wanted_at, outcome = 'PENDING', status = '', outcome_at = NULL, firmware = '', attempts = 0
       WHERE $4 = 'OPERATOR' OR held.source = 'DEFAULT'`,
      [tenant, stationId, JSON.stringify(wishes.map(wishRow)), wisher.source, wisher.by, wisher.at],
    );
  }

  async forget(tx: Tx, tenant: string, stationId: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(
      'DELETE FROM wanted_setting WHERE tenant = $1 AND station_id = $2 AND setting_key = ANY ($3)',
      [tenant, stationId, keys],
    );
  }

  /** A secret that the station took, or will never take, is forgotten here. */
  async settle(
    tx: Tx,
    tenant: string,
    stationId: string,
    verdicts: readonly (Verdict & { readonly shorter?: string | undefined })[],
    at: { now: Date; firmware: string; attempted: boolean },
  ): Promise<void> {
    if (verdicts.length === 0) return;
    await tx.query(
      `UPDATE wanted_setting w SET outcome = new.outcome, status = new.status, outcome_at = $4, firmware = $5,
         attempts = w.attempts + $6::integer, value = coalesce(new.shorter, w.value),
         sealed = CASE WHEN new.outcome IN ('PENDING', 'OFFLINE') THEN w.sealed END
       FROM jsonb_to_recordset($3::jsonb) AS new(key text, outcome text, status text, shorter text)
       WHERE w.tenant = $1 AND w.station_id = $2 AND w.setting_key = new.key`,
      [tenant, stationId, JSON.stringify(verdicts), at.now, at.firmware, at.attempted ? 1 : 0],
    );
  }
}

/** Null when nothing is wanted. `secretOf` opens a sealed value, for whoever is to write it. */
export function wantedOf(
  row: SettingRow,
  secretOf: (sealed: Buffer) => string | null = () => null,
): WantedSetting | null {
  if (row.source === null || row.outcome === null) return null;
  const secret = row.secret === true;
  return {
    key: row.setting_key,
    name: nameOfRow(row),
    value: secret ? row.sealed && secretOf(row.sealed) : row.wanted_value,
    secret,
    source: row.source,
    outcome: row.outcome,
    outcomeAt: row.outcome_at,
    firmware: row.firmware ?? '',
    attempts: row.attempts ?? 0,
    actual: actualOf(row),
  };
}

function actualOf(row: SettingRow): ActualSetting | null {
  if (row.reported_at === null) return null;
  return {
    value: row.mutability === 'WriteOnly' ? null : row.value,
    readOnly: row.mutability === 'ReadOnly',
    known: row.known !== false,
    reportedAt: row.reported_at,
  };
}

function wishRow({ name, value, sealed, secret }: Wish) {
  const seal = sealed && sealed.toString('base64');
  return { ...rowOfName(name), setting_key: settingKey(name), value, secret, seal };
}
