import { StripeDisputes } from './stripe-disputes.js';
import {
  FakeStripeError,
  refused,
  shortId,
  transaction,
  type CardBehaviour,
  type FakeCard,
  type FakeCharge,
  type FakeCustomer,
  type FakeEvent,
  type FakeIntent,
  type FakePayout,
  type FakeRefund,
  type FakeSetup,
  type FakeTransaction,
} from './stripe-objects.js';

type Params = Readonly<Record<string, unknown>>;

const WEEK_SECONDS = 7 * 24 * 3_600;
/** 1.5 % and 25 minor units, as a European card costs. */
const feeOf = (amount: number) => Math.round(amount * 0.015) + 25;
/** The books of a pretended Stripe account: what was asked and what is true of it. No HTTP, no misbehaviour. */
export class StripeLedger {
  readonly customers = new Map<string, FakeCustomer>();
  readonly cards = new Map<string, FakeCard>();
  readonly setups = new Map<string, FakeSetup>();
  readonly intents = new Map<string, FakeIntent>();
  readonly refunds = new Map<string, FakeRefund>();
  readonly disputes: StripeDisputes;
  readonly payouts = new Map<
    string,
    { readonly payout: FakePayout; readonly lines: readonly FakeTransaction[] }
  >();
  accountFees = 0;
  /** What was not paid out yet. */
  private account: FakeTransaction[] = [];

  /** @param tell is given every event in the order in which it became true */
  constructor(
    private readonly tell: (event: FakeEvent) => void,
    private readonly now: () => number,
  ) {
    this.disputes = new StripeDisputes({
      now,
      intentOf: (id) => this.known(this.intents, id),
      announce: (type, object) => this.announce(type, object),
      move: (line) => void this.account.push(line),
    });
  }

  createCustomer(params: Params): FakeCustomer {
    const customer: FakeCustomer = {
      id: `cus_${shortId()}`,
      object: 'customer',
      metadata: metadataOf(params),
    };
    this.customers.set(customer.id, customer);
    return customer;
  }

  createSetup(params: Params): FakeSetup {
    const id = `seti_${shortId()}`;
    const setup: FakeSetup = {
      id,
      object: 'setup_intent',
      client_secret: `${id}_secret_${shortId()}`,
      customer: this.known(this.customers, params['customer']).id,
      metadata: metadataOf(params),
      status: 'requires_payment_method',
      payment_method: null,
    };
    this.setups.set(id, setup);
    return setup;
  }

  /** What the driver's app does with Stripe.js: types a card in and confirms. */
  confirmSetup(id: string, behaviour: CardBehaviour = 'good', last4 = '4242'): FakeCard {
    const setup = this.known(this.setups, id);
    const card: FakeCard = {
      id: `pm_${shortId()}`,
      object: 'payment_method',
      type: 'card',
      customer: setup.customer,
      card: { brand: 'visa', last4, exp_month: 12, exp_year: 2030 },
      behaviour,
    };
    this.cards.set(card.id, card);
    setup.status = 'succeeded';
    setup.payment_method = card.id;
    this.announce('setup_intent.succeeded', setup);
    return card;
  }

  detachCard(id: unknown): FakeCard {
    const card = this.known(this.cards, id);
    const before = card.customer;
    card.customer = null;
    this.announce('payment_method.detached', card, { customer: before });
    return card;
  }

  /** Made and confirmed in one request, as for a card that is on file. Throws the answer of a declined card. */
  createIntent(params: Params, decline?: string): FakeIntent {
    if (params['payment_method_types'] !== undefined)
      throw refused('payment_method_types_no_longer_supported');
    const card = this.known(this.cards, params['payment_method']);
    if (card.customer !== params['customer']) throw refused('payment_method_customer_mismatch');
    const amount = Number(params['amount']);
    if (!Number.isInteger(amount) || amount <= 0) throw refused('parameter_invalid_integer');
    const id = `pi_${shortId()}`;
    const intent: FakeIntent = {
      id,
      object: 'payment_intent',
      created: this.now(),
      client_secret: `${id}_secret_${shortId()}`,
      customer: card.customer!,
      payment_method: card.id,
      currency: String(params['currency']),
      amount,
      capture_method: String(params['capture_method'] ?? 'automatic'),
      metadata: metadataOf(params),
      amount_capturable: 0,
      amount_received: 0,
      status: 'requires_payment_method',
      cancellation_reason: null,
      latest_charge: null,
      last_payment_error: null,
    };
    this.intents.set(id, intent);
    const offSession = params['off_session'] === 'true';
    if (decline !== undefined) this.decline(intent, decline);
    if (card.behaviour === 'asks_holder') {
      if (offSession) this.decline(intent, 'authentication_required');
      intent.status = 'requires_action';
      this.announce('payment_intent.requires_action', intent);
      return intent;
    }
    if (card.behaviour !== 'good') this.decline(intent, card.behaviour);
    this.authorise(intent);
    return intent;
  }

  /** What the holder does in the app when the bank asks. */
  confirmIntent(id: string): FakeIntent {
    const intent = this.known(this.intents, id);
    this.authorise(intent);
    return intent;
  }

  capture(id: string, wanted: number): FakeIntent {
    const intent = this.known(this.intents, id);
    if (intent.status !== 'requires_capture') throw refused('payment_intent_unexpected_state');
    if (wanted > intent.amount_capturable) throw refused('amount_too_large');
    this.take(intent, wanted);
    return intent;
  }

