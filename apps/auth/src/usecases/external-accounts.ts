import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, externalAccountId, tenantScope, type Tx } from '@kilowatch/platform';
import { externalProfile, sameProfile, type ExternalPerson } from '../domain/external-person.js';
import {
  findAccounts,
  insertAccount,
  lockAccount,
  updateProfile,
  type Account,
} from '../persistence/account.repository.js';
import { SYSTEM } from '../domain/audit.js';
import { AuditLog } from './audit-log.js';
import { announceAccount } from './announce-account.js';

/**
 * Accounts of people who sign in with another identity provider. Every service works out the same id from the token, so the
 * account is only a row for what the id alone does not say; it is made when auth first sees them.
 */
@Injectable()
export class ExternalAccounts {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Their account, made or brought up to date. INVALID when the id is not the one of this issuer and subject. */
  async seen(tenant: string, accountId: string, person: ExternalPerson): Promise<Account> {
    if (externalAccountId(person.issuer, person.subject) !== accountId) {
      throw invalid('AUTH_EXTERNAL_ACCOUNT', 'This is not the account of that issuer and subject.');
    }
    const scope = tenantScope(tenant);
    const [held] = await this.database.read(scope, (tx) => findAccounts(tx, tenant, [accountId]));
    if (held && sameProfile(held, externalProfile(person, held))) return held;
    return this.database.transaction(scope, (tx) => this.store(tx, tenant, accountId, person));
  }

  private async store(tx: Tx, tenant: string, id: string, person: ExternalPerson): Promise<Account> {
    const now = this.clock.now();
    const account: Account = {
      tenant,
      id,
      issuer: person.issuer,
      subject: person.subject,
      passwordHash: '',
      ...externalProfile(person),
      locale: 'en',
      active: true,
      version: 1,
      createdAt: now,
    };
    if (await insertAccount(tx, account)) {
      announceAccount(tx, account, now);
      await this.note(tx, account, 'account.created', {});
      return account;
    }
    const held = await lockAccount(tx, tenant, id);
    const profile = externalProfile(person, held);
    if (sameProfile(held, profile)) return held;
    const changed = await updateProfile(tx, { tenant, id, ...profile });
    announceAccount(tx, changed, now);
    const moved: Record<string, string> = held.role === changed.role ? {} : { from: held.role };
    await this.note(tx, changed, 'account.changed', moved);
    return changed;
  }

  /** Who did it is the provider; what its token says is taken over by the service itself. */
  private note(
    tx: Tx,
    { tenant, id, role, issuer }: Account,
    action: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.audit.write(tx, {
      tenant,
      by: SYSTEM,
      action,
      target: { kind: 'account', id },
      details: { role, issuer: (issuer ?? '').slice(0, 200), ...details },
    });
  }
}
