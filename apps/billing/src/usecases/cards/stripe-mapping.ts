import { ZERO, decimal, minorDigits, roundMoney, type Decimal } from '@kilowatch/kernel';
import type Stripe from 'stripe';
import type { ChargebackState } from '../../domain/chargeback.js';
import type { Observation } from '../../domain/payment.js';
import type { PayoutPart } from '../../domain/provider-payout.js';
import type {
  OwnerTag,
  ProviderChargeback,
  ProviderNews,
  ProviderPayment,
  ProviderRefund,
  ProviderSetup,
} from './payment-provider.js';

const TENANT = 'kw_tenant';
const ID = 'kw_id';

export function metadataOf({ tenant, id }: OwnerTag): Record<string, string> {
  return { [TENANT]: tenant, [ID]: id };
}

export function ownerOf(metadata: Stripe.Metadata | null | undefined): OwnerTag | undefined {
  const [tenant, id] = [metadata?.[TENANT], metadata?.[ID]];
  return tenant && id ? { tenant, id } : undefined;
}

/** ISO 4217 says these have no minor unit; Stripe takes them in hundredths ("Special cases" of its currencies page). */
const IN_HUNDREDTHS = new Set(['ISK', 'UGX']);

const digitsOf = (currency: string) => (IN_HUNDREDTHS.has(currency) ? 2 : minorDigits(currency));
const POWERS = ['1', '10', '100', '1000'] as const;

/** Amounts travel as whole minor units. */
export function toMinor(amount: Decimal, currency: string): number {
  return Number(roundMoney(amount, currency).times(POWERS[digitsOf(currency)]!).toFixed(0));
}

export function fromMinor(amount: number, currency: string): Decimal {
  return decimal(String(amount)).div(POWERS[digitsOf(currency)]!);
}

export function paymentOf(intent: Stripe.PaymentIntent): ProviderPayment {
  const currency = intent.currency.toUpperCase();
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const transaction =
    typeof charge?.balance_transaction === 'object' ? charge.balance_transaction : undefined;
  const captureBefore = charge?.payment_method_details?.card?.capture_before;
  return {
    ref: intent.id,
    owner: ownerOf(intent.metadata),
    state: stateOf(intent),
    captured: intent.status === 'succeeded' ? fromMinor(intent.amount_received, currency) : ZERO,
    refunded: charge ? fromMinor(charge.amount_refunded, currency) : ZERO,
    closed: intent.status === 'canceled' || intent.status === 'succeeded',
    authorisedUntil: captureBefore ? new Date(captureBefore * 1000) : undefined,
    // A fee in the currency of our own account is no figure of this payment's.
    fee:
      transaction && transaction.currency.toUpperCase() === currency
        ? fromMinor(transaction.fee, currency)
        : undefined,
    clientSecret: intent.status === 'requires_action' ? (intent.client_secret ?? undefined) : undefined,
    failureCode: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code,
  };
}

/** Every payment of ours is confirmed when it is made: one that wants a card again was declined. */
function stateOf({ status, cancellation_reason: reason }: Stripe.PaymentIntent): Observation['state'] {
  switch (status) {
    case 'succeeded':
      return 'CAPTURED';
    case 'requires_capture':
      return 'AUTHORISED';
    case 'canceled':
      return reason === 'automatic' || reason === 'expired' ? 'EXPIRED' : 'CANCELLED';
    case 'requires_payment_method':
      return 'DECLINED';
    default:
      return 'REQUIRES_ACTION';
  }
}

export function refundOf(refund: Stripe.Refund): ProviderRefund {
  const { status } = refund;
  return {
    ref: refund.id,
    paymentRef: idOf(refund.payment_intent) ?? '',
    owner: ownerOf(refund.metadata),
    state:
      status === 'succeeded' ? 'DONE' : status === 'failed' || status === 'canceled' ? 'FAILED' : 'PENDING',
    amount: fromMinor(refund.amount, refund.currency.toUpperCase()),
    failureCode: refund.failure_reason,
  };
}

export function setupOf(setup: Stripe.SetupIntent): ProviderSetup {
  return {
    ref: setup.id,
    owner: ownerOf(setup.metadata),
    state: setup.status === 'succeeded' ? 'DONE' : setup.status === 'canceled' ? 'FAILED' : 'OPEN',
    cardRef: idOf(setup.payment_method),
    clientSecret: setup.client_secret ?? undefined,
  };
}

