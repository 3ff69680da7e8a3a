/** Public keys we believe signatures of: P-256, P-384, P-521, RSA from 2048 bits, Ed25519 and Ed448 (auth.md P2; ISO 15118-20). */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { DER, type DerNode } from './der.js';

const EC_KEY = '1.2.840.10045.2.1';
const CURVES: Readonly<Record<string, { name: string; bits: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', bits: 256 },
  '1.3.132.0.34': { name: 'P-384', bits: 384 },
  '1.3.132.0.35': { name: 'P-521', bits: 521 },
};
const WEAK_CURVES = new Set([
  '1.2.840.10045.3.1.1', // P-192
  '1.3.132.0.6', // secp112r1
  '1.3.132.0.33', // P-224
  '1.3.132.0.31', // secp192k1
  '1.3.132.0.32', // secp224k1
]);
const KINDS: Readonly<Record<string, KeyKind>> = {
  [EC_KEY]: 'EC',
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
const MIN_RSA_BITS = 2048;
/** Bounds what one verification costs. */
const MAX_RSA_BITS = 8192;

export type KeyKind = 'EC' | 'RSA' | 'RSA-PSS' | 'Ed25519' | 'Ed448';
export type KeyProblem = 'KEY_WEAK' | 'KEY_UNSUPPORTED';

export interface PublicKey {
  /** SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
  /** What hashes of a key are taken over: the bits without tag, length and unused count (RFC 6960 4.1.1, OCPP OCSPRequestDataType). */
  readonly bits: Uint8Array;
  readonly kind: KeyKind | undefined;
  /** `P-256`, `RSA 2048`, `Ed448`, or what we do not know by its identifier. */
  readonly text: string;
  readonly sizeBits: number | undefined;
  /** Why nothing signed by it is believed. */
  readonly problem: KeyProblem | undefined;
  /** Present when there is no problem. */
  readonly object: KeyObject | undefined;
}

export function readKey(node: DerNode): PublicKey {
  const [algorithm, bits] = node.as(DER.sequence).children;
  const [oid, parameters] = algorithm!.as(DER.sequence).children;
  const found = { der: node.raw, bits: bits!.bits };
  const kind = KINDS[oid!.oid];
  if (kind === undefined) return refused(found, kind, oid!.oid, undefined, 'KEY_UNSUPPORTED');
  if (kind === 'EC') {
    // A curve must be named: parameters of its own let anyone make a key that fits a known point (CVE-2020-0601).
    const named = parameters?.tag === DER.oid ? parameters.oid : 'a curve of its own';
    const curve = CURVES[named];
    if (!curve)
      return refused(found, kind, named, undefined, WEAK_CURVES.has(named) ? 'KEY_WEAK' : 'KEY_UNSUPPORTED');
    return usable(found, kind, curve.name, curve.bits);
  }
  return usable(found, kind, kind, undefined);
}

type Found = Pick<PublicKey, 'der' | 'bits'>;

function usable(found: Found, kind: KeyKind, text: string, sizeBits: number | undefined): PublicKey {
  let object: KeyObject;
  try {
    object = createPublicKey({ key: Buffer.from(found.der), format: 'der', type: 'spki' });
  } catch {
    return refused(found, kind, text, sizeBits, 'KEY_UNSUPPORTED');
  }
  if (kind !== 'RSA' && kind !== 'RSA-PSS') {
    return Object.freeze({ ...found, kind, text, sizeBits, problem: undefined, object });
  }
  const { modulusLength = 0, publicExponent = 0n } = object.asymmetricKeyDetails ?? {};
  const name = `${kind} ${modulusLength}`;
  if (modulusLength < MIN_RSA_BITS || publicExponent < 3n) {
    return refused(found, kind, name, modulusLength, 'KEY_WEAK');
  }
  if (modulusLength > MAX_RSA_BITS || publicExponent > 0xffffffffn) {
    return refused(found, kind, name, modulusLength, 'KEY_UNSUPPORTED');
  }
  return Object.freeze({ ...found, kind, text: name, sizeBits: modulusLength, problem: undefined, object });
}

function refused(
  found: Found,
  kind: KeyKind | undefined,
  text: string,
  sizeBits: number | undefined,
  problem: KeyProblem,
): PublicKey {
  return Object.freeze({ ...found, kind, text, sizeBits, problem, object: undefined });
}
