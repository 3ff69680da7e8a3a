import type { TimedReading } from './reading.js';

/** What was measured in one minute of a session. Units inside; an absent figure was not measured. */
export interface CurveMinute {
  /** Its begin, by the charger's clock. */
  readonly at: Date;
  /** Means of its readings, rounded half away from zero. */
  readonly powerW?: number | undefined;
  readonly powerExportW?: number | undefined;
  readonly maxPowerW?: number | undefined;
  /** Registers at its end. */
  readonly energyImportMwh?: number | undefined;
  readonly energyExportMwh?: number | undefined;
  readonly socPercent?: number | undefined;
  /** How many they are of. */
  readonly readings: number;
}

export const MINUTE_MS = 60_000;

/** The curve of a session in minutes, which is kept for longer than its readings. Minutes without a reading are left out. */
export function minutesOf(readings: readonly TimedReading[]): CurveMinute[] {
  const minutes = new Map<number, TimedReading[]>();
  for (const reading of readings) {
    const minute = Math.floor(reading.at.getTime() / MINUTE_MS);
    const held = minutes.get(minute);
    if (held) held.push(reading);
    else minutes.set(minute, [reading]);
  }
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, of]) => ({
      at: new Date(minute * MINUTE_MS),
      powerW: mean(of, 'powerW'),
      powerExportW: mean(of, 'powerExportW'),
      maxPowerW: most(of, 'powerW'),
      energyImportMwh: most(of, 'energyImportMwh'),
      energyExportMwh: most(of, 'energyExportMwh'),
      socPercent: most(of, 'socPercent'),
      readings: of.length,
    }));
}

type Figure = 'powerW' | 'powerExportW' | 'energyImportMwh' | 'energyExportMwh' | 'socPercent';

function figures(readings: readonly TimedReading[], figure: Figure): number[] {
  return readings.flatMap((reading) => reading[figure] ?? []);
}

function mean(readings: readonly TimedReading[], figure: Figure): number | undefined {
  const values = figures(readings, figure);
  if (values.length === 0) return undefined;
  const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sign(exact) * Math.round(Math.abs(exact)) + 0;
}

function most(readings: readonly TimedReading[], figure: Figure): number | undefined {
  const values = figures(readings, figure);
  return values.length === 0 ? undefined : Math.max(...values);
}
