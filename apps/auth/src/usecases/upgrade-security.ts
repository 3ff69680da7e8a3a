import { Inject, Injectable } from '@nestjs/common';
import {
  conflict,
  invalid,
  isUuid,
  notFound,
  precondition,
  type Clock,
  type IdSource,
} from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  Database,
  IDS,
  isUniqueViolation,
  tenantScope,
  type ConfigOf,
  type Principal,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { isForUs } from '../domain/station-certificate.js';
import { missingPrerequisites, type Prerequisite } from '../domain/security-upgrade.js';
import {
  findUpgrade,
  insertUpgrade,
  latestUpgrades,
  type SecurityUpgrade,
} from '../persistence/security-upgrade.repository.js';
import { liveCertificates } from '../persistence/station-certificate.repository.js';
import { findCredentialByStation } from '../persistence/station-credential.repository.js';
import { installedAt } from '../persistence/station-root.repository.js';
import { allowExpired, allowProfile, wantProfile } from '../persistence/station-link.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { Authorities } from './authority/authorities.js';
import { RotatePassword, type Rotation } from './rotate-password.js';
import { STEP_TIME_MS } from './upgrade-step.js';

export type { SecurityUpgrade };

const MOST_HOURS = 24 * 14;

/** What operators do about how stations authenticate. */
@Injectable()
export class UpgradeSecurity {
  constructor(
    private readonly database: Database,
    private readonly authorities: Authorities,
    private readonly rotation: RotatePassword,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Throws PRECONDITION with all that is missing named, CONFLICT while another runs. */
  async begin(
    principal: Principal,
    { stationId, toProfile }: { stationId: string; toProfile: number },
    address: string | undefined,
  ): Promise<SecurityUpgrade> {
    const { tenant } = principal;
    if (toProfile !== 2 && toProfile !== 3)
      throw invalid('AUTH_SECURITY_PROFILE', 'A station is upgraded to security profile 2 or 3.');
    const { missing, fromProfile } = await this.look(tenant, stationId, toProfile);
    if (missing.length > 0) {
      const text = missing.map((one) => `${one.code}: ${one.text}`).join(' ');
      throw precondition('AUTH_UPGRADE_PREREQUISITES', text, { missing: missing.map(({ code }) => code) });
    }
    const now = this.clock.now();
    const upgrade: SecurityUpgrade = {
      tenant,
      id: this.ids.newId(),
      stationId,
      fromProfile,
      toProfile,
      state: 'RUNNING',
      step: 'CHECK',
      networkSlot: null,
      stageProfile: 0,
      previous: '',
      problem: '',
      attempts: 0,
      deadlineAt: new Date(now.getTime() + STEP_TIME_MS.CHECK),
      requestedBy: principal.accountId,
      createdAt: now,
      updatedAt: now,
      version: 1,
    };
    await this.database
      .transaction(tenantScope(tenant), async (tx) => {
        await insertUpgrade(tx, upgrade, now);
        await wantProfile(tx, tenant, stationId, toProfile);
        await this.audit.write(tx, {
          tenant,
          by: actorOf(principal, address),
          action: 'station.security_upgrade_begun',
          target: { kind: 'station', id: stationId },
          details: { fromProfile, toProfile },
        });
      })
      .catch((error: unknown) => {
        if (isUniqueViolation(error, 'security_upgrade_running'))
          throw conflict('AUTH_UPGRADE_RUNNING', 'An upgrade of this station is on its way already.');
        throw error;
      });
    return upgrade;
  }

  async prerequisites({ tenant }: Principal, stationId: string, toProfile: number): Promise<Prerequisite[]> {
    return (await this.look(tenant, stationId, toProfile)).missing;
  }

  latest({ tenant }: Principal, stationIds: readonly string[]): Promise<SecurityUpgrade[]> {
    return this.database.read(tenantScope(tenant), (tx) => latestUpgrades(tx, tenant, stationIds));
  }

  find({ tenant }: Principal, id: string): Promise<SecurityUpgrade | undefined> {
    return this.database.read(tenantScope(tenant), (tx) => findUpgrade(tx, tenant, id));
  }

  rotatePassword(principal: Principal, stationId: string, address: string | undefined): Promise<Rotation> {
    return this.rotation.run(principal.tenant, stationId, actorOf(principal, address));
  }

  /** A replaced controller knows nothing of what its station reached; a person says so, and why. */
  async allowLower(
    principal: Principal,
    { stationId, profile, reason }: { stationId: string; profile: number; reason: string },
    address: string | undefined,
  ): Promise<void> {
    const { tenant } = principal;
    if (![0, 1, 2].includes(profile)) throw invalid('AUTH_SECURITY_PROFILE', 'A lower profile is 0, 1 or 2.');
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!isUuid(stationId) || !(await allowProfile(tx, tenant, stationId, profile))) throw unknownStation();
      const target = { kind: 'station', id: stationId };
      const by = actorOf(principal, address);
      await this.audit.write(tx, {
        tenant,
        by,
        action: 'station.lower_profile_allowed',
        target,
        reason,
        details: { profile },
      });
    });
  }

  /** A00.FR.429: flagged, it may come with its expired certificate, is answered Pending, and gets another. */
  async allowExpiredCertificate(
    principal: Principal,
    { stationId, hours }: { stationId: string; hours: number },
    address: string | undefined,
  ): Promise<Date> {
    const { tenant } = principal;
    if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
      throw invalid('AUTH_HOURS', `It may be allowed for 1 to ${MOST_HOURS} hours.`);
    const until = new Date(this.clock.now().getTime() + hours * 3_600_000);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!isUuid(stationId) || !(await allowExpired(tx, tenant, stationId, until))) throw unknownStation();
      const target = { kind: 'station', id: stationId };
      const by = actorOf(principal, address);
      await this.audit.write(tx, {
        tenant,
        by,
        action: 'station.expired_certificate_allowed',
        target,
        details: { hours },
      });
    });
    return until;
  }

  private async look(tenant: string, stationId: string, toProfile: number) {
    const policy = this.authorities.policyOf(tenant);
    const canSign = policy.organisation !== '' && (await this.authorities.of(tenant)) !== undefined;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const credential = isUuid(stationId) ? await findCredentialByStation(tx, tenant, stationId) : undefined;
      if (!credential) throw unknownStation();
      const roots = await installedAt(tx, tenant, [stationId]);
      const now = this.clock.now();
      const live = await liveCertificates(tx, tenant, stationId);
      const { KW_OCPP_TLS_URL: tls, KW_OCPP_MTLS_URL: mtls } = this.config;
      const missing = missingPrerequisites({
        protocol: credential.protocol,
        reachedProfile: credential.reachedProfile,
        securityProfile: credential.securityProfile,
        toProfile,
        hasPassword: credential.passwordHash !== undefined,
        listener: (profile) => (profile === 3 ? mtls : tls),
        csmsRoots: roots.filter(({ purpose }) => purpose === 'CSMSRootCertificate').length,
        canSign,
        hasCertificate: live.some((one) => isForUs(one.type) && one.notAfter > now),
      });
      return { missing, fromProfile: Math.max(credential.securityProfile, credential.reachedProfile) };
    });
  }
}

function unknownStation(): Error {
  return notFound('AUTH_STATION', 'There is no such station.');
}
