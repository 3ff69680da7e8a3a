// Real: the SDK of Stripe and the guarded client, over HTTP against the fake server of libs/testing.
import { createHmac } from 'node:crypto';
import { Secret, decimal } from '@kilowatch/kernel';
import { EgressPolicy, type Logger } from '@kilowatch/platform';
import { loopbackServer } from '@kilowatch/testing/pki';
import { StripeServer, type StripeTrouble } from '@kilowatch/testing/payments';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OwnerTag, PaymentRequest } from './payment-provider.js';
import { fromMinor, newsOf, toMinor } from './stripe-mapping.js';
import { StripeProvider } from './stripe-provider.js';

const owner: OwnerTag = { tenant: 'demo', id: 'payment-1' };
const said: string[] = [];
const log = {
  warn: (fields: object, text: string) => said.push(JSON.stringify(fields) + text),
} as unknown as Logger;

let fake: StripeServer;
let provider: StripeProvider;
let customer: string;
let card: string;

const providerAt = (url: string, egress = new URL(url).host) =>
  new StripeProvider(
    {
      url,
      secretKey: new Secret(fake.secretKey),
      webhookSecret: new Secret(fake.webhookSecret),
      publishableKey: 'pk_test',
    },
    EgressPolicy.parse(egress),
    log,
  );

const aRequest = (over: Partial<PaymentRequest> = {}): PaymentRequest => ({
  owner,
  customerRef: customer,
  cardRef: card,
  amount: decimal('50'),
  currency: 'EUR',
  operation: 'AUTHORISE',
  attended: false,
  description: 'Charging',
  key: 'k1',
  ...over,
});

beforeEach(async () => {
  said.length = 0;
  fake = await StripeServer.start();
  provider = providerAt(fake.url);
  customer = valueOf(await provider.newCustomer({ tenant: 'demo', id: 'account-1' }, 'c1'));
  const setup = valueOf(await provider.newSetup({ tenant: 'demo', id: 'setup-1' }, customer, 's1'));
  card = fake.ledger.confirmSetup(setup.ref).id;
});
afterEach(() => fake.close());

