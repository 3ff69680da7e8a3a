import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import {
  checkedMove,
  isForUs,
  REVOCATION_REASONS,
  type CertificateType,
  type RevocationReason,
} from '../domain/station-certificate.js';
import { latestRequests, type CertificateRequest } from '../persistence/certificate-request.repository.js';
import {
  findCertificate,
  listCertificates,
  liveCertificates,
  planDisconnect,
  planRenewal,
  saveCertificateState,
  type CertificateFilter,
  type StationCertificate,
} from '../persistence/station-certificate.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { IssueCertificate } from './issue-certificate.js';
import { RequestCertificate, typeOf } from './request-certificate.js';
import { StationCa } from './station-ca.js';

export type { CertificateFilter, CertificateRequest, StationCertificate };

const KEPT_REQUESTS = 20;

/** What operators do with certificates of stations. */
@Injectable()
export class ManageCertificates {
  constructor(
    private readonly database: Database,
    private readonly requests: RequestCertificate,
    private readonly issue: IssueCertificate,
    private readonly ca: StationCa,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    filter: CertificateFilter,
  ): Promise<StationCertificate[]> {
    return this.database.read(tenantScope(tenant), (tx) => listCertificates(tx, tenant, page, filter));
  }

  requestsOf({ tenant }: Principal, stationIds: readonly string[]): Promise<CertificateRequest[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      latestRequests(tx, tenant, stationIds, KEPT_REQUESTS),
    );
  }

  /** Signs a request that came by another way than OCPP (a station set up in the workshop). It is not sent to anybody. */
  async sign(
    principal: Principal,
    input: { stationId: string; csr: string; type: CertificateType },
    address: string | undefined,
  ): Promise<StationCertificate> {
    const { tenant } = principal;
    const type = typeOf(input.type);
    const answer = await this.requests.judge(tenant, input.stationId, input.csr, type);
    if (!answer.accepted) throw precondition('AUTH_SIGNING_REQUEST', answer.text);
    const { signing, commonName } = answer;
    const certificate = await this.issue.sign({ tenant, ...input, type, signing, commonName });
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      await this.issue.store(tx, certificate, null);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_certificate.signed',
        target: { kind: 'station', id: input.stationId },
        details: { certificateId: certificate.id, serial: certificate.serial, type },
      });
      return (await findCertificate(tx, tenant, certificate.id))!;
    });
  }

  /**
   * Of superseded ones too. Repeating it changes nothing. The connection that came with it is ended after the commit
   * (`EndRevokedConnections`), and the next is refused.
   */
  async revoke(
    principal: Principal,
    { id, reason, note }: { id: string; reason: string; note: string },
    address: string | undefined,
  ): Promise<StationCertificate> {
    const { tenant } = principal;
    const known = REVOCATION_REASONS.find((one) => one === reason);
    if (!known) throw invalid('AUTH_REVOCATION_REASON', 'This is not a reason to revoke a certificate.');
    const certificate = await this.database.transaction(tenantScope(tenant), async (tx) => {
      const held = isUuid(id) ? await findCertificate(tx, tenant, id) : undefined;
      if (!held) throw notFound('AUTH_STATION_CERTIFICATE', 'There is no such certificate.');
      if (held.state === 'REVOKED') return held;
      checkedMove(held.state, 'REVOKED');
      await saveCertificateState(
        tx,
        held,
        { state: 'REVOKED', reason: known as RevocationReason },
        this.clock.now(),
      );
      if (isForUs(held.type)) await planDisconnect(tx, held, this.clock.now(), 0);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_certificate.revoked',
        target: { kind: 'station', id: held.stationId },
        reason: note,
        details: { certificateId: id, serial: held.serial, why: known },
      });
      return (await findCertificate(tx, tenant, id))!;
    });
    this.ca.changed();
    return certificate;
  }

  /** Has the station ask for a new one now rather than in time. */
  async renew(principal: Principal, id: string, address: string | undefined): Promise<StationCertificate> {
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const held = isUuid(id) ? await findCertificate(tx, tenant, id) : undefined;
      if (!held) throw notFound('AUTH_STATION_CERTIFICATE', 'There is no such certificate.');
      const live = await liveCertificates(tx, tenant, held.stationId);
      if (!live.some((one) => one.id === id))
        throw precondition('AUTH_CERTIFICATE_STATE', 'Only a certificate that is in use can be renewed.');
      await planRenewal(tx, held, this.clock.now(), 0);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_certificate.renewal_asked',
        target: { kind: 'station', id: held.stationId },
        details: { certificateId: id },
      });
      return (await findCertificate(tx, tenant, id))!;
    });
  }
}
