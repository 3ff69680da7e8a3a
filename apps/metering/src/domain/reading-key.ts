/**
 * Business key of a reading: tenant, station, transaction, EVSE, device time, context and a hash of the samples. A resend of
 * the same samples is the same reading whatever message carried it (docs/ocpp-notes.md rule 4); other samples for the same
 * instant are another reading and both are kept.
 */
import type { SampledValue } from './reading.js';

/** Offset basis of 64-bit FNV-1a, and what its prime has beside 2^40. */
const OFFSET_HIGH = 0xcbf29ce4 | 0;
const OFFSET_LOW = 0x84222325 | 0;
const PRIME_LOW = 0x1b3;
const BETWEEN_SAMPLES = 0x1e;
const BETWEEN_FIELDS = 0x1f;

/** 64-bit FNV-1a over all fields of the samples in order, signed as Postgres' bigint. */
export function sampleHash(samples: readonly SampledValue[]): bigint {
  const hash: Hash = { high: OFFSET_HIGH, low: OFFSET_LOW };
  let first = true;
  for (const s of samples) {
    if (!first) mix(hash, BETWEEN_SAMPLES);
    first = false;
    feed(hash, s.value);
    feed(hash, s.context);
    feed(hash, s.measurand);
    feed(hash, s.phase);
    feed(hash, s.location);
    feed(hash, s.unit);
    feed(hash, s.multiplier === 0 ? '0' : String(s.multiplier));
    mixAll(hash, s.signedData);
  }
  return (BigInt(hash.high) << 32n) | BigInt(hash.low >>> 0);
}

/** In halves of 32 bits, whose products stay small integers: a BigInt for each letter would cost ten times as much. */
interface Hash {
  high: number;
  low: number;
}

function feed(hash: Hash, field: string): void {
  mixAll(hash, field);
  mix(hash, BETWEEN_FIELDS);
}

function mixAll(hash: Hash, text: string): void {
  for (let i = 0; i < text.length; i += 1) mix(hash, text.charCodeAt(i));
}

function mix(hash: Hash, code: number): void {
  const low = hash.low ^ code;
  // hash x prime = hash x 0x1b3 + hash x 2^40; of the latter only what the low half brings into the high one is left.
  const first = (low & 0xffff) * PRIME_LOW;
  const second = (low >>> 16) * PRIME_LOW + (first >>> 16);
  hash.high = (Math.imul(hash.high, PRIME_LOW) + (second >>> 16) + (low << 8)) | 0;
  hash.low = (second << 16) | (first & 0xffff);
}

/** References chargers send for "none" (Q29): the reading is bound by EVSE and device time instead. */
export function normalTransactionRef(ref: string): string {
  return ref === '0' || ref === '-1' ? '' : ref;
}