/** Of a page on which a card is saved: with `setup_intent` expanded it says which card; a webhook has that one's name alone. */
export function pageOf(session: Stripe.Checkout.Session): ProviderSetup {
  const { id, metadata, status, setup_intent: intent, url } = session;
  return {
    ref: id,
    owner: ownerOf(metadata),
    state: status === 'complete' ? 'DONE' : status === 'expired' ? 'FAILED' : 'OPEN',
    cardRef: typeof intent === 'object' ? idOf(intent?.payment_method) : undefined,
    clientSecret: undefined,
    ...(url ? { url } : {}),
  };
}

const CHARGEBACKS: Readonly<Record<string, ChargebackState>> = {
  warning_needs_response: 'INQUIRY',
  warning_under_review: 'INQUIRY_ANSWERED',
  warning_closed: 'CLOSED',
  needs_response: 'NEEDS_RESPONSE',
  under_review: 'UNDER_REVIEW',
  appeal_needs_response: 'NEEDS_RESPONSE',
  appeal_under_review: 'UNDER_REVIEW',
  won: 'WON',
  lost: 'LOST',
  // Given back before the bank took it.
  prevented: 'CLOSED',
};

/** What was taken and given back is in its transactions, each with its own fee; two at most. */
export function chargebackOf(dispute: Stripe.Dispute): ProviderChargeback {
  const currency = dispute.currency.toUpperCase();
  const { status, evidence_details: evidence, balance_transactions: lines } = dispute;
  const amount = fromMinor(dispute.amount, currency);
  // In the currency of our account it is no figure of this payment's: the amount is what was taken, or not.
  const ours = lines.every((line) => line.currency.toUpperCase() === currency);
  const sum = (of: 'amount' | 'fee') => lines.reduce((total, line) => total + line[of], 0);
  return {
    ref: dispute.id,
    currency,
    amount,
    // A state that is not known yet is decided by nobody.
    state: CHARGEBACKS[status] ?? 'UNDER_REVIEW',
    reason: dispute.reason,
    evidenceDueAt: evidence.due_by ? new Date(evidence.due_by * 1000) : undefined,
    evidenceSent: evidence.submission_count > 0,
    withdrawn: ours ? fromMinor(-sum('amount'), currency) : sum('amount') < 0 ? amount : ZERO,
    fee: ours ? fromMinor(sum('fee'), currency) : ZERO,
  };
}

const COSTS: ReadonlySet<string> = new Set(['stripe_fee', 'stripe_fx_fee', 'tax_fee']);

/** Undefined: the payout itself, which is a line of the account, too. `source` must be expanded. */
export function payoutPartOf(line: Stripe.BalanceTransaction): PayoutPart | undefined {
  const { type, amount, fee, currency: code, source } = line;
  if (type === 'payout') return undefined;
  const currency = code.toUpperCase();
  const about =
    typeof source === 'object' && source !== null && 'payment_intent' in source ? source : undefined;
  return {
    paymentRef: idOf(about?.payment_intent),
    kind: about?.object === 'dispute' ? 'CHARGEBACK' : partKind(type),
    amount: fromMinor(amount, currency),
    fee: fromMinor(fee, currency),
  };
}

function partKind(type: string): PayoutPart['kind'] {
  if (type === 'charge' || type === 'payment') return 'PAYMENT';
  if (type.includes('refund')) return 'REFUND';
  return COSTS.has(type) ? 'COST' : 'OTHER';
}

export function newsOf(event: Stripe.Event): ProviderNews {
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.requires_action':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
    case 'payment_intent.processing':
      return { kind: 'PAYMENT', payment: paymentOf(event.data.object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'REFUND', refund: refundOf(event.data.object) };
    case 'setup_intent.succeeded':
    case 'setup_intent.canceled':
      return { kind: 'SETUP', setup: setupOf(event.data.object) };
    case 'checkout.session.completed':
    case 'checkout.session.expired':
      return event.data.object.mode === 'setup'
        ? { kind: 'SETUP', setup: pageOf(event.data.object) }
        : { kind: 'OTHER' };
    case 'payment_method.detached': {
      const before = event.data.previous_attributes?.customer;
      return { kind: 'CARD_GONE', cardRef: event.data.object.id, customerRef: idOf(before) ?? '' };
    }
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated': {
      const { id: ref, payment_intent: intent } = event.data.object;
      return { kind: 'CHARGEBACK', ref, paymentRef: idOf(intent) ?? '' };
    }
    case 'payout.paid':
    case 'payout.failed': {
      const { id: ref, amount, currency: code, automatic } = event.data.object;
      const currency = code.toUpperCase();
      const state = event.type === 'payout.paid' ? 'PAID' : 'FAILED';
      return {
        kind: 'PAYOUT',
        payout: { ref, amount: fromMinor(amount, currency), currency, state, automatic },
      };
    }
    default:
      return { kind: 'OTHER' };
  }
}

function idOf(reference: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
