/**
 * A strict reader of DER (X.690 section 10): definite and shortest lengths, one-byte tags, nothing behind the end. Names, signed parts
 * and keys are compared and verified as the very bytes that came, and no element of a list is skipped because it cannot be read.
 */
import { invalid } from '@kilowatch/kernel';

/** Deeper than any certificate, CRL or OCSP response is. */
const MAX_DEPTH = 24;
const MAX_OID_BYTES = 64;

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export class DerNode {
  constructor(
    readonly tag: number,
    /** With tag and length. */
    readonly raw: Uint8Array,
    readonly content: Uint8Array,
  ) {}

  get children(): DerNode[] {
    if ((this.tag & 0x20) === 0) throw unreadable('a primitive has no parts');
    return elements(this.content);
  }

  /** Itself, when it is what the rule says stands here. */
  as(tag: number): DerNode {
    if (this.tag !== tag) throw unreadable(`tag ${this.tag} where ${tag} belongs`);
    return this;
  }

  get oid(): string {
    const bytes = this.as(DER.oid).content;
    // Before the numbers are put together, which costs the square of their length.
    if (bytes.length === 0 || bytes.length > MAX_OID_BYTES)
      throw unreadable('an identifier is empty or too long');
    const parts: bigint[] = [];
    let value = 0n;
    bytes.forEach((byte, index) => {
      if (value === 0n && byte === 0x80) throw unreadable('an identifier is padded');
      value = (value << 7n) | BigInt(byte & 0x7f);
      if (byte < 0x80) {
        parts.push(value);
        value = 0n;
      } else if (index === bytes.length - 1) throw unreadable('an identifier is cut off');
    });
    const first = parts[0]!;
    const arc = first < 80n ? first / 40n : 2n;
    return [arc, first - arc * 40n, ...parts.slice(1)].join('.');
  }

  /** The bytes of a BIT STRING that ends on a whole byte, as keys and signatures do. */
  get bits(): Uint8Array {
    if (this.as(DER.bitString).content[0] !== 0) throw unreadable('bits left over');
    return this.content.subarray(1);
  }

  /** A non-negative INTEGER as hex, lower case, without leading zeros. */
  get unsignedHex(): string {
    const { content } = this.as(DER.integer);
    const [first, second] = content;
    if (first === undefined || first >= 0x80) throw unreadable('a negative or empty number');
    if (first === 0 && second !== undefined && second < 0x80) throw unreadable('a padded number');
    return hex(content).replace(/^0+(?=.)/, '');
  }

  /** A BOOLEAN; DER knows only 00 and FF. */
  get boolean(): boolean {
    const { content } = this.as(DER.boolean);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw unreadable('a bad boolean');
    return content[0] === 0xff;
  }

  /** RFC 5280 4.1.2.5: in UTC with seconds, no fractions. */
  get time(): Date {
    const text = Buffer.from(this.content).toString('latin1');
    const utc = this.tag === DER.utcTime;
    const match = (utc ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/).exec(text);
    if (!match || (!utc && this.tag !== DER.generalizedTime)) throw unreadable('a bad time');
    const [month, day, hour, minute, second] = match[2]!.match(/../g)!.map(Number) as number[];
    const short = Number(match[1]);
    const year = utc ? (short < 50 ? 2000 : 1900) + short : short;
    const time = new Date(Date.UTC(year, month! - 1, day, hour, minute, second));
    // `Date.UTC` rolls 31 April over, and takes years below 100 for those of the last century.
    if (year < 1900 || time.getUTCMonth() !== month! - 1 || time.getUTCDate() !== day || hour! > 23) {
      throw unreadable('a time that does not exist');
    }
    return time;
  }
}

/** The one element that `bytes` are. Throws INVALID for anything that is not DER. */
export function readDer(bytes: Uint8Array): DerNode {
  const found = openDer(bytes);
  checkDepth(found, MAX_DEPTH);
  return found;
}

/** The same, but for what is inside: for what is too long to be gone through before somebody vouches for it. */
export function openDer(bytes: Uint8Array): DerNode {
  const [found, ...more] = elements(bytes);
  if (!found || more.length > 0) throw unreadable('more or less than one element');
  return found;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function elements(bytes: Uint8Array): DerNode[] {
  const found: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    if ((tag & 0x1f) === 0x1f) throw unreadable('a tag of several bytes');
    const { start, length } = lengthAt(bytes, at + 1);
    const end = start + length;
    if (end > bytes.length) throw unreadable('cut off');
    found.push(new DerNode(tag, bytes.subarray(at, end), bytes.subarray(start, end)));
    at = end;
  }
  return found;
}

function lengthAt(bytes: Uint8Array, at: number): { start: number; length: number } {
  const first = bytes[at];
  if (first === undefined) throw unreadable('cut off');
  if (first < 0x80) return { start: at + 1, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw unreadable('no definite length');
  const digits = bytes.subarray(at + 1, at + 1 + count);
  const length = digits.reduce((sum, byte) => sum * 256 + byte, 0);
  if (digits.length < count || digits[0] === 0 || length < 0x80)
    throw unreadable('a length not in its shortest form');
  return { start: at + 1 + count, length };
}

function checkDepth(node: DerNode, left: number): void {
  if (left === 0) throw unreadable('nested too deeply');
  if ((node.tag & 0x20) !== 0) for (const child of node.children) checkDepth(child, left - 1);
}

export function unreadable(reason: string): Error {
  return invalid('TRUST_DER_UNREADABLE', 'This is not DER as certificates are written in.', { reason });
}
