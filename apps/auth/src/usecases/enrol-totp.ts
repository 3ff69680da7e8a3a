import { Inject, Injectable } from '@nestjs/common';
import {
  conflict,
  invalid,
  notFound,
  precondition,
  rateLimited,
  unauthenticated,
  type Clock,
  type IdSource,
} from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import type { Device } from '../domain/device.js';
import {
  recoveryCode,
  RECOVERY_CODE_BYTES,
  RECOVERY_CODES,
  totpText,
  totpUri,
  TOTP_SECRET_BYTES,
} from '../domain/second-factor.js';
import { findAccounts, lockAccount, type Account } from '../persistence/account.repository.js';
import {
  beginTotpFactor,
  deleteTotpFactor,
  lockTotpFactor,
  replaceRecoveryCodes,
} from '../persistence/second-factor.repository.js';
import { AccountMails } from './account-mails.js';
import { actorOf, AuditLog } from './audit-log.js';
import { KeyedHash } from './keyed-hash.js';
import { OwnPassword } from './own-password.js';
import { recoveryHash, SecondFactor, totpOwner, type CodeProof, type CodeVerdict } from './second-factor.js';
import { ENROLMENT_TICKET, isStale } from './sign-in.js';
import { SignInSessions, type SignedIn } from './sign-in-sessions.js';
import { Tickets } from './tickets.js';
import { Vault } from './vault.js';

/** Who sets it up: somebody who is signed in, or somebody whose sign-in waits for it. */
export type Enroller =
  { readonly principal: Principal; readonly password: string } | { readonly challenge: string };

const ISSUER = 'Kilowatch';

