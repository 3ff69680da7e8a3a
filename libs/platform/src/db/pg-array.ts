import { internal } from '@kilowatch/kernel';

/**
 * Arrays of parameters in Postgres' binary format, for statements with many rows (`unnest($1::uuid[], ...)`). The driver writes arrays
 * as text, escaped element by element, and the server parses them again: for a row of twenty columns that costs more than storing it.
 * The type must be that of the cast in the statement. Layout: array_recv and the `*_recv` functions of each type in Postgres' sources.
 */
export const pgArray = {
  bool: (values: Values<boolean>) => fixed(OID.bool, 1, values, writeBool),
  int2: (values: Values<number>) => fixed(OID.int2, 2, values, writeInt2),
  int4: (values: Values<number>) => fixed(OID.int4, 4, values, writeInt4),
  /** Numbers are whole and within 2^53; others come as bigint or as decimal text. */
  int8: (values: Values<number | bigint | string>) => fixed(OID.int8, 8, values, writeInt8),
  float4: (values: Values<number>) => fixed(OID.float4, 4, values, writeFloat4),
  uuid: (values: Values<string>) => fixed(OID.uuid, 16, values, writeUuid),
  timestamptz: (values: Values<Date>) => fixed(OID.timestamptz, 8, values, writeInstant),
  text: (values: Values<string>) => strings(OID.text, values),
  /** Values are JSON texts. */
  json: (values: Values<string>) => strings(OID.json, values),
  bytea: (values: Values<Uint8Array>) =>
    array(
      OID.bytea,
      values,
      (value) => value.length,
      (to, at, value) => to.set(value, at),
    ),
};

/**
 * A column beside others of one `unnest`, of which most are often null in every row: then nothing of it is sent, because a column that
 * ends before the others goes on as null.
 */
export function unlessAllNull<T>(values: Values<T>): Values<T> {
  return values.every((value) => value === null || value === undefined) ? [] : values;
}

type Values<T> = readonly (T | null | undefined)[];
type Write<T> = (to: Buffer, at: number, value: T) => void;

/** Of the elements: pg_type.dat. */
const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  timestamptz: 1184,
  uuid: 2950,
} as const;

const HEADER_BYTES = 20;
const NULL_LENGTH = -1;
/** Postgres counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const EXACT_MS = Number.MAX_SAFE_INTEGER / 1000;
const UUID_LENGTH = 36;
const HYPHEN = 0x2d;
const NO_DIGIT = 0x10;
/** Value of each hexadecimal digit by its character code. */
const HEX_DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase());
  return digit < 0 ? NO_DIGIT : digit;
});

function fixed<T>(oid: number, bytes: number, values: Values<T>, write: Write<T>): Buffer {
  let given = 0;
  for (const value of values) if (value !== null && value !== undefined) given += 1;
  const buffer = begun(oid, values.length, given, given * bytes);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null || value === undefined) {
      at = putInt4(buffer, at, NULL_LENGTH);
      continue;
    }
    at = putInt4(buffer, at, bytes);
    write(buffer, at, value);
    at += bytes;
  }
  return buffer;
}

function strings(oid: number, values: Values<string>): Buffer {
  return array(oid, values, Buffer.byteLength, (to, at, value) => to.write(value, at));
}

function array<T>(oid: number, values: Values<T>, bytesOf: (value: T) => number, write: Write<T>): Buffer {
  const lengths = values.map((value) =>
    value === null || value === undefined ? NULL_LENGTH : bytesOf(value),
  );
  let given = 0;
  let bytes = 0;
  for (const length of lengths) {
    if (length === NULL_LENGTH) continue;
    given += 1;
    bytes += length;
  }
  const buffer = begun(oid, values.length, given, bytes);
  let at = HEADER_BYTES;
  lengths.forEach((length, index) => {
    at = putInt4(buffer, at, length);
    if (length === NULL_LENGTH) return;
    write(buffer, at, values[index] as T);
    at += length;
  });
  return buffer;
}

/** Room for so many elements, of which some are given, with the header in it. */
function begun(oid: number, count: number, given: number, bytes: number): Buffer {
  if (count === 0) return emptyArray(oid);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + 4 * count + bytes);
  putInt4(buffer, 0, 1);
  putInt4(buffer, 4, given < count ? 1 : 0);
  putInt4(buffer, 8, oid);
  putInt4(buffer, 12, count);
  putInt4(buffer, 16, 1);
  return buffer;
}

/** No dimensions, no nulls. */
function emptyArray(oid: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeInt32BE(oid, 8);
  return buffer;
}

/** Byte by byte: the methods of a Buffer check the number anew each time. Returns where the next goes. */
function putInt4(to: Buffer, at: number, value: number): number {
  to[at] = value >>> 24;
  to[at + 1] = value >>> 16;
  to[at + 2] = value >>> 8;
  to[at + 3] = value;
  return at + 4;
}

function writeBool(to: Buffer, at: number, value: boolean): void {
  to[at] = value ? 1 : 0;
}

function writeInt2(to: Buffer, at: number, value: number): void {
  to.writeInt16BE(whole(value), at);
}

function writeInt4(to: Buffer, at: number, value: number): void {
  if (value !== (value | 0)) throw internal('DB_BAD_VALUE', 'This is no int4.', { value });
  putInt4(to, at, value);
}

function writeFloat4(to: Buffer, at: number, value: number): void {
  to.writeFloatBE(value, at);
}

function writeInt8(to: Buffer, at: number, value: number | bigint | string): void {
  if (typeof value !== 'number') {
    to.writeBigInt64BE(BigInt(value), at);
    return;
  }
  putInt4(to, at, Math.floor(whole(value) / 2 ** 32));
  putInt4(to, at + 4, value >>> 0);
}

/** A buffer would take a fraction, or what is no number, for another number. */
function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw internal('DB_BAD_VALUE', 'This is no whole number.', { value });
  return value;
}

function writeInstant(to: Buffer, at: number, value: Date): void {
  const ms = value.getTime() - EPOCH_MS;
  // Exact in a number from the year 1714 to 2285; clocks of chargers say other years too.
  if (Math.abs(ms) < EXACT_MS) writeInt8(to, at, ms * 1000);
  else if (Number.isNaN(ms)) throw internal('DB_BAD_VALUE', 'This is no instant.');
  else to.writeBigInt64BE(BigInt(ms) * 1000n, at);
}

/** Of any case, as Postgres reads them; `isUuid` is for ids from outside. */
function writeUuid(to: Buffer, at: number, value: string): void {
  let byte = at;
  let wrong = value.length === UUID_LENGTH ? 0 : NO_DIGIT;
  for (let i = 0; i < UUID_LENGTH; i += 2) {
    // The hyphens stand at 8, 13, 18 and 23.
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (value.charCodeAt(i) !== HYPHEN) wrong = NO_DIGIT;
      i += 1;
    }
    const high = HEX_DIGITS[value.charCodeAt(i)] ?? NO_DIGIT;
    const low = HEX_DIGITS[value.charCodeAt(i + 1)] ?? NO_DIGIT;
    wrong |= high | low;
    to[byte++] = (high << 4) | low;
  }
  if (wrong >= NO_DIGIT) throw internal('DB_BAD_VALUE', 'This is no UUID.', { value });
}
