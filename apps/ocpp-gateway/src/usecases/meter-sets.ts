/**
 * Readings as the metering service takes them: one set for all samples that a message carried for one instant. Nothing is
 * normalised or judged here, values stay the charger's text.
 */
import type { metering } from '@kilowatch/contracts';
import type { Reading } from '@kilowatch/ocpp';

export interface MeterSource {
  readonly tenant: string;
  readonly stationId: string;
  readonly evseNumber: number | null;
  readonly connectorNumber: number | null;
  /** Null when the charger named none. */
  readonly transactionRef: string | null;
  readonly receivedAt: Date;
  readonly seqNo?: number | null;
  readonly offline?: boolean;
  /** Deviation codes seen in the message. */
  readonly deviations: readonly string[];
}

export function meterSets(source: MeterSource, readings: readonly Reading[]): metering.MeterValueSet[] {
  const sets = new Map<number, metering.MeterValueSet>();
  for (const reading of readings) {
    const at = reading.measuredAt.getTime();
    let set = sets.get(at);
    if (set === undefined) {
      set = emptySet(source, reading.measuredAt);
      sets.set(at, set);
    }
    set.samples.push(sampleOf(reading));
  }
  return [...sets.values()];
}

function emptySet(source: MeterSource, measuredAt: Date): metering.MeterValueSet {
  return {
    tenant: source.tenant,
    stationId: source.stationId,
    evseNumber: source.evseNumber ?? 0,
    connectorNumber: source.connectorNumber ?? 0,
    transactionRef: source.transactionRef ?? '',
    measuredAt,
    receivedAt: source.receivedAt,
    seqNo: source.seqNo ?? undefined,
    offline: source.offline ?? false,
    samples: [],
    deviations: [...source.deviations],
  };
}

function sampleOf(reading: Reading): metering.SampledValue {
  return {
    value: reading.rawValue,
    context: reading.context,
    measurand: reading.measurand,
    phase: reading.phase ?? '',
    location: reading.location,
    unit: reading.unit,
    multiplier: reading.multiplier,
    signedData: reading.signed?.data ?? '',
    signedEncoding: reading.signed?.encodingMethod ?? '',
    signedPublicKey: reading.signed?.publicKey ?? '',
  };
}
