import { Inject, Injectable } from '@nestjs/common';
import { conflict, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { checkedDisplayName, checkedEmail, checkedParty, type Role } from '../domain/account.js';
import { INVITATION_MS } from '../domain/account-link.js';
import { SYSTEM, type Actor } from '../domain/audit.js';
import { checkedNewPassword } from '../domain/password-policy.js';
import { hasAdmin, insertAccount, type Account } from '../persistence/account.repository.js';
import { AccountLinks } from './account-links.js';
import { announceAccount } from './announce-account.js';
import { AuditLog } from './audit-log.js';
import { Passwords } from './passwords.js';

export interface NewAccount {
  readonly email: string;
  /** Without one the person is invited: a link to choose it goes to the address, and until then nobody signs in. */
  readonly password: string | undefined;
  readonly displayName: string;
  readonly role: Role;
  readonly party?: string | undefined;
  readonly locale: string | undefined;
}

@Injectable()
export class CreateAccount {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly audit: AuditLog,
    private readonly links: AccountLinks,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** CONFLICT when the e-mail address has an account in this tenant. */
  async run(tenant: string, wanted: NewAccount, by: Actor): Promise<Account> {
    const account = await this.prepared(tenant, wanted);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      await this.insert(tx, account, by);
      if (wanted.password === undefined) await this.invite(tx, account);
    });
    return account;
  }

  /** The first administrator of a tenant; nothing when there is one. */
  async ensureAdmin(tenant: string, email: string, password: string): Promise<void> {
    const exists = await this.database.read(tenantScope(tenant), (tx) => hasAdmin(tx, tenant));
    if (exists) return;
    const wanted = {
      email,
      password,
      displayName: 'Administrator',
      role: 'admin',
      locale: undefined,
    } as const;
    const account = await this.prepared(tenant, wanted);
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      // Two pods may start at once: the second finds the first one's account.
      if (!(await hasAdmin(tx, tenant))) await this.insert(tx, account, SYSTEM);
    });
  }

  private async prepared(tenant: string, wanted: NewAccount): Promise<Account> {
    const email = checkedEmail(wanted.email);
    const displayName = checkedDisplayName(wanted.displayName);
    const now = this.clock.now();
    return {
      tenant,
      id: this.ids.newId(),
      email,
      passwordHash:
        wanted.password === undefined
          ? ''
          : await this.passwords.hash(checkedNewPassword(wanted.password, { email, displayName })),
      displayName,
      role: wanted.role,
      party: checkedParty(wanted.role, wanted.party),
      locale: wanted.locale ?? 'en',
      active: true,
      version: 1,
      createdAt: now,
      // Whoever makes an account for somebody vouches for the address.
      emailVerifiedAt: now,
    };
  }

  private async invite(tx: Tx, account: Account): Promise<void> {
    const until = new Date(account.createdAt.getTime() + INVITATION_MS);
    // Where the administrator sits is not the person's concern.
    const nowhere = { address: undefined, agent: undefined };
    await this.links.send(tx, account, 'RESET_PASSWORD', 'INVITED', nowhere, until);
  }

  private async insert(tx: Tx, account: Account, by: Actor): Promise<void> {
    if (!(await insertAccount(tx, account))) {
      throw conflict('AUTH_EMAIL_TAKEN', 'There is an account with this e-mail address.');
    }
    announceAccount(tx, account, account.createdAt);
    await this.audit.write(tx, {
      tenant: account.tenant,
      by,
      action: 'account.created',
      target: { kind: 'account', id: account.id },
      details: { role: account.role, ...(account.passwordHash === '' ? { invited: true } : {}) },
    });
  }
}
