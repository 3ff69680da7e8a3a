import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { groupBy, toWire, ZERO, type Clock, type Decimal } from '@kilowatch/kernel';
import { CLOCK, counter, LOGGER, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import { USUAL_TERMS, type PaymentTerms } from '../domain/payment-terms.js';
import {
  FUND_MOVES,
  isLimited,
  planFunds,
  roomOf,
  type AccountMoney,
  type FundedSession,
  type PlannedFund,
} from '../domain/session-fund.js';
import {
  beginLook,
  dueAccounts,
  findAccountFunds,
  nudgeAllFunds,
  nudgeLater,
  saveAccountFunds,
  type AccountFunds,
  type DueAccount,
} from '../persistence/account-funds.repository.js';
import { findSessions, type StoredEnergy } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions, isBilled } from '../persistence/cdr.repository.js';
import { collectedSum } from '../persistence/collective.repository.js';
import { disputedSum } from '../persistence/dispute.repository.js';
import { blockedByDunning } from '../persistence/dunning.repository.js';
import { owedBy, walletBalance } from '../persistence/ledger.repository.js';
import { agreedTerms, DEFAULT_TERMS } from '../persistence/payment-terms.repository.js';
import { findQuotesOfSessions } from '../persistence/quote.repository.js';
import { fundsOfAccount, saveFund, type FundRecord } from '../persistence/session-fund.repository.js';
import { ReserveMore } from './cards/reserve-more.js';
import { EnergySoFar } from './energy-so-far.js';
import { currencyOf, findTerms } from './find-terms.js';
import { needsEnergySoFar } from './session-cost.js';
import { spendingOf, type SessionSpending } from './session-spending.js';

const AGAIN_MS = 60_000;
/** Until metering, which is away, is asked again. */
const ASK_AGAIN_MS = 5_000;

/** An account with the energy of its running sessions so far. */
interface DueLook extends DueAccount {
  /** Of these metering was asked. */
  readonly asked: ReadonlySet<string>;
  /** Undefined: metering is away. */
  readonly energy: ReadonlyMap<string, StoredEnergy> | undefined;
}

/**
 * Looks at the money of an account and at what its running sessions cost: after anything happened to either, and when the forecast says
 * so. It alone writes what may be spent, so whoever moves money only says that they did (`nudgeFunds`). What it reads may be a moment
 * old: then the nudge of what came in between brings it back.
 */
@Injectable()
export class LookAtFunds implements DueWorkDefinition<DueLook> {
  readonly name = 'look-at-funds';
  readonly intervalMs = 500;
  readonly limit = 50;

