/**
 * One instant of one meter as a station reported it: normalised figures beside the untouched samples.
 * Units inside: mWh, W, mA, mV, percent. An absent figure was not measured.
 */
export interface SampledValue extends SampleKind {
  readonly value: string;
  /** Signed value as sent, empty when there is none. */
  readonly signedData: string;
  /** Format and key as the station names them (OCPP 2.x); empty when it names none. The key proves nothing. */
  readonly signedEncoding?: string;
  readonly signedPublicKey?: string;
}

/** What a sample is of, in the station's words. */
export interface SampleKind {
  readonly context: string;
  readonly measurand: string;
  readonly phase: string;
  readonly location: string;
  readonly unit: string;
  /** Power of ten the value is multiplied with (OCPP 2.0.1 UnitOfMeasure.multiplier). */
  readonly multiplier: number;
}

export interface NormalisedReading {
  readonly context: ReadingContext;
  readonly energyImportMwh?: number | undefined;
  readonly energyExportMwh?: number | undefined;
  /** Since the sample before (OCPP `...Interval`), of the session's own samples. */
  readonly energyIntervalMwh?: number | undefined;
  /** The same of clock-aligned samples, which lie across the others. */
  readonly clockIntervalMwh?: number | undefined;
  readonly exportIntervalMwh?: number | undefined;
  readonly powerW?: number | undefined;
  readonly powerExportW?: number | undefined;
  readonly socPercent?: number | undefined;
  readonly currentMa?: number | undefined;
  readonly voltageMv?: number | undefined;
  readonly offeredCurrentMa?: number | undefined;
  /** What was odd about the samples; the figures stand as the samples say. */
  readonly deviations: readonly string[];
}

export interface TimedReading extends NormalisedReading {
  /** By the charger's clock. */
  readonly at: Date;
  /** By ours. */
  readonly receivedAt?: Date;
}

/** OCPP ReadingContextEnumType, narrowed to what the energy rules tell apart. */
export type ReadingContext = 'BEGIN' | 'PERIODIC' | 'END' | 'OTHER';

export function contextOf(text: string): ReadingContext {
  switch (text) {
    case 'Transaction.Begin':
      return 'BEGIN';
    case 'Transaction.End':
      return 'END';
    case 'Sample.Periodic':
    case 'Sample.Clock':
    case '':
      return 'PERIODIC';
    default:
      return 'OTHER';
  }
}
