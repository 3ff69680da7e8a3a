/**
 * Business key of a reading: tenant, station, transaction, EVSE, device time, context and a hash of the samples. A resend of
 * the same samples is the same reading whatever message carried it (docs/ocpp-notes.md rule 4); other samples for the same
 * instant are another reading and both are kept.
 */
import type { SampledValue, SampleKind } from './reading.js';

/** Offset basis of 64-bit FNV-1a, and what its prime has beside 2^40. */
const OFFSET_HIGH = 0xcbf29ce4 | 0;
const OFFSET_LOW = 0x84222325 | 0;
const PRIME_LOW = 0x1b3;
const BETWEEN_SAMPLES = '\u001e';
const BETWEEN_FIELDS = '\u001f';

/** 64-bit FNV-1a over all fields of the samples in order, signed as Postgres' bigint. `between`: `textBetween` of each. */
export function sampleHash(
  samples: readonly SampledValue[],
  between: readonly string[] = samples.map(textBetween),
): bigint {
  const hash: Hash = { high: OFFSET_HIGH, low: OFFSET_LOW };
  for (let i = 0; i < samples.length; i += 1) {
    const { value, signedData } = samples[i]!;
    if (i > 0) mix(hash, BETWEEN_SAMPLES);
    mix(hash, value);
    mix(hash, between[i]!);
    mix(hash, signedData);
  }
  return (BigInt(hash.high) << 32n) | BigInt(hash.low >>> 0);
}

/** What lies between a sample's value and its signature, which follows from its kind. */
export function textBetween(kind: SampleKind): string {
  const { context, measurand, phase, location, unit, multiplier } = kind;
  return ['', context, measurand, phase, location, unit, multiplier, ''].join(BETWEEN_FIELDS);
}

/** In halves of 32 bits, whose products stay small integers: a BigInt for each letter would cost ten times as much. */
interface Hash {
  high: number;
  low: number;
}

function mix(hash: Hash, text: string): void {
  let { high, low } = hash;
  for (let i = 0; i < text.length; i += 1) {
    low ^= text.charCodeAt(i);
    // hash x prime = hash x 0x1b3 + hash x 2^40; of the latter only what the low half brings into the high one is left.
    const carried = ((low & 0xffff) * PRIME_LOW) >>> 16;
    high = (Math.imul(high, PRIME_LOW) + (((low >>> 16) * PRIME_LOW + carried) >>> 16) + (low << 8)) | 0;
    low = Math.imul(low, PRIME_LOW);
  }
  hash.high = high;
  hash.low = low;
}

/** References chargers send for "none" (Q29): the reading is bound by EVSE and device time instead. */
export function normalTransactionRef(ref: string): string {
  return ref === '0' || ref === '-1' ? '' : ref;
}
