import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { loopbackServer, type LoopbackServer } from '../pki/loopback-server.js';
import { StripeLedger } from './stripe-ledger.js';
import {
  FakeStripeError,
  parseForm,
  refused,
  type FakeEvent,
  type FakeIntent,
  type FakeTransaction,
} from './stripe-objects.js';
import { StripePages } from './stripe-pages.js';

export type { CardBehaviour, FakeEvent } from './stripe-objects.js';

/** What is asked of it, as far as it can be made to go wrong. */
export type StripeCall =
  'create' | 'capture' | 'cancel' | 'refund' | 'read' | 'dispute' | 'customer' | 'setup' | 'page';

/**
 * decline: the bank says no. cut-before: the connection ends and nothing happened; cut-after: it happened all the same. error-before,
 * error-after: the same with an answer 500. busy: 429. wrong-amount: another sum is taken than was asked for.
 */
export type StripeTrouble =
  'decline' | 'cut-before' | 'cut-after' | 'error-before' | 'error-after' | 'busy' | 'wrong-amount';

/** now: each as it happens. twice: and once more. held: kept until `release`. lost: never. */
export type WebhookMode = 'now' | 'twice' | 'held' | 'lost';

/** The account's own books: what a checker holds ours against. Minor units. */
export interface StripeBooks {
  readonly captured: number;
  readonly refunded: number;
  /** Taken back by banks and not given back to us. */
  readonly disputed: number;
  readonly fees: number;
  /** Sent to the bank and not given back by it. */
  readonly paidOut: number;
  /** Reserved and neither taken nor released. */
  readonly reserved: number;
  readonly payments: readonly {
    readonly id: string;
    readonly owner: string;
    readonly status: FakeIntent['status'];
    readonly captured: number;
    readonly refunded: number;
  }[];
}

interface Stored {
  readonly args: string;
  readonly status: number;
  readonly body: unknown;
}

const SECRET_KEY = 'sk_test_fake';
const WEBHOOK_SECRET = 'whsec_fake_0123456789';

/**
 * A small server on loopback that speaks the part of Stripe's API that takes cards on file, keeps idempotency keys as Stripe does, sends
 * signed webhooks, and misbehaves when told to. Shares no code with the driver it tests.
 */
export class StripeServer {
  readonly secretKey = SECRET_KEY;
  readonly webhookSecret = WEBHOOK_SECRET;
  readonly ledger: StripeLedger;
  /** Its own, on which people save cards. */
  readonly pages: StripePages;
  /** Every event so far, delivered or not. */
  readonly events: FakeEvent[] = [];
  webhooks: WebhookMode = 'now';
  /** Where webhooks go; undefined: nowhere. */
  webhookUrl: string | undefined;
  /** Answers of the webhook endpoint, in order. */
  readonly answers: number[] = [];
  private readonly troubles: { readonly call: StripeCall; readonly trouble: StripeTrouble }[] = [];
  private readonly keys = new Map<string, Stored>();
  private readonly held: FakeEvent[] = [];
  private deliveries: Promise<void> = Promise.resolve();
  private server: LoopbackServer | undefined;
  /** Calls that changed something, by kind. */
  readonly calls = new Map<StripeCall, number>();

  private constructor(private readonly clock: () => number) {
    this.ledger = new StripeLedger((event) => this.happened(event), clock);
    this.pages = new StripePages(this.ledger, () => this.url);
  }

  static async start(clock: () => number = () => Math.floor(Date.now() / 1000)): Promise<StripeServer> {
    const fake = new StripeServer(clock);
    fake.server = await loopbackServer((request, body, response) => fake.serve(request, body, response));
    return fake;
  }

