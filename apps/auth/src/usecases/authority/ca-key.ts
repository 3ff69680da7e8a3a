import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { precondition } from '@kilowatch/kernel';

const signAsync = promisify(sign);

/**
 * The key of the built-in authority. A key management service implements this: the key need not be in the process. `sign` gives
 * what stands in an X.509 structure (ECDSA as DER).
 */
export interface CaKey {
  readonly algorithm: 'ECDSA_SHA256' | 'ECDSA_SHA384' | 'RSA_SHA256';
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A key that this process holds, PKCS #8 PEM. */
export class FileCaKey implements CaKey {
  readonly algorithm: CaKey['algorithm'];
  readonly publicKey: Uint8Array;
  private readonly key: KeyObject;
  private readonly hash: 'sha256' | 'sha384';

  /** Throws PRECONDITION for a key that no certificate should be signed with. */
  constructor(pem: string) {
    this.key = createPrivateKey(pem);
    this.algorithm = algorithmOf(this.key);
    this.hash = hashOf(this.algorithm);
    this.publicKey = createPublicKey(this.key).export({ type: 'spki', format: 'der' });
  }

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    return signAsync(this.hash, bytes, this.key);
  }
}

const CURVES: Readonly<Record<string, CaKey['algorithm']>> = {
  prime256v1: 'ECDSA_SHA256',
  secp384r1: 'ECDSA_SHA384',
};
const MIN_RSA_BITS = 3072;

export function hashOf(algorithm: CaKey['algorithm']): 'sha256' | 'sha384' {
  return algorithm === 'ECDSA_SHA384' ? 'sha384' : 'sha256';
}

/** Of a private or a public key. Throws PRECONDITION for one that no certificate should be signed with. */
export function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): CaKey['algorithm'] {
  const curve = CURVES[details?.namedCurve ?? ''];
  if (type === 'ec' && curve) return curve;
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) return 'RSA_SHA256';
  throw precondition(
    'AUTH_CA_KEY',
    'The key of KW_STATION_CA_CERT is an EC key of P-256 or P-384, or an RSA key of 3072 bits or more.',
  );
}
