// A billing service whose drivers pay by card, at a pretended Stripe on loopback; and a judge that holds our books against its books.
import { randomUUID } from 'node:crypto';
import {
  StripeServer,
  type CardBehaviour,
  type StripeCall,
  type StripeTrouble,
} from '@kilowatch/testing/payments';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { WEBHOOK_PATH, WebhookServer } from '../src/transport/http/webhook-server.js';
import { aCharge, aDriver, BillingRig, OPERATOR, type Charge } from './billing-rig.js';

/** More is reserved than a usual session of the rig costs. */
const AUTHORISED = '20.00';

export interface SeenPayment {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly amount: { readonly amount: string };
  readonly captured: { readonly amount: string };
  readonly refunded: { readonly amount: string };
  readonly fee: { readonly amount: string } | null;
  readonly providerReference: string | null;
  readonly failureCode: string | null;
  readonly clientSecret: string | null;
  readonly refunds: readonly { readonly state: string; readonly amount: { readonly amount: string } }[];
}

export interface SeenInvoice {
  readonly id: string;
  readonly status: string;
  readonly paymentMethod: string | null;
  readonly total: string;
  readonly cardPaid: string;
  readonly payments: readonly SeenPayment[];
}

export const PAYMENT_FIELDS = `id purpose state amount { amount } captured { amount } refunded { amount } fee { amount }
  providerReference failureCode clientSecret refunds { state amount { amount } }`;

export class CardRig {
  private constructor(
    readonly fleet: BillingRig,
    readonly stripe: StripeServer,
  ) {}

  static async start(over: Readonly<Record<string, string>> = {}): Promise<CardRig> {
    const stripe = await StripeServer.start();
    const fleet = await BillingRig.start({
      KW_PAYMENTS: 'stripe',
      KW_STRIPE_URL: stripe.url,
      KW_STRIPE_SECRET_KEY: stripe.secretKey,
      KW_STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      KW_STRIPE_PUBLISHABLE: 'pk_test_1',
      KW_EGRESS_ALLOW: stripe.host,
      KW_WEBHOOK_PORT: '0',
      KW_CARD_AUTHORISE_AMOUNT: AUTHORISED,
      ...over,
    });
    const { port } = fleet.rig.running.get(WebhookServer);
    stripe.webhookUrl = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
    return new CardRig(fleet, stripe);
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await this.stripe.close();
  }

  async setUp(driver: TestPrincipal, key: string = randomUUID()) {
    const { data, codes } = await this.fleet.rig.graphql<{
      setUpCard: { clientSecret: string; publishableKey: string };
    }>(
      driver,
      'mutation($k: String!) { setUpCard(input: { idempotencyKey: $k }) { clientSecret publishableKey } }',
      {
        k: key,
      },
    );
    return { ...data?.setUpCard, codes, setupId: data?.setUpCard.clientSecret.split('_secret_')[0] ?? '' };
  }

  /** A driver with a card who chose to pay with it. */
  async payer(behaviour: CardBehaviour = 'good', tenant = 'demo'): Promise<TestPrincipal> {
    const driver = aDriver(tenant);
    await this.save(driver, behaviour);
    await this.choose(driver, 'CARD');
    return driver;
  }

  async save(driver: TestPrincipal, behaviour: CardBehaviour = 'good', last4 = '4242'): Promise<void> {
    const { setupId } = await this.setUp(driver);
    const before = (await this.cards(driver)).cards.length;
    this.stripe.ledger.confirmSetup(setupId, behaviour, last4);
    await waitFor('the card to be there', async () => (await this.cards(driver)).cards.length > before);
  }

  async choose(driver: TestPrincipal, method: 'CARD' | 'AS_AGREED', cardId?: string) {
    return this.fleet.rig.graphql<{ choosePaymentMethod: { cards: { method: string } } }>(
      driver,
      'mutation($i: ChoosePaymentMethodInput!) { choosePaymentMethod(input: $i) { cards { method } } }',
      { i: { method, cardId } },
    );
  }

  async cards(driver: TestPrincipal, asker: TestPrincipal = driver) {
    const { data } = await this.fleet.rig.graphql<{
      paymentCards: {
        offered: boolean;
        method: string;
        cards: { id: string; last4: string; brand: string; isDefault: boolean }[];
      };
    }>(
      asker,
      `query($a: ID) { paymentCards(accountId: $a) { offered method cards { id last4 brand isDefault } } }`,
      {
        a: asker === driver ? null : driver.accountId,
      },
    );
    return data!.paymentCards;
  }

  /** Makes what waits for a pause due, but not what waits for an answer. */
  hurry = (tenant = 'demo') =>
    this.fleet.rig.sql(
      `with p as (update payment set due_at = now() where due_at between now() and now() + interval '55 seconds')
        update payment_refund set due_at = now() where due_at between now() and now() + interval '55 seconds'`,
      [],
      tenant,
    );

