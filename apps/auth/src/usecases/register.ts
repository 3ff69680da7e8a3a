import { Inject, Injectable } from '@nestjs/common';
import { precondition, rateLimited, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, IDS, tenantScope, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { checkedDisplayName, checkedEmail } from '../domain/account.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import type { Device } from '../domain/device.js';
import { checkedNewPassword } from '../domain/password-policy.js';
import { findAccountByEmail, insertAccount, type Account } from '../persistence/account.repository.js';
import { AccountLinks } from './account-links.js';
import { announceAccount } from './announce-account.js';
import { stranger } from '../domain/audit.js';
import { AuditLog } from './audit-log.js';
import { Passwords } from './passwords.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  readonly locale?: string | null;
  readonly tenant?: string | null;
}

/**
 * Drivers make accounts of their own. Whether the address has one already is told to nobody but its owner, by mail: the answer
 * and the costly work are the same. An account that is there is never changed by this.
 */
@Injectable()
export class Register {
  private readonly byAddress = new AttemptLimit({ failures: 20, windowMs: 60 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly links: AccountLinks,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** PRECONDITION where nobody may register, INVALID for what cannot be an account, RATE_LIMITED by network. */
  async run(wanted: Registration, device: Device): Promise<void> {
    const tenant = this.tenantOf(wanted.tenant);
    const email = checkedEmail(wanted.email);
    const displayName = checkedDisplayName(wanted.displayName);
    const password = checkedNewPassword(wanted.password, { email, displayName });
    this.countAddress(device);
    const account: Account = {
      tenant,
      id: this.ids.newId(),
      email,
      passwordHash: await this.passwords.hash(password),
      displayName,
      role: 'driver',
      locale: wanted.locale ?? 'en',
      active: true,
      version: 1,
      createdAt: this.clock.now(),
    };
    await this.database.transaction(tenantScope(tenant), (tx) => this.store(tx, account, device));
  }

  /** The mail again, for an address that waits to be confirmed; nothing for any other, and the answer is the same. */
  async again({ email, tenant }: { email: string; tenant?: string | null }, device: Device): Promise<void> {
    const inTenant = this.tenantOf(tenant);
    const folded = checkedEmail(email);
    this.countAddress(device);
    await this.passwords.matches(undefined, folded);
    await this.database.transaction(tenantScope(inTenant), async (tx) => {
      const account = await findAccountByEmail(tx, inTenant, folded);
      if (account?.active && !account.emailVerifiedAt)
        await this.links.send(tx, account, 'CONFIRM_EMAIL', 'CONFIRM_EMAIL', device);
    });
  }

  private async store(tx: Tx, account: Account, device: Device): Promise<void> {
    const { tenant } = account;
    if (await insertAccount(tx, account)) {
      announceAccount(tx, account, account.createdAt);
      await this.note(tx, account, 'account.registered', device);
      await this.links.send(tx, account, 'CONFIRM_EMAIL', 'CONFIRM_EMAIL', device);
      return;
    }
    const held = await findAccountByEmail(tx, tenant, account.email);
    if (!held?.active) return;
    await this.note(tx, held, 'account.registered_again', device);
    await this.links.send(tx, held, 'RESET_PASSWORD', 'ALREADY_REGISTERED', device);
  }

  private note(tx: Tx, { tenant, id }: Account, action: string, { address }: Device): Promise<void> {
    return this.audit.write(tx, { tenant, by: stranger(address), action, target: { kind: 'account', id } });
  }

  private tenantOf(tenant: string | null | undefined): string {
    const wanted = tenant ?? this.config.KW_DEFAULT_TENANT;
    const open = this.config.KW_REGISTRATION_TENANTS ?? [this.config.KW_DEFAULT_TENANT];
    if (!open.includes(wanted))
      throw precondition(
        'AUTH_REGISTRATION_CLOSED',
        'Ask your operator for an account: nobody registers here.',
      );
    return wanted;
  }

  private countAddress({ address }: Device): void {
    if (!address) return;
    const now = this.clock.now();
    const block = addressBlock(address);
    const wait = this.byAddress.waitSeconds(block, now);
    if (wait > 0) throw rateLimited('AUTH_REGISTRATION_LIMIT', `Too many registrations. Wait ${wait} s.`);
    this.byAddress.failed(block, now);
  }
}
