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

/** 64-bit FNV-1a over all fields of the samples in order, as a signed decimal (Postgres bigint). */
export function sampleHash(samples: readonly SampledValue[]): string {
  let text = '';
  for (const s of samples) {
    if (text !== '') text += '\u001e';
    text += `${s.value}\u001f${s.context}\u001f${s.measurand}\u001f${s.phase}\u001f${s.location}\u001f${s.unit}\u001f${s.multiplier}\u001f${s.signedData}`;
  }
  return fnv1a(text).toString();
}

/** In halves of 32 bits, whose products stay small integers: a BigInt for each letter would cost ten times as much. */
function fnv1a(text: string): bigint {
  let [high, low] = [OFFSET_HIGH, OFFSET_LOW];
  for (let i = 0; i < text.length; i += 1) {
    low ^= text.charCodeAt(i);
    // hash x prime = hash x 0x1b3 + hash x 2^40; of the latter only what the low half brings into the high one is left.
    const first = (low & 0xffff) * PRIME_LOW;
    const second = (low >>> 16) * PRIME_LOW + (first >>> 16);
    high = (Math.imul(high, PRIME_LOW) + (second >>> 16) + (low << 8)) | 0;
    low = (second << 16) | (first & 0xffff);
  }
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

/** References chargers send for "none" (Q29): the reading is bound by EVSE and device time instead. */
export function normalTransactionRef(ref: string): string {
  return ref === '0' || ref === '-1' ? '' : ref;
}
