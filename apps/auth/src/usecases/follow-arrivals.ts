import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, counter, type Tx } from '@kilowatch/platform';
import { fingerprintIn, isPendingPassword, pendingPassword } from '../domain/credential-id.js';
import { SYSTEM } from '../domain/audit.js';
import { hurryRequests } from '../persistence/certificate-request.repository.js';
import { planRestore } from '../persistence/network-password.repository.js';
import { hurryRootLook } from '../persistence/station-root.repository.js';
import { hurryUpgrade } from '../persistence/security-upgrade.repository.js';
import {
  findByFingerprint,
  liveCertificates,
  planDisconnect,
  planRenewal,
} from '../persistence/station-certificate.repository.js';
import {
  endFactoryCredentials,
  planRepair,
  promotePassword,
  saveArrival,
  saveClaim,
  saveSerialNumber,
  type StationArrival,
} from '../persistence/station-link.repository.js';
import { AuditLog } from './audit-log.js';
import { RetireCertificates } from './retire-certificates.js';

/**
 * A01, B09: a station boots into its new network profile when it is idle, and a car may charge all night. What comes with the old
 * password before that was but a stumble of the network: it neither confirms the new one nor undoes it. After so long it does.
 */
const HOLD_SECONDS = 24 * 3600;

export type Arrived = StationArrival & { readonly credentialId: string };

/**
 * A station was let in and its connection is on disk: only now does what it came with count for good. A new password kills the old
 * one (A01), a new certificate supersedes the old one (A02), and what waits for the station need wait no longer.
 */
@Injectable()
export class FollowArrivals {
  constructor(
    private readonly retire: RetireCertificates,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async arrived(tx: Tx, { credentialId, ...arrival }: Arrived): Promise<void> {
    const { tenant, stationId } = arrival;
    if (!(await saveArrival(tx, arrival))) return;
    await this.withCertificate(tx, tenant, stationId, fingerprintIn(credentialId));
    const now = this.clock.now();
    if (isPendingPassword(credentialId)) await this.withNewPassword(tx, tenant, stationId, credentialId);
    else await planRestore(tx, tenant, stationId, { now, holdSeconds: HOLD_SECONDS });
    await planRepair(tx, tenant, stationId, now);
    await hurryRequests(tx, tenant, stationId, now);
    await hurryUpgrade(tx, tenant, stationId, now);
    await hurryRootLook(tx, tenant, stationId, now);
  }

  async described(tx: Tx, tenant: string, stationId: string, serialNumber: string): Promise<void> {
    if (serialNumber !== '') await saveSerialNumber(tx, tenant, stationId, serialNumber);
  }

  /** S9: somebody took in a station with credentials of its factory. */
  async claimed(tx: Tx, tenant: string, stationId: string): Promise<void> {
    const now = this.clock.now();
    if (!(await saveClaim(tx, tenant, stationId, now))) return;
    await planRepair(tx, tenant, stationId, now);
    const target = { kind: 'station', id: stationId };
    await this.audit.write(tx, { tenant, by: SYSTEM, action: 'station.claimed', target });
  }

  /** OCPP 2.1 A02.FR.28, .29: the new certificate did not work; asked for again, and somebody looks. */
  async discarded(tx: Tx, tenant: string, stationId: string): Promise<void> {
    if (!(await this.retire.discarded(tx, tenant, stationId))) return;
    tx.afterCommit(() =>
      counter('kw_station_certificate_problems_total').inc({ problem: 'certificate_discarded' }),
    );
    const old = (await liveCertificates(tx, tenant, stationId)).find(({ state }) => state === 'INSTALLED');
    const hours = (old?.renewAttempts ?? 0) + 1;
    if (old) await planRenewal(tx, old, new Date(this.clock.now().getTime() + hours * 3_600_000), hours);
  }

  private async withCertificate(
    tx: Tx,
    tenant: string,
    stationId: string,
    fingerprint: string | undefined,
  ): Promise<void> {
    if (fingerprint === undefined) return;
    const certificate = await findByFingerprint(tx, tenant, fingerprint);
    if (certificate?.stationId !== stationId) return;
    // It was let in while somebody revoked it: the order to end its connection may have come before the connection.
    if (certificate.state === 'REVOKED') return planDisconnect(tx, certificate, this.clock.now(), 0);
    await this.retire.installed(tx, certificate);
    // One of ours that is in date is no certificate of a factory, and needs no leave to be expired.
    if (certificate.notAfter > this.clock.now()) await endFactoryCredentials(tx, tenant, stationId);
  }

  private async withNewPassword(
    tx: Tx,
    tenant: string,
    stationId: string,
    credentialId: string,
  ): Promise<void> {
    const isNew = await promotePassword(
      tx,
      tenant,
      stationId,
      (hash) => pendingPassword(hash) === credentialId,
    );
    if (!isNew) return;
    const target = { kind: 'station', id: stationId };
    await this.audit.write(tx, { tenant, by: SYSTEM, action: 'station.password_in_force', target });
  }
}
