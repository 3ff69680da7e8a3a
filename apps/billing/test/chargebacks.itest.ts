// Real: billing with Postgres and NATS behind its webhook port, the SDK of Stripe over HTTP to a pretended Stripe whose cardholders call their banks.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCharge, aDriver, anOperator, OPERATOR, type Charge } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start();
  await rig.fleet.applyTariff('std');
});
afterAll(() => rig?.close());
beforeEach(() => {
  rig.stripe.webhooks = 'now';
});
afterEach(async () => {
  await rig.stripe.delivered();
  await rig.until(
    'the books to agree',
    () => rig.judge(),
    (problems) => problems.length === 0,
  );
  expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
});

interface Seen {
  readonly id: string;
  readonly reference: string;
  readonly state: string;
  readonly reason: string;
  readonly amount: { readonly amount: string };
  readonly withdrawn: { readonly amount: string };
  readonly fee: { readonly amount: string };
  readonly claim: { readonly amount: string };
  readonly evidenceSent: boolean;
  readonly evidenceDueAt: string | null;
  readonly closedAt: string | null;
  readonly invoice: { readonly id: string; readonly status: string } | null;
  readonly payment: { readonly id: string; readonly purpose: string } | null;
  readonly session: { readonly id: string } | null;
}
const FIELDS = `id reference state reason amount { amount } withdrawn { amount } fee { amount } claim { amount } evidenceSent
  evidenceDueAt closedAt invoice { id status } payment { id purpose } session { id }`;

const ask = (asker: TestPrincipal, args: string) =>
  rig.fleet.rig.graphql<{ chargebacks: { totalCount: number; edges: { node: Seen }[] } }>(
    asker,
    `{ chargebacks(first: 50${args}) { totalCount edges { node { ${FIELDS} } } } }`,
  );
async function list(args = '', asker = OPERATOR): Promise<Seen[]> {
  const { data, errors } = await ask(asker, args);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.chargebacks.edges.map(({ node }) => node);
}
const found = async (ref: string) => (await list()).find(({ reference }) => reference === ref);
const until = (ref: string, is: (one: Seen) => boolean) =>
  waitFor('the chargeback', async () => {
    const one = await found(ref);
    return one && is(one) ? one : undefined;
  });

/** A bill that a card paid, and what the provider calls the payment. */
async function paid(driver?: TestPrincipal): Promise<{ charge: Charge; paymentRef: string }> {
  const charge = await rig.session(driver ?? (await rig.payer()));
  await rig.paid(charge);
  // So that all that is said of the payment is known, and its fee, too.
  await rig.until(
    'the fee',
    () => rig.payments(charge),
    ([payment]) => payment?.fee !== null,
  );
  return { charge, paymentRef: await refOf(charge) };
}
async function refOf({ sessionId }: Charge): Promise<string> {
  const rows = await rig.fleet.rig.sql<{ provider_ref: string }>(
    'select provider_ref from payment where session_id = $1',
    [sessionId],
  );
  return rows[0]!.provider_ref;
}
const sumOf = async (account: string) => {
  const rows = await rig.fleet.rig.sql<{ sum: string }>(
    'select coalesce(sum(amount), 0)::text as sum from ledger_entry where account = $1',
    [account],
  );
  return Number(rows[0]!.sum);
};
const changes = async (ref: string) =>
  (await rig.fleet.rig.published(events.chargebackChanged))
    .filter(({ reference }) => reference === ref)
    .map(({ change }) => change);

async function topUp(driver: TestPrincipal, amount: string): Promise<string> {
  const { data } = await rig.fleet.rig.graphql<{ topUpWalletByCard: { payment: { id: string } } }>(
    driver,
    'mutation($i: TopUpWalletByCardInput!) { topUpWalletByCard(input: $i) { payment { id } } }',
    { i: { amount, currency: 'EUR', idempotencyKey: randomUUID() } },
  );
  const { id } = data!.topUpWalletByCard.payment;
  const state = () =>
    rig.fleet.rig.sql<{ state: string; provider_ref: string }>(
      'select state, provider_ref from payment where id = $1',
      [id],
    );
  const [row] = await rig.until('the top-up', state, ([one]) => one?.state === 'CAPTURED');
  return row!.provider_ref;
}

