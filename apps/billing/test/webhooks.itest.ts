// Real: billing's own webhook port with Postgres behind it; what arrives there is signed by a pretended Stripe, or by somebody else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@kilowatch/testing';
import type { FakeEvent } from '@kilowatch/testing/payments';
import { aCharge, anOperator } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start();
  await rig.fleet.applyTariff('std');
});
afterAll(() => rig?.close());

const nowSeconds = () => Math.floor(Date.now() / 1000);
const inbox = (tenant = 'demo') =>
  rig.fleet.rig.sql<{ event_id: string; type: string; outcome: string }>(
    'select event_id, type, outcome from webhook_inbox',
    [],
    tenant,
  );
const booked = async () => (await rig.fleet.rig.sql('select 1 from posting')).length;

/** A session of which every webhook was held back. */
async function withHeldWebhooks() {
  const driver = await rig.payer();
  rig.stripe.webhooks = 'held';
  const charge = await rig.session(driver);
  await rig.paid(charge);
  await rig.states(charge, 'CAPTURED');
  return charge;
}

describe('webhooks', () => {
  it.each<[string, (events: readonly FakeEvent[]) => readonly FakeEvent[]]>([
    ['backwards', (events) => events.toReversed()],
    ['twice, all of them', (events) => [...events, ...events]],
    ['twice each, backwards', (events) => events.toReversed().flatMap((event) => [event, event])],
  ])('that come %s change nothing', async (_how, arranged) => {
    const charge = await withHeldWebhooks();
    const before = [await booked(), await rig.payments(charge)];
    rig.stripe.answers.length = 0;
    await rig.stripe.release(arranged);
    rig.stripe.webhooks = 'now';
    expect(rig.stripe.answers.length).toBeGreaterThan(1);
    expect(new Set(rig.stripe.answers)).toEqual(new Set([200]));
    await rig.until(
      'the books to agree',
      () => rig.judge(),
      (problems) => problems.length === 0,
    );
    expect(await booked()).toBe(before[0]);
    expect((await rig.payments(charge)).map(({ state }) => state)).toEqual(['CAPTURED']);
    expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
  });

  it('alone bring a payment on when every answer was lost', async () => {
    const driver = await rig.payer();
    rig.stripe.misbehave('create', 'cut-after');
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    // Without `hurry`: nobody asks again so soon.
    await waitFor('the webhook to tell', async () => (await rig.payments(charge))[0]?.state === 'AUTHORISED');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.paid(charge);
  });

  it('have their effect once, as long as they are remembered', async () => {
    const event = rig.stripe.strangeEvent('demo');
    expect([await rig.stripe.deliver(event), await rig.stripe.deliver(event)]).toEqual([200, 200]);
    const noted = (await inbox()).filter(({ event_id: id }) => id === event.id);
    expect(noted).toEqual([
      { event_id: event.id, type: 'payment_intent.succeeded', outcome: 'UNKNOWN_OBJECT' },
    ]);
    await rig.fleet.rig.sql(
      "update webhook_inbox set received_at = now() - interval '61 days' where event_id = $1",
      [event.id],
    );
    await rig.fleet.rig.running.background.jobs.get('forget-webhooks')!.runDue();
    expect((await inbox()).some(({ event_id: id }) => id === event.id)).toBe(false);
  });

  it('about a payment nobody here made book nothing, also where a tenant is named that has none', async () => {
    const before = await booked();
    expect(await rig.stripe.deliver(rig.stripe.strangeEvent('demo'))).toBe(200);
    expect(await rig.stripe.deliver(rig.stripe.strangeEvent('nobody'))).toBe(200);
    const foreign: FakeEvent = { ...rig.stripe.strangeEvent('demo'), type: 'customer.subscription.created' };
    expect(await rig.stripe.deliver(foreign)).toBe(200);
    expect(await booked()).toBe(before);
    const seen = await rig.fleet.rig.graphql<{ payments: { edges: unknown[] } }>(
      anOperator('nobody'),
      '{ payments(first: 5) { edges { node { id } } } }',
    );
    expect(seen.data?.payments.edges).toEqual([]);
  });

  it('are refused with an old signature, another secret, or none; nothing of them is kept', async () => {
    const event = rig.stripe.strangeEvent('demo');
    const before = (await inbox()).length;
    expect(await rig.stripe.deliver(event, nowSeconds() - 301)).toBe(400);
    expect(await rig.stripe.deliver(event, nowSeconds(), 'whsec_somebody_else')).toBe(400);
    const post = (body: string, headers: Record<string, string> = {}, path = '') =>
      fetch(`${rig.stripe.webhookUrl}${path}`, { method: 'POST', body, headers });
    expect((await post(JSON.stringify(event))).status).toBe(400);
    expect((await post('')).status).toBe(400);
    expect((await post('{', { 'stripe-signature': 't=1,v1=00' })).status).toBe(400);
    expect((await post('x'.repeat(300_000))).status).toBe(413);
    expect((await post('{}', {}, '/../../graphql')).status).toBe(404);
    expect((await fetch(rig.stripe.webhookUrl!)).status).toBe(404);
    expect((await inbox()).length).toBe(before);
  });

  it('tell of refunds made at the provider and of cards that are gone', async () => {
    const driver = await rig.payer();
    const charge = await rig.session(driver);
    const { payments } = (await rig.paid(charge))!;
    const theirs = rig.stripe.books().payments.find(({ owner }) => owner === payments[0]!.id)!;
    rig.stripe.ledger.refund({ payment_intent: theirs.id, amount: '100' });
    const [payment] = await rig.states(charge, 'PARTLY_REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: '1.00' } }]);
    await rig.until(
      'the books to agree',
      () => rig.judge(),
      (problems) => problems.length === 0,
    );
    const [card] = [...rig.stripe.ledger.cards.values()].slice(-1);
    rig.stripe.ledger.detachCard(card!.id);
    await rig.until(
      'the card to be gone',
      () => rig.cards(driver),
      ({ cards }) => cards.length === 0,
    );
    expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
  });
});
