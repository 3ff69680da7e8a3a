import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import {
  isSelfIssued,
  readCertificate,
  validatePath,
  type Certificate,
  type CertificateId,
  type PathResult,
  type TrustAnchor,
} from '@kilowatch/trust';
import { trustPolicyOf, type TrustPolicy } from '../domain/trust-policy.js';
import type { IsoVersion, TrustPurpose } from '../domain/trust-purpose.js';
import { countTrustChange, findTrustPolicy } from '../persistence/trust-policy.repository.js';
import {
  allIntermediates,
  anchorsInUse,
  countIntermediates,
  insertIntermediate,
} from '../persistence/trust.repository.js';
import { IssuerIndex } from './issuer-index.js';

export interface PurposeAnchor extends TrustAnchor {
  readonly id: string;
  readonly purpose: TrustPurpose;
  /** Undefined: for every version. */
  readonly isoVersion: IsoVersion | undefined;
}

export interface Trust {
  readonly version: number;
  readonly policy: TrustPolicy;
  readonly anchors: readonly PurposeAnchor[];
  readonly intermediates: readonly Certificate[];
  /** Of both. */
  readonly issuers: IssuerIndex;
}

const MOST_TENANTS = 100;
export const MOST_INTERMEDIATES = 1_000;

/** Whom a company believes, ready to use: parsed once for each version of what it imported and decided. */
@Injectable()
export class TrustStore {
  private readonly held = new LRUCache<string, Trust>({ max: MOST_TENANTS });

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * What counted when somebody last looked, if this pod has looked at all. Whoever goes on with it compares its version in the read that
   * comes next anyhow (`CheckRevocation.runWhile`), and asks for `current` when it is another.
   */
  lastSeen(tenant: string): Trust | undefined {
    return this.held.get(tenant);
  }

  /** What counts at this moment: the version is read each time, so a root that was removed is nowhere believed any more. */
  async current(tenant: string): Promise<Trust> {
    return this.database.sharedRead(tenantScope(tenant), this.ids.newId(), async (tx) => {
      const { choices, version } = await findTrustPolicy(tx, tenant);
      const known = this.held.get(tenant);
      if (known?.version === version) return known;
      const [anchors, intermediates] = await Promise.all([
        anchorsInUse(tx, tenant),
        allIntermediates(tx, tenant),
      ]);
      const read = readerOver(known);
      const readAnchors = anchors.map(({ id, purpose, isoVersion, ...stored }) => {
        return { id, purpose, isoVersion, certificate: read(stored) };
      });
      const readIntermediates = intermediates.map(read);
      const trust: Trust = {
        version,
        policy: trustPolicyOf(choices),
        anchors: readAnchors,
        intermediates: readIntermediates,
        issuers: new IssuerIndex([
          ...readIntermediates,
          ...readAnchors.map(({ certificate }) => certificate),
        ]),
      };
      this.held.set(tenant, trust);
      return trust;
    });
  }

  /** The path of a chain to an anchor of this purpose; known intermediates fill its gaps. `trust`: what was `current` when the question came. */
  validate(
    { anchors, intermediates }: Trust,
    purpose: TrustPurpose,
    certificates: readonly Certificate[],
  ): PathResult<PurposeAnchor> {
    return validatePath({
      certificates,
      anchors: anchors.filter((anchor) => anchor.purpose === purpose),
      intermediates,
      at: this.clock.now(),
    });
  }

  /**
   * Who issued the certificate that hash data name (P8): the authority, whose path to an anchor is good now. Undefined: none is known
   * with these hashes. Of several certificates of one name and key, one with a good path is taken.
   */
  issuerOf(
    trust: Trust,
    purpose: TrustPurpose,
    id: CertificateId,
  ): { readonly issuer: Certificate; readonly path: PathResult<PurposeAnchor> } | undefined {
    const anchors = trust.anchors.filter((anchor) => anchor.purpose === purpose);
    // An anchor of another purpose is no issuer here, unless it is imported as an authority too.
    const usable = new Set([...trust.intermediates, ...anchors.map(({ certificate }) => certificate)]);
    const found = trust.issuers
      .of(id)
      .filter((certificate) => usable.has(certificate))
      .map((issuer) => ({ issuer, path: this.pathOf(issuer, anchors, trust.intermediates) }));
    return found.find(({ path }) => path.ok) ?? found[0];
  }

  /** The authorities of a path that was good, so that hash data alone do for the next certificate they issued (P8). */
  async remember(tenant: string, { intermediates }: Trust, path: readonly Certificate[]): Promise<void> {
    const known = new Set(intermediates.map(({ fingerprint }) => fingerprint));
    const fresh = path.slice(1).filter((one) => !isSelfIssued(one) && !known.has(one.fingerprint));
    if (fresh.length === 0) return;
    const now = this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(`trust|${tenant}`);
      if ((await countIntermediates(tx, tenant, now)) + fresh.length > MOST_INTERMEDIATES) {
        this.log.warn({ tenant }, 'no room for more intermediate certificates');
        return;
      }
      for (const certificate of fresh) {
        await insertIntermediate(tx, tenant, {
          ...intermediateOf(certificate),
          id: this.ids.newId(),
          source: 'CHAIN',
          addedBy: 'system',
          addedAt: now,
        });
      }
      await countTrustChange(tx, tenant, 'system', now);
    });
  }

  private pathOf(
    issuer: Certificate,
    anchors: readonly PurposeAnchor[],
    intermediates: readonly Certificate[],
  ): PathResult<PurposeAnchor> {
    const at = this.clock.now();
    const own = anchors.find(({ certificate }) => certificate.fingerprint === issuer.fingerprint);
    // An anchor is the end of its own path; the copy stands for what is below it.
    const certificates = own ? [readCertificate(issuer.der)] : [issuer];
    const result = validatePath({ certificates, anchors, intermediates, at, authority: true });
    return own && result.ok ? { ok: true, path: [issuer], anchor: own } : result;
  }
}

/** Parses only what was not there before: a chain that taught us one authority does not make us read a thousand again. */
function readerOver(
  known: Trust | undefined,
): (stored: { fingerprint: string; der: Uint8Array }) => Certificate {
  const held = [
    ...(known?.anchors ?? []).map(({ certificate }) => certificate),
    ...(known?.intermediates ?? []),
  ];
  const parsed = new Map(held.map((certificate) => [certificate.fingerprint, certificate]));
  return ({ fingerprint, der }) => parsed.get(fingerprint) ?? readCertificate(der);
}

export function intermediateOf(certificate: Certificate) {
  const { fingerprint, subject, issuer, der, notAfter } = certificate;
  return { fingerprint, subject: subject.text, issuer: issuer.text, der, notAfter };
}
