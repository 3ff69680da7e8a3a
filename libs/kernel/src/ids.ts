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
  // Without bytes in between: whatever is stored or told needs an id.
  const high = Math.floor(ms / 2 ** 32);
  return (
    `${HEX[high >>> 8]!}${HEX[high & 0xff]!}${HEX[(ms >>> 24) & 0xff]!}${HEX[(ms >>> 16) & 0xff]!}` +
    `-${HEX[(ms >>> 8) & 0xff]!}${HEX[ms & 0xff]!}` +
    `-${HEX[0x70 | (random[0]! & 0x0f)]!}${HEX[random[1]!]!}` +
    `-${HEX[0x80 | (random[2]! & 0x3f)]!}${HEX[random[3]!]!}` +
    `-${HEX[random[4]!]!}${HEX[random[5]!]!}${HEX[random[6]!]!}${HEX[random[7]!]!}${HEX[random[8]!]!}${HEX[random[9]!]!}`
  );
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
