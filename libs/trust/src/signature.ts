/**
 * Signatures on certificates, CRLs, OCSP responses and signing requests. Only what is listed here verifies: nothing with SHA-1, SHA-224
 * or MD5 (auth.md P2), no algorithm with a key of another kind.
 */
import { constants, verify, type VerifyKeyObjectInput } from 'node:crypto';
import { DER, type DerNode } from './der.js';
import type { KeyKind, PublicKey } from './key.js';

export type SignatureVerdict = 'VALID' | 'BAD' | 'WEAK' | 'UNSUPPORTED';

interface Method {
  readonly keys: readonly KeyKind[];
  /** Undefined: the algorithm has its own hash. */
  readonly hash?: string;
  readonly pss?: { readonly saltLength: number };
}

const PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';
const METHODS: Readonly<Record<string, Method>> = {
  '1.2.840.10045.4.3.2': { keys: ['EC'], hash: 'sha256' },
  '1.2.840.10045.4.3.3': { keys: ['EC'], hash: 'sha384' },
  '1.2.840.10045.4.3.4': { keys: ['EC'], hash: 'sha512' },
  '1.2.840.113549.1.1.11': { keys: ['RSA'], hash: 'sha256' },
  '1.2.840.113549.1.1.12': { keys: ['RSA'], hash: 'sha384' },
  '1.2.840.113549.1.1.13': { keys: ['RSA'], hash: 'sha512' },
  '1.3.101.112': { keys: ['Ed25519'] },
  '1.3.101.113': { keys: ['Ed448'] },
};
const WEAK = new Set([
  '1.2.840.10045.4.1', // ECDSA with SHA-1
  '1.2.840.10045.4.3.1', // ECDSA with SHA-224
  '1.2.840.113549.1.1.2', // MD2
  '1.2.840.113549.1.1.3', // MD4
  '1.2.840.113549.1.1.4', // MD5
  '1.2.840.113549.1.1.5', // SHA-1
  '1.2.840.113549.1.1.14', // SHA-224
  '1.2.840.10040.4.3', // DSA with SHA-1
]);
const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

export interface Signed {
  /** The signed bytes as they came. */
  readonly content: Uint8Array;
  /** AlgorithmIdentifier. */
  readonly algorithm: DerNode;
  readonly signature: Uint8Array;
}

/** SEQUENCE { content, algorithm, signature }: how certificates, CRLs, OCSP responses and signing requests are signed. */
export function readSigned(node: DerNode): Signed & { readonly rest: readonly DerNode[] } {
  const [content, algorithm, signature, ...rest] = node.as(DER.sequence).children;
  return {
    content: content!.as(DER.sequence).raw,
    algorithm: algorithm!.as(DER.sequence),
    signature: signature!.bits,
    rest,
  };
}

export function verifySignature(signed: Signed, key: PublicKey): SignatureVerdict {
  const method = methodOf(signed.algorithm);
  if (typeof method === 'string') return method;
  if (key.object === undefined || key.kind === undefined || !method.keys.includes(key.kind)) return 'BAD';
  const input: VerifyKeyObjectInput = method.pss
    ? { key: key.object, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: method.pss.saltLength }
    : { key: key.object };
  try {
    return verify(method.hash, signed.content, input, signed.signature) ? 'VALID' : 'BAD';
  } catch {
    return 'BAD';
  }
}

/** Whether the algorithm alone already forbids belief. */
export function signatureProblem(algorithm: DerNode): 'WEAK' | 'UNSUPPORTED' | undefined {
  const method = methodOf(algorithm);
  return typeof method === 'string' ? method : undefined;
}

/** Never throws: an identifier that cannot be read is one of no algorithm that is known here. */
function methodOf(algorithm: DerNode): Method | 'WEAK' | 'UNSUPPORTED' {
  try {
    return readMethod(algorithm);
  } catch {
    return 'UNSUPPORTED';
  }
}

function readMethod(algorithm: DerNode): Method | 'WEAK' | 'UNSUPPORTED' {
  const [id, parameters] = algorithm.children;
  const oid = id!.oid;
  if (WEAK.has(oid)) return 'WEAK';
  return oid === PSS ? pssMethod(parameters) : (METHODS[oid] ?? 'UNSUPPORTED');
}

/** RFC 4055 section 3.1. Whatever is left out means SHA-1. */
function pssMethod(parameters: DerNode | undefined): Method | 'WEAK' | 'UNSUPPORTED' {
  if (parameters?.tag !== DER.sequence) return 'WEAK';
  const field = (tag: number) => parameters.children.find((child) => child.tag === tag)?.children[0];
  const [hashField, maskField, saltField] = [field(0xa0), field(0xa1), field(0xa2)];
  if (!hashField || !maskField || !saltField) return 'WEAK';
  const hash = HASHES[hashField.children[0]!.oid];
  const [mask, maskHash] = maskField.children;
  if (hash === undefined) return 'WEAK';
  if (mask!.oid !== MGF1 || HASHES[maskHash?.children[0]?.oid ?? ''] !== hash) return 'UNSUPPORTED';
  const saltLength = Number.parseInt(saltField.unsignedHex, 16);
  if (saltLength > 64) return 'UNSUPPORTED';
  return { keys: ['RSA', 'RSA-PSS'], hash, pss: { saltLength } };
}
