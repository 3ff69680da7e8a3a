import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { blockedUntil, foldedRecoveryCode, totpStep } from '../domain/second-factor.js';
import type { Device } from '../domain/device.js';
import type { Account } from '../persistence/account.repository.js';
import {
  findSecondFactorRoles,
  findTotpFactor,
  lockTotpFactor,
  saveTotpAttempt,
  useRecoveryCode,
  type TotpFactor,
} from '../persistence/second-factor.repository.js';
import { AccountMails } from './account-mails.js';
import { AuditLog } from './audit-log.js';
import { KeyedHash } from './keyed-hash.js';
import { Vault } from './vault.js';

/** One of the two. */
export interface CodeProof {
  readonly code?: string | null;
  readonly recoveryCode?: string | null;
}

export type CodeVerdict =
  { readonly right: true } | { readonly right: false; readonly retryAfterSeconds?: number };

/** What each recovery code is kept as. */
export function recoveryHash(hash: KeyedHash, account: { tenant: string; id: string }, code: string): Buffer {
  return hash.of('recovery code', account.tenant, account.id, foldedRecoveryCode(code));
}

/** Whether a password is enough, and the judge of codes. Verdicts are counted: the transaction must commit on a wrong code too. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly vault: Vault,
    private readonly hash: KeyedHash,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** NOTHING more than the password, a CODE, or first an ENROLMENT since the tenant wants one of this role. */
  async wantedOf(tx: Tx, account: Account): Promise<'NOTHING' | 'CODE' | 'ENROLMENT'> {
    const { tenant, id } = account;
    const [factor, roles] = await Promise.all([
      findTotpFactor(tx, tenant, id),
      findSecondFactorRoles(tx, tenant),
    ]);
    if (factor?.confirmedAt) return 'CODE';
    return roles.includes(account.role) ? 'ENROLMENT' : 'NOTHING';
  }

  /** A code of the confirmed factor, or a recovery code. */
  async check(tx: Tx, account: Account, proof: CodeProof, device: Device): Promise<CodeVerdict> {
    const factor = await lockTotpFactor(tx, account.tenant, account.id);
    if (!factor?.confirmedAt) return { right: false };
    if (!proof.recoveryCode) return this.checkCode(tx, factor, proof.code ?? '');
    const wait = this.waitSeconds(factor);
    if (wait > 0) return { right: false, retryAfterSeconds: wait };
    const hash = recoveryHash(this.hash, account, proof.recoveryCode);
    const used = await useRecoveryCode(tx, account.tenant, account.id, hash, this.clock.now());
    if (!used) return this.failed(tx, factor);
    await saveTotpAttempt(tx, { ...factor, failures: 0, blockedUntil: undefined });
    this.mails.ask(tx, account, 'RECOVERY_CODE_USED', device);
    await this.audit.write(tx, {
      tenant: account.tenant,
      by: { kind: 'PERSON', id: account.id, address: device.address },
      action: 'second_factor.recovery_code_used',
      target: { kind: 'account', id: account.id },
    });
    return { right: true };
  }

  /** A code of a locked factor, confirmed or about to be. */
  async checkCode(tx: Tx, factor: TotpFactor, code: string): Promise<CodeVerdict> {
    const wait = this.waitSeconds(factor);
    if (wait > 0) return { right: false, retryAfterSeconds: wait };
    const now = this.clock.now();
    const secret = this.vault.open(factor.secret, totpOwner(factor.tenant, factor.accountId));
    const step = totpStep(secret, code, now, factor.lastStep);
    if (step === undefined) return this.failed(tx, factor);
    await saveTotpAttempt(tx, {
      ...factor,
      confirmedAt: factor.confirmedAt ?? now,
      lastStep: step,
      failures: 0,
      blockedUntil: undefined,
    });
    return { right: true };
  }

  private waitSeconds({ blockedUntil: until }: TotpFactor): number {
    return until ? Math.max(0, Math.ceil((until.getTime() - this.clock.now().getTime()) / 1_000)) : 0;
  }

  private async failed(tx: Tx, factor: TotpFactor): Promise<CodeVerdict> {
    const failures = factor.failures + 1;
    const until = blockedUntil(failures, this.clock.now());
    await saveTotpAttempt(tx, { ...factor, failures, blockedUntil: until });
    return { right: false };
  }
}

/** What a sealed secret is bound to. */
export function totpOwner(tenant: string, accountId: string): string {
  return `totp ${tenant} ${accountId}`;
}
