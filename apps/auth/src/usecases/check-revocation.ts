import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  IDS,
  LOGGER,
  tenantScope,
  UnderWay,
  within,
  type Logger,
} from '@kilowatch/platform';
import { certificateId, type Certificate, type CertificateId } from '@kilowatch/trust';
import {
  conclude,
  freshUntil,
  fromHeld,
  isForGood,
  type HeldStatus,
  type Outcome,
  type RevocationFinding,
} from '../domain/revocation-status.js';
import { findTrustPolicy } from '../persistence/trust-policy.repository.js';
import {
  findStatuses,
  hasRoomForHashData,
  markUnknown,
  saveStatus,
  statusKeyText,
  touchStatuses,
  type StatusKey,
} from '../persistence/ocsp-status.repository.js';
import { AskResponder, isAllowed, type RevocationSubject } from './ask-responder.js';
import { Flights } from './flights.js';
import { TrustStore, type Trust } from './trust-store.js';

export type { RevocationFinding, RevocationSubject };

/** Answers about certificates that only hash data named, of one company. */
const MOST_FROM_STATIONS = 2_000;
const HOUR_MS = 3_600_000;
/** Asked again when so much of the time has passed that the answer counts. */
const REFRESH_AT = 0.8;
const LEAST_REFRESH_MS = 60_000;

/** What is asked about, and what is held of it. */
interface Looked {
  readonly trust: Trust;
  readonly subjects: readonly RevocationSubject[];
  readonly keys: readonly StatusKey[];
  readonly held: Awaited<ReturnType<typeof findStatuses>>;
  readonly deadline: Date;
}

/** Whether certificates are revoked: what is known, else what their responders say, all at once and until the deadline (P4-P7, P11, P13). */
@Injectable()
export class CheckRevocation implements BeforeApplicationShutdown {
  private readonly flights = new Flights<Outcome>();
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly store: TrustStore,
    private readonly responder: AskResponder,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * One finding for each subject, in their order. `deadline`: when whoever asks has to answer; what is on its way then goes on, and its
   * answer is there for the next one. Throws only when the database is away.
   */
  async run(
    tenant: string,
    trust: Trust,
    subjects: readonly RevocationSubject[],
    deadline: Date,
  ): Promise<readonly RevocationFinding[]> {
    const keys = subjects.map(keyOf);
    const held = await this.database.sharedRead(tenantScope(tenant), this.ids.newId(), (tx) =>
      findStatuses(tx, tenant, keys),
    );
    return this.concluded(tenant, { trust, subjects, keys, held, deadline });
  }

  /** `run`, while `trust` is what counts: its version is read with what is held. Undefined: it is another by now. */
  async runWhile(
    tenant: string,
    trust: Trust,
    subjects: readonly RevocationSubject[],
    deadline: Date,
  ): Promise<readonly RevocationFinding[] | undefined> {
    const keys = subjects.map(keyOf);
    const [held, { version }] = await this.database.sharedRead(tenantScope(tenant), this.ids.newId(), (tx) =>
      Promise.all([findStatuses(tx, tenant, keys), findTrustPolicy(tx, tenant)]),
    );
    return version === trust.version
      ? this.concluded(tenant, { trust, subjects, keys, held, deadline })
      : undefined;
  }

  private async concluded(
    tenant: string,
    { trust, subjects, keys, held, deadline }: Looked,
  ): Promise<readonly RevocationFinding[]> {
    const findings = await Promise.all(
      subjects.map((subject, index) =>
        this.one(tenant, subject, held.get(statusKeyText(keys[index]!)), trust, deadline),
      ),
    );
    this.touch(tenant, keys, held);
    for (const { status, source } of findings) counter('kw_auth_revocation_total').inc({ status, source });
    return findings;
  }