  get url(): string {
    return this.server!.url;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** The next calls of that kind go wrong, one trouble each, in this order. */
  misbehave(call: StripeCall, ...troubles: StripeTrouble[]): void {
    this.troubles.push(...troubles.map((trouble) => ({ call, trouble })));
  }

  /** Troubles that no call has met yet. */
  get pending(): number {
    return this.troubles.length;
  }

  /** A day goes by: what was answered under a key is not known any more. */
  forgetKeys(): void {
    this.keys.clear();
  }

  /** Delivers what was held, in the order `arranged` gives it. */
  async release(arranged: (events: readonly FakeEvent[]) => readonly FakeEvent[] = (events) => events) {
    for (const event of arranged(this.held.splice(0))) await this.deliver(event);
  }

  /** Waits until every webhook that is out was answered. */
  async delivered(): Promise<void> {
    await this.deliveries;
  }

  /** One delivery, signed at `at` (seconds); answers the status of the endpoint, 0 when nobody was there. */
  async deliver(event: FakeEvent, at = this.clock(), secret: string = WEBHOOK_SECRET): Promise<number> {
    if (this.webhookUrl === undefined) return 0;
    const body = JSON.stringify(event);
    const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    try {
      const response = await fetch(this.webhookUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
        body,
      });
      await response.arrayBuffer();
      this.answers.push(response.status);
      return response.status;
    } catch {
      return 0;
    }
  }

