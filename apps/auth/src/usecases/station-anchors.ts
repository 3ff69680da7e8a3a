import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { readCertificate, validatePath, type Certificate, type TrustAnchor } from '@kilowatch/trust';
import { CheckRevocation, subjectsOfPath } from './check-revocation.js';
import { TrustStore } from './trust-store.js';

export interface StationTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly intermediates: readonly Certificate[];
  /** Changes with them. */
  readonly version: string;
}

export interface ChainShown {
  readonly der: Uint8Array;
  readonly chain?: readonly Uint8Array[] | undefined;
  readonly verified?: boolean;
}

const PURPOSES = { station: 'STATION', manufacturer: 'MANUFACTURER' } as const;
/** A station waits for its upgrade request no longer than this on top. */
const DEADLINE_MS = 3_000;

/** Whom a tenant trusts to vouch for its stations, beside our own authority. */
@Injectable()
export class StationAnchors {
  constructor(
    private readonly store: TrustStore,
    private readonly revocation: CheckRevocation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(tenant: string, purpose: keyof typeof PURPOSES): Promise<StationTrust> {
    const { anchors, intermediates, version } = await this.store.current(tenant);
    const wanted = anchors.filter((anchor) => anchor.purpose === PURPOSES[purpose]);
    return { anchors: wanted, intermediates, version: String(version) };
  }

  /**
   * Whether a certificate that leads to an anchor, or an authority on its way there, is known to be revoked. A responder that is
   * away keeps no station out: the certificate is not believed less than it was issued. `verified`: TLS has found the end of the chain
   * among the CAs of the platform, which is the anchor then.
   */
  async isRevoked(tenant: string, { der, chain = [], verified = false }: ChainShown): Promise<boolean> {
    const certificates = [der, ...chain].map((one) => readCertificate(one));
    const trust = await this.store.current(tenant);
    const end = certificates.at(-1)!;
    const result = verified
      ? validatePath({ certificates, anchors: [{ certificate: end }], at: this.clock.now() })
      : this.store.validate(trust, 'STATION', certificates);
    // One that is only too old may be let in to be renewed; a revoked one may not.
    const complete = result.ok || result.problems.every(({ code }) => code === 'EXPIRED');
    if (!complete) return false;
    const deadline = new Date(this.clock.now().getTime() + DEADLINE_MS);
    const findings = await this.revocation.run(tenant, trust, subjectsOfPath(result.path), deadline);
    return findings.some(({ status }) => status === 'REVOKED');
  }
}