  /** Asks although something is known, and keeps the answer: for answers that run out soon. */
  async refresh(tenant: string, subject: RevocationSubject, lastUsedAt: Date): Promise<void> {
    const trust = await this.store.current(tenant);
    const outcome = await this.flight(tenant, subject, trust, lastUsedAt);
    if (outcome.kind === 'FAILED')
      this.log.info({ tenant, serial: subject.serial, reason: outcome.reason }, 'revocation not refreshed');
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async one(
    tenant: string,
    subject: RevocationSubject,
    held: HeldStatus | undefined,
    trust: Trust,
    deadline: Date,
  ): Promise<RevocationFinding> {
    const now = this.clock.now();
    const known = fromHeld(subject.serial, held, now);
    if (known) return known;
    const late = (): Outcome => ({ kind: 'FAILED', reason: 'responder_timeout', detail: 'DEADLINE' });
    const left = Math.max(0, deadline.getTime() - now.getTime());
    const outcome = await within(this.flight(tenant, subject, trust, now), left, late);
    const { serial: name, fromStation = false } = subject;
    const finding = conclude({ serial: name, fromStation, outcome, held }, trust.policy, this.clock.now());
    if (finding.source === 'POLICY') {
      const { serial, reason, detail } = finding;
      this.log.warn({ tenant, serial, reason, detail }, 'certificate taken as not revoked by policy');
    }
    return finding;
  }

  /** One request for each certificate, however many ask for it; what a station chose is no part of anybody else's request. */
  private flight(tenant: string, subject: RevocationSubject, trust: Trust, usedAt: Date): Promise<Outcome> {
    // What may not be asked fails by itself.
    const urls = [...subject.ocspUrls, ...subject.crlUrls].filter((url) => isAllowed(url, trust.policy));
    if (urls.length === 0) return this.responder.run(tenant, subject, trust);
    const flight = { tenant, name: statusKeyText(keyOf(subject)), fromStation: subject.fromStation ?? false };
    return (
      this.flights.join(flight, () => this.underWay.add(this.ask(tenant, subject, trust, usedAt))) ??
      Promise.resolve({ kind: 'FAILED', reason: 'too_busy', detail: '' })
    );
  }

  private async ask(
    tenant: string,
    subject: RevocationSubject,
    trust: Trust,
    usedAt: Date,
  ): Promise<Outcome> {
    const outcome = await this.responder.run(tenant, subject, trust);
    try {
      if (outcome.kind === 'ANSWER') await this.keep(tenant, subject, outcome, usedAt);
    } catch (err) {
      // The answer is right all the same; the next one asks again.
      this.log.error({ err, tenant, serial: subject.serial }, 'answer about a certificate not kept');
    }
    return outcome;
  }

  private keep(
    tenant: string,
    subject: RevocationSubject,
    { answer, response, source }: Extract<Outcome, { kind: 'ANSWER' }>,
    usedAt: Date,
  ): Promise<void> {
    const key = keyOf(subject);
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if (answer.status === 'UNKNOWN') return markUnknown(tx, tenant, key, now, answer.thisUpdate);
      const revoked = answer.status === 'REVOKED' ? answer : undefined;
      // A list is held as such; what it does not say of one certificate need not be kept for each.
      if (source === 'CRL' && !revoked) return;
      const said = {
        status: answer.status,
        revokedAt: revoked?.revokedAt,
        revocationReason: revoked?.reason,
      };
      const until = freshUntil(answer, now);
      const { fromStation = false, ocspUrls, crlUrls } = subject;
      // A revocation is always a true certificate; what is good a responder may say of any number.
      if (fromStation && !revoked && !(await hasRoomForHashData(tx, tenant, MOST_FROM_STATIONS))) return;
      await saveStatus(tx, tenant, key, {
        ...said,
        thisUpdate: answer.thisUpdate,
        nextUpdate: answer.nextUpdate,
        answeredAt: now,
        freshUntil: until,
        response,
        issuerDer: subject.issuer.der,
        ocspUrls: fromStation ? [] : ocspUrls,
        crlUrls: fromStation ? [] : crlUrls,
        lastUsedAt: usedAt,
        dueAt: isForGood(said) ? undefined : fromStation ? until : refreshAt(now, until),
      });
    });
  }

  /** That somebody still uses what is held: written at most once an hour, and nobody waits for it. */
  private touch(
    tenant: string,
    keys: readonly StatusKey[],
    held: ReadonlyMap<string, { lastUsedAt: Date }>,
  ): void {
    const now = this.clock.now();
    const old = keys.filter((key) => {
      const used = held.get(statusKeyText(key))?.lastUsedAt;
      return used !== undefined && now.getTime() - used.getTime() > HOUR_MS;
    });
    if (old.length === 0) return;
    const writing = this.database
      .transaction(tenantScope(tenant), (tx) => touchStatuses(tx, tenant, old, now))
      .catch((err: unknown) => this.log.warn({ err, tenant }, 'use of certificates not recorded'));
    void this.underWay.add(writing);
  }
}

/** What has to be asked for a path: all of it but the anchor, leaf first. */
export function subjectsOfPath(path: readonly Certificate[]): readonly RevocationSubject[] {
  return path.slice(0, -1).map(({ serial, ocspUrls, crlUrls }, index) => {
    return { serial, ocspUrls, crlUrls, issuer: path[index + 1]! };
  });
}

/** What hash data name. The addresses are the station's: asked only when their origins are on the company's list. */
export function subjectOfHashData(
  id: CertificateId,
  issuer: Certificate,
  responderUrls: string | readonly string[],
  crlUrls: readonly string[] = [],
): RevocationSubject {
  const ocspUrls = [responderUrls].flat().filter((url) => url !== '');
  return { serial: id.serialNumber, issuer, ocspUrls, crlUrls, fromStation: true };
}

function keyOf({ serial, issuer }: RevocationSubject): StatusKey {
  return certificateId({ serial }, issuer, 'SHA256');
}

function refreshAt(now: Date, until: Date): Date {
  const length = Math.max(LEAST_REFRESH_MS, (until.getTime() - now.getTime()) * REFRESH_AT);
  return new Date(now.getTime() + length);
}
