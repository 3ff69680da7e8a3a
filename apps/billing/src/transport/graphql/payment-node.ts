import { maskToken, type Decimal } from '@kilowatch/kernel';
import { mayAll, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import type { ShownPayment } from '../../usecases/cards/view-payments.js';

export type PaymentNode = ReturnType<typeof toPaymentNode>;

/** A payment by card as people see it. */
export function toPaymentNode(shown: ShownPayment, principal: Principal) {
  const { payment, card, refunds } = shown;
  const { currency, providerRef, fee } = payment;
  const seesAll = mayAll(principal, 'billing:read');
  const money = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  return {
    shown,
    id: payment.id,
    purpose: payment.purpose,
    state: payment.state,
    amount: money(payment.amount),
    captured: money(payment.captured),
    refunded: money(payment.refunded),
    fee: seesAll && fee ? money(fee) : null,
    card: card ?? null,
    providerReference: seesAll && providerRef ? maskToken(providerRef) : null,
    failureCode: payment.failureCode,
    authorisedUntil: payment.authorisedUntil,
    createdAt: payment.createdAt,
    updatedAt: payment.updatedAt,
    account: { id: payment.accountId },
    refunds: refunds.map((refund) => ({
      id: refund.id,
      amount: money(refund.amount),
      state: refund.state,
      reason: refund.reason,
      failureCode: refund.failureCode ?? null,
      createdAt: refund.createdAt,
      requestedBy: seesAll && refund.requestedBy ? { id: refund.requestedBy } : null,
    })),
  };
}
