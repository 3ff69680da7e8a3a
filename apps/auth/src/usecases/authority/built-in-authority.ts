import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { precondition } from '@kilowatch/kernel';
import { readCertificatesPem } from '@kilowatch/trust';
import type {
  CertificateAuthority,
  IssuedChain,
  IssueOrder,
  RevokedCertificate,
} from './certificate-authority.js';
import { isForUs, isTowardsCars } from '../../domain/station-certificate.js';
import { FileCaKey, type CaKey } from './ca-key.js';
import { keyIdOf, writeLeaf, writeRoot, type LeafIssuer } from './write-certificate.js';
import { writeCrl } from './write-crl.js';
import { pemOf } from './x509-parts.js';

const DAY_MS = 86_400_000;
/** C7: random, 64 bits and more. */
const SERIAL_BYTES = 16;
const CRL_DAYS = 7;

export interface BuiltInOptions {
  readonly key: CaKey;
  /** PEM: the certificate of the key first, then what is above it up to the root. */
  readonly chain: string;
  /** Where the CRL can be fetched; empty: stations and others are told of none. */
  readonly crlUrl: string;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** The authority of this installation: for those who run no PKI of their own. Issues below the first certificate of its chain. */
export class BuiltInAuthority implements CertificateAuthority {
  readonly name = 'BUILT_IN';
  private readonly issuer: LeafIssuer;
  private readonly certificates: readonly X509Certificate[];

  /** Throws PRECONDITION when key and chain do not belong together, or the first is no CA. */
  constructor(private readonly options: BuiltInOptions) {
    this.certificates = readCertificatesPem(options.chain, { mostCharacters: options.chain.length }).map(
      ({ der }) => new X509Certificate(der),
    );
    const [own] = this.certificates;
    const publicKey = own!.publicKey.export({ type: 'spki', format: 'der' });
    if (!publicKey.equals(options.key.publicKey))
      throw precondition(
        'AUTH_CA_KEY',
        'KW_STATION_CA_KEY is not the key of the first certificate in KW_STATION_CA_CERT.',
      );
    if (!own!.ca)
      throw precondition('AUTH_CA_CERT', 'The first certificate in KW_STATION_CA_CERT is none of a CA.');
    this.issuer = {
      subject: readCertificatesPem(options.chain, { mostCharacters: options.chain.length })[0]!.subject.der,
      keyId: keyIdOf(options.key.publicKey),
      key: options.key,
    };
  }

  async issue(order: IssueOrder): Promise<IssuedChain> {
    const [own, ...above] = this.certificates;
    const end = new Date(own!.validTo);
    if (order.notAfter > end)
      throw precondition('AUTH_CA_EXPIRES', 'The certificate of the CA ends before the one it should sign.');
    const leaf = await writeLeaf(
      {
        serial: this.serial(),
        commonName: order.commonName,
        organisation: order.organisation,
        towardsUs: isForUs(order.type),
        towardsCars: isTowardsCars(order.type),
        publicKey: order.publicKey,
        notBefore: order.notBefore,
        notAfter: order.notAfter,
        crlUrl: this.options.crlUrl,
      },
      this.issuer,
    );
    // The root is known to whoever trusts it: only what is between travels.
    const subs = [own!, ...above].filter((one) => !isRoot(one));
    return {
      chain: [pemOf('CERTIFICATE', leaf), ...subs.map((one) => pemOf('CERTIFICATE', one.raw))].join(''),
    };
  }

  async roots(): Promise<readonly string[]> {
    return [pemOf('CERTIFICATE', this.certificates.at(-1)!.raw)];
  }

  /** The list of what was revoked, DER; good for a week, made anew whenever it is asked for. */
  crl(revoked: readonly RevokedCertificate[], now: Date): Promise<Uint8Array> {
    const nextUpdate = new Date(now.getTime() + CRL_DAYS * DAY_MS);
    return writeCrl(revoked, { thisUpdate: now, nextUpdate, number: now.getTime() }, this.issuer);
  }

  private serial(): Uint8Array {
    const bytes = Uint8Array.from(this.options.randomBytes(SERIAL_BYTES));
    // Neither negative nor with a leading zero byte.
    bytes[0] = (bytes[0]! & 0x3f) | 0x40;
    return bytes;
  }
}

/** A key and root that live as long as this process: for development without a configured authority. */
export async function passingAuthority(
  options: Pick<BuiltInOptions, 'crlUrl' | 'randomBytes'>,
  now: Date,
): Promise<BuiltInAuthority> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = new FileCaKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const root = await writeRoot(
    {
      commonName: `Kilowatch development CA ${createHash('sha256').update(key.publicKey).digest('hex').slice(0, 8)}`,
      organisation: 'Kilowatch',
      serial: Uint8Array.from([0x40, ...options.randomBytes(SERIAL_BYTES - 1)]),
      notBefore: new Date(now.getTime() - DAY_MS),
      notAfter: new Date(now.getTime() + 3650 * DAY_MS),
    },
    key,
  );
  return new BuiltInAuthority({ ...options, key, chain: pemOf('CERTIFICATE', root) });
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}
