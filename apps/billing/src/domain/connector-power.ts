/** How much a connector can give, from what OCPI says of it: `max_voltage` is between line and neutral for three phases (mod_locations, Connector). */
export interface ConnectorRating {
  readonly powerType: string;
  readonly maxVoltageV: number;
  readonly maxCurrentA: number;
}

/** W; 0 when it is not known. */
export function maxPowerW({ powerType, maxVoltageV, maxCurrentA }: ConnectorRating): number {
  const phases = powerType === 'AC_3_PHASE' ? 3 : 1;
  return Math.round(phases * maxVoltageV * maxCurrentA);
}
