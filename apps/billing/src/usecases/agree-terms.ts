import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock, type Decimal } from '@kilowatch/kernel';
import { CLOCK, Database, mayAll, mayOn, ownerLimit, tenantScope, type Principal } from '@kilowatch/platform';
import {
  checkTerms,
  sameTerms,
  USUAL_TERMS,
  type Invoicing,
  type PaymentKind,
  type PaymentTerms,
} from '../domain/payment-terms.js';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import { walletCurrency } from '../persistence/ledger.repository.js';
import {
  agreedTerms,
  DEFAULT_TERMS,
  lockTerms,
  saveTerms,
  termsChanges,
  type AgreedTerms,
  type TermsChange,
} from '../persistence/payment-terms.repository.js';
import { findTerms } from './find-terms.js';

export type { TermsChange };

export interface TermsInput {
  /** Absent: the tenant's default. */
  readonly accountId?: string | null;
  readonly kind: PaymentKind;
  /** Absent: PER_SESSION. */
  readonly invoicing?: Invoicing | null;
  readonly currency: string;
  readonly floor: Decimal;
  readonly minimumToStart: Decimal;
  readonly creditLimit?: Decimal | null;
  readonly daysToPay: number;
  readonly blocked: boolean;
  readonly reason: string;
}

export interface ShownTerms extends PaymentTerms {
  /** Empty: the tenant's default. */
  readonly accountId: string;
  /** Undefined: nobody has agreed anything; these are the usual terms. */
  readonly agreed: Pick<AgreedTerms, 'updatedAt' | 'updatedBy'> | undefined;
  /** Agreed with this account itself. */
  readonly own: boolean;
}

const LONGEST_REASON = 500;
const CHANGES = 50;

/** How accounts pay: what counts for whom, and who changed it. */
@Injectable()
export class AgreeTerms {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Drivers see their own, whatever is asked for another is NOT_FOUND; operators those of an account, or the default. */
  async view(principal: Principal, asked: string | undefined): Promise<ShownTerms> {
    const { tenant } = principal;
    const accountId = asked ?? ownerLimit(principal, 'billing:read') ?? DEFAULT_TERMS;
    if (!mayOn(principal, 'billing:read', { accountId }))
      throw notFound('BILLING_TERMS', 'There are no such terms.');
    return this.database.read(tenantScope(tenant), async (tx) => {
      const agreed = await agreedTerms(tx, tenant, accountId);
      const terms = agreed ?? (await findTerms(tx, tenant, accountId));
      return { ...terms, accountId, agreed, own: agreed?.accountId === accountId };
    });
  }

  /** The latest changes, for operators: who, when and why. Of the account itself, not those of the default. */
  changes(principal: Principal, accountId: string): Promise<TermsChange[]> {
    const { tenant } = principal;
    if (!mayAll(principal, 'billing:read')) return Promise.resolve([]);
    return this.database.read(tenantScope(tenant), (tx) => termsChanges(tx, tenant, accountId, CHANGES));
  }

  /** Sets all of them at once and keeps who did and why. The same again changes nothing. */
  async set(principal: Principal, input: TermsInput): Promise<ShownTerms> {
    const { tenant } = principal;
    const accountId = input.accountId ?? DEFAULT_TERMS;
    if (accountId !== DEFAULT_TERMS && !isUuid(accountId))
      throw invalid('BILLING_ACCOUNT', 'This is not the id of an account.');
    const reason = input.reason.trim();
    if (reason === '' || reason.length > LONGEST_REASON)
      throw invalid('BILLING_REASON', `The reason has 1 to ${LONGEST_REASON} characters.`);
    const terms = checkTerms({
      kind: input.kind,
      currency: input.currency,
      floor: input.floor,
      minimumToStart: input.minimumToStart,
      creditLimit: input.creditLimit ?? undefined,
      daysToPay: input.daysToPay,
      blocked: input.blocked,
      invoicing: input.invoicing ?? USUAL_TERMS.invoicing,
    });
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTerms(tx, tenant, accountId);
      const wallet = accountId === DEFAULT_TERMS ? undefined : await walletCurrency(tx, tenant, accountId);
      if (wallet !== undefined && wallet !== terms.currency)
        throw invalid('BILLING_WALLET_CURRENCY', `This wallet is in ${wallet}.`);
      const found = await agreedTerms(tx, tenant, accountId);
      const held = found?.accountId === accountId ? found : undefined;
      if (held && sameTerms(held, terms)) return { ...held, agreed: held, own: true };
      const saved: AgreedTerms = {
        ...terms,
        accountId,
        version: (held?.version ?? 0) + 1,
        updatedBy: principal.accountId,
        updatedAt: this.clock.now(),
      };
      await saveTerms(tx, tenant, saved, reason);
      await nudgeFunds(tx, tenant, accountId);
      return { ...saved, agreed: saved, own: true };
    });
  }
}
