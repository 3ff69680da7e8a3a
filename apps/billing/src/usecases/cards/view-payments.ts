import { Inject, Injectable } from '@nestjs/common';
import { groupBy, isUuid, notFound } from '@kilowatch/kernel';
import {
  Database,
  mayOn,
  ownerLimit,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import type { PaymentState } from '../../domain/payment.js';
import { findCards, type Card } from '../../persistence/card.repository.js';
import { findRefundsOfPayments, type RefundRecord } from '../../persistence/payment-refund.repository.js';
import {
  findPayments,
  findPaymentsOfInvoices,
  findPaymentsOfSessions,
  listPayments,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

export interface ShownPayment {
  readonly payment: PaymentRecord;
  readonly card: Card | undefined;
  readonly refunds: readonly RefundRecord[];
}

/** Payments by card for people: drivers their own, operators those of their tenant. */
@Injectable()
export class ViewPayments {
  constructor(
    private readonly database: Database,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
  ) {}

  list(
    principal: Principal,
    filter: { readonly sessionId: string | undefined; readonly state: PaymentState | undefined },
    page: { limit: number; after: SortKey | undefined },
  ): Promise<ShownPayment[]> {
    const { tenant } = principal;
    const accountId = ownerLimit(principal, 'billing:read');
    if (filter.sessionId !== undefined && !isUuid(filter.sessionId)) return Promise.resolve([]);
    return this.database.read(tenantScope(tenant), async (tx) =>
      withParts(tx, tenant, await listPayments(tx, tenant, { ...filter, accountId }, page)),
    );
  }

  async one(principal: Principal, id: string): Promise<ShownPayment> {
    const { tenant } = principal;
    const [found] = isUuid(id)
      ? await this.database.read(tenantScope(tenant), async (tx) =>
          withParts(tx, tenant, await findPayments(tx, tenant, [id])),
        )
      : [];
    if (!found || !mayOn(principal, 'billing:read', found.payment)) throw unknownPayment();
    return found;
  }

  async byIds(principal: Principal, ids: readonly string[]): Promise<Map<string, ShownPayment>> {
    const { tenant } = principal;
    const found = await this.database.read(tenantScope(tenant), async (tx) =>
      withParts(tx, tenant, await findPayments(tx, tenant, ids.filter(isUuid))),
    );
    const visible = found.filter(({ payment }) => mayOn(principal, 'billing:read', payment));
    return new Map(visible.map((shown) => [shown.payment.id, shown]));
  }

  /** By session. */
  async ofSessions(
    principal: Principal,
    sessionIds: readonly string[],
  ): Promise<Map<string, ShownPayment[]>> {
    const { tenant } = principal;
    const found = await this.database.read(tenantScope(tenant), async (tx) =>
      withParts(tx, tenant, await findPaymentsOfSessions(tx, tenant, sessionIds.filter(isUuid))),
    );
    const visible = found.filter(({ payment }) => mayOn(principal, 'billing:read', payment));
    return groupBy(visible, ({ payment }) => payment.sessionId ?? '');
  }

  /** By collective invoice. */
  async ofInvoices(
    principal: Principal,
    invoiceIds: readonly string[],
  ): Promise<Map<string, ShownPayment[]>> {
    const { tenant } = principal;
    const found = await this.database.read(tenantScope(tenant), async (tx) =>
      withParts(tx, tenant, await findPaymentsOfInvoices(tx, tenant, invoiceIds.filter(isUuid))),
    );
    const visible = found.filter(({ payment }) => mayOn(principal, 'billing:read', payment));
    return groupBy(visible, ({ payment }) => payment.invoiceId ?? '');
  }

  /** What the app needs to let the holder confirm; theirs alone, and asked for each time: it is never stored. */
  async clientSecret(principal: Principal, payment: PaymentRecord): Promise<string | undefined> {
    const { state, providerRef, accountId } = payment;
    if (state !== 'REQUIRES_ACTION' || providerRef === null || accountId !== principal.accountId)
      return undefined;
    const answer = await this.provider.read(providerRef);
    return answer.kind === 'DONE' ? answer.value.clientSecret : undefined;
  }
}

async function withParts(
  tx: Tx,
  tenant: string,
  payments: readonly PaymentRecord[],
): Promise<ShownPayment[]> {
  if (payments.length === 0) return [];
  const [cards, refunds] = await Promise.all([
    findCards(tx, tenant, [...new Set(payments.map(({ cardId }) => cardId))]),
    findRefundsOfPayments(
      tx,
      tenant,
      payments.map(({ id }) => id),
    ),
  ]);
  return payments.map((payment) => ({
    payment,
    card: cards.find(({ id }) => id === payment.cardId),
    refunds: refunds.filter(({ paymentId }) => paymentId === payment.id),
  }));
}

export const unknownPayment = () => notFound('BILLING_PAYMENT', 'There is no such payment.');
