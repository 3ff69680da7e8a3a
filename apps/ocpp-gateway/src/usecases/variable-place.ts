import type { sessions } from '@kilowatch/contracts';
import type { VariablePlace } from '@kilowatch/ocpp';

export function placeToWire(place: VariablePlace): sessions.VariablePlace {
  return {
    component: place.component,
    componentInstance: place.componentInstance ?? '',
    evseNumber: place.evseNumber ?? undefined,
    connectorNumber: place.connectorNumber ?? undefined,
    variable: place.variable,
    variableInstance: place.variableInstance ?? '',
  };
}
