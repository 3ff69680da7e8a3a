// Real: billing with Postgres and NATS, the SDK of Stripe over HTTP to a pretended Stripe, its webhooks to billing's own port.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import type { StripeTrouble } from '@kilowatch/testing/payments';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DriveRefunds } from '../src/usecases/cards/drive-refunds.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from '../src/usecases/cards/payment-provider.js';
import { aCharge, aDriver, minute, OPERATOR, type Charge } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig, PAYMENT_FIELDS, type SeenPayment } from './card-rig.js';

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start();
  await rig.fleet.applyTariff('std');
});
afterAll(() => rig?.close());
/** Whatever a test did, in the end both sides tell the same, and our books add up. */
afterEach(async () => {
  rig.stripe.webhooks = 'now';
  await rig.stripe.delivered();
  await rig.until(
    'the books to agree',
    () => rig.judge(),
    (problems) => problems.length === 0,
  );
  expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
  expect(rig.stripe.pending).toBe(0);
});

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => void (open = resolve));
  return { open: () => open(), opened };
}

const correct = (charge: Charge, over: Record<string, unknown>) =>
  rig.fleet.rig.graphql(
    OPERATOR,
    'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
    { i: { sessionId: charge.sessionId, reason: 'it was wrong', idempotencyKey: randomUUID(), ...over } },
  );

describe('cards of drivers', () => {
  it('are saved by the app, seen by their driver and operators, and never with their number', async () => {
    const driver = aDriver();
    const key = randomUUID();
    const [first, again] = [await rig.setUp(driver, key), await rig.setUp(driver, key)];
    expect([first.publishableKey, again.clientSecret]).toEqual(['pk_test_1', first.clientSecret]);
    await rig.save(driver, 'good', '1111');
    await rig.save(driver, 'good', '2222');
    const { cards, method } = await rig.cards(driver);
    expect(cards.map(({ last4, isDefault }) => [last4, isDefault])).toEqual([['1111', true], ['2222', false]]);
    expect(method).toBe('AS_AGREED');
    expect((await rig.cards(driver, OPERATOR)).cards).toHaveLength(2);
    await rig.choose(driver, 'CARD', cards[1]!.id);
    expect((await rig.cards(driver)).cards[0]).toMatchObject({ last4: '2222', isDefault: true });
    const remove = 'mutation($id: ID!) { removeCard(input: { cardId: $id }) { cards { method cards { last4 isDefault } } } }';
    const stranger = await rig.fleet.rig.graphql(aDriver(), remove, { id: cards[1]!.id });
    expect(stranger.codes).toEqual(['NOT_FOUND']);
    const { data } = await rig.fleet.rig.graphql<{ removeCard: { cards: unknown } }>(driver, remove, { id: cards[1]!.id });
    expect(data?.removeCard.cards).toEqual({ method: 'CARD', cards: [{ last4: '1111', isDefault: true }] });
    await rig.fleet.rig.graphql(driver, remove, { id: cards[0]!.id });
    expect(await rig.cards(driver)).toMatchObject({ method: 'AS_AGREED', cards: [] });
    expect((await rig.choose(driver, 'CARD')).codes).toEqual(['FAILED_PRECONDITION']);
  }); // prettier-ignore

  it('are found without a webhook', async () => {
    rig.stripe.webhooks = 'lost';
    const driver = aDriver();
    const { setupId } = await rig.setUp(driver);
    rig.stripe.ledger.confirmSetup(setupId);
    await rig.fleet.rig.sql('update card_setup set due_at = now() where due_at is not null');
    await rig.until(
      'the card',
      () => rig.cards(driver),
      ({ cards }) => cards.length === 1,
    );
  });
});

