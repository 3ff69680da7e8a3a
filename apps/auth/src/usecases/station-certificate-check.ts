import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, SYSTEM_SCOPE, tenantScope } from '@kilowatch/platform';
import { readCertificate, validatePath, type Certificate } from '@kilowatch/trust';
import { LRUCache } from 'lru-cache';
import type { CertificatePolicy } from '../domain/certificate-policy.js';
import { namesStation } from '../domain/signing-request-check.js';
import { isForUs } from '../domain/station-certificate.js';
import { certificateNames, type StationVerdict } from '../domain/station-credential.js';
import { findSigned, type StationCertificate } from '../persistence/station-certificate.repository.js';
import { isNameOfAnother, type StationCredential } from '../persistence/station-credential.repository.js';
import { countSerialNumber } from '../persistence/station-link.repository.js';
import { Authorities } from './authority/authorities.js';
import { StationAnchors, type StationTrust } from './station-anchors.js';

/** As the gateway hands it over. */
export interface ShownCertificate {
  readonly der: Uint8Array;
  /** Empty when the subject has none, or several. */
  readonly commonName: string;
  /** TLS proved that the station holds the key, and a CA of the platform vouches for the certificate now. */
  readonly verified: boolean;
  readonly chain?: readonly Uint8Array[] | undefined;
  /** Why no CA of the platform does. */
  readonly fault?: string | undefined;
}

export interface CertificateVerdict {
  readonly verdict: StationVerdict;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string;
  /** Expired, and let in to get another. */
  readonly provisional: boolean;
}

type Judged = Pick<
  StationCredential,
  'tenant' | 'stationId' | 'identityKey' | 'serialNumber' | 'expiredAllowedUntil'
>;
interface Trusted {
  readonly verdict: StationVerdict;
  readonly expired: boolean;
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/**
 * The only place that decides whether a certificate belongs to a station of profile 3 (A00.FR.401 ff.): who vouches for it, until
 * when, whether it was revoked, whose it is. One that we had signed is known by its fingerprint: that is the whole of it, bit by bit.
 * State is read at each connection, so that a revocation counts at once on every pod; only what cannot change is remembered: that a
 * certificate leads to an anchor.
 */
@Injectable()
export class StationCertificateCheck {
  private readonly paths = new LRUCache<string, Trusted>({ max: 20_000, ttl: 60 * 60_000 });

