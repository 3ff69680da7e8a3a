import { internal } from '@kilowatch/kernel';

/**
 * Arrays of parameters in Postgres' binary format, for statements with many rows (`unnest($1::uuid[], ...)`). The driver writes arrays
 * as text, escaped element by element, and the server parses them again: for a row of twenty columns that costs more than storing it.
 * The type must be that of the cast in the statement. Layout: array_recv and the `*_recv` functions of each type in Postgres' sources.
 */
export const pgArray = {
  bool: (values: Values<boolean>) =>
    fixed(OID.bool, 1, values, (to, at, value) => to.writeUInt8(value ? 1 : 0, at)),
  int2: (values: Values<number>) =>
    fixed(OID.int2, 2, values, (to, at, value) => to.writeInt16BE(whole(value), at)),
  int4: (values: Values<number>) =>
    fixed(OID.int4, 4, values, (to, at, value) => to.writeInt32BE(whole(value), at)),
  /** Numbers are whole and within 2^53; others come as decimal text. */
  int8: (values: Values<number | string>) => fixed(OID.int8, 8, values, writeInt8),
  float4: (values: Values<number>) =>
    fixed(OID.float4, 4, values, (to, at, value) => to.writeFloatBE(value, at)),
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
/** Of any case, as Postgres reads them; `isUuid` is for ids from outside. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function fixed<T>(oid: number, bytes: number, values: Values<T>, write: Write<T>): Buffer {
  return array(oid, values, () => bytes, write);
}

function strings(oid: number, values: Values<string>): Buffer {
  return array(oid, values, Buffer.byteLength, (to, at, value) => to.write(value, at));
}

function array<T>(oid: number, values: Values<T>, bytesOf: (value: T) => number, write: Write<T>): Buffer {
  if (values.length === 0) return emptyArray(oid);
  const lengths = values.map((value) =>
    value === null || value === undefined ? NULL_LENGTH : bytesOf(value),
  );
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(lengths.includes(NULL_LENGTH) ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  lengths.forEach((length, index) => {
    buffer.writeInt32BE(length, at);
    at += 4;
    if (length === NULL_LENGTH) return;
    write(buffer, at, values[index] as T);
    at += length;
  });
  return buffer;
}

/** No dimensions, no nulls. */
function emptyArray(oid: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeInt32BE(oid, 8);
  return buffer;
}

function writeInt8(to: Buffer, at: number, value: number | string): void {
  if (typeof value === 'string') {
    to.writeBigInt64BE(BigInt(value), at);
    return;
  }
  to.writeInt32BE(Math.floor(whole(value) / 2 ** 32), at);
  to.writeUInt32BE(value >>> 0, at + 4);
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

function writeUuid(to: Buffer, at: number, value: string): void {
  if (!UUID.test(value)) throw internal('DB_BAD_VALUE', 'This is no UUID.', { value });
  to.write(value.replaceAll('-', ''), at, 16, 'hex');
}
