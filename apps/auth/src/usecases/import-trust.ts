import { Inject, Injectable } from '@nestjs/common';
import { invalid, isAppError, isUuid, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  IDS,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import { readCertificatesPem, type Certificate } from '@kilowatch/trust';
import {
  checkAnchor,
  checkIntermediate,
  ISO_VERSIONS,
  TRUST_PURPOSES,
  type IsoVersion,
  type TrustPurpose,
} from '../domain/trust-purpose.js';
import { countTrustChange } from '../persistence/trust-policy.repository.js';
import {
  countIntermediates,
  insertAnchor,
  insertIntermediate,
  listAnchors,
  listIntermediates,
  markRemoved,
  type AnchorFilter,
  type StoredAnchor,
  type StoredIntermediate,
} from '../persistence/trust.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { intermediateOf, MOST_INTERMEDIATES } from './trust-store.js';

export type { AnchorFilter, IsoVersion, StoredAnchor, StoredIntermediate, TrustPurpose };

export interface TrustImport {
  readonly added: number;
  /** Were there already. */
  readonly unchanged: number;
  /** Where in the text, from 0. */
  readonly problems: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

type Store = (tx: Tx, certificate: Certificate, now: Date) => Promise<boolean>;

/** As many as pools of roots have. */
const MOST_AT_ONCE = 100;
const MOST_CHARACTERS = 1_000_000;

/** What people tell us to believe, and to believe no more: each certificate on its own, with audit. */
@Injectable()
export class ImportTrust {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  anchors(
    principal: Principal,
    input: { pem: string; purpose: TrustPurpose; isoVersion?: IsoVersion | null; reason?: string | null },
    address?: string,
  ): Promise<TrustImport> {
    const { tenant, accountId } = principal;
    const { purpose, reason } = input;
    const isoVersion = input.isoVersion ?? undefined;
    if (!TRUST_PURPOSES.includes(purpose))
      throw invalid('AUTH_TRUST_PURPOSE', `purpose is one of ${TRUST_PURPOSES.join(', ')}.`);
    if (isoVersion && !ISO_VERSIONS.includes(isoVersion))
      throw invalid('AUTH_TRUST_ISO', `isoVersion is one of ${ISO_VERSIONS.join(', ')}.`);
    return this.import(
      principal,
      input.pem,
      'trust_anchor',
      { purpose, reason },
      address,
      (tx, certificate, now) => {
        checkAnchor(certificate, now);
        const { fingerprint, subject, der, notAfter } = certificate;
        return insertAnchor(tx, tenant, {
          id: this.ids.newId(),
          purpose,
          isoVersion,
          fingerprint,
          subject: subject.text,
          der,
          notAfter,
          addedBy: accountId,
          addedAt: now,
          removedBy: undefined,
          removedAt: undefined,
        });
      },
    );
  }

  intermediates(principal: Principal, pem: string, address?: string): Promise<TrustImport> {
    const { tenant, accountId } = principal;
    return this.import(principal, pem, 'trust_intermediate', {}, address, async (tx, certificate, now) => {
      checkIntermediate(certificate);
      if ((await countIntermediates(tx, tenant, now)) >= MOST_INTERMEDIATES)
        throw invalid('AUTH_TRUST_FULL', `At most ${MOST_INTERMEDIATES} intermediate certificates are kept.`);
      return insertIntermediate(tx, tenant, {
        ...intermediateOf(certificate),
        id: this.ids.newId(),
        source: 'IMPORT',
        addedBy: accountId,
        addedAt: now,
      });
    });
  }

  /** From its commit on nothing below it is believed; it stays in the list for the audit. */
  async removeAnchor(
    principal: Principal,
    { id, reason }: { id: string; reason: string },
    address?: string,
  ): Promise<StoredAnchor> {
    const { tenant, accountId } = principal;
    const now = this.clock.now();
    if (reason.trim() === '') throw invalid('AUTH_TRUST_REASON', 'Say why it is removed.');
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const anchor = isUuid(id) ? await markRemoved(tx, tenant, id, accountId, now) : undefined;
      if (!anchor) throw notFound('AUTH_TRUST_ANCHOR_UNKNOWN', 'There is no such anchor in use.');
      await countTrustChange(tx, tenant, accountId, now);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'trust_anchor.removed',
        target: { kind: 'trust_anchor', id },
        reason,
        details: { subject: anchor.subject, fingerprint: anchor.fingerprint, purpose: anchor.purpose },
      });
      return anchor;
    });
  }

  listAnchors(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    filter: AnchorFilter,
  ): Promise<StoredAnchor[]> {
    return this.database.read(tenantScope(tenant), (tx) => listAnchors(tx, tenant, page, filter));
  }

  listIntermediates(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<StoredIntermediate[]> {
    return this.database.read(tenantScope(tenant), (tx) => listIntermediates(tx, tenant, page));
  }

  private import(
    principal: Principal,
    pem: string,
    kind: 'trust_anchor' | 'trust_intermediate',
    { purpose, reason }: { purpose?: TrustPurpose; reason?: string | null | undefined },
    address: string | undefined,
    store: Store,
  ): Promise<TrustImport> {
    const { tenant, accountId } = principal;
    const certificates = readCertificatesPem(pem, { most: MOST_AT_ONCE, mostCharacters: MOST_CHARACTERS });
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(`trust|${tenant}`);
      const problems: TrustImport['problems'][number][] = [];
      const added: Certificate[] = [];
      for (const [index, certificate] of certificates.entries()) {
        try {
          if (await store(tx, certificate, now)) added.push(certificate);
        } catch (error) {
          if (!isAppError(error) || error.kind !== 'INVALID') throw error;
          problems.push({ index, code: error.code, message: error.publicText });
        }
      }
      if (added.length > 0) await countTrustChange(tx, tenant, accountId, now);
      for (const { fingerprint, subject } of added) {
        await this.audit.write(tx, {
          tenant,
          by: actorOf(principal, address),
          action: `${kind}.imported`,
          target: { kind, id: fingerprint },
          reason: reason ?? undefined,
          details: { subject: subject.text, ...(purpose && { purpose }) },
        });
      }
      const unchanged = certificates.length - added.length - problems.length;
      return { added: added.length, unchanged, problems };
    });
  }
}
