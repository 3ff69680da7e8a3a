import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import type { Device } from '../domain/device.js';
import { findAccountByEmail, findAccounts, type Account } from '../persistence/account.repository.js';
import { Passwords } from './passwords.js';
import { SecondFactor, type CodeProof } from './second-factor.js';
import { SignInSessions, type SignedIn, type SignInRefused } from './sign-in-sessions.js';
import { Tickets, type Ticket } from './tickets.js';

export type { SignedIn, SignInRefused };

export interface Presented {
  readonly email: string;
  readonly password: string;
  readonly tenant?: string | null;
}

/** The password was right, and is not enough. */
export interface SecondFactorNeeded {
  readonly challenge: string;
  readonly expiresAt: Date;
  /** The tenant wants a second factor and there is none yet: it is set up with the challenge. */
  readonly enrolmentNeeded: boolean;
}

export type SignInOutcome = SignedIn | SignInRefused | SecondFactorNeeded;

/** Nobody fills our memory with names. */
const LONGEST_NAME = 400;

/** Kinds of tickets: a code is not taken for an enrolment, nor the other way round. */
export const SECOND_FACTOR_TICKET = 'second-factor';
export const ENROLMENT_TICKET = 'enrolment';

/** Signs people in by password, and by a code where one is wanted. */
@Injectable()
export class SignIn {
  private readonly byName = new AttemptLimit({ failures: 10, windowMs: 15 * 60_000, capacity: 10_000 });
  /** More, since a whole office may share an address; one that tries names in turn runs into it. */
  private readonly byAddress = new AttemptLimit({ failures: 50, windowMs: 15 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly sessions: SignInSessions,
    private readonly factors: SecondFactor,
    private readonly tickets: Tickets,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async withPassword({ email, password, tenant }: Presented, device: Device): Promise<SignInOutcome> {
    const inTenant = tenant ?? this.config.KW_DEFAULT_TENANT;
    const folded = email.trim().toLowerCase();
    const name = `${inTenant}|${folded}`.slice(0, LONGEST_NAME);
    // Counted before anything is hashed: guessing must not cost us more than it costs the guesser. It counts as failed until it
    // was right, so that those who guess side by side count too.
    const block = device.address && addressBlock(device.address);
    const wait = this.waitSeconds(name, block);
    if (wait > 0) return { reason: 'RATE_LIMITED', retryAfterSeconds: wait };
    const at = this.clock.now();
    this.byName.failed(name, at);
    if (block) this.byAddress.failed(block, at);
    const account = await this.matching(inTenant, folded, password).catch((error: unknown) => {
      // Nothing was found out about it: an outage of ours locks nobody out.
      this.byName.withdraw(name, at);
      if (block) this.byAddress.withdraw(block, at);
      throw error;
    });
    if (!account) return { reason: 'WRONG_CREDENTIALS' };
    // The address keeps its failures but this one: whoever has one right password must not guess at others the longer for it.
    this.byName.succeeded(name);
    if (block) this.byAddress.withdraw(block, at);
    return this.database.transaction(tenantScope(account.tenant), (tx) => this.proven(tx, account, device));
  }

  /** What follows once the password was right: a session, or what is wanted first. */
  async proven(tx: Tx, account: Account, device: Device): Promise<SignInOutcome> {
    if (!account.active) return { reason: 'INACTIVE' };
    if (this.config.KW_VERIFIED_EMAIL_ONLY && !account.emailVerifiedAt)
      return { reason: 'EMAIL_NOT_VERIFIED' };
    const wanted = await this.factors.wantedOf(tx, account);
    if (wanted === 'NOTHING') return this.sessions.open(tx, account, 'PASSWORD', device);
    const enrolmentNeeded = wanted === 'ENROLMENT';
    const kind = enrolmentNeeded ? ENROLMENT_TICKET : SECOND_FACTOR_TICKET;
    const { text, expiresAt } = this.tickets.issue(kind, { tenant: account.tenant, accountId: account.id });
    return { challenge: text, expiresAt, enrolmentNeeded };
  }

  /** The second step, with the challenge that the first one gave. */
  async withCode(challenge: string, proof: CodeProof, device: Device): Promise<SignedIn | SignInRefused> {
    const ticket = this.tickets.read(SECOND_FACTOR_TICKET, challenge);
    if (!ticket) return { reason: 'CHALLENGE_INVALID' };
    const { tenant, accountId, expiresAt } = ticket;
    return this.database.transaction<SignedIn | SignInRefused>(tenantScope(tenant), async (tx) => {
      const [account] = await findAccounts(tx, tenant, [accountId]);
      if (!account?.active) return { reason: 'INACTIVE' };
      if (isStale(ticket, account)) return { reason: 'CHALLENGE_INVALID' };
      const verdict = await this.factors.check(tx, account, proof, device);
      if (!verdict.right) {
        const { retryAfterSeconds } = verdict;
        if (retryAfterSeconds === undefined) return { reason: 'WRONG_CREDENTIALS' };
        return { reason: 'RATE_LIMITED', retryAfterSeconds };
      }
      if (!(await this.tickets.spend(tx, tenant, challenge, expiresAt)))
        return { reason: 'CHALLENGE_INVALID' };
      return this.sessions.open(tx, account, 'PASSWORD_AND_CODE', device);
    });
  }

  private async matching(tenant: string, email: string, password: string): Promise<Account | undefined> {
    const account = isTenantId(tenant)
      ? await this.database.read(tenantScope(tenant), (tx) => findAccountByEmail(tx, tenant, email))
      : undefined;
    const right = await this.passwords.matches(account?.passwordHash || undefined, password);
    return right ? account : undefined;
  }

  private waitSeconds(name: string, block: string | undefined): number {
    const now = this.clock.now();
    const ofName = this.byName.waitSeconds(name, now);
    return block ? Math.max(ofName, this.byAddress.waitSeconds(block, now)) : ofName;
  }
}

/** A challenge ends with the password that it was given for. */
export function isStale(ticket: Ticket, { passwordChangedAt }: Account): boolean {
  return passwordChangedAt !== undefined && passwordChangedAt >= ticket.issuedAt;
}
