/**
 * The public key of a meter, as an operator registers it: PEM, SubjectPublicKeyInfo in hexadecimal or Base64, `oca:base16:asn1:` of OCPP's
 * application note (plain or in Base64), or the bare point with the name of its curve. Curves: table 22 of OCMF. They are meters' curves,
 * and no measure for whom to trust on the network (libs/trust).
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { invalid } from '@kilowatch/kernel';

export interface MeterKey {
  /** As OCMF names it. */
  readonly curve: MeterCurve;
  /** DER of SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** SHA-256 of it, hexadecimal. */
  readonly fingerprint: string;
  readonly object: KeyObject;
}

/** Bytes of a coordinate, OpenSSL's name, object identifier (DER). */
const CURVES = {
  secp192k1: [24, 'secp192k1', '06052b8104001f'],
  secp192r1: [24, 'prime192v1', '06082a8648ce3d030101'],
  secp256k1: [32, 'secp256k1', '06052b8104000a'],
  secp256r1: [32, 'prime256v1', '06082a8648ce3d030107'],
  brainpool256r1: [32, 'brainpoolP256r1', '06092b2403030208010107'],
  secp384r1: [48, 'secp384r1', '06052b81040022'],
  brainpool384r1: [48, 'brainpoolP384r1', '06092b240303020801010b'],
  secp521r1: [66, 'secp521r1', '06052b81040023'],
  brainpool512r1: [64, 'brainpoolP512r1', '06092b240303020801010d'],
} as const;

export type MeterCurve = keyof typeof CURVES;
export const METER_CURVES = Object.keys(CURVES) as readonly MeterCurve[];

const OCA = 'oca:base16:asn1:';
const EC_PUBLIC_KEY = '06072a8648ce3d0201';
const LONGEST_KEY = 2_000;

/** Bytes of r, and of s, in a signature that is written without ASN.1. */
export function coordinateBytes(curve: MeterCurve): number {
  return CURVES[curve][0];
}

/** Names of OCMF, and what others call the same curves. */
export function curveNamed(name: string): MeterCurve | undefined {
  const folded = name.toLowerCase().replace(/^brainpoolp/, 'brainpool');
  return METER_CURVES.find(
    (curve) => curve === folded || CURVES[curve][1].toLowerCase() === name.toLowerCase(),
  );
}

/** `curve`: needed for a bare point alone. Throws INVALID, saying what is accepted. */
export function readMeterKey(text: string, curve?: MeterCurve): MeterKey {
  if (text.length > LONGEST_KEY) throw refused('it is too long');
  const der = text.includes('-----BEGIN') ? derOfPem(text) : derOf(bytesOf(text.trim()), curve);
  return keyOf(der);
}

function keyOf(der: Buffer): MeterKey {
  let object: KeyObject;
  try {
    object = createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    throw refused('it holds no public key on a curve');
  }
  const name = object.asymmetricKeyDetails?.namedCurve;
  const curve = METER_CURVES.find((one) => CURVES[one][1] === name);
  if (object.asymmetricKeyType !== 'ec' || !curve)
    throw refused(`its curve (${name ?? 'none'}) is not one of ${METER_CURVES.join(', ')}`);
  // Written anew: the same key has the same fingerprint, however it came.
  const spki = new Uint8Array(object.export({ format: 'der', type: 'spki' }));
  return { curve, spki, fingerprint: createHash('sha256').update(spki).digest('hex'), object };
}

function derOfPem(text: string): Buffer {
  try {
    return createPublicKey(text).export({ format: 'der', type: 'spki' });
  } catch {
    throw refused('its PEM cannot be read');
  }
}

function derOf(bytes: Buffer, curve: MeterCurve | undefined): Buffer {
  const isPoint = [0x02, 0x03, 0x04].includes(bytes[0] ?? 0);
  if (!isPoint) return bytes;
  if (!curve) throw refused('it is a bare point: name its curve');
  const point = bytes.toString('hex');
  const algorithm = sequence(EC_PUBLIC_KEY + CURVES[curve][2]);
  return Buffer.from(sequence(algorithm + tagged('03', `00${point}`)), 'hex');
}

function bytesOf(text: string): Buffer {
  const bare = text.replace(/\s/g, '');
  if (bare.toLowerCase().startsWith(OCA)) return hexOf(bare.slice(OCA.length));
  if (/^(?:[0-9a-f]{2})+$/i.test(bare)) return hexOf(bare);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) throw refused('it is neither PEM, hexadecimal nor Base64');
  const decoded = Buffer.from(bare, 'base64');
  const inside = decoded.toString('latin1');
  return inside.toLowerCase().startsWith(OCA) ? hexOf(inside.slice(OCA.length).trim()) : decoded;
}

function hexOf(text: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw refused('it is no whole hexadecimal text');
  return Buffer.from(text, 'hex');
}

function sequence(content: string): string {
  return tagged('30', content);
}

function tagged(tag: string, content: string): string {
  const length = content.length / 2;
  const written =
    length < 0x80 ? length.toString(16).padStart(2, '0') : `81${length.toString(16).padStart(2, '0')}`;
  return tag + written + content;
}

function refused(reason: string): Error {
  return invalid('METERING_METER_KEY', `This is no public key of a meter: ${reason}.`, { reason });
}
