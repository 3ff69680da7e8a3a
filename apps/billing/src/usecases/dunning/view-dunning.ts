import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, sumDecimals, type Clock, type Decimal } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  mayAll,
  mayOn,
  ownerLimit,
  tenantScope,
  type Principal,
  type SortKey,
} from '@kilowatch/platform';
import { chargesOpen, nextStep, type NextStep } from '../../domain/dunning.js';
import {
  blockedByDunning,
  casesOfInvoices,
  casesWithCharges,
  entriesOf,
  findCase,
  listCases,
  type CaseEntry,
  type CaseFilter,
  type CaseRecord,
} from '../../persistence/dunning.repository.js';
import { openSums } from '../../persistence/invoice-debt.repository.js';
import type { InvoiceRecord } from '../../persistence/invoice.repository.js';
import { paymentsOfInvoice, type InvoicePayment } from '../../persistence/invoice-payment.repository.js';
import { currencyOf, findTerms } from '../find-terms.js';
import { unknownCase } from './act-on-dunning.js';
import { FindDunning } from './find-dunning.js';

export type { CaseEntry, CaseRecord } from '../../persistence/dunning.repository.js';
export type { InvoicePayment } from '../../persistence/invoice-payment.repository.js';

/** What an account has to pay. */
export interface AccountDebt {
  readonly accountId: string;
  readonly currency: string;
  /** Of invoices that are open. */
  readonly open: Decimal;
  /** Of these, what should have been paid by now. */
  readonly overdue: Decimal;
  /** Fees and interest of dunning. */
  readonly charges: Decimal;
  readonly total: Decimal;
  /** It may start nothing: because of an overdue invoice, or as agreed. */
  readonly blocked: boolean;
  readonly instructions: string;
}

/** Cases of overdue invoices for people: drivers their own, operators those of their tenant. */
@Injectable()
export class ViewDunning {
  constructor(
    private readonly database: Database,
    private readonly settings: FindDunning,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    principal: Principal,
    filter: CaseFilter,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<{ rows: CaseRecord[]; total: number }> {
    const { tenant } = principal;
    const own = ownerLimit(principal, 'billing:read');
    const accountId = own ?? filter.accountId;
    if (own !== undefined && filter.accountId !== undefined && filter.accountId !== own)
      return Promise.resolve({ rows: [], total: 0 });
    return this.database.read(tenantScope(tenant), (tx) =>
      listCases(tx, tenant, { ...filter, accountId }, page),
    );
  }

  async one(principal: Principal, id: string): Promise<CaseRecord> {
    const { tenant } = principal;
    const found = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => findCase(tx, tenant, id))
      : undefined;
    if (!found || !mayOn(principal, 'billing:read', found)) throw unknownCase();
    return found;
  }

  /** Of invoices that the caller has shown to be theirs to see. */
  ofInvoices({ tenant }: Principal, invoiceIds: readonly string[]): Promise<Map<string, CaseRecord>> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const found = await Promise.all(invoiceIds.map((id) => casesOfInvoices(tx, tenant, id)));
      return new Map(found.flatMap((one) => (one ? [[one.invoiceId, one] as const] : [])));
    });
  }

  /** Oldest first, of a case that the caller may see. Drivers are not told who and why. */
  async history(principal: Principal, { tenant, id }: CaseRecord): Promise<CaseEntry[]> {
    const entries = await this.database.read(tenantScope(tenant), (tx) => entriesOf(tx, tenant, id));
    if (mayAll(principal, 'billing:read')) return entries;
    return entries.map((entry) => ({ ...entry, by: undefined, reason: '' }));
  }

  payments({ tenant }: Principal, invoiceId: string): Promise<InvoicePayment[]> {
    return this.database.read(tenantScope(tenant), (tx) => paymentsOfInvoice(tx, tenant, invoiceId));
  }

  isOverdue({ status, dueAt }: Pick<InvoiceRecord, 'status' | 'dueAt'>): boolean {
    return status === 'OPEN' && dueAt !== undefined && dueAt <= this.clock.now();
  }

  next({ tenant }: Principal, one: CaseRecord): Promise<NextStep | undefined> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const settings = await this.settings.of(tx, tenant);
      return settings.enabled ? nextStep(one, settings) : undefined;
    });
  }

  /** Drivers: own. Operators name the account. */
  async debt(principal: Principal, asked: string | undefined): Promise<AccountDebt> {
    const { tenant } = principal;
    const accountId = asked ?? ownerLimit(principal, 'billing:read');
    if (accountId === undefined) throw invalid('BILLING_ACCOUNT', 'Name the account.');
    if (!mayOn(principal, 'billing:read', { accountId }))
      throw notFound('BILLING_ACCOUNT_DEBT', 'There is no such account.');
    return this.database.read(tenantScope(tenant), async (tx) => {
      const currency = await currencyOf(tx, tenant, accountId);
      const { open, overdue } = await openSums(tx, tenant, { accountId, currency, at: this.clock.now() });
      const cases = await casesWithCharges(tx, tenant, accountId, currency, 'seen');
      const charges = sumDecimals(cases.map(chargesOpen));
      const dunned = (await blockedByDunning(tx, tenant, accountId)) ?? false;
      const { blocked } = await findTerms(tx, tenant, accountId, currency);
      const { instructions } = await this.settings.of(tx, tenant);
      const total = open.plus(charges);
      return { accountId, currency, open, overdue, charges, total, blocked: blocked || dunned, instructions };
    });
  }
}
