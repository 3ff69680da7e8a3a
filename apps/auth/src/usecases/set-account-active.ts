import { Inject, Injectable } from '@nestjs/common';
import { forbidden, precondition, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { findAccounts, lockAccount, updateActive, type Account } from '../persistence/account.repository.js';
import { announceAccount } from './announce-account.js';
import { actorOf, AuditLog } from './audit-log.js';
import { SignInSessions } from './sign-in-sessions.js';

export interface AccountSwitch {
  readonly accountId: string;
  readonly active: boolean;
  readonly reason: string;
}

/**
 * Switches an account off or on. Off: no sign-in, no refresh, no app token, and no card of it charges. An access token that is
 * out already is refused by every service within seconds (`revoked.json`).
 */
@Injectable()
export class SetAccountActive {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly sessions: SignInSessions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The same state again changes nothing. */
  async run(principal: Principal, wanted: AccountSwitch, address?: string): Promise<Account> {
    const { tenant, accountId: by } = principal;
    if (wanted.accountId === by) {
      throw precondition('AUTH_OWN_ACCOUNT', 'Nobody switches their own account: ask another administrator.');
    }
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      // Whoever was switched off a minute ago still holds an access token: it must not undo that.
      const [actor] = await findAccounts(tx, tenant, [by]);
      if (actor?.active === false) throw forbidden('AUTH_INACTIVE', 'Your account is switched off.');
      const held = await lockAccount(tx, tenant, wanted.accountId);
      if (held.active === wanted.active) return held;
      const now = this.clock.now();
      const reason = `${wanted.reason.trim()} (${by})`.slice(0, 500);
      const account = await updateActive(tx, { tenant, id: held.id, active: wanted.active, reason });
      if (!account.active)
        await this.sessions.end(tx, principal, { accountId: account.id, why: 'SWITCHED_OFF' }, address);
      announceAccount(tx, account, now);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: account.active ? 'account.switched_on' : 'account.switched_off',
        target: { kind: 'account', id: account.id },
        reason: wanted.reason,
      });
      return account;
    });
  }
}
