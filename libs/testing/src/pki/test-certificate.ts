import { randomBytes, createHash } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x from '@peculiar/asn1-x509';
import { bytes, der, newKey, signerOf, type Hash, type KeyKind, type TestKey } from './keys.js';
import { nameOf } from './names.js';

const DAY_MS = 86_400_000;
const OCSP = '1.3.6.1.5.5.7.48.1';
export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
export const CA_USAGE = x.KeyUsageFlags.keyCertSign | x.KeyUsageFlags.cRLSign;
export const LEAF_USAGE = x.KeyUsageFlags.digitalSignature | x.KeyUsageFlags.keyAgreement;

export interface WantedCertificate {
  /** `CN=a, O=b, DC=MO`. */
  readonly subject: string;
  readonly key?: KeyKind | TestKey;
  /** Days from `now`. */
  readonly from?: number;
  readonly to?: number;
  readonly now?: Date;
  readonly ca?: boolean;
  readonly pathLength?: number;
  /** Flags; null leaves the extension out. */
  readonly usage?: number | null;
  readonly purposes?: readonly string[];
  readonly ocspUrl?: string;
  readonly crlUrl?: string;
  readonly serial?: string;
  /** Of the signature of the issuer. */
  readonly hash?: Hash;
  readonly extra?: readonly x.Extension[];
}

/** A certificate with its private key, which issues others, rightly or not: nothing here keeps a rule. */
export class TestCertificate {
  readonly der: Uint8Array;
  readonly pem: string;

  private constructor(
    readonly parsed: x.Certificate,
    readonly key: TestKey,
    readonly issuer: TestCertificate | undefined,
  ) {
    this.der = der(parsed);
    this.pem = pemOf(this.der, 'CERTIFICATE');
  }

  static root(wanted: WantedCertificate): TestCertificate {
    const key = keyOf(wanted.key);
    const content = toBeSigned(
      { ca: true, to: 3650, ...wanted },
      key,
      nameOf(wanted.subject),
      key,
      wanted.hash,
    );
    return new TestCertificate(signed(content, key, wanted.hash), key, undefined);
  }

  issue(wanted: WantedCertificate): TestCertificate {
    const key = keyOf(wanted.key);
    const content = toBeSigned(wanted, key, this.name, this.key, wanted.hash);
    return new TestCertificate(signed(content, this.key, wanted.hash), key, this);
  }

  /** The same contents under another's signature: what a forger has. */
  signedBy(key: TestKey): TestCertificate {
    return new TestCertificate(signed(this.parsed.tbsCertificate, key), this.key, this.issuer);
  }

  get name(): x.Name {
    return this.parsed.tbsCertificate.subject;
  }

  get serial(): string {
    return Buffer.from(this.parsed.tbsCertificate.serialNumber)
      .toString('hex')
      .replace(/^0+(?=.)/, '');
  }

