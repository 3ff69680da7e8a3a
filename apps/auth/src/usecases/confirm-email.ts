import { Inject, Injectable } from '@nestjs/common';
import { type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import type { Device } from '../domain/device.js';
import { endAccountLinks, findAccountLink } from '../persistence/account-link.repository.js';
import { findAccounts, updateEmailVerified } from '../persistence/account.repository.js';
import { AccountLinks } from './account-links.js';
import { AuditLog } from './audit-log.js';
import { OwnPassword } from './own-password.js';
import { SignIn, type SignInOutcome } from './sign-in.js';

/**
 * The link that came by mail, with the password of the registration: somebody who registers with another's address gets nothing
 * when that other opens the link, since the two never meet in one person.
 */
@Injectable()
export class ConfirmEmail {
  constructor(
    private readonly database: Database,
    private readonly links: AccountLinks,
    private readonly password: OwnPassword,
    private readonly signIn: SignIn,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Signs in. PRECONDITION for a link that opens nothing, UNAUTHENTICATED for another password. */
  async run(token: string, password: string, device: Device): Promise<SignInOutcome> {
    const named = this.links.read(token, 'CONFIRM_EMAIL');
    const { tenant } = named;
    const scope = tenantScope(tenant);
    const held = await this.database.read(scope, async (tx) => {
      const link = await findAccountLink(tx, tenant, named.id);
      const [account] = link ? await findAccounts(tx, tenant, [link.accountId]) : [];
      return account;
    });
    if (held) await this.password.prove(held, password);
    return this.database.transaction<SignInOutcome>(scope, async (tx) => {
      const link = await this.links.lock(tx, named);
      const now = this.clock.now();
      const account = await updateEmailVerified(tx, tenant, link.accountId, now);
      await endAccountLinks(tx, tenant, account.id, now, 'CONFIRM_EMAIL');
      await this.audit.write(tx, {
        tenant,
        by: { kind: 'PERSON', id: account.id, address: device.address },
        action: 'account.email_confirmed',
        target: { kind: 'account', id: account.id },
      });
      return this.signIn.proven(tx, account, device);
    });
  }
}
