import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

export type KeyKind =
  | 'P-224'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'RSA-1024'
  | 'RSA-2048'
  | 'RSA-3072'
  | 'RSA-PSS-2048'
  | 'Ed25519'
  | 'Ed448';
export type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export interface TestKey {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const made = new Map<string, TestKey>();

/** A new key. RSA keys are dear: those of one name are made once in a process. */
export function newKey(kind: KeyKind, name?: string): TestKey {
  const known = name === undefined ? undefined : made.get(`${kind}:${name}`);
  const key = known ?? { kind, ...generate(kind) };
  if (name !== undefined) made.set(`${kind}:${name}`, key);
  return key;
}

function generate(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'Ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'Ed448') return generateKeyPairSync('ed448');
  const size = Number(kind.slice(kind.lastIndexOf('-') + 1));
  if (kind.startsWith('RSA')) return generateKeyPairSync('rsa', { modulusLength: size });
  const curve = { 224: 'secp224r1', 256: 'prime256v1', 384: 'secp384r1', 521: 'secp521r1' }[size]!;
  return generateKeyPairSync('ec', { namedCurve: curve });
}

const ECDSA: Partial<Record<Hash, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};
const PKCS1: Record<Hash, string> = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};
/** RSASSA-PSS-params for SHA-256, MGF1 with SHA-256, 32 bytes of salt, as OpenSSL writes them. */
const PSS_SHA256 = Buffer.from(
  '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  'hex',
);

export interface Signer {
  readonly algorithm: AlgorithmIdentifier;
  sign(content: Uint8Array): ArrayBuffer;
}

/** How a key signs, with the hash that goes with its size unless another is asked for. */
export function signerOf(key: TestKey, hash?: Hash): Signer {
  const { kind, privateKey } = key;
  if (kind === 'Ed25519' || kind === 'Ed448') {
    const algorithm = new AlgorithmIdentifier({
      algorithm: kind === 'Ed448' ? '1.3.101.113' : '1.3.101.112',
    });
    return { algorithm, sign: (content) => bytes(sign(null, content, privateKey)) };
  }
  if (kind === 'RSA-PSS-2048') {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    return {
      algorithm: new AlgorithmIdentifier({
        algorithm: '1.2.840.113549.1.1.10',
        parameters: bytes(PSS_SHA256),
      }),
      sign: (content) => bytes(sign('sha256', content, { key: privateKey, ...padding })),
    };
  }
  const used = hash ?? (kind === 'P-384' ? 'sha384' : kind === 'P-521' ? 'sha512' : 'sha256');
  const algorithm = kind.startsWith('RSA')
    ? new AlgorithmIdentifier({ algorithm: PKCS1[used], parameters: null })
    : new AlgorithmIdentifier({ algorithm: ECDSA[used]! });
  return { algorithm, sign: (content) => bytes(sign(used, content, privateKey)) };
}

/** Of its own, not of a shared pool: what the ASN.1 library wants. */
export function bytes(data: Uint8Array): ArrayBuffer {
  return Uint8Array.from(data).buffer;
}

export function der(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}