  get keyPem(): string {
    return this.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  get keyBits(): Uint8Array {
    return new Uint8Array(this.parsed.tbsCertificate.subjectPublicKeyInfo.subjectPublicKey);
  }

  /** From this one upwards, without the root: what a station sends. */
  get chain(): readonly TestCertificate[] {
    return this.issuer ? [this, ...this.issuer.chain] : [];
  }

  get chainPem(): string {
    return this.chain.map(({ pem }) => pem).join('');
  }
}

/** An extension that no one knows. */
export function strangeExtension(critical: boolean, id = '1.3.6.1.4.1.99999.7'): x.Extension {
  return new x.Extension({ extnID: id, critical, extnValue: new OctetString(Uint8Array.of(5, 0)) });
}

/** RFC 6960 4.2.2.2.1: nobody need ask whether this responder is revoked. */
export function ocspNoCheck(): x.Extension {
  return strangeExtension(false, '1.3.6.1.5.5.7.48.1.5');
}

export function nameConstraints(): x.Extension {
  const base = new x.GeneralName({ directoryName: nameOf('O=Somebody') });
  const value = new x.NameConstraints({
    permittedSubtrees: new x.GeneralSubtrees([new x.GeneralSubtree({ base })]),
  });
  return extension(x.id_ce_nameConstraints, value, true);
}

/** For these purposes and no others. */
export function criticalPurposes(...purposes: readonly string[]): x.Extension {
  return extension(x.id_ce_extKeyUsage, new x.ExtendedKeyUsage([...purposes]), true);
}

export function extension(extnID: string, value: unknown, critical = false): x.Extension {
  return new x.Extension({ extnID, critical, extnValue: new OctetString(der(value)) });
}

export function pemOf(data: Uint8Array, label: string): string {
  const lines = Buffer.from(data)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Content bytes of a positive INTEGER. */
export function serialBytes(serialHex: string): ArrayBuffer {
  const whole = serialHex.length % 2 === 0 ? serialHex : `0${serialHex}`;
  return bytes(Buffer.from(/^[89a-f]/i.test(whole) ? `00${whole}` : whole, 'hex'));
}

function keyOf(key: KeyKind | TestKey = 'P-256'): TestKey {
  return typeof key === 'string' ? newKey(key) : key;
}

function signed(content: x.TBSCertificate, key: TestKey, hash?: Hash): x.Certificate {
  const signer = signerOf(key, hash);
  content.signature = signer.algorithm;
  const signatureValue = signer.sign(der(content));
  return new x.Certificate({ tbsCertificate: content, signatureAlgorithm: signer.algorithm, signatureValue });
}

function toBeSigned(
  wanted: WantedCertificate,
  key: TestKey,
  issuer: x.Name,
  issuerKey: TestKey,
  hash: Hash | undefined,
): x.TBSCertificate {
  const { from = -1, to = 365, now = new Date(), serial = randomSerial() } = wanted;
  const info = publicKeyInfo(key);
  return new x.TBSCertificate({
    version: x.Version.v3,
    serialNumber: serialBytes(serial),
    signature: signerOf(issuerKey, hash).algorithm,
    issuer,
    subject: nameOf(wanted.subject),
    validity: new x.Validity({
      notBefore: new Date(now.getTime() + from * DAY_MS),
      notAfter: new Date(now.getTime() + to * DAY_MS),
    }),
    subjectPublicKeyInfo: info,
    extensions: new x.Extensions(extensionsOf(wanted, info, publicKeyInfo(issuerKey))),
  });
}

function extensionsOf(
  { ca = false, pathLength, usage, purposes, ocspUrl, crlUrl, extra = [] }: WantedCertificate,
  own: x.SubjectPublicKeyInfo,
  issuer: x.SubjectPublicKeyInfo,
): x.Extension[] {
  const uri = (url: string) => new x.GeneralName({ uniformResourceIdentifier: url });
  const constraints = new x.BasicConstraints({
    cA: ca,
    ...(pathLength !== undefined && { pathLenConstraint: pathLength }),
  });
  const flags = usage === undefined ? (ca ? CA_USAGE : LEAF_USAGE) : usage;
  return [
    extension(x.id_ce_basicConstraints, constraints, true),
    ...(flags === null ? [] : [extension(x.id_ce_keyUsage, new x.KeyUsage(flags), true)]),
    extension(x.id_ce_subjectKeyIdentifier, new x.SubjectKeyIdentifier(keyId(own))),
    extension(
      x.id_ce_authorityKeyIdentifier,
      new x.AuthorityKeyIdentifier({ keyIdentifier: new x.KeyIdentifier(keyId(issuer)) }),
    ),
    ...(purposes ? [extension(x.id_ce_extKeyUsage, new x.ExtendedKeyUsage([...purposes]))] : []),
    ...(ocspUrl ? [extension(x.id_pe_authorityInfoAccess, ocspAt(uri(ocspUrl)))] : []),
    ...(crlUrl ? [extension(x.id_ce_cRLDistributionPoints, crlAt(uri(crlUrl)))] : []),
    ...extra,
  ];
}

function ocspAt(accessLocation: x.GeneralName): x.AuthorityInfoAccessSyntax {
  return new x.AuthorityInfoAccessSyntax([new x.AccessDescription({ accessMethod: OCSP, accessLocation })]);
}

function crlAt(name: x.GeneralName): x.CRLDistributionPoints {
  const distributionPoint = new x.DistributionPointName({ fullName: [name] });
  return new x.CRLDistributionPoints([new x.DistributionPoint({ distributionPoint })]);
}

function publicKeyInfo(key: TestKey): x.SubjectPublicKeyInfo {
  return AsnConvert.parse(key.publicKey.export({ type: 'spki', format: 'der' }), x.SubjectPublicKeyInfo);
}

function keyId(info: x.SubjectPublicKeyInfo): Uint8Array {
  return createHash('sha1').update(new Uint8Array(info.subjectPublicKey)).digest();
}

function randomSerial(): string {
  const random = randomBytes(16);
  random[0] = (random[0]! & 0x7f) | 0x10;
  return random.toString('hex');
}
