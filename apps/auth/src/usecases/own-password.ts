import { Inject, Injectable } from '@nestjs/common';
import { notFound, precondition, rateLimited, unauthenticated, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { AttemptLimit } from '../domain/attempt-limit.js';
import { findAccounts, type Account } from '../persistence/account.repository.js';
import { Passwords } from './passwords.js';

/** Asks people for their password again before what a stolen access token must not do. */
@Injectable()
export class OwnPassword {
  private readonly guesses = new AttemptLimit({ failures: 10, windowMs: 15 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Their account, when it is theirs. PRECONDITION when another identity provider vouches for them. */
  async proven({ tenant, accountId }: Principal, password: string): Promise<Account> {
    const [account] = await this.database.read(tenantScope(tenant), (tx) =>
      findAccounts(tx, tenant, [accountId]),
    );
    if (!account?.active) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    await this.prove(account, password);
    return account;
  }

  /** Throws UNAUTHENTICATED for a wrong one, RATE_LIMITED after too many. */
  async prove(account: Account, password: string): Promise<void> {
    if (account.issuer !== undefined)
      throw precondition('AUTH_EXTERNAL', 'You sign in with another provider: this is set up there.');
    const name = `${account.tenant}|${account.id}`;
    const at = this.clock.now();
    const wait = this.guesses.waitSeconds(name, at);
    if (wait > 0) throw rateLimited('AUTH_PASSWORD_LIMIT', `Too many wrong passwords. Wait ${wait} s.`);
    this.guesses.failed(name, at);
    if (!(await this.passwords.matches(account.passwordHash || undefined, password)))
      throw unauthenticated('AUTH_PASSWORD_WRONG', 'The password is wrong.');
    this.guesses.succeeded(name);
  }
}
