import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { SYSTEM } from '../domain/audit.js';
import { nextProfile, stepAfter, type UpgradeState } from '../domain/security-upgrade.js';
import {
  leaseUpgrade,
  saveUpgrade,
  takeUpgrades,
  type SecurityUpgrade,
} from '../persistence/security-upgrade.repository.js';
import {
  findCredentialByStation,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import { raiseProfile } from '../persistence/station-link.repository.js';
import { AuditLog } from './audit-log.js';
import { STEP_TIME_MS, UpgradeStepper, type StepResult } from './upgrade-step.js';

const MOST_IN_FLIGHT = 16;
const LEASE_MS = 90_000;
const AGAIN_MS = 15_000;

/** Leads each upgrade on, one step at a time: the lease is committed before the station is asked, the outcome after. */
@Injectable()
export class RunUpgrades implements DueWorkDefinition<SecurityUpgrade>, BeforeApplicationShutdown {
  readonly name = 'security-upgrades';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly stepper: UpgradeStepper,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<SecurityUpgrade[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeUpgrades(tx, now, room));
  }

  async run(tx: Tx, upgrade: SecurityUpgrade, now: Date): Promise<void> {
    await leaseUpgrade(tx, upgrade, new Date(now.getTime() + LEASE_MS));
    tx.afterCommit(() => void this.underWay.add(this.step({ ...upgrade, attempts: upgrade.attempts + 1 })));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async step(upgrade: SecurityUpgrade): Promise<void> {
    const { tenant, stationId } = upgrade;
    try {
      const station = await this.database.read(tenantScope(tenant), (tx) =>
        findCredentialByStation(tx, tenant, stationId),
      );
      if (!station) {
        await this.finish(upgrade, 'FAILED', 'The station is gone.');
        return;
      }
      const next = await this.after(upgrade, station, await this.stepper.run(upgrade, station));
      // Nothing to wait for: the next step is taken at once, under the same lease.
      if (next && next.step !== 'AWAIT') await this.step({ ...next, attempts: 1 });
    } catch (err) {
      this.log.error(
        { err, stationId, step: upgrade.step },
        'step of a security upgrade failed; its lease lapses',
      );
    }
  }

  /** What it is at then; undefined: it ended, or has to wait. */
  private async after(
    upgrade: SecurityUpgrade,
    station: StationCredential,
    result: StepResult,
  ): Promise<SecurityUpgrade | undefined> {
    const now = this.clock.now();
    const isLate = now >= upgrade.deadlineAt;
    if (result.kind === 'AGAIN' && !isLate) {
      await this.wait(upgrade, upgrade.step === 'ROLL_BACK' ? upgrade.problem : result.problem);
      return undefined;
    }
    if (upgrade.step === 'ROLL_BACK') {
      await this.finish(upgrade, result.kind === 'DONE' ? 'ROLLED_BACK' : 'FAILED', upgrade.problem);
      return undefined;
    }
    if (result.kind === 'DONE')
      return this.goOn({ ...upgrade, ...result.change }, station, result.rebootNeeded ?? false);
    const problem =
      result.kind === 'AGAIN' ? `${upgrade.step} took too long. ${result.problem}` : result.problem;
    return this.turnBack(upgrade, problem);
  }

  private async goOn(
    upgrade: SecurityUpgrade,
    station: StationCredential,
    rebootNeeded: boolean,
  ): Promise<SecurityUpgrade | undefined> {
    const plan = {
      reachedProfile: station.reachedProfile,
      toProfile: upgrade.toProfile,
      is16: station.protocol === 'ocpp1.6',
    };
    if (upgrade.step === 'AWAIT' && station.reachedProfile >= upgrade.toProfile) {
      await this.finish(upgrade, 'DONE', '');
      return undefined;
    }
    const step = stepAfter(upgrade.step, plan, rebootNeeded);
    return this.moved({
      ...upgrade,
      step,
      // The profile that is waited for: fixed when the station is told, since it is read again when it is back.
      stageProfile: step === 'PROFILE' ? nextProfile(plan) : upgrade.stageProfile,
      problem: '',
    });
  }

  private async moved(upgrade: SecurityUpgrade): Promise<SecurityUpgrade | undefined> {
    const now = this.clock.now();
    const deadlineAt = new Date(now.getTime() + STEP_TIME_MS[upgrade.step]);
    const next = { ...upgrade, attempts: 0, deadlineAt };
    const dueAt = upgrade.step === 'AWAIT' ? now : new Date(now.getTime() + LEASE_MS);
    const saved = await this.database.transaction(tenantScope(upgrade.tenant), (tx) =>
      saveUpgrade(tx, next, dueAt, now),
    );
    return saved ? { ...next, version: upgrade.version + 1 } : undefined;
  }

  private async wait(upgrade: SecurityUpgrade, problem: string): Promise<void> {
    const now = this.clock.now();
    const dueAt = new Date(now.getTime() + AGAIN_MS);
    await this.database.transaction(tenantScope(upgrade.tenant), (tx) =>
      saveUpgrade(tx, { ...upgrade, problem }, dueAt, now),
    );
  }

  /** Until it has come with the higher profile nothing here has changed: only what the station was told is to be put back. */
  private async turnBack(upgrade: SecurityUpgrade, problem: string): Promise<SecurityUpgrade | undefined> {
    const touched = upgrade.step === 'RESET' || upgrade.step === 'AWAIT' || upgrade.step === 'PRIORITY';
    if (touched) return this.moved({ ...upgrade, step: 'ROLL_BACK', problem });
    await this.finish(upgrade, 'ROLLED_BACK', problem);
    return undefined;
  }

  private async finish(upgrade: SecurityUpgrade, state: UpgradeState, problem: string): Promise<void> {
    const { tenant, stationId, toProfile } = upgrade;
    if (state !== 'DONE') {
      counter('kw_station_certificate_problems_total').inc({ problem: 'upgrade_failed' });
      this.log.warn(
        { stationId, toProfile, state, step: upgrade.step, problem },
        'security upgrade of a station failed',
      );
    }
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const ended = await saveUpgrade(tx, { ...upgrade, state, problem }, null, this.clock.now());
      if (!ended) return;
      if (state === 'DONE') await raiseProfile(tx, tenant, stationId, toProfile);
      await this.audit.write(tx, {
        tenant,
        by: SYSTEM,
        action: 'station.security_upgrade_ended',
        target: { kind: 'station', id: stationId },
        details: { toProfile, state, problem },
      });
    });
  }
}
