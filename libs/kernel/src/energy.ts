/**
 * Energy and power as whole numbers: registers count milli-watt-hours, power is in watts. Text from a charger is
 * converted digit by digit, so "1.234" kWh is exactly 1 234 000 mWh and no float is ever in between.
 */
import { Decimal, decimal } from './decimal.js';
import { invalid } from './errors.js';

declare const unit: unique symbol;
export type MilliWattHours = number & { readonly [unit]: 'mWh' };
export type Watts = number & { readonly [unit]: 'W' };

export function mwh(value: number): MilliWattHours {
  return whole(value, 'mWh') as MilliWattHours;
}

export function watts(value: number): Watts {
  return whole(value, 'W') as Watts;
}

export function mwhFromWh(wh: number): MilliWattHours {
  return mwh(whole(wh, 'Wh') * 1000);
}

/** kWh as text, at most six decimals that count ("20.45", "-0.5", "1e1"); finer digits are rounded half up. */
export function mwhFromKwhText(text: string): MilliWattHours {
  return mwhFromText(text, 6);
}

/** Wh as text; a register may carry decimals ("1234.5"). */
export function mwhFromWhText(text: string): MilliWattHours {
  return mwhFromText(text, 3);
}

/** Wh as a JS number with at most three decimals: for display and GraphQL, never for money. */
export function whNumber(energy: MilliWattHours): number {
  return energy / 1000;
}

/** kWh, exact: what prices are multiplied with. */
export function kwhDecimal(energy: MilliWattHours): Decimal {
  return decimal(energy).times('0.000001');
}

function mwhFromText(text: string, digits: 3 | 6): MilliWattHours {
  const scaled = decimal(text.trim())
    .times(digits === 6 ? '1000000' : '1000')
    .round(0, 1);
  return mwh(Number(scaled.toFixed()));
}

function whole(value: number, of: string): number {
  if (!Number.isSafeInteger(value)) {
    throw invalid('ENERGY_NOT_WHOLE', 'Energy and power must be whole numbers of their unit.', {
      value,
      unit: of,
    });
  }
  return value === 0 ? 0 : value;
}