/** Sets up codes by time for an account, and takes them off again. */
@Injectable()
export class EnrolTotp {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly hash: KeyedHash,
    private readonly factor: SecondFactor,
    private readonly tickets: Tickets,
    private readonly sessions: SignInSessions,
    private readonly password: OwnPassword,
    private readonly mails: AccountMails,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** The secret is shown once, and counts once a code of it was right. CONFLICT when there is a factor already. */
  async start(who: Enroller): Promise<{ secret: string; uri: string }> {
    const account = await this.accountOf(who);
    const { tenant, id: accountId } = account;
    const secret = Buffer.from(this.ids.token(TOTP_SECRET_BYTES), 'base64url');
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const begun = await beginTotpFactor(tx, {
        tenant,
        accountId,
        secret: this.vault.seal(secret, totpOwner(tenant, accountId)),
        createdAt: this.clock.now(),
        confirmedAt: undefined,
        lastStep: -1,
        failures: 0,
        blockedUntil: undefined,
      });
      if (!begun) throw conflict('AUTH_TOTP_EXISTS', 'There is a second factor: take it off first.');
    });
    return { secret: totpText(secret), uri: totpUri(secret, ISSUER, account.email) };
  }

  /** The first right code: from now on it is asked for. With a challenge the sign-in that waited is finished. */
  async confirm(
    who: { readonly principal: Principal } | { readonly challenge: string },
    code: string,
    device: Device,
  ): Promise<{ recoveryCodes: string[]; signedIn: SignedIn | undefined }> {
    const ticket = 'challenge' in who ? this.ticketOf(who.challenge) : undefined;
    const { tenant, accountId } = 'principal' in who ? who.principal : ticket!;
    const outcome = await this.database.transaction(tenantScope(tenant), async (tx) => {
      const account = await this.activeAccount(tx, tenant, accountId);
      if (ticket && isStale(ticket, account)) throw challengeInvalid();
      const factor = await lockTotpFactor(tx, tenant, accountId);
      if (!factor) throw precondition('AUTH_TOTP_NOT_STARTED', 'Nothing was begun: start again.');
      if (factor.confirmedAt) throw conflict('AUTH_TOTP_EXISTS', 'The second factor is on already.');
      const verdict = await this.factor.checkCode(tx, factor, code);
      if (!verdict.right) return { verdict };
      if ('challenge' in who && !(await this.tickets.spend(tx, tenant, who.challenge, ticket!.expiresAt)))
        throw challengeInvalid();
      const recoveryCodes = await this.newCodes(tx, account);
      this.mails.ask(tx, account, 'SECOND_FACTOR_ON', device);
      await this.note(tx, account, 'second_factor.on', device);
      const signedIn = ticket && (await this.sessions.open(tx, account, 'PASSWORD_AND_CODE', device));
      return { verdict, recoveryCodes, signedIn };
    });
    if (!outcome.verdict.right) throw refusalOf(outcome.verdict);
    return { recoveryCodes: outcome.recoveryCodes!, signedIn: outcome.signedIn };
  }

  /** With the password and a code; refused where the tenant wants a second factor of this role. */
  async takeOff(principal: Principal, password: string, proof: CodeProof, device: Device): Promise<void> {
    await this.withProof(principal, password, proof, device, async (tx, account) => {
      await deleteTotpFactor(tx, account.tenant, account.id);
      if ((await this.factor.wantedOf(tx, account)) === 'ENROLMENT')
        throw precondition(
          'AUTH_SECOND_FACTOR_WANTED',
          'Your operator wants a second factor of everybody with your role.',
        );
      this.mails.ask(tx, account, 'SECOND_FACTOR_OFF', device);
      await this.note(tx, account, 'second_factor.off', device);
    });
  }

  /** The old ones work no more. */
  async renewCodes(
    principal: Principal,
    password: string,
    proof: CodeProof,
    device: Device,
  ): Promise<string[]> {
    return this.withProof(principal, password, proof, device, async (tx, account) => {
      const codes = await this.newCodes(tx, account);
      this.mails.ask(tx, account, 'RECOVERY_CODES_NEW', device);
      await this.note(tx, account, 'second_factor.recovery_codes_renewed', device);
      return codes;
    });
  }

  /** By an administrator, for somebody who lost phone and codes. All sign-ins of theirs end. */
  async reset(principal: Principal, accountId: string, reason: string, device: Device): Promise<void> {
    const { tenant } = principal;
    if (accountId === principal.accountId)
      throw precondition(
        'AUTH_OWN_ACCOUNT',
        'Take your own second factor off with your password and a code.',
      );
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const account = await lockAccount(tx, tenant, accountId);
      if (!(await deleteTotpFactor(tx, tenant, accountId)))
        throw notFound('AUTH_TOTP', 'This account has no second factor.');
      await this.sessions.end(tx, principal, { accountId, why: 'SECOND_FACTOR_RESET' }, device.address);
      this.mails.ask(tx, account, 'SECOND_FACTOR_OFF');
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, device.address),
        action: 'second_factor.reset',
        target: { kind: 'account', id: accountId },
        reason,
      });
    });
  }

  private async accountOf(who: Enroller): Promise<Account> {
    if ('principal' in who) return this.password.proven(who.principal, who.password);
    const ticket = this.ticketOf(who.challenge);
    const { tenant, accountId } = ticket;
    const account = await this.database.read(tenantScope(tenant), (tx) =>
      this.activeAccount(tx, tenant, accountId),
    );
    if (isStale(ticket, account)) throw challengeInvalid();
    return account;
  }

  private ticketOf(challenge: string) {
    const ticket = this.tickets.read(ENROLMENT_TICKET, challenge);
    if (!ticket) throw challengeInvalid();
    return ticket;
  }

  private async activeAccount(tx: Tx, tenant: string, id: string): Promise<Account> {
    const [account] = await findAccounts(tx, tenant, [id]);
    if (!account?.active) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
    return account;
  }

  private async withProof<T>(
    principal: Principal,
    password: string,
    proof: CodeProof,
    device: Device,
    fn: (tx: Tx, account: Account) => Promise<T>,
  ): Promise<T> {
    const account = await this.password.proven(principal, password);
    const outcome = await this.database.transaction<{ refused: CodeVerdict } | { done: T }>(
      tenantScope(account.tenant),
      async (tx) => {
        const verdict = await this.factor.check(tx, account, proof, device);
        return verdict.right ? { done: await fn(tx, account) } : { refused: verdict };
      },
    );
    if ('refused' in outcome) throw refusalOf(outcome.refused);
    return outcome.done;
  }

  private async newCodes(tx: Tx, account: Account): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, () =>
      recoveryCode(Buffer.from(this.ids.token(RECOVERY_CODE_BYTES), 'base64url')),
    );
    const hashes = codes.map((code) => recoveryHash(this.hash, account, code));
    await replaceRecoveryCodes(tx, account.tenant, account.id, hashes);
    return codes;
  }

  private note(tx: Tx, { tenant, id }: Account, action: string, { address }: Device): Promise<void> {
    const by = { kind: 'PERSON', id, address } as const;
    return this.audit.write(tx, { tenant, by, action, target: { kind: 'account', id } });
  }
}

function refusalOf(verdict: CodeVerdict) {
  return 'retryAfterSeconds' in verdict && verdict.retryAfterSeconds !== undefined
    ? rateLimited('AUTH_CODE_LIMIT', `Too many wrong codes. Wait ${verdict.retryAfterSeconds} s.`)
    : invalid('AUTH_CODE', 'The code is wrong, or was used already.');
}

function challengeInvalid() {
  return unauthenticated('AUTH_CHALLENGE', 'This took too long. Please sign in again.');
}