  cancel(id: string, reason: string | null = null): FakeIntent {
    const intent = this.known(this.intents, id);
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      throw refused('payment_intent_unexpected_state');
    }
    intent.status = 'canceled';
    intent.amount_capturable = 0;
    intent.cancellation_reason = reason;
    this.announce('payment_intent.canceled', intent);
    return intent;
  }

  refund(params: Params): FakeRefund {
    const intent = this.known(this.intents, params['payment_intent']);
    const charge = intent.latest_charge;
    const amount = Number(params['amount']);
    if (intent.status !== 'succeeded' || !charge) throw refused('charge_not_captured');
    if (charge.amount_refunded + amount > charge.amount_captured) throw refused('charge_already_refunded');
    charge.amount_refunded += amount;
    const refund: FakeRefund = {
      id: `re_${shortId()}`,
      object: 'refund',
      payment_intent: intent.id,
      amount,
      currency: intent.currency,
      metadata: metadataOf(params),
      status: 'succeeded',
    };
    this.refunds.set(refund.id, refund);
    const source = { id: refund.id, object: 'refund', payment_intent: intent.id };
    this.account.push(transaction('refund', -amount, 0, intent.currency, source));
    this.announce('refund.created', refund);
    this.announce('charge.refunded', { ...charge, balance_transaction: null });
    return refund;
  }

  /** A cost of the account itself. */
  accountFee(amount: number, currency = 'eur'): void {
    this.accountFees += amount;
    this.account.push(transaction('stripe_fee', -amount, 0, currency, null));
  }

  /** Everything that is in the account goes to the bank: by the calendar, or by hand. */
  payOut(currency = 'eur', automatic = true): FakePayout {
    const lines = this.account.filter((line) => line.currency === currency);
    const amount = lines.reduce((sum, line) => sum + line.amount - line.fee, 0);
    this.account = this.account.filter((line) => line.currency !== currency);
    const payout: FakePayout = {
      id: `po_${shortId()}`,
      object: 'payout',
      amount,
      currency,
      automatic,
      status: 'paid',
    };
    const own = transaction('payout', -amount, 0, currency, { id: payout.id, object: 'payout' });
    this.payouts.set(payout.id, { payout, lines: [own, ...lines] });
    this.announce('payout.paid', payout);
    return payout;
  }

  /** The bank gave it back. */
  failPayout(id: string): void {
    const { payout } = this.known(this.payouts, id);
    payout.status = 'failed';
    this.announce('payout.failed', payout);
  }

  /** What was paid out with a payout, the payout itself among it, as Stripe lists it. */
  linesOfPayout(id: unknown): readonly FakeTransaction[] {
    const { payout, lines } = this.known(this.payouts, id);
    if (!payout.automatic) throw refused('payouts_not_automatic');
    return lines;
  }

  known<T>(objects: ReadonlyMap<string, T>, id: unknown): T {
    const found = objects.get(String(id));
    if (!found) throw refused('resource_missing', 404);
    return found;
  }

  announce(type: string, object: object, previous?: object): void {
    this.tell({
      id: `evt_${shortId()}`,
      object: 'event',
      type,
      created: this.now(),
      api_version: '2026-10-28.endive',
      // As it is now: what follows must not change what was told.
      data: { object: structuredClone(object), ...(previous ? { previous_attributes: previous } : {}) },
    });
  }

  private authorise(intent: FakeIntent): void {
    const { id, metadata, amount } = intent;
    intent.latest_charge = {
      id: `ch_${shortId()}`,
      object: 'charge',
      payment_intent: id,
      metadata,
      amount_captured: 0,
      amount_refunded: 0,
      payment_method_details: { card: { capture_before: this.now() + WEEK_SECONDS } },
      balance_transaction: null,
    };
    if (intent.capture_method === 'manual') {
      intent.status = 'requires_capture';
      intent.amount_capturable = amount;
      this.announce('payment_intent.amount_capturable_updated', flat(intent));
      return;
    }
    this.take(intent, amount);
  }

  private take(intent: FakeIntent, amount: number): void {
    const charge = intent.latest_charge as FakeCharge;
    intent.status = 'succeeded';
    intent.amount_received = amount;
    intent.amount_capturable = 0;
    charge.amount_captured = amount;
    const { currency, id: payment_intent } = intent;
    const source = { id: charge.id, object: 'charge', payment_intent };
    charge.balance_transaction = transaction('charge', amount, feeOf(amount), currency, source);
    this.account.push(charge.balance_transaction);
    this.announce('payment_intent.succeeded', flat(intent));
  }

  private decline(intent: FakeIntent, code: string): never {
    const asked = code === 'authentication_required';
    intent.last_payment_error = asked ? { code } : { code: 'card_declined', decline_code: code };
    this.announce('payment_intent.payment_failed', flat(intent));
    throw new FakeStripeError(402, {
      type: 'card_error',
      ...intent.last_payment_error,
      message: 'declined',
      payment_intent: flat(intent),
    });
  }
}

/** Without what only `expand` brings: charges are told by their id. */
export function flat(intent: FakeIntent): object {
  return { ...intent, latest_charge: intent.latest_charge?.id ?? null };
}

function metadataOf(params: Params): Record<string, string> {
  return { ...(params['metadata'] as Record<string, string> | undefined) };
}
