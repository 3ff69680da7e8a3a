/**
 * The figure inside a signed value, for a sample that has no plain one. What it says is taken as a reading like any plain one: whether the
 * signature holds is another question, and not asked here (signed/signed-session.ts).
 */
import type { ReadingContext } from './reading.js';
import { energyDirection } from './signed/energy-register.js';
import { readOcmf, type OcmfReading, type ReadingReason } from './signed/ocmf-record.js';
import { unwrap } from './signed/signed-value.js';

export interface PlainValue {
  readonly value: string;
  readonly unit: string;
}

const BEGINS: ReadonlySet<ReadingReason> = new Set<ReadingReason>(['B']);
const ENDS: ReadonlySet<ReadingReason> = new Set<ReadingReason>(['E', 'L', 'R', 'A', 'P']);

/** Undefined when the format is not known or it holds no such figure. */
export function signedValue(
  signedData: string,
  context: ReadingContext,
  figure: string,
): PlainValue | undefined {
  const wanted =
    figure === 'energyImportMwh' ? 'IMPORT' : figure === 'energyExportMwh' ? 'EXPORT' : undefined;
  if (!wanted) return undefined;
  const readings = readingsOf(signedData).filter(({ value }) => value !== undefined);
  const named = readings.filter(({ register }) => energyDirection(register) === wanted);
  const unnamed = readings.filter(({ register, unit }) => register === '' && /^k?wh$/i.test(unit));
  const candidates = named.length > 0 || figure !== 'energyImportMwh' ? named : unnamed;
  const of = (reasons: ReadonlySet<ReadingReason>) =>
    candidates.find(({ reason }) => reason !== undefined && reasons.has(reason));
  const chosen =
    (context === 'BEGIN' ? of(BEGINS) : context === 'END' ? of(ENDS) : undefined) ??
    candidates[candidates.length - 1];
  return chosen?.value === undefined ? undefined : { value: chosen.value, unit: chosen.unit || 'kWh' };
}

function readingsOf(data: string): readonly OcmfReading[] {
  const unwrapped = unwrap({ data, encodingMethod: '', publicKey: '' });
  if (!unwrapped) return [];
  try {
    return readOcmf(unwrapped.ocmf).readings;
  } catch {
    return [];
  }
}
