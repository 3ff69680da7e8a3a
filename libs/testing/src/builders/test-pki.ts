import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509';

const DAY_MS = 86_400_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

interface Wanted {
  readonly name: string;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly rsa?: boolean;
  readonly usage?: 'server' | 'client';
}

/** A certification authority for tests: a root of its own and what it signs. */
export class TestCa {
  private constructor(
    private readonly root: X509Certificate,
    private readonly keys: webcrypto.CryptoKeyPair,
  ) {}

  static async make(name: string): Promise<TestCa> {
    const keys = await newKeys(false);
    const root = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: EC,
      ...validity(-1, 3650),
      extensions: [
        new BasicConstraintsExtension(true, 1, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new TestCa(root, keys);
  }

  get pem(): string {
    return this.root.toString('pem');
  }

  async issue({ name, from = -1, to = 365, rsa = false, usage = 'client' }: Wanted): Promise<Pair> {
    const keys = await newKeys(rsa);
    const cert = await X509CertificateGenerator.create({
      subject: name.includes('=') ? name : `CN=${name}`,
      issuer: this.root.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: EC,
      ...validity(from, to),
      extensions: leaf(usage),
    });
    return { cert: cert.toString('pem'), key: await pemOf(keys.privateKey) };
  }
}

/** Signed with its own key, by nobody else. */
export async function selfSigned(name: string): Promise<Pair> {
  const keys = await newKeys(false);
  const cert = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: EC,
    ...validity(-1, 365),
    extensions: leaf('client'),
  });
  return { cert: cert.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** What a station sends to have its certificate signed, PEM. */
export async function certificateRequest(name: string): Promise<string> {
  const keys = await newKeys(false);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: EC,
  });
  return request.toString('pem');
}

function newKeys(rsa: boolean): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(rsa ? RSA : EC, true, ['sign', 'verify']);
}

function validity(from: number, to: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now + from * DAY_MS), notAfter: new Date(now + to * DAY_MS) };
}

function leaf(usage: 'server' | 'client'): Extension[] {
  const purpose = usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([purpose]),
    ...(usage === 'server'
      ? [
          new SubjectAlternativeNameExtension([
            { type: 'dns', value: 'localhost' },
            { type: 'ip', value: '127.0.0.1' },
          ]),
        ]
      : []),
  ];
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
