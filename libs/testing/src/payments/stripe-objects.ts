/** The part of Stripe's objects (API 2026-10-28.endive) that a client of card payments reads, as the fake server keeps them. */
export interface FakeCustomer {
  readonly id: string;
  readonly object: 'customer';
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FakeCard {
  readonly id: string;
  readonly object: 'payment_method';
  readonly type: 'card';
  customer: string | null;
  readonly card: { readonly brand: string; readonly last4: string; exp_month: number; exp_year: number };
  /** What becomes of payments with it. */
  readonly behaviour: CardBehaviour;
}

/** Declined with that code, or only when the holder confirms. */
export type CardBehaviour = 'good' | 'insufficient_funds' | 'lost_card' | 'asks_holder';

export interface FakeSetup {
  readonly id: string;
  readonly object: 'setup_intent';
  readonly client_secret: string;
  readonly customer: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: 'requires_payment_method' | 'succeeded' | 'canceled';
  payment_method: string | null;
}

export interface FakeCharge {
  readonly id: string;
  readonly object: 'charge';
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
  amount_captured: number;
  amount_refunded: number;
  readonly payment_method_details: { readonly card: { capture_before?: number } };
  balance_transaction: FakeTransaction | null;
}

export interface FakeTransaction {
  readonly id: string;
  readonly object: 'balance_transaction';
  readonly type: 'charge' | 'refund' | 'adjustment' | 'stripe_fee' | 'payout';
  /** Signed: what it adds to the account before the fee. */
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  /** What it is about, as `expand` brings it. */
  readonly source: { readonly id: string; readonly object: string; readonly payment_intent?: string } | null;
}

export interface FakePayout {
  readonly id: string;
  readonly object: 'payout';
  readonly amount: number;
  readonly currency: string;
  /** Of one made by hand nobody tells what is in it. */
  readonly automatic: boolean;
  status: 'paid' | 'failed';
}

export type FakeIntentStatus =
  'requires_payment_method' | 'requires_action' | 'requires_capture' | 'succeeded' | 'canceled';

export interface FakeIntent {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly created: number;
  readonly client_secret: string;
  readonly customer: string;
  readonly payment_method: string;
  readonly currency: string;
  readonly amount: number;
  readonly capture_method: string;
  readonly metadata: Readonly<Record<string, string>>;
  amount_capturable: number;
  amount_received: number;
  status: FakeIntentStatus;
  cancellation_reason: string | null;
  latest_charge: FakeCharge | null;
  last_payment_error: { readonly code: string; readonly decline_code?: string } | null;
}

export interface FakeRefund {
  readonly id: string;
  readonly object: 'refund';
  readonly payment_intent: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: 'pending' | 'succeeded' | 'failed';
}

/** A payment that its cardholder has the bank take back. */
export interface FakeDispute {
  readonly id: string;
  readonly object: 'dispute';
  readonly amount: number;
  readonly currency: string;
  readonly charge: string;
  readonly payment_intent: string;
  readonly reason: string;
  readonly created: number;
  status: string;
  readonly evidence_details: {
    readonly due_by: number | null;
    submission_count: number;
    has_evidence: boolean;
    past_due: boolean;
  };
  readonly balance_transactions: FakeTransaction[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FakeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created: number;
  readonly api_version: string;
  readonly data: { readonly object: unknown; readonly previous_attributes?: unknown };
}

/** An answer that is an error, in Stripe's form. */
export class FakeStripeError extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(String(body['code'] ?? body['type']));
  }
}

export function refused(code: string, status = 400): FakeStripeError {
  return new FakeStripeError(status, { type: 'invalid_request_error', code, message: code });
}

/** `a[b]=1&c[]=2` and `c[0]=2` as nested objects: the only form Stripe's first API takes. */
export function parseForm(text: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key.split(/[[\]]+/).filter((part, index) => part !== '' || index === 0);
    let at = root;
    path.slice(0, -1).forEach((part) => {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    });
    at[path[path.length - 1]!] = value;
  }
  return root;
}

export const shortId = () => Math.random().toString(36).slice(2, 14);
export const transaction = (
  type: FakeTransaction['type'],
  amount: number,
  fee: number,
  currency: string,
  source: FakeTransaction['source'],
): FakeTransaction => ({
  id: `txn_${shortId()}`,
  object: 'balance_transaction',
  type,
  amount,
  fee,
  currency,
  source,
});