  /** Waits for `found`, with pauses between questions left out. */
  async until<T>(what: string, find: () => Promise<T>, found: (value: T) => boolean): Promise<T> {
    let last: T | undefined;
    await waitFor(what, async () => {
      await this.hurry();
      last = await find();
      return found(last);
    }).catch((error: unknown) => {
      throw new Error(`${what}: last seen ${JSON.stringify(last)}`, { cause: error });
    });
    return last!;
  }

  async payments(charge: Charge, asker: TestPrincipal = OPERATOR): Promise<SeenPayment[]> {
    const { data, errors } = await this.fleet.rig.graphql<{
      payments: { edges: { node: SeenPayment }[] };
    }>(
      asker,
      `query($s: ID) { payments(first: 20, sessionId: $s) { edges { node { ${PAYMENT_FIELDS} } } } }`,
      {
        s: charge.sessionId,
      },
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.payments.edges.map(({ node }) => node).reverse();
  }

  async payment(id: string, asker: TestPrincipal) {
    return this.fleet.rig.graphql<{ payment: SeenPayment }>(
      asker,
      `query($id: ID!) { payment(id: $id) { ${PAYMENT_FIELDS} } }`,
      { id },
    );
  }

  /** The states of a session's payments in the order they were made. */
  states = (charge: Charge, ...states: string[]) =>
    this.until(
      `payments to be ${states.join(', ')}`,
      () => this.payments(charge),
      (payments) => payments.map(({ state }) => state).join() === states.join(),
    );

  async invoice(charge: Charge): Promise<SeenInvoice | undefined> {
    const seen = await this.fleet.see<{
      invoice: {
        id: string;
        status: string;
        paymentMethod: string | null;
        totalInclVat: { amount: string };
        cardPaid: { amount: string };
        payments: SeenPayment[];
      } | null;
    }>(
      charge,
      `invoice { id status paymentMethod totalInclVat { amount } cardPaid { amount } payments { ${PAYMENT_FIELDS} } }`,
    );
    if (!seen?.invoice) return undefined;
    const { totalInclVat, cardPaid, ...invoice } = seen.invoice;
    return { ...invoice, total: totalInclVat.amount, cardPaid: cardPaid.amount };
  }

  /** Started, so that something is reserved, then ended and metered; with troubles on the way. */
  async session(
    driver: TestPrincipal,
    troubles: Partial<Record<StripeCall, StripeTrouble[]>> = {},
    reserved = 'AUTHORISED',
  ): Promise<Charge> {
    const charge = aCharge(driver);
    this.stripe.misbehave('create', ...(troubles.create ?? []));
    this.stripe.misbehave('read', ...(troubles.read ?? []));
    await this.fleet.started(charge);
    await this.states(charge, reserved);
    this.stripe.misbehave('capture', ...(troubles.capture ?? []));
    await this.fleet.ended(charge);
    await this.fleet.metered(charge);
    await this.fleet.billed(charge);
    return charge;
  }

  paid = (charge: Charge, status = 'PAID') =>
    this.until(
      `the invoice to be ${status}`,
      () => this.invoice(charge),
      (invoice) => invoice?.status === status,
    );

  /** One sentence for everything in which our books and the provider's differ, once nothing is under way. */
  async judge(tenant = 'demo'): Promise<string[]> {
    const sql = <T>(text: string) => this.fleet.rig.sql<T>(text, [], tenant);
    const sums = await sql<{ account: string; sum: string }>(
      `select split_part(account, ':', 1) as account, sum(amount)::text as sum from ledger_entry group by 1`,
    );
    const of = (account: string) =>
      Math.round(Number(sums.find((one) => one.account === account)?.sum ?? 0) * 100);
    const { captured, refunded, disputed, fees, paidOut, payments } = this.stripe.books();
    const problems: string[] = [];
    const holds = (what: string, ours: number, theirs: number) => {
      if (ours !== theirs) problems.push(`${what}: ours ${ours}, theirs ${theirs}`);
    };
    holds('held by the provider', of('clearing'), captured - refunded - disputed - fees - paidOut);
    holds('kept by the provider', of('fees'), fees);
    holds('on its way back', of('refund'), 0);
    const ours = await sql<{ id: string; captured: string; refunded: string; provider_ref: string | null }>(
      'select id, captured::text, refunded::text, provider_ref from payment',
    );
    for (const theirs of payments) {
      const own = ours.find(({ provider_ref: ref }) => ref === theirs.id);
      if (!own) problems.push(`${theirs.id} (${theirs.status}) is not known here`);
      else {
        holds(`${theirs.id} taken`, Math.round(Number(own.captured) * 100), theirs.captured);
        holds(`${theirs.id} given back`, Math.round(Number(own.refunded) * 100), theirs.refunded);
      }
    }
    const twice = payments
      .map(({ owner }) => owner)
      .filter((owner, index, all) => all.indexOf(owner) !== index);
    problems.push(...twice.map((owner) => `payment ${owner} was made more than once`));
    const over = await sql<{ number: string }>(
      "select number from invoice where kind = 'INVOICE' and card_paid > greatest(total_incl, 0)",
    );
    problems.push(...over.map(({ number }) => `${number} was paid more than once`));
    return problems;
  }
}