describe('a chargeback', () => {
  it('makes the invoice owed again and the fee our cost, and winning it pays the invoice', async () => {
    const { charge, paymentRef } = await paid();
    const before = (await rig.invoice(charge))!;
    const fees = await sumOf('fees:stripe');
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef, { reason: 'duplicate' });
    const open = await until(ref, ({ withdrawn }) => withdrawn.amount === before.total);
    expect(open).toMatchObject({
      ...{ state: 'NEEDS_RESPONSE', reason: 'duplicate', evidenceSent: false, closedAt: null },
      ...{ amount: { amount: before.total }, fee: { amount: '20.00' }, claim: { amount: '0.00' } },
      ...{ invoice: { id: before.id, status: 'OPEN' }, payment: { purpose: 'SESSION' } },
      session: { id: charge.sessionId },
    });
    expect(new Date(open.evidenceDueAt!).getTime()).toBeGreaterThan(Date.now());
    expect(await rig.invoice(charge)).toMatchObject({
      status: 'OPEN',
      cardPaid: '0.00',
      paymentMethod: null,
    });
    expect(await sumOf(`receivable:${charge.driver.accountId}`)).toBeCloseTo(Number(before.total), 2);
    expect(await sumOf('fees:stripe')).toBeCloseTo(fees + 20, 2);
    rig.stripe.ledger.disputes.submitEvidence(ref);
    await until(ref, ({ state, evidenceSent }) => state === 'UNDER_REVIEW' && evidenceSent);
    rig.stripe.ledger.disputes.decide(ref, 'won');
    const won = await until(ref, ({ withdrawn }) => withdrawn.amount === '0.00');
    expect(won).toMatchObject({ state: 'WON', fee: { amount: '20.00' }, closedAt: expect.any(String) });
    expect(await rig.invoice(charge)).toMatchObject({
      ...{ status: 'PAID', paymentMethod: 'CARD', cardPaid: before.total },
    });
    await rig.stripe.delivered();
    expect((await changes(ref)).filter((one) => one === 'WON')).toHaveLength(1);
    expect((await changes(ref))[0]).toBe('OPENED');
  });

  it('that is lost leaves the invoice open: the wallet pays it then, and not before', async () => {
    const { charge, paymentRef } = await paid();
    const { total } = (await rig.invoice(charge))!;
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await until(ref, ({ withdrawn }) => withdrawn.amount === total);
    await rig.fleet.topUp(charge.driver, '100.00');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'OPEN' });
    expect(await rig.fleet.balance(charge.driver)).toBe('100.00');
    const { codes } = await rig.fleet.rig.graphql(
      charge.driver,
      'mutation($i: PayInvoiceByCardInput!) { payInvoiceByCard(input: $i) { payment { id } } }',
      { i: { invoiceId: (await rig.invoice(charge))!.id, idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual(['FAILED_PRECONDITION']);
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await until(ref, ({ state }) => state === 'LOST');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET' });
    expect(Number(await rig.fleet.balance(charge.driver))).toBeCloseTo(100 - Number(total), 2);
  });

  it('is the same whatever is told twice, backwards, and after its end', async () => {
    const { charge, paymentRef } = await paid();
    rig.stripe.webhooks = 'held';
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    rig.stripe.ledger.disputes.submitEvidence(ref);
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await rig.stripe.release((told) => told.toReversed().flatMap((event) => [event, event]));
    const one = await until(ref, ({ state }) => state === 'LOST');
    expect(one.invoice).toMatchObject({ status: 'OPEN' });
    expect(await changes(ref)).toEqual(['OPENED']);
    expect(await rig.invoice(charge)).toMatchObject({ status: 'OPEN', cardPaid: '0.00' });
  });

  it('that is told before the payment is known here finds it', async () => {
    const driver = await rig.payer();
    const charge = await rig.session(driver, { capture: ['cut-after'] });
    rig.stripe.webhooks = 'held';
    const paymentRef = await waitFor('the capture', async () => {
      const ref = await refOf(charge);
      const { payments } = rig.stripe.books();
      return payments.some(({ id, captured }) => id === ref && captured > 0) ? ref : undefined;
    });
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await rig.stripe.release((told) => told.filter(({ type }) => type.startsWith('charge.dispute.')));
    const one = await until(ref, ({ state }) => state === 'NEEDS_RESPONSE');
    expect(one.invoice).toMatchObject({ status: 'OPEN' });
    rig.stripe.webhooks = 'now';
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await rig.paid(charge);
  });

  it('that only asks takes nothing until the bank takes it', async () => {
    const { charge, paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef, { inquiry: true });
    expect(await until(ref, () => true)).toMatchObject({ state: 'INQUIRY', fee: { amount: '0.00' } });
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID' });
    rig.stripe.ledger.disputes.escalate(ref);
    await until(ref, ({ state, withdrawn }) => state === 'NEEDS_RESPONSE' && withdrawn.amount !== '0.00');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'OPEN' });
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await until(ref, ({ withdrawn }) => withdrawn.amount === '0.00');
    const other = await paid();
    const { id: asked } = rig.stripe.ledger.disputes.open(other.paymentRef, { inquiry: true });
    rig.stripe.ledger.disputes.decide(asked, 'warning_closed');
    expect(await until(asked, ({ state }) => state === 'CLOSED')).toMatchObject({
      withdrawn: { amount: '0.00' },
    });
  });

  it('over a part, of an invoice that the wallet had paid the rest of, is that part alone', async () => {
    const { charge, paymentRef } = await paid();
    const { total } = (await rig.invoice(charge))!;
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef, { amount: 100 });
    await until(ref, ({ withdrawn }) => withdrawn.amount === '1.00');
    expect(await sumOf(`receivable:${charge.driver.accountId}`)).toBe(1);
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await until(ref, ({ state }) => state === 'LOST');
    await rig.fleet.topUp(charge.driver, '1.00');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET' });
    // And once more: what the wallet paid of it is not asked for again.
    const rest = Math.round((Number(total) - 1) * 100);
    const { id: again } = rig.stripe.ledger.disputes.open(paymentRef, { amount: rest });
    await until(again, ({ state, withdrawn }) => state === 'NEEDS_RESPONSE' && withdrawn.amount !== '0.00');
    expect(await sumOf(`receivable:${charge.driver.accountId}`)).toBeCloseTo(rest / 100, 2);
    rig.stripe.ledger.disputes.decide(again, 'lost');
    await until(again, ({ state }) => state === 'LOST');
    await rig.fleet.topUp(charge.driver, String(rest / 100));
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID' });
  });

  it('cannot be given back once more to the card', async () => {
    const { charge, paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    const [payment] = await rig.payments(charge);
    const { codes } = await rig.fleet.rig.graphql(
      OPERATOR,
      'mutation($i: RefundPaymentInput!) { refundPayment(input: $i) { payment { id } } }',
      { i: { paymentId: payment!.id, amount: '1.00', reason: 'sorry', idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual(['FAILED_PRECONDITION']);
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await until(ref, ({ state }) => state === 'LOST');
  });

  it('of a bill that is taken back meanwhile comes into the wallet when it is won', async () => {
    const { charge, paymentRef } = await paid();
    const { total } = (await rig.invoice(charge))!;
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    const { codes } = await rig.fleet.rig.graphql(
      OPERATOR,
      'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
      {
        i: {
          ...{ sessionId: charge.sessionId, correction: 'WAIVE', reason: 'it was wrong' },
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(codes).toEqual([]);
    expect(await rig.fleet.balance(charge.driver)).toBe('0.00');
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await until(ref, ({ withdrawn }) => withdrawn.amount === '0.00');
    expect(await rig.fleet.balance(charge.driver)).toBe(total);
  });
});

describe('a chargeback of a top-up', () => {
  it('takes what is in the wallet, and what was spent is owed until the wallet has it', async () => {
    const driver = aDriver('demo');
    await rig.save(driver);
    const paymentRef = await topUp(driver, '20.00');
    const charge = aCharge(driver);
    await rig.fleet.whole(charge);
    const left = Number(await rig.fleet.balance(driver));
    expect(left).toBeLessThan(20);
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    const open = await until(ref, ({ claim }) => claim.amount !== '0.00');
    expect(Number(open.claim.amount)).toBeCloseTo(20 - left, 2);
    expect(await rig.fleet.balance(driver)).toBe('0.00');
    // While nobody has decided money that comes is the driver's.
    await rig.fleet.topUp(driver, '2.00');
    expect(await rig.fleet.balance(driver)).toBe('2.00');
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await until(ref, ({ state }) => state === 'LOST');
    expect(await rig.fleet.balance(driver)).toBe('0.00');
    await rig.fleet.topUp(driver, '30.00');
    expect(Number(await rig.fleet.balance(driver))).toBeCloseTo(32 - (20 - left), 2);
    expect(await found(ref)).toMatchObject({ claim: { amount: '0.00' }, invoice: null, session: null });
  });

  it('that is won fills it again', async () => {
    const driver = aDriver('demo');
    await rig.save(driver);
    const { id: ref } = rig.stripe.ledger.disputes.open(await topUp(driver, '20.00'));
    await until(ref, ({ withdrawn }) => withdrawn.amount === '20.00');
    expect(await rig.fleet.balance(driver)).toBe('0.00');
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await until(ref, ({ withdrawn }) => withdrawn.amount === '0.00');
    expect(await rig.fleet.balance(driver)).toBe('20.00');
  });
});

describe('while a bank decides', () => {
  it('no letter is written; a case that was over goes on where it was once it is lost', async () => {
    const { charge, paymentRef } = await paid();
    const { id: invoiceId } = (await rig.invoice(charge))!;
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    await rig.fleet.rig.sql("update invoice set due_at = now() - interval '40 days' where id = $1", [
      invoiceId,
    ]);
    const kase = () =>
      rig.fleet.rig.sql<{ state: string; level: number; look_at: Date | null }>(
        'select state, level, look_at from dunning_case where invoice_id = $1',
        [invoiceId],
      );
    await waitFor('the case', async () => (await kase())[0]?.state === 'ACTIVE');
    await waitFor('the letter to be put off', async () => (await kase())[0]!.look_at! > new Date());
    expect((await kase())[0]).toMatchObject({ level: 0 });
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await waitFor('the case to be over', async () => (await kase())[0]!.state === 'SETTLED');
    const { id: again } = rig.stripe.ledger.disputes.open(paymentRef);
    await waitFor('the case to go on', async () => (await kase())[0]!.state === 'ACTIVE');
    rig.stripe.ledger.disputes.decide(again, 'lost');
    await until(again, ({ state }) => state === 'LOST');
    await rig.fleet.rig.sql(
      "update dunning_case set counted_from = '2020-01-01', look_at = now() where invoice_id = $1",
      [invoiceId],
    );
    await waitFor('the letter', async () => (await kase())[0]!.level === 1);
  });

  it('operators are reminded of evidence once, also when the provider is away', async () => {
    const { paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    const { id } = await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    const due = () =>
      rig.fleet.rig.sql(
        `update chargeback set look_at = now(), opened_at = now() - interval '8 days', evidence_due_at = now() + interval '2 days'
          where id = $1`,
        [id],
      );
    rig.stripe.misbehave('dispute', 'error-before', 'error-before');
    await due();
    await waitFor('the reminder', async () => (await changes(ref)).includes('EVIDENCE_DUE'), {
      timeoutMs: 20_000,
    });
    await due();
    await waitFor('another look', async () => rig.stripe.pending === 0, { timeoutMs: 20_000 });
    expect((await changes(ref)).filter((one) => one === 'EVIDENCE_DUE')).toHaveLength(1);
  });

  it('what no webhook told is found by looking', async () => {
    const { charge, paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    const { id } = await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    await rig.stripe.delivered();
    rig.stripe.webhooks = 'lost';
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await rig.fleet.rig.sql('update chargeback set look_at = now() where id = $1', [id]);
    await waitFor('it to be won', async () => (await found(ref))?.state === 'WON', { timeoutMs: 20_000 });
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID' });
  });
});

describe('chargebacks', () => {
  it('are seen by operators of the tenant alone, filtered and by page', async () => {
    const { charge, paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    const { id } = await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    const of = `, accountId: "${charge.driver.accountId}"`;
    expect((await list(`${of}, undecided: true`)).map(({ reference }) => reference)).toEqual([ref]);
    expect(await list(`${of}, state: LOST`)).toEqual([]);
    expect(await list(`${of}, state: LOST, undecided: true`)).toEqual([]);
    const total = (await ask(OPERATOR, '')).data!.chargebacks.totalCount;
    const page = await rig.fleet.rig.graphql<{ chargebacks: { totalCount: number; edges: unknown[] } }>(
      OPERATOR,
      '{ chargebacks(first: 1) { totalCount edges { node { id } } } }',
    );
    expect(page.data!.chargebacks).toMatchObject({ totalCount: total, edges: [{ node: { id } }] });
    expect(await list('', anOperator('other'))).toEqual([]);
    expect((await ask(charge.driver, '')).codes).toEqual(['FORBIDDEN']);
    const one = (asker: TestPrincipal) =>
      rig.fleet.rig.graphql(asker, 'query($id: ID!) { chargeback(id: $id) { reference } }', { id });
    expect((await one(OPERATOR)).data).toEqual({ chargeback: { reference: ref } });
    expect((await one(anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    rig.stripe.ledger.disputes.decide(ref, 'lost');
    await until(ref, ({ state }) => state === 'LOST');
  });

  it.each([
    ['withdrawn', /chargeback .* is not booked as it stands/],
    ['fee', /chargeback .* is not booked as it stands/],
    ['claim', /owes another claim than its chargebacks say/],
  ])('are noticed by the audit of the books when their %s is another sum', async (column, found) => {
    const { paymentRef } = await paid();
    const { id: ref } = rig.stripe.ledger.disputes.open(paymentRef);
    await until(ref, ({ withdrawn }) => withdrawn.amount !== '0.00');
    const add = (amount: string) =>
      rig.fleet.rig.sql(`update chargeback set ${column} = ${column} + ${amount} where ref = $1`, [ref]);
    await add('0.01');
    expect((await auditBooks(rig.fleet, 'demo')).join('\n')).toMatch(found);
    await add('-0.01');
    rig.stripe.ledger.disputes.decide(ref, 'won');
    await until(ref, ({ state }) => state === 'WON');
  });

  it('about what is nobody’s are not booked', async () => {
    const before = (await list()).length;
    const event = rig.stripe.strangeEvent('demo');
    const object = { id: 'du_x', object: 'dispute', payment_intent: 'pi_x' };
    expect(await rig.stripe.deliver({ ...event, type: 'charge.dispute.created', data: { object } })).toBe(
      200,
    );
    expect((await list()).length).toBe(before);
  });
});