  constructor(
    private readonly energySoFar: EnergySoFar,
    private readonly more: ReserveMore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The accounts that are due share their statements. */
  sideBySide({ accountId }: DueLook): string {
    return accountId;
  }

  peek(tx: Tx, now: Date): Promise<unknown[]> {
    return dueAccounts(tx, now, 1);
  }

  /** Metering is asked before anything is locked, once for all that are due, and only where somebody's money has an end. */
  async take(tx: Tx, now: Date, limit: number): Promise<DueLook[]> {
    const looks: DueLook[] = [];
    const due = await dueAccounts(tx, now, limit);
    for (const [tenant, accounts] of groupBy(due, (account) => account.tenant)) {
      const asked = await Promise.all(accounts.map((account) => this.limited(tx, account)));
      const energy = await this.soFar(tenant, asked.flat());
      accounts.forEach((account, index) => looks.push({ ...account, asked: new Set(asked[index]), energy }));
    }
    return looks;
  }

  async run(tx: Tx, account: DueLook, now: Date): Promise<void> {
    await beginLook(tx, account);
    const { tenant, accountId } = account;
    const held = await findAccountFunds(tx, tenant, accountId);
    const terms = await this.termsOf(tx, account, held?.currency);
    if (accountId === DEFAULT_TERMS) {
      await nudgeAllFunds(tx, tenant);
      const available = roomOf(terms, { balance: ZERO, owed: ZERO });
      return this.tell(tx, tenant, held, {
        ...told(accountId, terms, terms.currency),
        available,
        lookAt: undefined,
      });
    }
    const funds = await fundsOfAccount(tx, tenant, accountId);
    if (!isLimited(terms) && funds.every(({ cardLimit }) => cardLimit === undefined)) {
      await this.withoutEnd(tx, tenant, terms, funds);
      const rest = { available: undefined, lookAt: undefined };
      return this.tell(tx, tenant, held, { ...told(accountId, terms, terms.currency), ...rest });
    }
    const currency = await currencyOf(tx, tenant, accountId);
    const [money, known] = await Promise.all([
      moneyOf(tx, tenant, accountId, currency),
      this.known(tx, account, funds),
    ]);
    const limited = (one: KnownFund) => one.fund.cardLimit !== undefined || isLimited(terms);
    if (known.some((one) => one.unread && limited(one))) {
      return nudgeLater(tx, account, account.energy ? now : new Date(now.getTime() + ASK_AGAIN_MS));
    }
    const agreed = terms.currency === currency ? terms : inOther(terms);
    const plan = planFunds({
      terms: agreed,
      currency,
      money,
      sessions: known.flatMap(({ funded }) => funded ?? []),
      now,
    });
    const plans = new Map(plan.funds.map((fund) => [fund.sessionId, fund]));
    await Promise.all(
      known.map(async (one) =>
        saveFund(tx, tenant, await this.next(tx, tenant, one, plans.get(one.fund.sessionId), now)),
      ),
    );
    const { available, lookAt } = plan;
    await this.tell(tx, tenant, held, { ...told(accountId, agreed, currency), available, lookAt });
  }

  failed(tx: Tx, account: DueLook, _error: unknown, now: Date): Promise<void> {
    return nudgeLater(tx, account, new Date(now.getTime() + AGAIN_MS));
  }

  /** Who has not paid what was asked for again and again starts nothing, whatever is agreed. */
  private async termsOf(tx: Tx, { tenant, accountId }: DueAccount, currency?: string): Promise<PaymentTerms> {
    const [terms, dunned] = await Promise.all([
      findTerms(tx, tenant, accountId, currency),
      accountId === DEFAULT_TERMS ? undefined : blockedByDunning(tx, tenant, accountId),
    ]);
    return dunned ? { ...terms, blocked: true } : terms;
  }

  private async limited(tx: Tx, { tenant, accountId }: DueAccount): Promise<string[]> {
    if (accountId === DEFAULT_TERMS) return [];
    const funds = await fundsOfAccount(tx, tenant, accountId);
    if (funds.length === 0) return [];
    const terms = (await agreedTerms(tx, tenant, accountId)) ?? USUAL_TERMS;
    return funds.flatMap(({ sessionId, cardLimit }) => (cardLimit || isLimited(terms) ? [sessionId] : []));
  }

  private async soFar(
    tenant: string,
    sessionIds: readonly string[],
  ): Promise<ReadonlyMap<string, StoredEnergy> | undefined> {
    try {
      return await this.energySoFar.of(tenant, sessionIds);
    } catch (err) {
      this.log.warn(
        { err, tenant },
        'metering did not tell the energy of sessions that may use up their money',
      );
      return undefined;
    }
  }

  private async known(
    tx: Tx,
    { tenant, asked, energy }: DueLook,
    funds: readonly FundRecord[],
  ): Promise<KnownFund[]> {
    const ids = funds.map(({ sessionId }) => sessionId);
    if (ids.length === 0) return [];
    const [sessions, quotes, cdrs] = await Promise.all([
      findSessions(tx, tenant, ids),
      findQuotesOfSessions(tx, tenant, ids),
      findCdrsOfSessions(tx, tenant, ids),
    ]);
    return funds.map((fund): KnownFund => {
      const { sessionId } = fund;
      const session = sessions.find((one) => one.sessionId === sessionId);
      const cdr = cdrs.find((one) => one.sessionId === sessionId);
      const none = { fund, stationId: '', billed: false, unread: false, funded: undefined };
      // Only its card was asked yet.
      if (!session?.snapshot) return none;
      const { stationId } = session.snapshot;
      if (cdr) return { ...none, stationId, billed: true };
      const quote = quotes.find((one) => one.sessionId === sessionId);
      const facts = { session, quote, cdr };
      const unread = needsEnergySoFar(facts) && !(energy && asked.has(sessionId));
      const spending = spendingOf(facts, energy?.get(sessionId), this.clock);
      return { ...none, stationId, unread, funded: funded(fund, spending) };
    });
  }

  /** Sessions of money without an end: what they cost is nobody's question here, only whether they are billed. */
  private async withoutEnd(
    tx: Tx,
    tenant: string,
    { kind }: PaymentTerms,
    funds: readonly FundRecord[],
  ): Promise<void> {
    const free = { kind, state: 'OPEN', limit: undefined, stoppedAt: undefined, lowTold: false } as const;
    await Promise.all(
      funds.map(async (fund) => {
        if (await isBilled(tx, tenant, fund.sessionId))
          return saveFund(tx, tenant, { ...fund, state: 'CLOSED', dueAt: undefined });
        if (fund.kind === kind && fund.state === 'OPEN' && !fund.limit) return;
        if (fund.state !== 'OPEN') tx.live('session', fund.sessionId, undefined, tenant);
        await saveFund(tx, tenant, { ...fund, ...free, usedUpAt: undefined, dueAt: undefined });
      }),
    );
  }

  /** The fund as it is from now on, and what is told of it. */
  private async next(
    tx: Tx,
    tenant: string,
    { fund, stationId, billed, funded }: KnownFund,
    plan: PlannedFund | undefined,
    now: Date,
  ): Promise<FundRecord> {
    if (billed) return { ...fund, state: 'CLOSED', dueAt: undefined };
    if (!funded || !plan) return fund;
    FUND_MOVES.assertMove(fund.state, plan.state);
    const becomesUsedUp = plan.state === 'USED_UP' && fund.state === 'OPEN';
    const isNearEnd = plan.lowTold && !fund.lowTold;
    // A card that gives more has nothing to tell.
    const asksMore =
      isNearEnd && plan.kind === 'CARD' && (await this.more.beside(tx, tenant, fund.sessionId));
    const becomesLow = isNearEnd && !asksMore;
    const version = fund.version + (becomesUsedUp || becomesLow ? 1 : 0);
    const next: FundRecord = {
      ...fund,
      stationId,
      kind: plan.kind,
      currency: funded.currency,
      state: plan.state,
      limit: plan.limit,
      cost: funded.cost,
      stoppedAt: plan.stoppedAt,
      lowTold: plan.lowTold,
      usedUpAt: becomesUsedUp ? now : plan.state === 'OPEN' ? plan.usedUpAt : fund.usedUpAt,
      version,
      dueAt: becomesUsedUp ? now : plan.state === 'OPEN' || !funded.spending ? undefined : fund.dueAt,
    };
    if (becomesUsedUp) this.usedUp(tx, next, now);
    if (becomesLow) this.low(tx, next, now);
    if (next.state !== fund.state || becomesLow) tx.live('session', fund.sessionId, undefined, tenant);
    return next;
  }

  private usedUp(tx: Tx, fund: FundRecord, occurredAt: Date): void {
    const { sessionId, accountId, kind } = fund;
    tx.publish(events.sessionMoneyUsedUp, {
      aggregateId: sessionId,
      aggregateVersion: fund.version,
      occurredAt,
      payload: { sessionId, accountId, kind, ...amountsOf(fund) },
    });
    tx.afterCommit(() => counter('kw_funds_used_up_total').inc({ kind }));
  }

  private low(tx: Tx, fund: FundRecord, occurredAt: Date): void {
    const { sessionId, accountId, kind, usedUpAt } = fund;
    tx.publish(events.sessionMoneyLow, {
      aggregateId: sessionId,
      aggregateVersion: fund.version,
      occurredAt,
      payload: { sessionId, accountId, kind, usedUpAt, ...amountsOf(fund) },
    });
  }

  /** Others are told when it is something else than they know. */
  private async tell(
    tx: Tx,
    tenant: string,
    held: AccountFunds | undefined,
    funds: Omit<AccountFunds, 'version'>,
  ): Promise<void> {
    const isNews = !held || !sameWord(held, funds);
    const isPlan = held?.lookAt?.getTime() !== funds.lookAt?.getTime();
    const version = (held?.version ?? 0) + (isNews ? 1 : 0);
    if (isNews || isPlan) await saveAccountFunds(tx, tenant, { ...funds, version });
    if (!isNews) return;
    const { accountId, kind, currency, available, minimumToStart, blocked } = funds;
    tx.publish(events.accountFundsChanged, {
      // What counts for all is about no account: it needs a name of its own.
      aggregateId: accountId || 'all',
      aggregateVersion: version,
      occurredAt: this.clock.now(),
      payload: {
        accountId,
        kind,
        currency,
        available: available && toWire({ amount: available, currency }),
        minimumToStart: toWire({ amount: minimumToStart, currency }),
        blocked,
      },
    });
  }
}

interface KnownFund {
  readonly fund: FundRecord;
  readonly stationId: string;
  readonly billed: boolean;
  /** Metering was not asked what it took, or did not answer. */
  readonly unread: boolean;
  /** Undefined: billed, or not known yet. */
  readonly funded: FundedSession | undefined;
}

function funded(fund: FundRecord, { currency, cost, spending }: SessionSpending): FundedSession {
  const { sessionId, state, cardLimit, lowTold, stoppedAt } = fund;
  return { sessionId, state, cardLimit, lowTold, stoppedAt, currency, cost, spending };
}

async function moneyOf(tx: Tx, tenant: string, accountId: string, currency: string): Promise<AccountMoney> {
  const wallet = { accountId, currency };
  const [balance, owed, collected, disputed] = await Promise.all([
    walletBalance(tx, tenant, wallet),
    owedBy(tx, tenant, wallet),
    collectedSum(tx, tenant, wallet),
    disputedSum(tx, tenant, wallet),
  ]);
  return { balance, owed: owed.plus(collected).minus(disputed) };
}

/** What was agreed for all in one currency says nothing about amounts of a wallet in another. */
function inOther(terms: PaymentTerms): PaymentTerms {
  return { ...terms, floor: ZERO, minimumToStart: ZERO, ...(terms.creditLimit ? { creditLimit: ZERO } : {}) };
}

function told(accountId: string, { kind, minimumToStart, blocked }: PaymentTerms, currency: string) {
  return { accountId, kind, currency, minimumToStart, blocked };
}

function amountsOf({ limit, cost, currency }: FundRecord) {
  const wire = (amount: Decimal) => toWire({ amount, currency });
  return { limit: limit && wire(limit), cost: wire(cost) };
}

function sameWord(a: Omit<AccountFunds, 'version'>, b: Omit<AccountFunds, 'version'>): boolean {
  return (
    a.kind === b.kind &&
    a.currency === b.currency &&
    (a.available && b.available ? a.available.eq(b.available) : a.available === b.available) &&
    a.minimumToStart.eq(b.minimumToStart) &&
    a.blocked === b.blocked
  );
}
