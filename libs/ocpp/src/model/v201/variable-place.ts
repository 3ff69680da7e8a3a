// ComponentType and VariableType, as every message about the device model carries them.

import { child, integer, text, type JsonObject } from '../../json.js';
import type { VariablePlace } from '../charger-message.js';

export function variablePlace(entry: JsonObject): VariablePlace {
  const component = child(entry, 'component') ?? {};
  const evse = child(component, 'evse') ?? {};
  const variable = child(entry, 'variable') ?? {};
  return {
    component: text(component, 'name') ?? '',
    componentInstance: text(component, 'instance'),
    evseNumber: integer(evse, 'id'),
    connectorNumber: integer(evse, 'connectorId'),
    variable: text(variable, 'name') ?? '',
    variableInstance: text(variable, 'instance'),
  };
}