  /** An event about a payment nobody here made. */
  strangeEvent(tenant: string): FakeEvent {
    return {
      id: `evt_${randomUUID()}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      created: this.clock(),
      api_version: '2026-10-28.endive',
      data: {
        object: {
          id: `pi_${randomUUID()}`,
          object: 'payment_intent',
          status: 'succeeded',
          currency: 'eur',
          amount: 4_200,
          amount_received: 4_200,
          metadata: { kw_tenant: tenant, kw_id: randomUUID() },
          latest_charge: null,
          last_payment_error: null,
          cancellation_reason: null,
          client_secret: null,
        },
      },
    };
  }

  books(): StripeBooks {
    const payments = [...this.ledger.intents.values()].map((intent) => ({
      id: intent.id,
      owner: intent.metadata['kw_id'] ?? '',
      status: intent.status,
      captured: intent.amount_received,
      refunded: intent.latest_charge?.amount_refunded ?? 0,
    }));
    const sum = (of: (intent: FakeIntent) => number) =>
      [...this.ledger.intents.values()].reduce((total, intent) => total + of(intent), 0);
    const ofDisputes = (of: (line: FakeTransaction) => number) =>
      [...this.ledger.disputes.all.values()]
        .flatMap((dispute) => dispute.balance_transactions)
        .reduce((total, line) => total + of(line), 0);
    return {
      captured: sum((intent) => intent.amount_received),
      refunded: sum((intent) => intent.latest_charge?.amount_refunded ?? 0),
      disputed: -ofDisputes(({ amount }) => amount),
      fees:
        sum((intent) => intent.latest_charge?.balance_transaction?.fee ?? 0) +
        ofDisputes(({ fee }) => fee) +
        this.ledger.accountFees,
      paidOut: [...this.ledger.payouts.values()].reduce(
        (total, { payout }) => total + (payout.status === 'paid' ? payout.amount : 0),
        0,
      ),
      reserved: sum((intent) => intent.amount_capturable),
      payments,
    };
  }

  async close(): Promise<void> {
    await this.deliveries;
    await this.server?.close();
  }

  private happened(event: FakeEvent): void {
    this.events.push(event);
    if (this.webhooks === 'lost') return;
    if (this.webhooks === 'held') return void this.held.push(event);
    const times = this.webhooks === 'twice' ? 2 : 1;
    // After the answer to the request that caused it, as a rule; in order, each retried until somebody takes it.
    this.deliveries = this.deliveries.then(async () => {
      for (let n = 0; n < times; n++) await this.deliver(event);
    });
  }

  private serve(request: IncomingMessage, raw: Buffer, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const body = raw.toString('utf8');
    if (this.pages.serve(request, url.pathname, body, response)) return;
    const params = { ...parseForm(url.search), ...parseForm(body) };
    try {
      if (request.headers.authorization !== `Bearer ${SECRET_KEY}`) {
        throw new FakeStripeError(401, { type: 'invalid_request_error', message: 'wrong key' });
      }
      this.route(request, url.pathname, params, response);
    } catch (error) {
      if (!(error instanceof FakeStripeError)) throw error;
      send(response, error.status, { error: error.body });
    }
  }

  private route(
    request: IncomingMessage,
    path: string,
    params: Record<string, unknown>,
    response: ServerResponse,
  ): void {
    const { ledger } = this;
    const [, , kind, id = '', verb] = path.split('/');
    const asked = `${request.method} ${kind}${id ? '/id' : ''}${verb ? `/${verb}` : ''}`;
    const known = () => ledger.known(ledger.intents, id);
    switch (asked) {
      case 'POST customers':
        return this.once('customer', request, params, response, () => ledger.createCustomer(params));
      case 'POST setup_intents':
        return this.once('setup', request, params, response, () => ledger.createSetup(params));
      case 'GET setup_intents/id':
        return send(response, 200, ledger.known(ledger.setups, id));
      case 'GET payment_methods/id':
        return send(response, 200, ledger.known(ledger.cards, id));
      case 'POST payment_methods/id/detach':
        return send(response, 200, ledger.detachCard(id));
      case 'POST checkout/id':
        return this.once('page', request, params, response, () => this.pages.create(params));
      case `GET checkout/id/${verb}`:
        return this.once('read', request, params, response, () => this.pages.read(verb ?? '', params));
      case 'POST payment_intents':
        return this.once('create', request, params, response, (trouble) =>
          ledger.createIntent(params, trouble === 'decline' ? 'do_not_honor' : undefined),
        );
      case 'GET payment_intents/id':
        return this.once('read', request, params, response, known);
      case 'POST payment_intents/id/capture':
        return this.once('capture', request, params, response, (trouble) => {
          const wanted = Number(params['amount_to_capture'] ?? known().amount_capturable);
          return ledger.capture(id, trouble === 'wrong-amount' ? wanted + 100 : wanted);
        });
      case 'POST payment_intents/id/cancel':
        return this.once('cancel', request, params, response, () => ledger.cancel(id));
      case 'GET payment_intents':
        return this.once('read', request, params, response, () =>
          listed([...ledger.intents.values()].filter(({ customer }) => customer === params['customer'])),
        );
      case 'GET balance_transactions':
        return this.once('read', request, params, response, () =>
          listed(ledger.linesOfPayout(params['payout'])),
        );
      case 'GET disputes/id':
        return this.once('dispute', request, params, response, () => ledger.disputes.known(id));
      case 'POST refunds':
        return this.once('refund', request, params, response, () => ledger.refund(params));
      case 'GET refunds':
        return send(
          response,
          200,
          listed(
            [...ledger.refunds.values()].filter((one) => one.payment_intent === params['payment_intent']),
          ),
        );
      default:
        throw refused('url_invalid', 404);
    }
  }

  /** One effect per idempotency key: the first answer is kept, errors of the server's own included, as Stripe does. */
  private once(
    call: StripeCall,
    request: IncomingMessage,
    params: Record<string, unknown>,
    response: ServerResponse,
    work: (trouble: StripeTrouble | undefined) => object,
  ): void {
    const key = request.headers['idempotency-key'];
    const args = `${request.url} ${JSON.stringify(params)}`;
    const kept = typeof key === 'string' ? this.keys.get(key) : undefined;
    const trouble = this.nextTrouble(call);
    if (trouble === 'cut-before') return void response.destroy();
    if (trouble === 'busy')
      return send(response, 429, { error: { type: 'rate_limit_error', message: 'busy' } });
    if (kept && kept.args !== args) {
      return send(response, 400, { error: { type: 'idempotency_error', message: 'other arguments' } });
    }
    const outcome = kept ?? this.outcome(call, args, trouble, work);
    if (typeof key === 'string') this.keys.set(key, outcome);
    if (trouble === 'cut-after') return void response.destroy();
    send(response, outcome.status, outcome.body);
  }

  private outcome(
    call: StripeCall,
    args: string,
    trouble: StripeTrouble | undefined,
    work: (trouble: StripeTrouble | undefined) => object,
  ): Stored {
    const broken = { args, status: 500, body: { error: { type: 'api_error', message: 'broken' } } };
    if (trouble === 'error-before') return broken;
    try {
      const body = structuredClone(work(trouble));
      if (call !== 'read' && call !== 'dispute') this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
      return trouble === 'error-after' ? broken : { args, status: 200, body };
    } catch (error) {
      if (!(error instanceof FakeStripeError)) throw error;
      return { args, status: error.status, body: { error: error.body } };
    }
  }

  private nextTrouble(call: StripeCall): StripeTrouble | undefined {
    const index = this.troubles.findIndex((one) => one.call === call);
    return index < 0 ? undefined : this.troubles.splice(index, 1)[0]!.trouble;
  }
}

function listed(data: readonly object[]): object {
  return { object: 'list', data: [...data].reverse(), has_more: false, url: '' };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': `req_${randomUUID()}` });
  response.end(JSON.stringify(body));
}