describe('the driver of Stripe', () => {
  it('saves a card', async () => {
    const setup = valueOf(await provider.newSetup(owner, customer, 's2'));
    expect(setup).toMatchObject({
      state: 'OPEN',
      clientSecret: expect.stringContaining('_secret_') as string,
    });
    const { id } = fake.ledger.confirmSetup(setup.ref, 'good', '4444');
    const done = valueOf(await provider.readSetup(setup.ref));
    expect(done).toMatchObject({ state: 'DONE', cardRef: id, owner });
    expect(valueOf(await provider.readCard(id))).toMatchObject({
      brand: 'visa',
      last4: '4444',
      expiresYear: 2030,
    });
    expect((await provider.removeCard(id)).kind).toBe('DONE');
  });

  it('saves a card on a page of the provider, of which each way of asking tells the same', async () => {
    const back = { done: 'https://kw.example/pay?page=done', left: 'https://kw.example/pay?page=left' };
    const page = valueOf(await provider.newSetupPage(owner, customer, back, 'p1'));
    expect(page).toMatchObject({ state: 'OPEN', owner, cardRef: undefined });
    expect(new URL(page.url!).host).toBe(new URL(fake.url).host);
    expect(valueOf(await provider.newSetupPage(owner, customer, back, 'p1'))).toEqual(page);
    const other = { ...back, done: 'https://kw.example/other' };
    expect((await provider.newSetupPage(owner, customer, other, 'p1')).kind).not.toBe('DONE');
    expect(fake.pages.submit(page.ref, '4000000000000002')).toBe('declined');
    expect(valueOf(await provider.readSetup(page.ref))).toMatchObject({ state: 'OPEN' });
    expect(fake.pages.submit(page.ref, '4242424242424444')).toBe('saved');
    const done = valueOf(await provider.readSetup(page.ref));
    expect(done).toMatchObject({ state: 'DONE', owner });
    expect(done.url).toBeUndefined();
    expect(valueOf(await provider.readCard(done.cardRef!))).toMatchObject({ last4: '4444' });
    // The page and what it made tell of it, both with our tag; a webhook of the page has no card in it.
    expect(fake.events.slice(-2).map(({ type }) => type)).toEqual([
      'setup_intent.succeeded',
      'checkout.session.completed',
    ]);
    const [byIntent, byPage] = fake.events.slice(-2).map((event) => newsOf(event as unknown as Stripe.Event));
    expect(byIntent).toMatchObject({ kind: 'SETUP', setup: { state: 'DONE', owner, cardRef: done.cardRef } });
    expect(byPage).toMatchObject({ kind: 'SETUP', setup: { state: 'DONE', owner, cardRef: undefined } });
  });

  it('tells of a page that expired, and of pages of other kinds nothing', async () => {
    const back = { done: 'https://kw.example/a', left: 'https://kw.example/b' };
    const { ref } = valueOf(await provider.newSetupPage(owner, customer, back, 'p1'));
    fake.pages.expire(ref);
    expect(valueOf(await provider.readSetup(ref)).state).toBe('FAILED');
    const event = fake.events.at(-1)! as unknown as Stripe.Event & { data: { object: { mode: string } } };
    expect(newsOf(event)).toMatchObject({ kind: 'SETUP', setup: { state: 'FAILED', owner } });
    event.data.object.mode = 'payment';
    expect(newsOf(event)).toEqual({ kind: 'OTHER' });
  });

  it('reserves, takes a part, gives some of it back and says what was kept', async () => {
    const reserved = valueOf(await provider.request(aRequest()));
    expect(reserved).toMatchObject({ state: 'AUTHORISED', owner, closed: false });
    expect(reserved.authorisedUntil!.getTime()).toBeGreaterThan(Date.now());
    const taken = valueOf(await provider.capture(reserved.ref, decimal('12.34'), 'EUR', 'k2'));
    expect([taken.state, taken.captured.toFixed(), taken.fee?.toFixed()]).toEqual([
      'CAPTURED',
      '12.34',
      '0.44',
    ]);
    const given = {
      owner: { tenant: 'demo', id: 'refund-1' },
      paymentRef: taken.ref,
      amount: decimal('2.34'),
      currency: 'EUR',
    };
    expect(valueOf(await provider.refund({ ...given, key: 'k3' }))).toMatchObject({
      state: 'DONE',
      owner: given.owner,
    });
    expect(valueOf(await provider.findRefund(given.owner, taken.ref))?.amount.toFixed()).toBe('2.34');
    expect(valueOf(await provider.findRefund(owner, taken.ref))).toBeUndefined();
    expect(valueOf(await provider.read(taken.ref)).refunded.toFixed()).toBe('2.34');
  });

  it('tells what became of a chargeback: what was taken, what it costs, and until when evidence is taken', async () => {
    const payment = valueOf(await provider.request(aRequest({ operation: 'CHARGE' })));
    const { id: ref } = fake.ledger.disputes.open(payment.ref, { amount: 1_250, inquiry: true });
    const told = async () => valueOf(await provider.readChargeback(ref));
    const plain = async () => {
      const { state, amount, withdrawn, fee, evidenceSent } = await told();
      return [state, amount.toFixed(), withdrawn.toFixed(), fee.toFixed(), evidenceSent];
    };
    expect(await told()).toMatchObject({ ref, currency: 'EUR', reason: 'fraudulent' });
    expect((await told()).evidenceDueAt!.getTime()).toBeGreaterThan(Date.now());
    expect(await plain()).toEqual(['INQUIRY', '12.5', '0', '0', false]);
    fake.ledger.disputes.escalate(ref);
    expect(await plain()).toEqual(['NEEDS_RESPONSE', '12.5', '12.5', '20', false]);
    fake.ledger.disputes.submitEvidence(ref);
    expect(await plain()).toEqual(['UNDER_REVIEW', '12.5', '12.5', '20', true]);
    fake.ledger.disputes.decide(ref, 'won');
    expect(await plain()).toEqual(['WON', '12.5', '0', '20', true]);
    fake.ledger.payOut();
    const [payout] = [...fake.ledger.payouts.keys()];
    const parts = valueOf(await provider.payoutParts(payout!)).filter(({ kind }) => kind === 'CHARGEBACK');
    expect(parts.map(({ amount, fee }) => [amount.toFixed(), fee.toFixed()])).toEqual([
      ['12.5', '0'],
      ['-12.5', '20'],
    ]);
    expect(parts.every(({ paymentRef }) => paymentRef === payment.ref)).toBe(true);
    expect(await provider.readChargeback('du_nobody')).toMatchObject({ kind: 'REFUSED' });
  });

  it('takes of a chargeback no figures in another currency than the payment’s', async () => {
    const payment = valueOf(await provider.request(aRequest({ operation: 'CHARGE' })));
    const dispute = fake.ledger.disputes.open(payment.ref);
    const [line] = dispute.balance_transactions;
    dispute.balance_transactions[0] = { ...line!, currency: 'usd', amount: -5_700 };
    const { withdrawn, fee } = valueOf(await provider.readChargeback(dispute.id));
    expect([withdrawn.toFixed(), fee.toFixed()]).toEqual(['50', '0']);
    Object.assign(dispute, { status: 'something_new' });
    expect(valueOf(await provider.readChargeback(dispute.id)).state).toBe('UNDER_REVIEW');
  });

  it('has one effect per key', async () => {
    const first = valueOf(await provider.request(aRequest()));
    expect(valueOf(await provider.request(aRequest())).ref).toBe(first.ref);
    expect(fake.books().payments).toHaveLength(1);
    // Other arguments under a key that was used: never taken for an answer.
    expect((await provider.request(aRequest({ amount: decimal('51') }))).kind).not.toBe('DONE');
  });

  it.each<[StripeTrouble, number]>([
    ['cut-before', 0], ['cut-after', 1], ['error-before', 0], ['error-after', 1], ['busy', 0],
  ])('says unknown when the answer is lost (%s), and finds out', async (trouble, made) => {
    fake.misbehave('create', trouble);
    const since = new Date();
    expect((await provider.request(aRequest())).kind).toBe('UNKNOWN');
    const found = await provider.find(owner, customer, since);
    expect([found.kind, valueOf(found)?.state]).toEqual(['DONE', made === 1 ? 'AUTHORISED' : undefined]);
    expect(fake.books().payments).toHaveLength(made);
  }); // prettier-ignore

  it('tells a decline from a request that can never be', async () => {
    fake.misbehave('create', 'decline');
    const declined = await provider.request(aRequest());
    expect(declined).toMatchObject({ kind: 'DECLINED', code: 'do_not_honor', value: { state: 'DECLINED' } });
    const setup = valueOf(await provider.newSetup(owner, customer, 's3'));
    const asks = fake.ledger.confirmSetup(setup.ref, 'asks_holder').id;
    expect(await provider.request(aRequest({ cardRef: asks, key: 'k4' }))).toMatchObject({
      kind: 'DECLINED',
      code: 'authentication_required',
    });
    const attended = valueOf(await provider.request(aRequest({ cardRef: asks, key: 'k5', attended: true })));
    expect(attended).toMatchObject({ state: 'REQUIRES_ACTION', clientSecret: expect.any(String) as string });
    expect(valueOf(await provider.cancel(attended.ref, 'k6'))).toMatchObject({
      state: 'CANCELLED',
      closed: true,
    });
    expect(await provider.capture(attended.ref, decimal('1'), 'EUR', 'k7')).toEqual({
      kind: 'REFUSED',
      code: 'payment_intent_unexpected_state',
    });
  });

  it('goes nowhere but where egress is allowed', async () => {
    expect((await providerAt(fake.url, '').request(aRequest())).kind).toBe('UNKNOWN');
    expect(fake.books().payments).toHaveLength(0);
  });

  it('takes for a code what has the form of one: others say back there what they were shown', async () => {
    const echo = await loopbackServer((request, _body, response) => {
      const error = { type: 'invalid_request_error', code: request.headers.authorization, message: 'no' };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    });
    const answer = await providerAt(echo.url).request(aRequest());
    await echo.close();
    expect(answer).toMatchObject({ kind: 'UNKNOWN', code: 'no_answer' });
    expect(said).toHaveLength(1);
    expect(said.join()).not.toContain('sk_test');
  });

  it('writes no secret and no word of the other side into the log', async () => {
    fake.misbehave('create', 'error-before', 'decline');
    await provider.request(aRequest());
    await provider.capture('pi_none', decimal('1'), 'EUR', 'k8');
    expect(said).toHaveLength(2);
    expect(said.join(' ')).not.toMatch(/sk_test|broken|whsec|resource_missing.*resource_missing/);
  });
});

