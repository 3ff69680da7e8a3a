/**
 * Business key of a reading: tenant, station, transaction, EVSE, device time, context and a hash of the samples. A resend of
 * the same samples is the same reading whatever message carried it (docs/ocpp-notes.md rule 4); other samples for the same
 * instant are another reading and both are kept.
 */
import type { SampledValue } from './reading.js';

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = (1n << 64n) - 1n;

/** 64-bit FNV-1a over all fields of the samples in order, as a signed decimal (Postgres bigint). */
export function sampleHash(samples: readonly SampledValue[]): string {
  const text = samples
    .map((s) =>
      [s.value, s.context, s.measurand, s.phase, s.location, s.unit, s.multiplier, s.signedData].join(
        '\u001f',
      ),
    )
    .join('\u001e');
  return BigInt.asIntN(64, fnv1a(text)).toString();
}

function fnv1a(text: string): bigint {
  // Two 32-bit lanes with Math.imul would be faster still; V8 keeps 64-bit BigInt.asUintN loops off the heap poorly,
  // so the multiplication runs on 16-bit limbs.
  let a = Number(OFFSET & 0xffffn);
  let b = Number((OFFSET >> 16n) & 0xffffn);
  let c = Number((OFFSET >> 32n) & 0xffffn);
  let d = Number((OFFSET >> 48n) & 0xffffn);
  const p0 = Number(PRIME & 0xffffn);
  const p2 = Number((PRIME >> 32n) & 0xffffn);
  for (let i = 0; i < text.length; i += 1) {
    a ^= text.charCodeAt(i);
    const r0 = a * p0;
    const r1 = b * p0;
    const r2 = c * p0 + a * p2;
    const r3 = d * p0 + b * p2;
    let carry = r0;
    a = carry & 0xffff;
    carry = r1 + Math.floor(carry / 0x10000);
    b = carry & 0xffff;
    carry = r2 + Math.floor(carry / 0x10000);
    c = carry & 0xffff;
    carry = r3 + Math.floor(carry / 0x10000);
    d = carry & 0xffff;
  }
  return ((BigInt(d) << 48n) | (BigInt(c) << 32n) | (BigInt(b) << 16n) | BigInt(a)) & MASK;
}

/** References chargers send for "none" (Q29): the reading is bound by EVSE and device time instead. */
export function normalTransactionRef(ref: string): string {
  return ref === '0' || ref === '-1' ? '' : ref;
}
