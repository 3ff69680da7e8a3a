import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope, type ConfigOf, type Tx } from '@kilowatch/platform';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import type { Device } from '../domain/device.js';
import {
  findAccountByEmail,
  findAccounts,
  isAsRead,
  type Account,
} from '../persistence/account.repository.js';
import type { RefusalReason } from '../domain/refused-sign-in.js';
import { Passwords } from './passwords.js';
import { RefusedSignIns, type Refusal } from './refused-sign-ins.js';
import { SecondFactor, type CodeProof } from './second-factor.js';
import { SharedFailures } from './shared-failures.js';
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
    private readonly refused: RefusedSignIns,
    private readonly shared: SharedFailures,
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
    const at = this.clock.now();
    const ofAddress = block ? this.byAddress.waitSeconds(block, at) : 0;
    const wait = Math.max(ofAddress, this.byName.waitSeconds(name, at));
    if (wait > 0) {
      await this.refused.lockedOut(inTenant, ofAddress > 0 ? undefined : folded, device.address);
      return { reason: 'RATE_LIMITED', retryAfterSeconds: wait };
    }
    this.byName.failed(name, at);
    if (block) this.byAddress.failed(block, at);
    const { account, right } = await this.matching(inTenant, folded, password).catch((error: unknown) => {
      // Nothing was found out about it: an outage of ours locks nobody out.
      this.byName.withdraw(name, at);
      if (block) this.byAddress.withdraw(block, at);
      throw error;
    });
    if (!account || !right) {
      await Promise.all([this.tellFailure(name, block, at), this.noteWrong(inTenant, account, device)]);
      return { reason: 'WRONG_CREDENTIALS' };
    }
    // The address keeps its failures but this one: whoever has one right password must not guess at others the longer for it.
    this.byName.succeeded(name);
    // Whatever this pod knows of it: it may have been another that was guessed at.
    await this.shared.forget({ kind: NAMES, name });
    if (block) this.byAddress.withdraw(block, at);
    return this.database.transaction(tenantScope(account.tenant), (tx) => this.proven(tx, account, device));
  }

  /** What follows once the password was right: a session, or what is wanted first. */
  async proven(tx: Tx, account: Account, device: Device): Promise<SignInOutcome> {
    // While it was hashed the password became another, or the account was switched off: it opens no second step either.
    if (!(await isAsRead(tx, account))) return { reason: 'WRONG_CREDENTIALS' };
    const refusal = this.refusalOf(account);
    if (refusal) {
      await this.refused.write(tx, { ...aimedAt(account, device), why: refusal });
      return { reason: refusal };
    }
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
      if (!account) return { reason: 'INACTIVE' };
      const refused = (why: RefusalReason) => this.refused.write(tx, { ...aimedAt(account, device), why });
      if (!account.active) {
        await refused('INACTIVE');
        return { reason: 'INACTIVE' };
      }
      if (isStale(ticket, account)) return { reason: 'CHALLENGE_INVALID' };
      const verdict = await this.factors.check(tx, account, proof, device);
      if (!verdict.right) {
        const { retryAfterSeconds } = verdict;
        await refused(retryAfterSeconds === undefined ? 'WRONG_CODE' : 'LOCKED');
        if (retryAfterSeconds === undefined) return { reason: 'WRONG_CREDENTIALS' };
        return { reason: 'RATE_LIMITED', retryAfterSeconds };
      }
      if (!(await this.tickets.spend(tx, tenant, challenge, expiresAt)))
        return { reason: 'CHALLENGE_INVALID' };
      return this.sessions.open(tx, account, 'PASSWORD_AND_CODE', device);
    });
  }

  private async matching(
    tenant: string,
    email: string,
    password: string,
  ): Promise<{ account: Account | undefined; right: boolean }> {
    const account = isTenantId(tenant)
      ? await this.database.read(tenantScope(tenant), (tx) => findAccountByEmail(tx, tenant, email))
      : undefined;
    return { account, right: await this.passwords.matches(account?.passwordHash || undefined, password) };
  }

  private refusalOf(account: Account): 'INACTIVE' | 'EMAIL_NOT_VERIFIED' | undefined {
    if (!account.active) return 'INACTIVE';
    return this.config.KW_VERIFIED_EMAIL_ONLY && !account.emailVerifiedAt ? 'EMAIL_NOT_VERIFIED' : undefined;
  }

  /** What other pods counted of the same name and address holds here too from now on. */
  private async tellFailure(name: string, block: string | undefined, at: Date): Promise<void> {
    const guessers = [{ kind: NAMES, name }, ...(block ? [{ kind: ADDRESSES, name: block }] : [])];
    const [ofName = [], ofAddress = []] = await this.shared.tell(guessers, at, this.byName.windowMs);
    this.byName.learn(name, ofName, at);
    if (block) this.byAddress.learn(block, ofAddress, at);
  }

  private noteWrong(tenant: string, account: Account | undefined, device: Device): Promise<void> {
    return this.refused.note(
      account
        ? { ...aimedAt(account, device), why: 'WRONG_PASSWORD' }
        : { tenant, address: device.address, why: 'UNKNOWN_ACCOUNT' },
    );
  }
}

const NAMES = 'sign-in name';
const ADDRESSES = 'sign-in address';

function aimedAt({ tenant, id }: Account, { address }: Device): Omit<Refusal, 'why'> {
  return { tenant, target: { kind: 'account', id }, address };
}

/** A challenge ends with the password that it was given for. */
export function isStale(ticket: Ticket, { passwordChangedAt }: Account): boolean {
  return passwordChangedAt !== undefined && passwordChangedAt >= ticket.issuedAt;
}
