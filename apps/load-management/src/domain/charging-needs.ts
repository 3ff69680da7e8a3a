/**
 * What a car needs, as it told its station over ISO 15118 (OCPP 2.0.1 and 2.1 part 2, use cases K15 and K17), in the units that the
 * plan counts in. Null is "not said".
 *
 * - AC figures are per phase, DC figures are the car's own. A DC car draws its power from three phases of the site at 230 V, as in
 *   demand.ts.
 * - Giving energy back (BPT, DER) is not offered: it needs a meter and a contract for the other direction.
 */
import { SMALLEST_DA, type Deciampere } from './plan.js';

export interface ChargingNeeds {
  /** OCPP EnergyTransferModeEnumType. */
  readonly transfer: string;
  readonly departureAt: Date | null;
  /** Most periods that the car takes in a schedule. */
  readonly maxPeriods: number | null;
  /** Until departure, Wh. */
  readonly energyWh: number | null;
  readonly minCurrentA: number | null;
  readonly maxCurrentA: number | null;
  readonly maxVoltageV: number | null;
  readonly minPowerW: number | null;
  readonly maxPowerW: number | null;
  readonly capacityWh: number | null;
  /** Percent. */
  readonly stateOfCharge: number | null;
  readonly fullStateOfCharge: number | null;
}

/** Watts of a tenth of an ampere on one phase. */
export const WATTS_PER_DA = 23;
/** A rectifier stands on three phases. */
const SITE_PHASES = 3;

const AC_PHASES: ReadonlyMap<string, number> = new Map([
  ['AC_single_phase', 1],
  ['AC_two_phase', 2],
  ['AC_three_phase', 3],
]);
/** A pantograph is a plug of another shape. */
const DC: ReadonlySet<string> = new Set(['DC', 'DC_ACDP']);

/** At most 20 characters (OCPP StatusInfoType.reasonCode). */
export type NeedsProblem = 'UnsupportedTransfer' | 'NoFigures';

/** Why no schedule can be made of these; undefined: one can. */
export function needsProblem(needs: ChargingNeeds): NeedsProblem | undefined {
  if (!isDc(needs) && !AC_PHASES.has(needs.transfer)) return 'UnsupportedTransfer';
  return mostDa(needs) === undefined ? 'NoFigures' : undefined;
}

export function isDc({ transfer }: ChargingNeeds): boolean {
  return DC.has(transfer);
}

/** Phases of the site that the car draws from: those of an AC car, never more than its connector has (0: unknown, or DC). */
export function phasesOf(needs: ChargingNeeds, connectorPhases: number): number {
  if (isDc(needs)) return SITE_PHASES;
  return Math.min(AC_PHASES.get(needs.transfer) ?? SITE_PHASES, connectorPhases || SITE_PHASES);
}

/** The most that the car takes, per phase; undefined when it did not say. */
export function mostDa(needs: ChargingNeeds): Deciampere | undefined {
  const { maxCurrentA, maxVoltageV, maxPowerW } = needs;
  const fromPower = positive(maxPowerW) && maxPowerW! / (WATTS_PER_DA * phasesOf(needs, 0));
  const volts = positive(maxVoltageV);
  const current = positive(maxCurrentA);
  const fromCurrent = isDc(needs)
    ? current && volts && (current * volts) / (WATTS_PER_DA * SITE_PHASES)
    : current && current * 10;
  const known = [fromPower, fromCurrent].filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(1, Math.floor(Math.min(...known)));
}

/** The least that it charges with, per phase; IEC 61851-1 has 6 A on AC. */
export function leastDa(needs: ChargingNeeds): Deciampere {
  const { minCurrentA, minPowerW } = needs;
  const fromPower = (positive(minPowerW) ?? 0) / (WATTS_PER_DA * phasesOf(needs, 0));
  if (isDc(needs)) return Math.ceil(fromPower);
  return Math.ceil(Math.max(SMALLEST_DA, (positive(minCurrentA) ?? 0) * 10, fromPower));
}

/** What is to be in the battery at departure, Wh: as it says, or as its state of charge does. */
export function energyOf(needs: ChargingNeeds): number | undefined {
  const { energyWh, capacityWh, stateOfCharge, fullStateOfCharge } = needs;
  if (energyWh !== null) return Math.max(0, energyWh);
  const capacity = positive(capacityWh);
  if (capacity === undefined || stateOfCharge === null) return undefined;
  return (capacity * Math.max(0, (fullStateOfCharge ?? 100) - stateOfCharge)) / 100;
}

function positive(value: number | null): number | undefined {
  return value !== null && Number.isFinite(value) && value > 0 ? value : undefined;
}
