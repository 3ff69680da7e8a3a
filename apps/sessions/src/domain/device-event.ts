/**
 * Severity of what stations tell about their variables (OCPP 2.0.1 part 2, SetMonitoringData.severity): 0 danger, 1 hardware
 * failure, 2 system failure, 3 critical, 4 error, 5 alert, 6 warning, 7 notice, 8 informational, 9 debug.
 */
const LEAST_SEVERE_TROUBLE = 4;

/** Somebody should hear of it; the end of it too. */
export function isTrouble(severity: number | null): boolean {
  return severity !== null && severity <= LEAST_SEVERE_TROUBLE;
}

export interface NamedPlace {
  readonly component: string;
  readonly componentInstance: string;
  readonly variable: string;
  readonly variableInstance: string;
}

/** `Connector.Problem`, `Meter[main].Power[L1]`: for people and logs. */
export function variableLabel(place: NamedPlace): string {
  const { component, componentInstance, variable, variableInstance } = place;
  const whole = (name: string, instance: string) => (instance === '' ? name : `${name}[${instance}]`);
  const named = whole(variable, variableInstance);
  return component === '' ? named : `${whole(component, componentInstance)}.${named}`;
}
