// For @peculiar/x509, whoever imports this first.
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Name } from '@peculiar/asn1-x509';
import { Name as NameText } from '@peculiar/x509';
import type { CaKey } from './ca-key.js';

const OIDS: Readonly<Record<CaKey['algorithm'], string>> = {
  ECDSA_SHA256: '1.2.840.10045.4.3.2',
  ECDSA_SHA384: '1.2.840.10045.4.3.3',
  RSA_SHA256: '1.2.840.113549.1.1.11',
};
const NULL = new Uint8Array([5, 0]).buffer;

export function signatureAlgorithm(algorithm: CaKey['algorithm']): AlgorithmIdentifier {
  const parameters = algorithm === 'RSA_SHA256' ? { parameters: NULL } : {};
  return new AlgorithmIdentifier({ algorithm: OIDS[algorithm], ...parameters });
}

/** In the order given; empty values are left out. */
export function nameOf(parts: readonly (readonly [type: 'CN' | 'O' | 'C' | 'DC', value: string])[]): Name {
  const rdns = parts.filter(([, value]) => value !== '').map(([type, value]) => ({ [type]: [value] }));
  return AsnConvert.parse(new NameText(rdns).toArrayBuffer(), Name);
}

export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

export function derOf(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

export function pemOf(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
