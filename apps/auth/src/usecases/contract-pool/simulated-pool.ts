import 'reflect-metadata';
import { createECDH, createHmac, webcrypto } from 'node:crypto';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { emaidCheckCharacter } from '@kilowatch/trust';
import type { PooledContract } from '../../domain/contract-delivery.js';
import { simulatedOcspAnswer } from './simulated-responder.js';
import type { ContractPool, InstallationRequest, PooledRoot } from './contract-pool.js';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const ORDER = BigInt('0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551');
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ROOT_NAME = 'CN=Kilowatch simulated MO root,O=Kilowatch,DC=MO';

/** What stands in place of EXI: only a simulated car reads it. */
export interface SimulatedContract {
  readonly emaid: string;
  /** Leaf and root, PEM. */
  readonly chain: string;
  /** PKCS #8, PEM. In a real pool it is encrypted for the car. */
  readonly privateKey: string;
}

/**
 * A mobility operator that knows every car, for demonstrations and tests: whoever asks gets a contract that follows from its
 * request. Never a stand-in for a pool in production: no request is checked and the answer is no EXI.
 */
export class SimulatedPool implements ContractPool {
  private authority: Promise<{ certificate: X509Certificate; keys: webcrypto.CryptoKeyPair }> | undefined;

  /** @param seed secret; the root's key follows from it, so that all pods and restarts have the same */
  constructor(
    private readonly seed: string,
    private readonly tenant: string,
    private readonly now: () => Date,
    /** Where its responder is asked; undefined: contracts name none. */
    private readonly ocspUrl?: string,
  ) {}

  /** What its responder says; undefined when contracts name none. */
  async ocsp(request: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.ocspUrl === undefined) return undefined;
    const { certificate, keys } = await this.root();
    return simulatedOcspAnswer(request, certificate, keys.privateKey, this.now());
  }

  async contractsOf({ exiRequest }: InstallationRequest): Promise<PooledContract[]> {
    if (!BASE64.test(exiRequest)) return [];
    const { certificate, keys } = await this.root();
    const emaid = emaidOf(this.digest('car', exiRequest));
    const own = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
    const leaf = await X509CertificateGenerator.create({
      serialNumber: `7${this.digest('serial', `${exiRequest}|${this.now().toISOString()}`).toString('hex').slice(0, 31)}`,
      subject: `CN=${emaid},O=Kilowatch,DC=MO`,
      issuer: certificate.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: EC,
      notBefore: new Date(this.now().getTime() - DAY_MS),
      notAfter: new Date(this.now().getTime() + 365 * DAY_MS),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement, true),
        ...(this.ocspUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ ocsp: this.ocspUrl })]),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    const contract: SimulatedContract = {
      emaid,
      chain: `${leaf.toString('pem')}\n${certificate.toString('pem')}`,
      privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    };
    return [{ emaid, exiResponse: Buffer.from(JSON.stringify(contract)).toString('base64') }];
  }

  async roots(): Promise<PooledRoot[]> {
    const { certificate } = await this.root();
    return [{ purpose: 'MO', der: new Uint8Array(certificate.rawData), schemaVersion: '' }];
  }

  private root() {
    this.authority ??= this.makeRoot();
    return this.authority;
  }

  private async makeRoot() {
    const keys = await keysOf(this.digest('root', this.tenant));
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: '01',
      name: ROOT_NAME,
      keys,
      signingAlgorithm: EC,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2046-01-01T00:00:00Z'),
      extensions: [
        new BasicConstraintsExtension(true, 1, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return { certificate, keys };
  }

  private digest(...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.seed).update(parts.join('|')).digest();
  }
}

function emaidOf(digest: Buffer): string {
  const key = `NLSIM${digest.toString('hex').toUpperCase().slice(0, 9)}`;
  return `${key}${emaidCheckCharacter(key)}`;
}

async function keysOf(digest: Buffer): Promise<webcrypto.CryptoKeyPair> {
  const d = (BigInt(`0x${digest.toString('hex')}`) % (ORDER - 1n)) + 1n;
  const bytes = Buffer.from(d.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(bytes);
  const point = ecdh.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const secret = { ...jwk, d: bytes.toString('base64url') };
  return {
    privateKey: await webcrypto.subtle.importKey('jwk', secret, EC, false, ['sign']),
    publicKey: await webcrypto.subtle.importKey('jwk', jwk, EC, true, ['verify']),
  };
}
