import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, rateLimited, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  Database,
  tenantScope,
  type ConfigOf,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { checkedEmail } from '../domain/account.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import type { Device } from '../domain/device.js';
import { checkedNewPassword } from '../domain/password-policy.js';
import { endAccountLinks } from '../persistence/account-link.repository.js';
import {
  findAccountByEmail,
  findAccounts,
  lockAccount,
  updateEmailVerified,
  updatePassword,
  type Account,
} from '../persistence/account.repository.js';
import { AccountLinks } from './account-links.js';
import { AccountMails } from './account-mails.js';
import { stranger } from '../domain/audit.js';
import { AuditLog } from './audit-log.js';
import { OwnPassword } from './own-password.js';
import { Passwords } from './passwords.js';
import { overtaken, SignInSessions } from './sign-in-sessions.js';

/** A new password: with the old one, or with a link by mail for who forgot it. */
@Injectable()
export class ChangePassword {
  private readonly byAddress = new AttemptLimit({ failures: 20, windowMs: 60 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly own: OwnPassword,
    private readonly links: AccountLinks,
    private readonly sessions: SignInSessions,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All other sign-ins end. How many. UNAUTHENTICATED when the old password was changed, or the account switched off, meanwhile. */
  async withOld(principal: Principal, old: string, wanted: string, device: Device): Promise<number> {
    const account = await this.own.proven(principal, old);
    const passwordHash = await this.passwords.hash(checkedNewPassword(wanted, account));
    return this.database.transaction(tenantScope(account.tenant), async (tx) => {
      const held = await lockAccount(tx, account.tenant, account.id);
      // Who knew the old one must not write theirs over the one that its owner has chosen since.
      if (!held.active || held.passwordHash !== account.passwordHash) throw overtaken();
      const how = { passwordHash, keep: principal.sessionId, why: 'PASSWORD_CHANGED' } as const;
      return this.store(tx, account, how, device);
    });
  }

  /** Sends a link when there is such an account of our own. Nobody learns whether there is: same answer, same costly work. */
  async request({ email, tenant }: { email: string; tenant?: string | null }, device: Device): Promise<void> {
    const inTenant = tenant ?? this.config.KW_DEFAULT_TENANT;
    const folded = checkedEmail(email);
    this.countAddress(device);
    await this.passwords.matches(undefined, folded);
    if (!isTenantId(inTenant)) return;
    await this.database.transaction(tenantScope(inTenant), async (tx) => {
      const account = await findAccountByEmail(tx, inTenant, folded);
      if (!account?.active) return;
      if (!(await this.links.send(tx, account, 'RESET_PASSWORD', 'RESET_PASSWORD', device))) return;
      await this.audit.write(tx, {
        tenant: inTenant,
        by: stranger(device.address),
        action: 'password.reset_requested',
        target: { kind: 'account', id: account.id },
      });
    });
  }

  /** With the link: every sign-in of the account ends, and its address counts as confirmed. A second factor stays. */
  async withLink(token: string, wanted: string, device: Device): Promise<void> {
    const named = this.links.read(token, 'RESET_PASSWORD');
    const scope = tenantScope(named.tenant);
    // What cannot be a password is said before the link is spent, and the costly hash is not made under its lock.
    const account = await this.database.transaction(scope, async (tx) => {
      const link = await this.links.lock(tx, named);
      return this.ownAccount(tx, named.tenant, link.accountId);
    });
    const passwordHash = await this.passwords.hash(checkedNewPassword(wanted, account));
    await this.database.transaction(scope, async (tx) => {
      await this.links.lock(tx, named);
      await updateEmailVerified(tx, named.tenant, account.id, this.clock.now());
      await this.store(tx, account, { passwordHash, keep: undefined, why: 'PASSWORD_RESET' }, device);
    });
  }

  private async ownAccount(tx: Tx, tenant: string, id: string): Promise<Account> {
    const [account] = await findAccounts(tx, tenant, [id]);
    if (!account) throw new Error('a link without its account');
    return account;
  }

  private async store(
    tx: Tx,
    account: Account,
    how: { passwordHash: string; keep: string | undefined; why: 'PASSWORD_CHANGED' | 'PASSWORD_RESET' },
    device: Device,
  ): Promise<number> {
    const { tenant, id } = account;
    const now = this.clock.now();
    await updatePassword(tx, { tenant, id, passwordHash: how.passwordHash, at: now });
    await endAccountLinks(tx, tenant, id, now);
    const by = { accountId: id, tenant: tenant as Principal['tenant'] };
    const which = { accountId: id, except: how.keep, why: how.why };
    const ended = await this.sessions.end(tx, by, which, device.address);
    this.mails.ask(tx, account, 'PASSWORD_CHANGED', device);
    await this.audit.write(tx, {
      tenant,
      by: { kind: 'PERSON', id, address: device.address },
      action: how.why === 'PASSWORD_RESET' ? 'password.reset' : 'password.changed',
      target: { kind: 'account', id },
    });
    return ended;
  }

  private countAddress({ address }: Device): void {
    if (!address) return;
    const now = this.clock.now();
    const block = addressBlock(address);
    const wait = this.byAddress.waitSeconds(block, now);
    if (wait > 0) throw rateLimited('AUTH_RESET_LIMIT', `Too many requests. Wait ${wait} s.`);
    this.byAddress.failed(block, now);
  }
}
