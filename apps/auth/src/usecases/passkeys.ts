import { Inject, Injectable } from '@nestjs/common';
import { conflict, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import type { Device } from '../domain/device.js';
import { checkedPasskeyName, MOST_PASSKEYS, type Passkey } from '../domain/passkey.js';
import { lockAccount, type Account } from '../persistence/account.repository.js';
import {
  deletePasskey,
  insertPasskey,
  listPasskeys,
  renamePasskey,
} from '../persistence/passkey.repository.js';
import { AccountMails } from './account-mails.js';
import { actorOf, AuditLog } from './audit-log.js';
import { OwnPassword } from './own-password.js';
import { PasskeyCeremony } from './passkey-ceremony.js';
import { isStale } from './sign-in.js';
import { Tickets } from './tickets.js';

export type { Passkey };

export const REGISTRATION_TICKET = 'passkey-registration';

/** The passkeys of one's own account: added with the password, named, removed. */
@Injectable()
export class Passkeys {
  constructor(
    private readonly database: Database,
    private readonly ceremony: PasskeyCeremony,
    private readonly tickets: Tickets,
    private readonly password: OwnPassword,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  list({ tenant, accountId }: Principal): Promise<Passkey[]> {
    return this.database.read(tenantScope(tenant), (tx) => listPasskeys(tx, tenant, accountId));
  }

  /** With the password: whoever holds an access token for a quarter of an hour must not stay for ever. */
  async start(principal: Principal, password: string): Promise<{ ticket: string; options: object }> {
    const account = await this.password.proven(principal, password);
    const held = await this.list(principal);
    if (held.length >= MOST_PASSKEYS)
      throw precondition('AUTH_PASSKEYS_FULL', `There are ${MOST_PASSKEYS} passkeys: remove one first.`);
    const { text: ticket } = this.tickets.issue(REGISTRATION_TICKET, {
      tenant: account.tenant,
      accountId: account.id,
    });
    return { ticket, options: await this.ceremony.registrationOptions(ticket, account, held) };
  }

  async finish(
    principal: Principal,
    given: { ticket: string; response: unknown; name: string },
    device: Device,
  ): Promise<Passkey> {
    const { tenant, accountId } = principal;
    const name = checkedPasskeyName(given.name);
    const ticket = this.tickets.read(REGISTRATION_TICKET, given.ticket);
    // Bound to the account that asked: nobody adds a passkey of theirs to another's account, or the other way round.
    if (!ticket || ticket.accountId !== accountId || ticket.tenant !== tenant) throw tooLate();
    const credential = await this.ceremony.registered(given.ticket, given.response);
    const now = this.clock.now();
    const passkey: Passkey = {
      tenant,
      id: this.ids.newId(),
      accountId,
      ...credential,
      name,
      createdAt: now,
      lastUsedAt: undefined,
    };
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const account = await lockAccount(tx, tenant, accountId);
      // The password that was shown for it is another by now: whoever knew the old one gets no key.
      if (!account.active || isStale(ticket, account)) throw tooLate();
      if (!(await this.tickets.spend(tx, tenant, given.ticket, ticket.expiresAt))) throw tooLate();
      if (!(await insertPasskey(tx, passkey)))
        throw conflict('AUTH_PASSKEY_KNOWN', 'This passkey is registered already.');
      this.mails.ask(tx, account, 'PASSKEY_ADDED', device);
      await this.note(tx, principal, passkey, 'passkey.added', device);
    });
    return passkey;
  }

  async rename(principal: Principal, id: string, wanted: string, device: Device): Promise<Passkey> {
    const { tenant, accountId } = principal;
    const name = checkedPasskeyName(wanted);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const passkey = found(await renamePasskey(tx, { tenant, accountId, id }, name));
      await this.note(tx, principal, passkey, 'passkey.renamed', device);
      return passkey;
    });
  }

  /** Sign-ins that it made go on; end them where that is not wanted. */
  async remove(principal: Principal, id: string, device: Device): Promise<void> {
    const { tenant, accountId } = principal;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const account: Account = await lockAccount(tx, tenant, accountId);
      const passkey = found(await deletePasskey(tx, { tenant, accountId, id }));
      this.mails.ask(tx, account, 'PASSKEY_REMOVED', device);
      await this.note(tx, principal, passkey, 'passkey.removed', device);
    });
  }

  private note(
    tx: Tx,
    principal: Principal,
    passkey: Passkey,
    action: string,
    { address }: Device,
  ): Promise<void> {
    const { tenant, id, name } = passkey;
    const by = actorOf(principal, address);
    return this.audit.write(tx, { tenant, by, action, target: { kind: 'passkey', id }, details: { name } });
  }
}

function found(passkey: Passkey | undefined): Passkey {
  if (!passkey) throw notFound('AUTH_PASSKEY', 'There is no such passkey.');
  return passkey;
}

function tooLate() {
  return precondition('AUTH_CHALLENGE', 'This took too long, or was done already. Start again.');
}
