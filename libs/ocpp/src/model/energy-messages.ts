// What stations and cars say about the energy that is to come, without its version.

/** The station asks for the limits of a dynamic schedule now (2.1, use case K28). */
export interface DynamicScheduleAskedMessage {
  type: 'dynamicScheduleAsked';
  profileId: number;
}

/**
 * Limits and set points of a dynamic schedule, in the unit of its profile: A per phase, or W. What is absent stays as it was.
 * Discharging is negative.
 */
export interface ScheduleLimits {
  limit?: number | undefined;
  limitL2?: number | undefined;
  limitL3?: number | undefined;
  dischargeLimit?: number | undefined;
  dischargeLimitL2?: number | undefined;
  dischargeLimitL3?: number | undefined;
  setpoint?: number | undefined;
  setpointL2?: number | undefined;
  setpointL3?: number | undefined;
  setpointReactive?: number | undefined;
  setpointReactiveL2?: number | undefined;
  setpointReactiveL3?: number | undefined;
}

/** What a car needs, as it told its station over ISO 15118 (2.x, use cases K15 and K17). Null: not said. */
export interface ChargingNeedsMessage {
  type: 'chargingNeeds';
  evseNumber: number;
  /** EnergyTransferModeEnumType: `AC_three_phase`, `DC`, in 2.1 also those that give energy back. */
  transfer: string;
  departureAt: Date | null;
  /** Most periods that the car takes in a schedule. */
  maxPeriods: number | null;
  /** Until departure, Wh. */
  energyWh: number | null;
  /** AC: per phase. DC: on the car's side. */
  minCurrentA: number | null;
  maxCurrentA: number | null;
  maxVoltageV: number | null;
  /** Of the whole car, W. */
  minPowerW: number | null;
  maxPowerW: number | null;
  /** Of the battery, Wh. */
  capacityWh: number | null;
  /** Percent. */
  stateOfCharge: number | null;
  fullStateOfCharge: number | null;
}

export interface CarSchedulePeriod {
  startSeconds: number;
  limit: number;
  numberPhases: number | null;
}

/** What the car made of the schedule it was given: at most so much will it draw. */
export interface CarScheduleMessage {
  type: 'carSchedule';
  evseNumber: number;
  /** Second 0 of the periods. */
  timeBase: Date;
  unit: 'A' | 'W';
  durationSeconds: number | null;
  periods: CarSchedulePeriod[];
}
