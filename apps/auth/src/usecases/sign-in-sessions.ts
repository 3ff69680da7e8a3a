import { Inject, Injectable } from '@nestjs/common';
import { notFound, unauthenticated, type Clock, type IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  CONFIG,
  Database,
  IDS,
  SYSTEM_SCOPE,
  tenantScope,
  type ConfigOf,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { SYSTEM } from '../domain/audit.js';
import type { Device } from '../domain/device.js';
import { findAccounts, isAsRead, type Account } from '../persistence/account.repository.js';
import {
  findRefreshToken,
  insertRefreshToken,
  markRefreshTokenUsed,
} from '../persistence/refresh-token.repository.js';
import {
  endSignInSessions,
  insertSignInSession,
  listSignInSessions,
  lockSignInSession,
  touchSignInSession,
  type SignInMethod,
  type SignInSession,
} from '../persistence/sign-in-session.repository.js';
import { AccessTokens, refreshTokenHash } from './access-tokens.js';
import { AccountMails } from './account-mails.js';
import { actorOf, AuditLog } from './audit-log.js';

export type { SignInMethod, SignInSession };

export interface SignedIn {
  readonly account: Account;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
}

export interface SignInRefused {
  readonly reason:
    | 'WRONG_CREDENTIALS'
    | 'INACTIVE'
    | 'RATE_LIMITED'
    | 'REFRESH_TOKEN_INVALID'
    | 'EMAIL_NOT_VERIFIED'
    | 'CHALLENGE_INVALID'
    | 'PROVIDER_REFUSED';
  readonly retryAfterSeconds?: number;
}

/** What was proved about an account is not so any more. */
export function overtaken(): Error {
  return unauthenticated('AUTH_SIGN_IN_OVERTAKEN', 'The account has changed meanwhile. Sign in again.');
}

/**
 * What follows once somebody has proved who they are, by whatever means: a session with refresh tokens that work once each
 * (RFC 9700, 4.14.2), its list, its end. An access token that is out is refused within seconds (`revoked.json`);
 * from the end on there is no new one.
 */
@Injectable()
export class SignInSessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** UNAUTHENTICATED when the account was switched off, or its password changed, since it was read: what was proved counts no more. */
  async open(tx: Tx, account: Account, method: SignInMethod, device: Device): Promise<SignedIn> {
    if (!(await isAsRead(tx, account))) throw overtaken();
    const id = this.ids.newId();
    const now = this.clock.now();
    const { tenant, id: accountId } = account;
    await insertSignInSession(tx, {
      tenant,
      id,
      accountId,
      method,
      ...device,
      startedAt: now,
      lastUsedAt: now,
      expiresAt: this.expiry(now),
    });
    await this.audit.write(tx, {
      tenant,
      by: { kind: 'PERSON', id: accountId, address: device.address },
      action: 'session.started',
      target: { kind: 'session', id },
      details: { method },
    });
    return this.pair(tx, account, id, now);
  }

  /** Each refresh token works once. A second use means it was stolen: the whole session ends. */
  async refresh(refreshToken: string, device: Device): Promise<SignedIn | SignInRefused> {
    const hash = refreshTokenHash(refreshToken);
    const now = this.clock.now();
    return this.database.transaction<SignedIn | SignInRefused>(SYSTEM_SCOPE, async (tx) => {
      const named = await findRefreshToken(tx, hash);
      // The session before its token, as whoever ends it: a token that is made while it ends is of an ended session, and works no more.
      const isOn = named !== undefined && (await lockSignInSession(tx, named.tenant, named.familyId));
      const stored = isOn ? await findRefreshToken(tx, hash) : undefined;
      if (!stored || stored.revokedAt || stored.expiresAt <= now) return { reason: 'REFRESH_TOKEN_INVALID' };
      const { tenant, accountId, familyId } = stored;
      if (stored.usedAt) {
        await endSignInSessions(tx, { tenant, accountId, only: familyId, at: now, why: 'TOKEN_REUSED' });
        this.mails.ask(tx, { tenant, id: accountId }, 'SESSION_ENDED', device);
        await this.audit.write(tx, {
          tenant,
          by: { ...SYSTEM, address: device.address },
          action: 'session.ended',
          target: { kind: 'session', id: familyId },
          reason: 'a refresh token was used twice',
        });
        return { reason: 'REFRESH_TOKEN_INVALID' };
      }
      const [account] = await findAccounts(tx, tenant, [accountId]);
      if (!account?.active) return { reason: 'INACTIVE' };
      await markRefreshTokenUsed(tx, stored, now);
      const use = { tenant, id: familyId, ...device, lastUsedAt: now, expiresAt: this.expiry(now) };
      await touchSignInSession(tx, use);
      return this.pair(tx, account, familyId, now);
    });
  }

  /** Ends what grew from this sign-in. An unknown token is as good as signed out. */
  async signOut(refreshToken: string, { address }: Device): Promise<void> {
    const hash = refreshTokenHash(refreshToken);
    await this.database.transaction(SYSTEM_SCOPE, async (tx) => {
      const stored = await findRefreshToken(tx, hash);
      if (!stored) return;
      const { tenant, accountId, familyId } = stored;
      const by = { accountId, tenant: tenant as Principal['tenant'] };
      await this.end(tx, by, { accountId, only: familyId, why: 'SIGNED_OUT' }, address);
    });
  }

  list(
    { tenant, accountId }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<SignInSession[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      listSignInSessions(tx, tenant, accountId, page, this.clock.now()),
    );
  }

  /** One of one's own. NOT_FOUND when there is none, or when it is over. */
  async endOne(principal: Principal, sessionId: string, address: string | undefined): Promise<void> {
    const { tenant, accountId } = principal;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const ended = await this.end(
        tx,
        principal,
        { accountId, only: sessionId, why: 'ENDED_BY_OWNER' },
        address,
      );
      if (ended === 0) throw notFound('AUTH_SESSION', 'There is no such sign-in.');
    });
  }

  /** All of one's own but the one that asks. How many were ended. */
  async endOthers(principal: Principal, address: string | undefined): Promise<number> {
    const { tenant, accountId, sessionId } = principal;
    return this.database.transaction(tenantScope(tenant), (tx) =>
      this.end(tx, principal, { accountId, except: sessionId, why: 'ENDED_BY_OWNER' }, address),
    );
  }

  /** Ends sign-ins of an account in the transaction of what made it necessary. How many. */
  async end(
    tx: Tx,
    by: Pick<Principal, 'accountId' | 'tenant'>,
    which: { accountId: string; only?: string; except?: string | undefined; why: string },
    address: string | undefined,
  ): Promise<number> {
    const { tenant } = by;
    const ended = await endSignInSessions(tx, { tenant, ...which, at: this.clock.now() });
    for (const id of ended) {
      await this.audit.write(tx, {
        tenant,
        by: actorOf(by, address),
        action: 'session.ended',
        target: { kind: 'session', id },
        details: { why: which.why },
      });
    }
    return ended.length;
  }

  private async pair(tx: Tx, account: Account, familyId: string, now: Date): Promise<SignedIn> {
    const refreshToken = this.ids.token(32);
    await insertRefreshToken(tx, {
      tenant: account.tenant,
      tokenHash: refreshTokenHash(refreshToken),
      familyId,
      accountId: account.id,
      expiresAt: this.expiry(now),
    });
    const access = await this.tokens.issue(account, familyId);
    return { account, accessToken: access.token, accessTokenExpiresAt: access.expiresAt, refreshToken };
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.config.KW_REFRESH_TOKEN_DAYS * 86_400_000);
  }
}
