// One sample of a meter, in the terms of OCPP, the same for every version. Values stay the text (or the plain decimal
// text of the number) that the charger sent: normalising units and judging registers is metering's work.
// Defaults: OCPP 1.6 section 7.43 SampledValue, OCPP 2.0.1 part 2 SampledValueType.

export const DEFAULT_MEASURAND = 'Energy.Active.Import.Register';
export const DEFAULT_CONTEXT = 'Sample.Periodic';
export const DEFAULT_LOCATION = 'Outlet';
export const DEFAULT_ENERGY_UNIT = 'Wh';

export interface SignedValue {
  /** 1.6 format SignedData, 2.x signedMeterData: OCMF or another signed container, as sent. */
  data: string;
  signingMethod: string | null;
  encodingMethod: string | null;
  publicKey: string | null;
}

export interface Reading {
  measuredAt: Date;
  context: string;
  measurand: string;
  phase: string | null;
  location: string;
  /** Empty when the charger named none and the measurand has no default. */
  unit: string;
  /** Power of ten of the value; 0 in 1.6. */
  multiplier: number;
  /** Decimal text; empty when the sample is a signed container only. */
  rawValue: string;
  signed: SignedValue | null;
}

/** Wh is the default for energy only: the specification gives no unit to a voltage without one. */
export function defaultUnit(measurand: string): string {
  return measurand.startsWith('Energy.') ? DEFAULT_ENERGY_UNIT : '';
}