describe('a webhook of Stripe', () => {
  const now = new Date();
  const sign = (body: string, { secret = fake.webhookSecret, at = now } = {}) => {
    const t = Math.floor(at.getTime() / 1000);
    return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
  };
  const body = () => JSON.stringify(fake.strangeEvent('demo'));

  it('is believed with our signature of now', () => {
    const text = body();
    expect(provider.verified(Buffer.from(text), sign(text), now)).toMatchObject({
      type: 'payment_intent.succeeded',
      news: { kind: 'PAYMENT', payment: { state: 'CAPTURED', owner: { tenant: 'demo' } } },
    });
  });

  it('is refused with another secret, an old signature, another body, or none', () => {
    const text = body();
    const old = new Date(now.getTime() - 301_000);
    for (const [sent, signature] of [
      [text, sign(text, { secret: 'whsec_other' })],
      [text, sign(text, { at: old })],
      [text.replace('4200', '4201'), sign(text)],
      [text, undefined],
      [text, 't=1,v1='],
    ] as const) {
      expect(() => provider.verified(Buffer.from(sent), signature, now)).toThrow(
        expect.objectContaining({ kind: 'UNAUTHENTICATED', code: 'BILLING_WEBHOOK_SIGNATURE' }),
      );
    }
  });
});

describe('amounts of Stripe', () => {
  it.each([
    ['12.34', 'EUR', 1_234],
    ['1200', 'JPY', 1_200],
    ['1.234', 'KWD', 1_234],
    ['12', 'ISK', 1_200],
  ])('%s %s are %d', (amount, currency, minor) => {
    expect(toMinor(decimal(amount), currency)).toBe(minor);
    expect(fromMinor(minor, currency).eq(amount)).toBe(true);
  });
});

function valueOf<T>(answer: { readonly kind: string; readonly value?: T }): T {
  expect(answer.kind).toBe('DONE');
  return answer.value as T;
}
