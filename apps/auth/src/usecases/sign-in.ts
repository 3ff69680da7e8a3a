import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  Database,
  IDS,
  SYSTEM_SCOPE,
  tenantScope,
  type ConfigOf,
  type Tx,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import { findAccountByEmail, findAccounts, type Account } from '../persistence/account.repository.js';
import {
  findRefreshToken,
  insertRefreshToken,
  markRefreshTokenUsed,
  revokeFamily,
} from '../persistence/refresh-token.repository.js';
import { AccessTokens, refreshTokenHash } from './access-tokens.js';
import { Passwords } from './passwords.js';

export interface Presented {
  readonly email: string;
  readonly password: string;
  readonly tenant?: string | null;
}

export interface SignedIn {
  readonly account: Account;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
}

export interface SignInRefused {
  readonly reason: 'WRONG_CREDENTIALS' | 'INACTIVE' | 'RATE_LIMITED' | 'REFRESH_TOKEN_INVALID';
  readonly retryAfterSeconds?: number;
}

export type SignInOutcome = SignedIn | SignInRefused;

/** Signs people in, and keeps them signed in by rotating refresh tokens (RFC 9700, 4.14.2). */
@Injectable()
export class SignIn {
  private readonly byName = new AttemptLimit({ failures: 10, windowMs: 15 * 60_000, capacity: 10_000 });
  /** More, since a whole office may share an address; one that tries names in turn runs into it. */
  private readonly byAddress = new AttemptLimit({ failures: 50, windowMs: 15 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly tokens: AccessTokens,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** `address`: where the request came to us from; undefined when nobody knows. */
  async withPassword(
    { email, password, tenant }: Presented,
    address: string | undefined,
  ): Promise<SignInOutcome> {
    const inTenant = tenant ?? this.config.KW_DEFAULT_TENANT;
    const folded = email.trim().toLowerCase();
    const name = `${inTenant}|${folded}`;
    // Counted before anything is hashed: guessing must not cost us more than it costs the guesser.
    const block = address && addressBlock(address);
    const wait = this.waitSeconds(name, block);
    if (wait > 0) return { reason: 'RATE_LIMITED', retryAfterSeconds: wait };
    const account = isTenantId(inTenant)
      ? await this.database.read(tenantScope(inTenant), (tx) => findAccountByEmail(tx, inTenant, folded))
      : undefined;
    if (!(await this.passwords.matches(account?.passwordHash, password)) || !account) {
      this.byName.failed(name, this.clock.now());
      if (block) this.byAddress.failed(block, this.clock.now());
      return { reason: 'WRONG_CREDENTIALS' };
    }
    // The address keeps its failures: whoever has one right password must not guess at others the longer for it.
    this.byName.succeeded(name);
    if (!account.active) return { reason: 'INACTIVE' };
    return this.database.transaction(tenantScope(account.tenant), (tx) =>
      this.session(tx, account, this.ids.newId()),
    );
  }

  /** Each refresh token works once. A second use means it was stolen: the whole family ends. */
  async withRefreshToken(refreshToken: string): Promise<SignInOutcome> {
    const hash = refreshTokenHash(refreshToken);
    const now = this.clock.now();
    return this.database.transaction<SignInOutcome>(SYSTEM_SCOPE, async (tx) => {
      const stored = await findRefreshToken(tx, hash);
      if (!stored || stored.revokedAt || stored.expiresAt <= now) return { reason: 'REFRESH_TOKEN_INVALID' };
      if (stored.usedAt) {
        await revokeFamily(tx, stored.tenant, stored.familyId, now);
        return { reason: 'REFRESH_TOKEN_INVALID' };
      }
      const [account] = await findAccounts(tx, stored.tenant, [stored.accountId]);
      if (!account?.active) return { reason: 'INACTIVE' };
      await markRefreshTokenUsed(tx, stored, now);
      return this.session(tx, account, stored.familyId);
    });
  }

  /** Ends what grew from this sign-in. An unknown token is as good as signed out. */
  async signOut(refreshToken: string): Promise<void> {
    const hash = refreshTokenHash(refreshToken);
    await this.database.transaction(SYSTEM_SCOPE, async (tx) => {
      const stored = await findRefreshToken(tx, hash);
      if (stored) await revokeFamily(tx, stored.tenant, stored.familyId, this.clock.now());
    });
  }

  private waitSeconds(name: string, block: string | undefined): number {
    const now = this.clock.now();
    const ofName = this.byName.waitSeconds(name, now);
    return block ? Math.max(ofName, this.byAddress.waitSeconds(block, now)) : ofName;
  }

  private async session(tx: Tx, account: Account, familyId: string): Promise<SignedIn> {
    const refreshToken = this.ids.token(32);
    const days = this.config.KW_REFRESH_TOKEN_DAYS;
    await insertRefreshToken(tx, {
      tenant: account.tenant,
      tokenHash: refreshTokenHash(refreshToken),
      familyId,
      accountId: account.id,
      expiresAt: new Date(this.clock.now().getTime() + days * 86_400_000),
    });
    const access = await this.tokens.issue(account);
    return { account, accessToken: access.token, accessTokenExpiresAt: access.expiresAt, refreshToken };
  }
}