describe('a session paid by card', () => {
  it('reserves at the start, takes what is owed at the end, and lets the rest go', async () => {
    const driver = await rig.payer();
    const charge = await rig.session(driver);
    const invoice = (await rig.paid(charge))!;
    expect(invoice).toMatchObject({ paymentMethod: 'CARD', cardPaid: invoice.total });
    const [payment] = await rig.until('the fee', () => rig.payments(charge), ([one]) => one?.fee !== null);
    expect(payment).toMatchObject({
      purpose: 'SESSION',
      state: 'CAPTURED',
      captured: { amount: invoice.total },
      providerReference: expect.stringMatching(/^\*{4}.{4}$/) as string,
    });
    expect(invoice.payments[0]).toMatchObject({ fee: null, providerReference: null });
    const told = (await rig.fleet.rig.published(events.paymentChanged)).filter((one) => one.sessionId === charge.sessionId);
    expect(told.map(({ state }) => state)).toEqual(['AUTHORISED', 'CAPTURED']);
    expect((await rig.fleet.rig.published(events.invoicePaid)).find((one) => one.sessionId === charge.sessionId)?.method).toBe('CARD');
  }); // prettier-ignore

  it.each<[StripeTrouble, StripeTrouble]>([
    ['cut-before', 'cut-after'], ['cut-after', 'cut-before'], ['error-before', 'error-after'],
    ['error-after', 'error-before'], ['busy', 'busy'],
  ])('is paid once though the start meets %s and the end %s', async (create, capture) => {
    const driver = await rig.payer();
    const charge = await rig.session(driver, { create: [create], capture: [capture] });
    const invoice = (await rig.paid(charge))!;
    const theirs = rig.stripe.books().payments.filter(({ owner }) => owner === invoice.payments[0]!.id);
    expect(theirs.map(({ captured }) => captured)).toEqual([Math.round(Number(invoice.total) * 100)]);
  }, 60_000); // prettier-ignore

  it('is paid once though every answer and every webhook is lost for a while', async () => {
    rig.stripe.webhooks = 'lost';
    const driver = aDriver();
    const { setupId } = await rig.setUp(driver);
    rig.stripe.ledger.confirmSetup(setupId);
    await rig.fleet.rig.sql('update card_setup set due_at = now() where due_at is not null');
    await rig.until(
      'the card',
      () => rig.cards(driver),
      ({ cards }) => cards.length === 1,
    );
    await rig.choose(driver, 'CARD');
    const charge = await rig.session(driver, {
      create: ['cut-after'],
      read: ['cut-before', 'error-before'],
      capture: ['cut-after'],
    });
    await rig.paid(charge);
  });

  it('leaves the bill open when the bank says no at the start and at the end', async () => {
    const driver = await rig.payer('insufficient_funds');
    const charge = await rig.session(driver, {}, 'DECLINED');
    await rig.states(charge, 'DECLINED', 'DECLINED');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'OPEN', cardPaid: '0.00' });
    expect((await rig.payments(charge))[0]).toMatchObject({ failureCode: 'insufficient_funds' });
    const told = (await rig.fleet.rig.published(events.paymentChanged)).find((one) => one.sessionId === charge.sessionId);
    expect(told).toMatchObject({ state: 'DECLINED', purpose: 'SESSION', failureCode: 'insufficient_funds' });
    // Nobody can try again at the provider.
    await rig.until('both to be closed', async () => rig.stripe.books().payments.slice(-2), (two) => two.every(({ status }) => status === 'canceled'));
    await rig.fleet.topUp(driver, '100.00');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET' });
  }); // prettier-ignore

  it('is paid by a full wallet when no card gives it', async () => {
    const driver = await rig.payer('insufficient_funds');
    await rig.fleet.topUp(driver, '100.00');
    const charge = await rig.session(driver, {}, 'DECLINED');
    await rig.states(charge, 'DECLINED', 'DECLINED');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET', cardPaid: '0.00' });
  }); // prettier-ignore

  it('costs nothing and takes nothing', async () => {
    const driver = await rig.payer();
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    await rig.states(charge, 'AUTHORISED');
    await rig.fleet.ended(charge, { endedAt: minute(0), statePeriods: [] });
    await rig.fleet.metered(charge, { energyMwh: 0, endRegisterMwh: 0, intervals: [] });
    await rig.states(charge, 'CANCELLED');
    expect(rig.stripe.books().reserved).toBe(0);
  });

  it('that was told of at its end only is charged then', async () => {
    const driver = await rig.payer();
    const charge = aCharge(driver);
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    const invoice = await rig.paid(charge);
    expect(invoice?.payments.map(({ purpose, state }) => [purpose, state])).toEqual([
      ['INVOICE', 'CAPTURED'],
    ]);
  });

  it('whose reservation ran out is charged as it is', async () => {
    const driver = await rig.payer();
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    const [payment] = await rig.states(charge, 'AUTHORISED');
    const theirs = rig.stripe.books().payments.find(({ owner }) => owner === payment!.id)!;
    rig.stripe.webhooks = 'lost';
    rig.stripe.ledger.cancel(theirs.id, 'automatic');
    await rig.fleet.rig.sql('update payment set authorised_until = now(), due_at = now() where id = $1', [
      payment!.id,
    ]);
    await rig.states(charge, 'EXPIRED');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.paid(charge);
    await rig.states(charge, 'EXPIRED', 'CAPTURED');
  });

  it('gives back what the provider took beyond what was asked', async () => {
    const driver = await rig.payer();
    const charge = await rig.session(driver, { capture: ['wrong-amount'] });
    const invoice = (await rig.paid(charge))!;
    expect(invoice.cardPaid).toBe(invoice.total);
    const [payment] = await rig.states(charge, 'PARTLY_REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: '1.00' } }]);
  });

  it('is not paid by the wallet, nor charged twice, while it is asked for', async () => {
    const driver = await rig.payer();
    rig.stripe.misbehave('capture', 'cut-before');
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    await rig.states(charge, 'AUTHORISED');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.fleet.billed(charge);
    await rig.fleet.topUp(driver, '100.00');
    await rig.paid(charge);
    expect(await rig.fleet.balance(driver)).toBe('100.00');
  });
});

