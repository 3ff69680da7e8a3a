import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { SortKey, Tx } from '@kilowatch/platform';

export interface StationVariableRow {
  readonly component: string;
  readonly component_instance: string;
  readonly evse_number: number;
  readonly connector_number: number;
  readonly variable: string;
  readonly variable_instance: string;
  readonly attribute_type: string;
  readonly value: string;
}

/** Not said; 0 is a number a station may send. */
const NONE = -1;
const KEY =
  'component, component_instance, evse_number, connector_number, variable, variable_instance, attribute_type';

@Injectable()
export class StationVariableRepository {
  /** One page of a report; newer reports replace older values. False = unknown station. */
  async save(
    tx: Tx,
    tenant: string,
    stationId: string,
    variables: readonly sessions.StationVariable[],
    at: Date,
  ): Promise<boolean> {
    const rows = new Map(variables.map((variable) => [JSON.stringify(keyOf(variable)), rowOf(variable)]));
    const known = await tx.query(
      `WITH known AS (SELECT id FROM station WHERE tenant = $1 AND id = $2), saved AS (
         INSERT INTO station_variable AS held (tenant, station_id, ${KEY}, value, mutability, reported_at)
         SELECT $1, known.id, ${KEY}, value, mutability, $4::timestamptz
         FROM known, jsonb_populate_recordset(NULL::station_variable, $3::jsonb)
         ON CONFLICT ON CONSTRAINT station_variable_pk DO UPDATE SET value = excluded.value,
           mutability = excluded.mutability, reported_at = excluded.reported_at
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

export const VARIABLE_KEY_PARTS = 7;

function keyOf(variable: sessions.StationVariable) {
  return {
    component: variable.component,
    component_instance: variable.componentInstance,
    evse_number: variable.evseNumber ?? NONE,
    connector_number: variable.connectorNumber ?? NONE,
    variable: variable.variable,
    variable_instance: variable.variableInstance,
    attribute_type: variable.attributeType || 'Actual',
  };
}

function rowOf(variable: sessions.StationVariable) {
  return { ...keyOf(variable), value: variable.value, mutability: variable.mutability };
}
