/** Component and variable as columns: '' and -1 are "not said" (0 is a number a station may send). */
import type { SettingName } from '@kilowatch/ocpp';
import type { sessions } from '@kilowatch/contracts';

export interface PlaceRow {
  readonly component: string;
  readonly component_instance: string;
  readonly evse_number: number;
  readonly connector_number: number;
  readonly variable: string;
  readonly variable_instance: string;
}

export const NOT_SAID = -1;
export const PLACE_COLUMNS =
  'component, component_instance, evse_number, connector_number, variable, variable_instance';

export function rowOfName(name: SettingName): PlaceRow {
  return {
    component: name.component,
    component_instance: name.componentInstance,
    evse_number: name.evseNumber ?? NOT_SAID,
    connector_number: name.connectorNumber ?? NOT_SAID,
    variable: name.variable,
    variable_instance: name.instance,
  };
}

export function nameOfRow(row: PlaceRow): SettingName {
  return {
    component: row.component,
    componentInstance: row.component_instance,
    evseNumber: row.evse_number < 0 ? null : row.evse_number,
    connectorNumber: row.connector_number < 0 ? null : row.connector_number,
    variable: row.variable,
    instance: row.variable_instance,
  };
}

export function rowOfPlace(place: sessions.VariablePlace | undefined): PlaceRow {
  return {
    component: place?.component ?? '',
    component_instance: place?.componentInstance ?? '',
    evse_number: place?.evseNumber ?? NOT_SAID,
    connector_number: place?.connectorNumber ?? NOT_SAID,
    variable: place?.variable ?? '',
    variable_instance: place?.variableInstance ?? '',
  };
}

/** Columns of a list, of the table that goes by this alias. */
export function prefixed(alias: string, columns: string): string {
  return columns
    .split(/,\s*/)
    .map((column) => `${alias}.${column.trim()}`)
    .join(', ');
}