describe('a bill that was paid by card and taken back', () => {
  it('gives the money back to the card', async () => {
    const charge = await rig.session(await rig.payer());
    const { total } = (await rig.paid(charge))!;
    expect((await correct(charge, { correction: 'WAIVE' })).codes).toEqual([]);
    const [payment] = await rig.states(charge, 'REFUNDED');
    expect(payment).toMatchObject({ refunded: { amount: total } });
    expect(await rig.fleet.balance(charge.driver)).toBe('0.00');
  });

  it('keeps what is right and gives back the rest', async () => {
    const charge = await rig.session(await rig.payer());
    const before = (await rig.paid(charge))!;
    await correct(charge, { correction: 'AMOUNT', totalInclVat: '3.00' });
    const after = await rig.paid(charge);
    expect(after).toMatchObject({ total: '3.00', paymentMethod: 'CARD', cardPaid: '3.00' });
    const [payment] = await rig.states(charge, 'PARTLY_REFUNDED');
    expect(Number(payment!.refunded.amount)).toBeCloseTo(Number(before.total) - 3, 2);
  });

  it.each<StripeTrouble>(['cut-before', 'cut-after', 'error-after'])('once, though the provider answers with %s', async (trouble) => {
    const charge = await rig.session(await rig.payer());
    const { total } = (await rig.paid(charge))!;
    rig.stripe.misbehave('refund', trouble);
    await correct(charge, { correction: 'WAIVE' });
    const [payment] = await rig.states(charge, 'REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: total } }]);
  }); // prettier-ignore

  it('under one key: a failure the provider keeps under it is passed when it has forgotten it', async () => {
    const charge = await rig.session(await rig.payer());
    const { total } = (await rig.paid(charge))!;
    rig.stripe.misbehave('refund', 'error-before');
    await correct(charge, { correction: 'WAIVE' });
    await waitFor('the failure', async () => rig.stripe.pending === 0);
    rig.stripe.forgetKeys();
    const [payment] = await rig.states(charge, 'REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: total } }]);
  });

  it.each(['asks after all', 'hears a refusal late'] as const)('once, though a process that was frozen %s', async (what) => {
    const charge = await rig.session(await rig.payer());
    const { total } = (await rig.paid(charge))!;
    const provider = rig.fleet.rig.running.get<PaymentProvider>(PAYMENT_PROVIDER);
    const [frozen, thawed] = [gate(), gate()];
    const asking = vi.spyOn(provider, 'refund').mockImplementationOnce(async (request) => {
      frozen.open();
      await thawed.opened;
      return what === 'asks after all' ? provider.refund(request) : { kind: 'REFUSED', code: 'late' };
    });
    await correct(charge, { correction: 'AMOUNT', totalInclVat: '4.00' });
    await frozen.opened;
    await rig.fleet.rig.sql('update payment_refund set due_at = now() where payment_id in (select id from payment where session_id = $1)', [charge.sessionId]);
    await rig.states(charge, 'PARTLY_REFUNDED');
    thawed.open();
    await rig.fleet.rig.running.get(DriveRefunds).beforeApplicationShutdown();
    const back = (Number(total) - 4).toFixed(2);
    const [payment] = await rig.states(charge, 'PARTLY_REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: back } }]);
    expect(await rig.fleet.balance(charge.driver)).toBe('0.00');
    expect(new Set(asking.mock.calls.map(([{ key }]) => key)).size).toBe(1);
    vi.restoreAllMocks();
  }); // prettier-ignore

  it.each(['ours', 'made at the provider'] as const)('stays made when the provider tells late that it failed, and is told to operators: %s', async (whose) => {
    const charge = await rig.session(await rig.payer());
    const { total, payments } = (await rig.paid(charge))!;
    const theirs = rig.stripe.books().payments.find(({ owner }) => owner === payments[0]!.id)!;
    if (whose === 'ours') await correct(charge, { correction: 'WAIVE' });
    else rig.stripe.ledger.refund({ payment_intent: theirs.id, amount: String(theirs.captured) });
    await rig.states(charge, 'REFUNDED');
    const refund = [...rig.stripe.ledger.refunds.values()].find(({ payment_intent: of }) => of === theirs.id)!;
    rig.stripe.ledger.announce('refund.failed', { ...refund, status: 'failed', failure_reason: 'expired_or_canceled_card' });
    const contradicted = async () =>
      (await rig.fleet.rig.published(events.refundContradicted)).filter(({ paymentId }) => paymentId === payments[0]!.id);
    const [told] = await rig.until('the contradiction', contradicted, (found) => found.length > 0);
    expect(told).toMatchObject({ state: 'DONE', told: 'FAILED', sessionId: charge.sessionId, accountId: charge.driver.accountId, amount: { amount: total } });
    const [payment] = await rig.states(charge, 'REFUNDED');
    expect(payment!.refunds).toEqual([{ state: 'DONE', amount: { amount: total } }]);
  }); // prettier-ignore

  it('gives the wallet what the card cannot take any more', async () => {
    const charge = await rig.session(await rig.payer());
    const { total, payments } = (await rig.paid(charge))!;
    // Somebody gave it back at the provider's own desk, and we were not told.
    rig.stripe.webhooks = 'held';
    const theirs = rig.stripe.books().payments.find(({ owner }) => owner === payments[0]!.id)!;
    rig.stripe.ledger.refund({ payment_intent: theirs.id, amount: String(theirs.captured) });
    await correct(charge, { correction: 'WAIVE' });
    await rig.until(
      'the wallet',
      () => rig.fleet.balance(charge.driver),
      (balance) => balance === total,
    );
    await rig.stripe.release();
  });
});

describe('what drivers do with a card', () => {
  const topUp = (driver: ReturnType<typeof aDriver>, amount: string, over: Record<string, unknown> = {}) =>
    rig.fleet.rig.graphql<{ topUpWalletByCard: { payment: SeenPayment } }>(
      driver,
      `mutation($i: TopUpWalletByCardInput!) { topUpWalletByCard(input: $i) { payment { ${PAYMENT_FIELDS} } } }`,
      { i: { amount, currency: 'EUR', idempotencyKey: randomUUID(), ...over } },
    );

  it('fill the wallet, booked when the money was taken', async () => {
    const driver = await rig.payer();
    rig.stripe.misbehave('create', 'cut-after');
    const key = { idempotencyKey: randomUUID() };
    const { data } = await topUp(driver, '25.00', key);
    expect(data?.topUpWalletByCard.payment).toMatchObject({ purpose: 'TOP_UP', state: 'PENDING' });
    const again = await topUp(driver, '25.00', key);
    expect(again.data?.topUpWalletByCard.payment.id).toBe(data?.topUpWalletByCard.payment.id);
    await rig.until(
      'the wallet',
      () => rig.fleet.balance(driver),
      (balance) => balance === '25.00',
    );
    expect((await topUp(driver, '0')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await topUp(aDriver(), '5.00')).codes).toEqual(['NOT_FOUND']);
  });

  it('confirm what the bank asks them about, they alone', async () => {
    const driver = await rig.payer('asks_holder');
    const { data } = await topUp(driver, '10.00');
    const { id } = data!.topUpWalletByCard.payment;
    const seen = await rig.until('the question', () => rig.payment(id, driver), (one) => one.data?.payment.state === 'REQUIRES_ACTION');
    expect(seen.data?.payment.clientSecret).toContain('_secret_');
    expect((await rig.payment(id, OPERATOR)).data?.payment.clientSecret).toBeNull();
    expect((await rig.payment(id, aDriver())).codes).toEqual(['NOT_FOUND']);
    expect(await rig.fleet.balance(driver)).toBe('0.00');
    const theirs = rig.stripe.books().payments.find(({ owner }) => owner === id)!;
    rig.stripe.ledger.confirmIntent(theirs.id);
    await rig.until('the wallet', () => rig.fleet.balance(driver), (balance) => balance === '10.00');
  }); // prettier-ignore

  it('pay an open bill, once', async () => {
    const driver = aDriver();
    const charge = aCharge(driver);
    await rig.fleet.whole(charge);
    const { id } = (await rig.invoice(charge))!;
    const pay = (by: ReturnType<typeof aDriver>) =>
      rig.fleet.rig.graphql(
        by,
        'mutation($i: PayInvoiceByCardInput!) { payInvoiceByCard(input: $i) { payment { id } } }',
        { i: { invoiceId: id, idempotencyKey: randomUUID() } },
      );
    expect((await pay(driver)).codes).toEqual(['NOT_FOUND']);
    await rig.save(driver);
    expect((await pay(await rig.payer())).codes).toEqual(['NOT_FOUND']);
    const both = await Promise.all([pay(driver), pay(driver)]);
    expect(both.flatMap(({ codes }) => codes)).toEqual([
      expect.stringMatching(/CONFLICT|FAILED_PRECONDITION/),
    ]);
    expect(await rig.paid(charge)).toMatchObject({ paymentMethod: 'CARD' });
    expect((await pay(driver)).codes).toEqual(['FAILED_PRECONDITION']);
  });
});

describe('refunds by an operator', () => {
  const refund = (paymentId: string, amount: string, by = OPERATOR, key: string = randomUUID()) =>
    rig.fleet.rig.graphql<{ refundPayment: { payment: SeenPayment } }>(
      by,
      'mutation($i: RefundPaymentInput!) { refundPayment(input: $i) { payment { id refunds { amount { amount } } } } }',
      { i: { paymentId, amount, reason: 'The coffee was cold.', idempotencyKey: key } },
    );

  it('give back so much, once per key, and never more than was taken', async () => {
    const charge = await rig.session(await rig.payer());
    const { payments } = (await rig.paid(charge))!;
    const { id } = payments[0]!;
    const key = randomUUID();
    expect((await refund(id, '1.00', OPERATOR, key)).codes).toEqual([]);
    expect((await refund(id, '1.00', OPERATOR, key)).codes).toEqual([]);
    expect((await refund(id, '1.50', OPERATOR, key)).codes).toEqual(['CONFLICT']);
    expect((await refund(id, '1000.00')).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await refund(id, '0.001')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await refund(id, '1.00', charge.driver)).codes).toEqual(['FORBIDDEN']);
    expect((await refund(id, '1.00', { ...OPERATOR, tenant: 'other' })).codes).toEqual(['NOT_FOUND']);
    const [payment] = await rig.states(charge, 'PARTLY_REFUNDED');
    expect(payment).toMatchObject({ refunded: { amount: '1.00' }, refunds: [{ state: 'DONE' }] });
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID' });
  });
});
