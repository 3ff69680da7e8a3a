import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, isUuid, notFound, precondition, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import {
  isOpen,
  linkExpiry,
  linkToken,
  MOST_LINKS_AN_HOUR,
  readLinkToken,
  type AccountLink,
  type LinkPurpose,
} from '../domain/account-link.js';
import type { Device } from '../domain/device.js';
import {
  countAccountLinks,
  findAccountLink,
  insertAccountLink,
  lockAccountLink,
} from '../persistence/account-link.repository.js';
import type { Account } from '../persistence/account.repository.js';
import { AccountMails, type MailKind } from './account-mails.js';
import { Vault } from './vault.js';

const HOUR_MS = 3_600_000;

/** One-time links that people get by mail. */
@Injectable()
export class AccountLinks {
  private readonly key: Buffer;

  constructor(
    private readonly database: Database,
    private readonly mails: AccountMails,
    vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {
    this.key = vault.key('links');
  }

  /** Sends one, unless the account got enough of them lately: whoever asks must not learn of that, so it is no error. */
  async send(
    tx: Tx,
    account: Account,
    purpose: LinkPurpose,
    mail: MailKind,
    device: Device,
    expiresAt = linkExpiry(purpose, this.clock.now()),
  ): Promise<boolean> {
    const now = this.clock.now();
    const { tenant, id: accountId } = account;
    tx.lock(`links ${tenant} ${accountId}`);
    const sent = await countAccountLinks(tx, tenant, accountId, new Date(now.getTime() - HOUR_MS));
    if (sent >= MOST_LINKS_AN_HOUR) return false;
    const id = this.ids.newId();
    await insertAccountLink(tx, {
      tenant,
      id,
      accountId,
      purpose,
      createdAt: now,
      expiresAt,
      endedAt: undefined,
    });
    this.mails.ask(tx, account, mail, device, id);
    return true;
  }

  /** For the mail. NOT_FOUND when nobody could open it any more. */
  async tokenOf(tenant: string, id: string): Promise<string> {
    const link = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => findAccountLink(tx, tenant, id))
      : undefined;
    if (!link || !isOpen(link, this.clock.now()))
      throw notFound('AUTH_LINK', 'This link opens nothing any more.');
    return linkToken(link, this.key);
  }

  /** Which tenant and link it is; PRECONDITION when it is none of ours. */
  read(token: string, purpose: LinkPurpose): Pick<AccountLink, 'tenant' | 'id'> {
    const named = readLinkToken(token, purpose, this.key);
    if (!named || !isTenantId(named.tenant)) throw linkInvalid();
    return named;
  }

  /** Locked until the transaction ends; PRECONDITION when it was used, replaced or has expired. */
  async lock(tx: Tx, { tenant, id }: Pick<AccountLink, 'tenant' | 'id'>): Promise<AccountLink> {
    const link = await lockAccountLink(tx, tenant, id);
    if (!link || !isOpen(link, this.clock.now())) throw linkInvalid();
    return link;
  }
}

function linkInvalid() {
  return precondition(
    'AUTH_LINK',
    'This link was used, replaced by a later one, or is too old. Ask for a new one.',
  );
}
