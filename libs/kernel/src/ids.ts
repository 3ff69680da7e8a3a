/** Ids. UUIDv7 (RFC 9562, 5.7): sorts by creation time, so index pages fill in order. */
import { internal } from './errors.js';

/** The only source of randomness; injected. */
export interface IdSource {
  /** UUIDv7 text. */
  newId(): string;
  /** 1 .. 2^31 - 1: what OCPP 1.6 chargers can hold as a transaction id. */
  randomInt31(): number;
  /** URL-safe text of `bytes` random bytes. */
  token(bytes: number): string;
}

/** UUIDv7 from a time and at least 10 random bytes. Pure. */
export function uuidv7(now: Date, random: Uint8Array): string {
  const ms = now.getTime();
  if (!Number.isInteger(ms) || ms < 0 || ms >= 2 ** 48) {
    throw internal('ID_TIME_OUT_OF_RANGE', 'An id cannot be made for this time.', { ms });
  }
  if (random.length < 10) {
    throw internal('ID_RANDOM_TOO_SHORT', 'An id needs ten random bytes.', { length: random.length });
  }
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(ms) << 16n);
  bytes.set(random.subarray(0, 10), 6);
  return uuidText(7, bytes);
}

/** The text of a UUID of that version (RFC 9562, 4.1 and 4.2) of the first 16 bytes; the bits of version and variant are set here. */
export function uuidText(version: number, source: Uint8Array): string {
  const bytes = Uint8Array.from(source.subarray(0, 16));
  bytes[6] = (version << 4) | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  let text = '';
  for (let i = 0; i < bytes.length; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[i]!]!;
  }
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID; check before an id from outside reaches a uuid column. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
