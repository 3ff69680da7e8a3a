/**
 * Signed registers decide what is billed (billing.md section 1): the begin and the end of a verified session take the place of the plain ones,
 * and those in between, which only say how the energy spread over time, are brought to the same ground.
 */
import type { TimedReading } from '../reading.js';
import type { SignedSession } from './signed-session.js';

/** The readings as they are unless the session is verified. */
export function withSignedRegisters(
  readings: readonly TimedReading[],
  { verdict, beginMwh, endMwh, records }: SignedSession,
): readonly TimedReading[] {
  if (verdict !== 'VERIFIED' || beginMwh === undefined || endMwh === undefined) return readings;
  const plainBegin =
    readings.find(({ context }) => context === 'BEGIN')?.energyImportMwh ??
    readings.find(({ energyImportMwh }) => energyImportMwh !== undefined)?.energyImportMwh;
  const offset = plainBegin === undefined ? 0 : beginMwh - plainBegin;
  const moved = readings.map((reading) => {
    const { energyImportMwh: plain, ...rest } = reading;
    if (plain === undefined) return reading;
    if (reading.context === 'BEGIN' || reading.context === 'END') return rest;
    return { ...rest, energyImportMwh: Math.min(Math.max(plain + offset, beginMwh), endMwh) };
  });
  const [first, last] = [records[0]!, records.at(-1)!];
  const ends: TimedReading[] = [
    {
      context: 'BEGIN',
      at: timeOf(readings, 'BEGIN') ?? first.measuredAt,
      energyImportMwh: beginMwh,
      deviations: [],
    },
    {
      context: 'END',
      at: timeOf(readings, 'END') ?? last.measuredAt,
      energyImportMwh: endMwh,
      deviations: [],
    },
  ];
  return [...moved, ...ends];
}

function timeOf(readings: readonly TimedReading[], context: 'BEGIN' | 'END'): Date | undefined {
  const of = readings.filter((reading) => reading.context === context);
  return (context === 'BEGIN' ? of[0] : of.at(-1))?.at;
}
