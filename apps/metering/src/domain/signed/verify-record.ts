/** Whether the holder of a key signed an OCMF record: ECDSA over the payload's text, the signature in DER (OCMF) or, as some write it, r and s. */
import { verify } from 'node:crypto';
import type { OcmfRecord } from './ocmf-record.js';
import { coordinateBytes, curveNamed, type MeterKey } from './meter-key.js';

export type SignatureFault = 'algorithm_unknown' | 'other_curve' | 'signature_unreadable' | 'signature_wrong';

const HASHES: Readonly<Record<string, string>> = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' };

/** Undefined: the key's holder signed it. */
export function signatureFault(
  { payload, signature }: Pick<OcmfRecord, 'payload' | 'signature'>,
  key: MeterKey,
): SignatureFault | undefined {
  const named = /^ECDSA-([a-z0-9]+)-(SHA\d{3})$/i.exec(signature.algorithm);
  const curve = named && curveNamed(named[1]!);
  const hash = named && HASHES[named[2]!.toUpperCase()];
  if (!curve || !hash) return 'algorithm_unknown';
  if (curve !== key.curve) return 'other_curve';
  const bytes = bytesOf(signature.data, signature.encoding);
  if (!bytes) return 'signature_unreadable';
  const isBare = bytes.length === 2 * coordinateBytes(curve) && bytes[0] !== 0x30;
  const encodings = isBare ? (['ieee-p1363'] as const) : (['der', 'ieee-p1363'] as const);
  const signed = Buffer.from(payload, 'utf8');
  return encodings.some((dsaEncoding) => isSigned(hash, signed, { key: key.object, dsaEncoding }, bytes))
    ? undefined
    : 'signature_wrong';
}

function isSigned(hash: string, signed: Buffer, key: Parameters<typeof verify>[2], bytes: Buffer): boolean {
  try {
    return verify(hash, signed, key, bytes);
  } catch {
    return false;
  }
}

function bytesOf(text: string, encoding: string): Buffer | undefined {
  const bare = text.replace(/\s/g, '');
  if (encoding === 'hex') return /^(?:[0-9a-f]{2})+$/i.test(bare) ? Buffer.from(bare, 'hex') : undefined;
  if (encoding === 'base64')
    return /^[A-Za-z0-9+/]+={0,2}$/.test(bare) ? Buffer.from(bare, 'base64') : undefined;
  return undefined;
}