  constructor(
    private readonly database: Database,
    private readonly authorities: Authorities,
    private readonly anchors: StationAnchors,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(credential: Judged, certificate: ShownCertificate | undefined): Promise<CertificateVerdict> {
    if (!certificate) return { verdict: 'PROFILE_MISMATCH', fingerprint: '', provisional: false };
    const fingerprint = createHash('sha256').update(certificate.der).digest('hex');
    const signed = await this.database.read(SYSTEM_SCOPE, (tx) =>
      findSigned(tx, credential.tenant, fingerprint),
    );
    const trusted = signed
      ? this.ofOurs(signed, credential)
      : await this.ofOthers(credential, certificate, fingerprint);
    const provisional = trusted.expired && this.mayRenew(credential);
    const verdict =
      trusted.verdict !== 'ACCEPTED'
        ? trusted.verdict
        : trusted.expired && !provisional
          ? 'CERTIFICATE_EXPIRED'
          : await this.named(credential, certificate, signed !== undefined);
    return { verdict, fingerprint, provisional: verdict === 'ACCEPTED' && provisional };
  }

  /**
   * One authority signs for all companies, so that a certificate leads to the anchors of each, and bears whatever name the company it was
   * signed for gave its station: it is that station's, and no other company's station of the same name comes in with it.
   */
  private ofOurs(own: StationCertificate, { tenant, stationId }: Judged): Trusted {
    const now = this.clock.now();
    const expired = own.notAfter <= now;
    if (own.tenant !== tenant || own.stationId !== stationId)
      return { verdict: 'CERTIFICATE_WRONG_NAME', expired };
    if (own.state === 'SUPERSEDED' || own.revocationReason === 'SUPERSEDED')
      return { verdict: 'CERTIFICATE_SUPERSEDED', expired };
    if (own.state === 'REVOKED') return { verdict: 'CERTIFICATE_REVOKED', expired };
    if (!isForUs(own.type) || own.notBefore > now) return { verdict: 'CERTIFICATE_UNTRUSTED', expired };
    return { verdict: 'ACCEPTED', expired };
  }

  /** The tenant's own anchors; where it has none, the CAs that the gateway is configured with. */
  private async ofOthers(
    credential: Judged,
    certificate: ShownCertificate,
    fingerprint: string,
  ): Promise<Trusted> {
    const { tenant } = credential;
    const trust = await this.anchors.of(tenant, 'station');
    if (trust.anchors.length === 0) return this.ofPlatform(credential, certificate);
    const key = `${tenant}|${fingerprint}|${trust.version}`;
    const known = this.paths.get(key);
    const path = known ?? this.pathOf(certificate, trust);
    // What ends by the clock, or was found while something was missing, is looked at again.
    if (path.verdict === 'ACCEPTED' && !path.expired)
      this.paths.set(key, path, { ttl: pathTtl(certificate, this.clock) });
    if (path.verdict !== 'ACCEPTED') return path;
    return (await this.anchors.isRevoked(tenant, { der: certificate.der, chain: certificate.chain }))
      ? { verdict: 'CERTIFICATE_REVOKED', expired: path.expired }
      : path;
  }

  /**
   * A CA of the platform vouches for a name, and not for a company: where several have a station of that name, it is that of whoever had
   * it first, and only the organisation in the certificate tells the others apart. Nobody shuts another's station out by its name.
   */
  private async ofPlatform(
    credential: Judged,
    { der, chain, verified, fault }: ShownCertificate,
  ): Promise<Trusted> {
    const { tenant } = credential;
    const expired = fault === 'client_certificate_expired';
    if (!verified) return { verdict: expired ? 'CERTIFICATE_EXPIRED' : 'CERTIFICATE_UNTRUSTED', expired };
    if (!readable([der, ...(chain ?? [])])) return { verdict: 'CERTIFICATE_UNTRUSTED', expired: false };
    if (await this.anchors.isRevoked(tenant, { der, chain, verified }))
      return { verdict: 'CERTIFICATE_REVOKED', expired: false };
    const isTold = this.authorities.policyOf(tenant).organisation !== '';
    const ambiguous =
      !isTold && (await this.database.read(SYSTEM_SCOPE, (tx) => isNameOfAnother(tx, credential)));
    return { verdict: ambiguous ? 'CERTIFICATE_WRONG_ORGANISATION' : 'ACCEPTED', expired: false };
  }

  private pathOf(certificate: ShownCertificate, { anchors, intermediates }: StationTrust): Trusted {
    const chain = readable([certificate.der, ...(certificate.chain ?? [])]);
    const leaf = chain?.[0];
    const isForClients = !leaf?.extendedKeyUsage || leaf.extendedKeyUsage.includes(CLIENT_AUTH);
    if (!leaf || leaf.basicConstraints?.ca || !isForClients)
      return { verdict: 'CERTIFICATE_UNTRUSTED', expired: false };
    const result = validatePath({ certificates: chain, anchors, intermediates, at: this.clock.now() });
    // What TLS proved is the one that was shown: a good certificate of somebody else beside it is worth nothing.
    if (result.path[0] !== leaf) return { verdict: 'CERTIFICATE_UNTRUSTED', expired: false };
    if (result.ok) return { verdict: 'ACCEPTED', expired: false };
    const onlyOld = result.problems.every(({ code }) => code === 'EXPIRED');
    // Of the leaf alone: one whose CA has ended is not repaired by a new leaf.
    const leafOnly = result.problems.every(({ certificate: one }) => one === leaf);
    if (!onlyOld) return { verdict: 'CERTIFICATE_UNTRUSTED', expired: false };
    return { verdict: leafOnly ? 'ACCEPTED' : 'CERTIFICATE_EXPIRED', expired: true };
  }

  private async named(
    credential: Judged,
    certificate: ShownCertificate,
    ours: boolean,
  ): Promise<StationVerdict> {
    const policy = this.authorities.policyOf(credential.tenant);
    const { commonName } = certificate;
    const byIdentity = policy.commonName !== 'SERIAL' && certificateNames(credential.identityKey, commonName);
    if (!byIdentity && !(await this.namedBySerial(credential, commonName, policy, ours)))
      return 'CERTIFICATE_WRONG_NAME';
    if (policy.organisation === '') return 'ACCEPTED';
    const organisation = readable([certificate.der])?.[0]?.subject.organization;
    return organisation === policy.organisation ? 'ACCEPTED' : 'CERTIFICATE_WRONG_ORGANISATION';
  }

  /** A serial number is what a station says of itself: it counts while no other says the same, or when we signed for this station. */
  private async namedBySerial(
    credential: Judged,
    commonName: string,
    policy: CertificatePolicy,
    ours: boolean,
  ): Promise<boolean> {
    if (!namesStation(commonName, credential, policy.commonName)) return false;
    const { tenant, serialNumber } = credential;
    const count = ours
      ? 1
      : await this.database.read(tenantScope(tenant), (tx) => countSerialNumber(tx, tenant, serialNumber));
    return count === 1;
  }

  private mayRenew({ expiredAllowedUntil }: Judged): boolean {
    return expiredAllowedUntil !== null && expiredAllowedUntil > this.clock.now();
  }
}

function pathTtl({ der }: ShownCertificate, clock: Clock): number {
  const left = (readable([der])?.[0]?.notAfter.getTime() ?? 0) - clock.now().getTime();
  return Math.max(1, Math.min(60 * 60_000, left));
}

/** Undefined when one of them is no certificate. */
function readable(ders: readonly Uint8Array[]): Certificate[] | undefined {
  try {
    return ders.map((der) => readCertificate(der));
  } catch (error) {
    if (isAppError(error) && error.kind === 'INVALID') return undefined;
    throw error;
  }
}
