import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { ROOT_PURPOSES } from '@kilowatch/ocpp';
import { CLOCK, Database, IDS, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { certificatePem, isSelfIssued, readCertificatesPem } from '@kilowatch/trust';
import { isLastCsmsRoot } from '../domain/root-rules.js';
import {
  deleteWantedRoot,
  forgetInstalled,
  installedAt,
  insertWantedRoot,
  listWantedRoots,
  planLooks,
  type KnownRoot,
  type WantedRoot,
} from '../persistence/station-root.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { LookAtRoots } from './look-at-roots.js';
import { refusalInside } from './station-word.js';
import { StationCommands } from './station-commands.js';

export type { KnownRoot, WantedRoot };

/** A fleet is looked at within this time, each station at a time of its own. */
const SPREAD_SECONDS = 900;
/** OCPP 2.0.1 InstallCertificate. */
const LONGEST_PEM = 5_500;
const TIMEOUT_SECONDS = 8;
const CSMS_ROOT = 'CSMSRootCertificate';

export interface RootWish {
  readonly purpose: string;
  /** PEM. */
  readonly certificate: string;
  readonly locationId?: string | null;
  readonly stationId?: string | null;
}

/** Which roots stations are to hold, and taking one away. */
@Injectable()
export class ManageRoots {
  constructor(
    private readonly database: Database,
    private readonly commands: StationCommands,
    private readonly audit: AuditLog,
    private readonly looks: LookAtRoots,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  wanted({ tenant }: Principal, page: { limit: number; after: SortKey | undefined }): Promise<WantedRoot[]> {
    return this.database.read(tenantScope(tenant), (tx) => listWantedRoots(tx, tenant, page));
  }

  installed({ tenant }: Principal, stationIds: readonly string[]): Promise<KnownRoot[]> {
    return this.database.read(tenantScope(tenant), (tx) => installedAt(tx, tenant, stationIds));
  }

  /** Stations of the group are given it by and by; the same root again changes nothing. */
  async want(principal: Principal, wish: RootWish, address: string | undefined): Promise<WantedRoot> {
    const { tenant } = principal;
    const root = this.rootOf(principal, wish);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!(await insertWantedRoot(tx, root))) return;
      await planLooks(tx, tenant, root, this.clock.now(), root.stationId === null ? SPREAD_SECONDS : 0);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_root.wanted',
        target: { kind: 'station_root', id: root.id },
        details: { purpose: root.purpose, subject: root.subject, fingerprint: root.fingerprint },
      });
    });
    return root;
  }

  /** It is not installed on further stations; those that hold it keep it. */
  async unwant(principal: Principal, id: string, address: string | undefined): Promise<void> {
    const { tenant } = principal;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!isUuid(id) || !(await deleteWantedRoot(tx, tenant, id)))
        throw notFound('AUTH_STATION_ROOT', 'There is no such root.');
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_root.unwanted',
        target: { kind: 'station_root', id },
      });
    });
  }

  /** M04: named by the hashes that the station reported, in its own algorithm. */
  async remove(
    principal: Principal,
    input: {
      stationId: string;
      purpose: string;
      issuerKeyHash: string;
      serialNumber: string;
      force: boolean;
    },
    address: string | undefined,
  ): Promise<{ status: string; removed: boolean }> {
    const { tenant } = principal;
    const { stationId } = input;
    // Whether it is the last one counts by what the station says now, where it can be asked.
    if (!input.force && input.purpose === CSMS_ROOT && isUuid(stationId))
      await this.looks.refresh(tenant, stationId);
    const held = isUuid(stationId) ? await this.installed(principal, [stationId]) : [];
    const root = held.find(
      (one) =>
        one.purpose === input.purpose &&
        one.serialNumber === input.serialNumber &&
        one.issuerKeyHash === input.issuerKeyHash,
    );
    if (!root)
      throw notFound('AUTH_STATION_ROOT', 'The station holds no such certificate, as far as it said.');
    if (isLastCsmsRoot(root.purpose, held) && !input.force) {
      throw precondition(
        'AUTH_LAST_CSMS_ROOT',
        'This is the last CSMS root of the station: without it, it could not come back over TLS. Force it if you mean it.',
      );
    }
    const answer = await this.commands.send({
      tenant,
      stationId,
      key: `root-delete:${this.ids.newId()}`,
      command: { deleteCertificate: { ...root } },
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const status = refusalInside(answer) ?? (answer.status || answer.outcome);
    const removed =
      (answer.outcome === 'ACCEPTED' && refusalInside(answer) === undefined) || status === 'NotFound';
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (removed) await forgetInstalled(tx, tenant, stationId, root);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'station_root.deleted',
        target: { kind: 'station', id: stationId },
        details: { purpose: root.purpose, serial: root.serialNumber, status, forced: input.force },
      });
    });
    return { status, removed };
  }

  private rootOf({ tenant, accountId }: Principal, wish: RootWish): WantedRoot {
    const purpose = ROOT_PURPOSES.find((one) => one === wish.purpose);
    if (!purpose) throw invalid('AUTH_ROOT_PURPOSE', 'This is not a purpose of a root.');
    const { locationId = null, stationId = null } = wish;
    if ((locationId && stationId) || [locationId, stationId].some((id) => id && !isUuid(id)))
      throw invalid('AUTH_ROOT_GROUP', 'A root is for one location, one station, or all.');
    const [certificate, ...more] = readCertificatesPem(wish.certificate);
    if (more.length > 0 || !isSelfIssued(certificate!) || !certificate!.basicConstraints?.ca)
      throw invalid('AUTH_ROOT_CERTIFICATE', 'This must be one root certificate of a CA.');
    const now = this.clock.now();
    if (certificate!.notAfter <= now) throw invalid('AUTH_ROOT_CERTIFICATE', 'This certificate has expired.');
    const pem = certificatePem(certificate!);
    if (pem.length > LONGEST_PEM)
      throw invalid(
        'AUTH_ROOT_CERTIFICATE',
        `Stations take certificates of ${LONGEST_PEM} characters at most.`,
      );
    return {
      tenant,
      id: this.ids.newId(),
      purpose,
      locationId,
      stationId,
      certificate: pem,
      fingerprint: certificate!.fingerprint,
      subject: certificate!.subject.text,
      serial: certificate!.serial,
      notAfter: certificate!.notAfter,
      addedBy: accountId,
      createdAt: now,
    };
  }
}
