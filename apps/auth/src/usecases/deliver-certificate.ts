import { Inject, Injectable } from '@nestjs/common';
import { toAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { isForUs } from '../domain/station-certificate.js';
import { saveRequest, type CertificateRequest } from '../persistence/certificate-request.repository.js';
import { hurryUpgrade } from '../persistence/security-upgrade.repository.js';
import {
  findCertificate,
  saveCertificateState,
  saveDelivery,
} from '../persistence/station-certificate.repository.js';
import { IssueCertificate } from './issue-certificate.js';
import { RequestCertificate } from './request-certificate.js';
import { RetireCertificates } from './retire-certificates.js';
import { refusalInside } from './station-word.js';
import { StationCommands } from './station-commands.js';

/** Stations wait CertSigningWaitMinimum (some minutes) and ask CertSigningRepeatTimes again: nobody waits longer than a day. */
const GIVE_UP_MS = 24 * 3_600_000;
const MOST_ATTEMPTS = 12;
const TIMEOUT_SECONDS = 30;

/** One request of a station: signed if it is not yet, then told in CertificateSigned (A02.FR.12). Never throws. */
@Injectable()
export class DeliverCertificate {
  constructor(
    private readonly database: Database,
    private readonly requests: RequestCertificate,
    private readonly issue: IssueCertificate,
    private readonly retire: RetireCertificates,
    private readonly commands: StationCommands,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(asked: CertificateRequest): Promise<void> {
    let request = asked;
    try {
      const certificateId = asked.certificateId ?? (await this.sign(asked));
      if (certificateId === undefined) return;
      request = { ...asked, certificateId };
      await this.tell(request, certificateId);
    } catch (thrown) {
      const { kind, code, publicText } = toAppError(thrown);
      this.log.warn({ stationId: request.stationId, kind, code }, 'certificate of a station not delivered');
      const final = kind !== 'UNAVAILABLE' && kind !== 'TIMEOUT' && kind !== 'INTERNAL';
      await this.later(request, publicText, final).catch((err: unknown) =>
        this.log.error(
          { err, stationId: request.stationId },
          'state of a signing request not stored; its lease lapses',
        ),
      );
    }
  }

  private async sign(request: CertificateRequest): Promise<string | undefined> {
    const { tenant, stationId, csr, type } = request;
    // Again, for what it is now: the station may have got another identity, the tenant another name.
    const answer = await this.requests.judge(tenant, stationId, csr, type);
    if (!answer.accepted) {
      await this.later(request, answer.text, true);
      return undefined;
    }
    const { signing, commonName } = answer;
    const certificate = await this.issue.sign({ tenant, stationId, type, csr, signing, commonName });
    const dueAt = new Date(this.clock.now().getTime() + 60_000);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      await this.issue.store(tx, certificate, request.id);
      const to = { state: 'SIGNED', certificateId: certificate.id, dueAt } as const;
      await saveRequest(tx, request, to, this.clock.now());
    });
    return certificate.id;
  }

  private async tell(request: CertificateRequest, certificateId: string): Promise<void> {
    const { tenant, stationId, type } = request;
    const certificate = await this.database.read(tenantScope(tenant), (tx) =>
      findCertificate(tx, tenant, certificateId),
    );
    if (!certificate || certificate.state === 'REVOKED' || certificate.state === 'SUPERSEDED')
      return this.later(request, 'The certificate was revoked before the station had it.', true);
    const answer = await this.commands.send({
      tenant,
      stationId,
      key: `certificate:${request.id}:${request.createdAt.getTime()}:${request.attempts}`,
      command: {
        certificateSigned: {
          chain: certificate.chain,
          certificateType: type,
          requestId: request.ocppRequestId ?? undefined,
        },
      },
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const inside = refusalInside(answer);
    if (answer.outcome === 'ACCEPTED' && inside === undefined) return this.taken(request, certificateId);
    if (answer.outcome === 'OFFLINE' || answer.outcome === 'UNREACHED' || answer.outcome === 'UNKNOWN')
      return this.later(request, `The station was not reached (${answer.outcome}).`, false);
    await this.refused(
      request,
      certificateId,
      inside ?? (answer.status || answer.errorCode || answer.outcome),
    );
  }

  private async taken(request: CertificateRequest, certificateId: string): Promise<void> {
    const { tenant } = request;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const now = this.clock.now();
      await saveRequest(tx, request, { state: 'DONE', dueAt: null }, now);
      await saveDelivery(tx, { tenant, id: certificateId }, now);
      await hurryUpgrade(tx, tenant, request.stationId, now);
      // Towards us it counts once the station comes with it: until then the old one must still do.
      const certificate = await findCertificate(tx, tenant, certificateId);
      if (certificate && !isForUs(certificate.type)) await this.retire.installed(tx, certificate);
    });
  }

  /** A02.FR.07: the station cannot use it. Its old one stays; somebody has to look. */
  private async refused(request: CertificateRequest, certificateId: string, word: string): Promise<void> {
    const { tenant, stationId } = request;
    counter('kw_station_certificate_problems_total').inc({ problem: 'certificate_refused_by_station' });
    this.log.warn({ stationId, type: request.type, word }, 'station refused the certificate it asked for');
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const now = this.clock.now();
      await saveRequest(
        tx,
        request,
        { state: 'FAILED', dueAt: null, problem: `The station said ${word}.` },
        now,
      );
      const certificate = await findCertificate(tx, tenant, certificateId);
      if (certificate?.state === 'ISSUED')
        await saveCertificateState(
          tx,
          certificate,
          { state: 'REVOKED', reason: 'CESSATION_OF_OPERATION' },
          now,
        );
    });
  }

  private async later(request: CertificateRequest, problem: string, final: boolean): Promise<void> {
    const now = this.clock.now();
    const tooLate =
      now.getTime() - request.createdAt.getTime() > GIVE_UP_MS || request.attempts >= MOST_ATTEMPTS;
    const ends = final || tooLate;
    if (ends) counter('kw_station_certificate_problems_total').inc({ problem: 'request_failed' });
    const waitMs = Math.min(3_600_000, 15_000 * 2 ** Math.min(request.attempts, 10));
    const state = ends ? 'FAILED' : request.certificateId === null ? 'PENDING' : 'SIGNED';
    const dueAt = ends ? null : new Date(now.getTime() + waitMs);
    await this.database.transaction(tenantScope(request.tenant), (tx) =>
      saveRequest(tx, request, { state, dueAt, problem }, now),
    );
  }
}
