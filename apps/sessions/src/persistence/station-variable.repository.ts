import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { isSecretSetting, type ReportedSetting } from '@kilowatch/ocpp';
import type { SortKey, Tx } from '@kilowatch/platform';
import { nameOfRow, PLACE_COLUMNS, rowOfName, rowOfPlace, type PlaceRow } from './variable-place.js';

export interface StationVariableRow extends PlaceRow {
  readonly attribute_type: string;
  readonly value: string;
}

interface NewRow extends StationVariableRow {
  readonly mutability: string;
  readonly data_type: string;
  readonly unit: string;
  readonly possible_values: string;
  readonly known: boolean;
}

const ACTUAL = 'Actual';
const KEY = `${PLACE_COLUMNS}, attribute_type`;
const FACTS = 'value, mutability, data_type, unit, possible_values, known';

@Injectable()
export class StationVariableRepository {
  /** One page of a report; newer reports replace older values. False = unknown station. */
  save(
    tx: Tx,
    tenant: string,
    stationId: string,
    variables: readonly sessions.StationVariable[],
    at: Date,
  ): Promise<boolean> {
    return this.store(tx, tenant, stationId, variables.map(rowOf), at);
  }

  /** What an answer to a command says of settings. It leaves out units and limits: those of a report stay. */
  async saveSettings(
    tx: Tx,
    tenant: string,
    stationId: string,
    settings: readonly ReportedSetting[],
    at: Date,
  ): Promise<void> {
    const rows = settings.map((setting) => ({
      ...rowOfName(setting.name),
      attribute_type: ACTUAL,
      value: setting.value ?? '',
      mutability: setting.mutability,
      data_type: '',
      unit: '',
      possible_values: '',
      known: setting.known,
    }));
    await this.forgetOtherSpellings(tx, tenant, stationId, rows);
    await this.store(tx, tenant, stationId, rows, at);
  }

  /** Actual values of single variables of 2.x or keys of 1.6, by lower-case `component.variable.instance`. */
  async values(
    tx: Tx,
    tenant: string,
    stationId: string,
    variables: readonly string[],
  ): Promise<Map<string, string>> {
    const rows = await tx.query<{ name: string; value: string }>(
      `SELECT lower(component || '.' || variable || '.' || variable_instance) AS name, value FROM station_variable
       WHERE tenant = $1 AND station_id = $2 AND attribute_type = '${ACTUAL}' AND known AND lower(variable) = ANY ($3)`,
      [tenant, stationId, variables.map((variable) => variable.toLowerCase())],
    );
    return new Map(rows.map(({ name, value }) => [name, value]));
  }

  /** The same key in another case is the same setting: the newest spelling stays. */
  private async forgetOtherSpellings(
    tx: Tx,
    tenant: string,
    stationId: string,
    rows: readonly NewRow[],
  ): Promise<void> {
    await tx.query(
      `DELETE FROM station_variable held USING jsonb_populate_recordset(NULL::station_variable, $3::jsonb) new
       WHERE held.tenant = $1 AND held.station_id = $2 AND held.component = '' AND new.component = ''
         AND lower(held.variable) = lower(new.variable) AND held.variable <> new.variable`,
      [tenant, stationId, JSON.stringify(rows)],
    );
  }

  private async store(
    tx: Tx,
    tenant: string,
    stationId: string,
    all: readonly NewRow[],
    at: Date,
  ): Promise<boolean> {
    const rows = new Map(all.map((row) => [JSON.stringify(variableKey(row)), withoutSecret(row)]));
    const known = await tx.query(
      `WITH known AS (SELECT id FROM station WHERE tenant = $1 AND id = $2), saved AS (
         INSERT INTO station_variable AS held (tenant, station_id, ${KEY}, ${FACTS}, reported_at)
         SELECT $1, known.id, ${KEY}, ${FACTS}, $4::timestamptz
         FROM known, jsonb_populate_recordset(NULL::station_variable, $3::jsonb)
         ON CONFLICT ON CONSTRAINT station_variable_pk DO UPDATE SET value = excluded.value, known = excluded.known,
           mutability = coalesce(nullif(excluded.mutability, ''), held.mutability),
           data_type = coalesce(nullif(excluded.data_type, ''), held.data_type),
           unit = coalesce(nullif(excluded.unit, ''), held.unit),
           possible_values = coalesce(nullif(excluded.possible_values, ''), held.possible_values),
           reported_at = excluded.reported_at
         WHERE held.reported_at <= excluded.reported_at)
       SELECT id FROM known`,
      [tenant, stationId, JSON.stringify([...rows.values()]), at],
    );
    return known.length === 1;
  }

  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<StationVariableRow[]> {
    const after = page.after ?? [];
    const placeholders = KEY.split(', ').map((column, i) =>
      column.endsWith('_number') ? `$${i + 4}::integer` : `$${i + 4}::text`,
    );
    const beyond = page.after ? `AND (${KEY}) > (${placeholders.join(', ')})` : '';
    return tx.query<StationVariableRow>(
      `SELECT ${KEY}, value FROM station_variable WHERE tenant = $1 AND station_id = $2 ${beyond}
       ORDER BY ${KEY} LIMIT $3`,
      [tenant, stationId, page.limit, ...after],
    );
  }
}

/** Sort key of a row, as cursors carry it. */
export function variableKey(row: StationVariableRow): SortKey {
  return [
    row.component,
    row.component_instance,
    row.evse_number,
    row.connector_number,
    row.variable,
    row.variable_instance,
    row.attribute_type,
  ];
}

/** Its parts, as columns. */
export const VARIABLE_KEY = ['text', 'text', 'integer', 'integer', 'text', 'text', 'text'] as const;

function rowOf(variable: sessions.StationVariable): NewRow {
  return {
    ...rowOfPlace(variable),
    attribute_type: variable.attributeType || ACTUAL,
    value: variable.value,
    mutability: variable.mutability,
    data_type: variable.dataType,
    unit: variable.unit,
    possible_values: variable.possibleValues,
    known: true,
  };
}

/** Some stations give their password away when asked: nobody needs to have it. */
function withoutSecret(row: NewRow): NewRow {
  return isSecretSetting(nameOfRow(row)) ? { ...row, value: '', mutability: 'WriteOnly' } : row;
}
