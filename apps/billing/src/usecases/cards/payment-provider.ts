import type { Decimal } from '@kilowatch/kernel';
import type { ChargebackSeen } from '../../domain/chargeback.js';
import type { Observation } from '../../domain/payment.js';
import type { PayoutPart } from '../../domain/provider-payout.js';

/** Injection token: who moves money on cards. */
export const PAYMENT_PROVIDER = Symbol('PAYMENT_PROVIDER');

/** A payment as the provider tells it. */
export interface ProviderPayment extends Observation {
  /** The provider's name for it. */
  readonly ref: string;
  /** Ours, which it was given when it was asked for; absent: it is none of ours. */
  readonly owner: OwnerTag | undefined;
  readonly authorisedUntil: Date | undefined;
  /** What the provider keeps of it, where it says so. */
  readonly fee: Decimal | undefined;
  /** For the driver's app, while the holder must confirm it. Never stored or logged. */
  readonly clientSecret: string | undefined;
  readonly failureCode: string | undefined;
}

/** What we attach to everything at the provider, and find again in its webhooks. */
export interface OwnerTag {
  readonly tenant: string;
  readonly id: string;
}

export interface ProviderRefund {
  readonly ref: string;
  readonly paymentRef: string;
  readonly owner: OwnerTag | undefined;
  readonly state: 'PENDING' | 'DONE' | 'FAILED';
  readonly amount: Decimal;
  readonly failureCode: string | undefined;
}

/** A payment that its cardholder has the bank take back, as the provider tells it. */
export interface ProviderChargeback extends ChargebackSeen {
  readonly ref: string;
  /** Of the payment. */
  readonly currency: string;
}

export interface CardDetails {
  readonly ref: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresMonth: number;
  readonly expiresYear: number;
}

/** Saving a card: done when the holder confirmed it, in an app or on a page of the provider. */
export interface ProviderSetup {
  readonly ref: string;
  readonly owner: OwnerTag | undefined;
  readonly state: 'OPEN' | 'DONE' | 'FAILED';
  /** Once it is DONE. */
  readonly cardRef: string | undefined;
  readonly clientSecret: string | undefined;
  /** Of a page of theirs: where the holder goes. */
  readonly url?: string;
}

/** Where a page of the provider leads its visitor afterwards. */
export interface WayBack {
  readonly done: string;
  readonly left: string;
}

/**
 * What came of a request. DECLINED: the bank or the provider said no. REFUSED: nothing happened and repeating it changes nothing.
 * UNKNOWN: it may have happened (timeout, cut, an error on their side): ask what is true.
 */
export type Answer<T> =
  | { readonly kind: 'DONE'; readonly value: T }
  | { readonly kind: 'DECLINED'; readonly code: string; readonly value: T | undefined }
  | { readonly kind: 'REFUSED'; readonly code: string }
  | { readonly kind: 'UNKNOWN'; readonly code: string };

/** The code of an UNKNOWN that is an answer: the request is over on their side, and a look afterwards tells for sure what came of it. */
export const BROKEN = 'provider_error';

export interface PaymentRequest {
  readonly owner: OwnerTag;
  readonly customerRef: string;
  readonly cardRef: string;
  readonly amount: Decimal;
  readonly currency: string;
  /** AUTHORISE reserves, CHARGE takes at once. */
  readonly operation: 'AUTHORISE' | 'CHARGE';
  /** Whether the driver is there and can confirm it. */
  readonly attended: boolean;
  readonly description: string;
  readonly key: string;
}

/** Money on its way from the provider to the bank. */
export interface ProviderPayout {
  readonly ref: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly state: 'PAID' | 'FAILED';
  /** Made by the provider's calendar; of one made by hand it does not tell what is in it. */
  readonly automatic: boolean;
}

/** What is told by a webhook whose signature was good. */
export type ProviderNews =
  | { readonly kind: 'PAYMENT'; readonly payment: ProviderPayment }
  | { readonly kind: 'REFUND'; readonly refund: ProviderRefund }
  | { readonly kind: 'SETUP'; readonly setup: ProviderSetup }
  | { readonly kind: 'CARD_GONE'; readonly cardRef: string; readonly customerRef: string }
  | { readonly kind: 'PAYOUT'; readonly payout: ProviderPayout }
  /** Something about it is new: what is true of it is to be read. */
  | { readonly kind: 'CHARGEBACK'; readonly ref: string; readonly paymentRef: string }
  | { readonly kind: 'OTHER' };

export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: Date;
  readonly news: ProviderNews;
}

/**
 * Cards. Every request that moves money carries a key of ours: repeated under it, it has one effect and the first answer. None of the
 * requests throws for what the other side does; what is asked and what is stored is for the caller to keep apart.
 */
export interface PaymentProvider {
  /** As it stands in ledger accounts; empty: cards are off. */
  readonly name: string;
  /** For the driver's app. */
  readonly publishableKey: string;
  newCustomer(owner: OwnerTag, key: string): Promise<Answer<string>>;
  newSetup(owner: OwnerTag, customerRef: string, key: string): Promise<Answer<ProviderSetup>>;
  /** The same on a page of the provider, good for a day. */
  newSetupPage(
    owner: OwnerTag,
    customerRef: string,
    back: WayBack,
    key: string,
  ): Promise<Answer<ProviderSetup>>;
  /** Of either kind. */
  readSetup(ref: string): Promise<Answer<ProviderSetup>>;
  readCard(ref: string): Promise<Answer<CardDetails>>;
  removeCard(ref: string): Promise<Answer<void>>;
  request(payment: PaymentRequest): Promise<Answer<ProviderPayment>>;
  capture(ref: string, amount: Decimal, currency: string, key: string): Promise<Answer<ProviderPayment>>;
  cancel(ref: string, key: string): Promise<Answer<ProviderPayment>>;
  read(ref: string): Promise<Answer<ProviderPayment>>;
  /** The payment of ours whose request was never answered; undefined: there is none. */
  find(owner: OwnerTag, customerRef: string, since: Date): Promise<Answer<ProviderPayment | undefined>>;
  refund(request: RefundRequest): Promise<Answer<ProviderRefund>>;
  findRefund(owner: OwnerTag, paymentRef: string): Promise<Answer<ProviderRefund | undefined>>;
  readChargeback(ref: string): Promise<Answer<ProviderChargeback>>;
  /** What was paid out with a payout. */
  payoutParts(ref: string): Promise<Answer<readonly PayoutPart[]>>;
  /** Throws UNAUTHENTICATED `BILLING_WEBHOOK_SIGNATURE` unless the body was signed with our secret about now. */
  verified(body: Buffer, signature: string | undefined, now: Date): ProviderEvent;
}

export interface RefundRequest {
  readonly owner: OwnerTag;
  readonly paymentRef: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly key: string;
}
