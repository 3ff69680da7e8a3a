// Real: billing with Postgres and NATS, the SDK of Stripe over HTTP to a pretended Stripe; drivers get one invoice for a month and pay it by card.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, OPERATOR, type Charge } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig, PAYMENT_FIELDS, type SeenPayment } from './card-rig.js';

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start();
  await rig.fleet.applyTariff('std');
});
afterAll(() => rig?.close());
afterEach(async () => {
  await rig.stripe.delivered();
  await rig.until(
    'the books to agree',
    () => rig.judge(),
    (problems) => problems.length === 0,
  );
  expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
});

interface Month {
  readonly id: string;
  readonly status: string;
  readonly paymentMethod: string | null;
  readonly totalInclVat: { readonly amount: string };
  readonly cardPaid: { readonly amount: string };
  readonly payments: readonly SeenPayment[];
}
async function monthOf(driver: TestPrincipal): Promise<Month | undefined> {
  const { data } = await rig.fleet.rig.graphql<{
    invoices: { edges: { node: Month & { kind: string; month: string | null } }[] };
  }>(
    driver,
    `{ invoices(first: 20) { edges { node { id kind status month paymentMethod totalInclVat { amount } cardPaid { amount }
      payments { ${PAYMENT_FIELDS} } } } } }`,
  );
  return data!.invoices.edges
    .map(({ node }) => node)
    .find(({ kind, month }) => kind === 'INVOICE' && month !== null);
}
const until = (driver: TestPrincipal, status: string, ...states: string[]) =>
  rig.until(
    `the invoice to be ${status}`,
    () => monthOf(driver),
    (one) => one?.status === status && one.payments.map(({ state }) => state).join() === states.join(),
  ) as Promise<Month>;

/** Two sessions of a driver with a card, on one invoice. */
async function aMonth(driver: TestPrincipal): Promise<Charge[]> {
  await rig.fleet.monthly(driver);
  const charges = [aCharge(driver), aCharge(driver)];
  for (const charge of charges) await rig.fleet.whole(charge);
  return charges;
}
async function waive({ sessionId }: Charge): Promise<void> {
  const { codes } = await rig.fleet.rig.graphql(
    OPERATOR,
    'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
    { i: { sessionId, correction: 'WAIVE', reason: 'it was wrong', idempotencyKey: randomUUID() } },
  );
  expect(codes).toEqual([]);
}
const pay = (driver: TestPrincipal, invoiceId: string) =>
  rig.fleet.rig.graphql<{ payInvoiceByCard: { payment: { id: string } } }>(
    driver,
    'mutation($i: PayInvoiceByCardInput!) { payInvoiceByCard(input: $i) { payment { id } } }',
    { i: { invoiceId, idempotencyKey: randomUUID() } },
  );

describe('a collective invoice of a driver with a card', () => {
  it('is charged when it is issued, whatever is in the wallet, and what was reserved is let go', async () => {
    const driver = await rig.payer();
    await rig.fleet.topUp(driver, '100.00');
    const charges = await aMonth(driver);
    for (const charge of charges) {
      await waitFor('nothing to be reserved', async () => {
        await rig.hurry();
        return (await rig.payments(charge)).every(({ state }) => state === 'CANCELLED');
      });
    }
    await rig.fleet.monthOver(driver);
    const paid = await until(driver, 'PAID', 'CAPTURED');
    expect(paid).toMatchObject({ paymentMethod: 'CARD', cardPaid: paid.totalInclVat });
    expect(await rig.fleet.balance(driver)).toBe('100.00');
    const told = (await rig.fleet.rig.published(events.paymentChanged)).filter(
      (one) => one.invoiceId === paid.id,
    );
    expect(told).toMatchObject([{ purpose: 'INVOICE', sessionId: '', attended: false, state: 'CAPTURED' }]);
  });

  it('is charged once though the answer is lost', async () => {
    const driver = await rig.payer();
    await aMonth(driver);
    rig.stripe.misbehave('create', 'cut-after');
    await rig.fleet.monthOver(driver);
    await until(driver, 'PAID', 'CAPTURED');
  });

  it('stays open when the card is declined: letters follow, and the driver can pay it with the card', async () => {
    const driver = await rig.payer();
    await aMonth(driver);
    rig.stripe.misbehave('create', 'decline');
    await rig.fleet.monthOver(driver);
    const open = await until(driver, 'OPEN', 'DECLINED');
    await rig.fleet.rig.sql("update invoice set due_at = now() - interval '1 minute' where id = $1", [
      open.id,
    ]);
    const cases = () =>
      rig.fleet.rig.sql<{ state: string }>('select state from dunning_case where invoice_id = $1', [open.id]);
    await waitFor('the case', async () => (await cases())[0]?.state === 'ACTIVE');
    expect((await pay(driver, open.id)).codes).toEqual([]);
    await until(driver, 'PAID', 'DECLINED', 'CAPTURED');
    expect((await cases())[0]).toEqual({ state: 'SETTLED' });
    expect((await pay(driver, open.id)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('waits for its holder where the bank wants them', async () => {
    const driver = await rig.payer('asks_holder');
    await aMonth(driver);
    await rig.fleet.monthOver(driver);
    const open = await until(driver, 'OPEN', 'DECLINED');
    const told = (await rig.fleet.rig.published(events.paymentChanged)).filter(
      (one) => one.invoiceId === open.id,
    );
    expect(told[0]).toMatchObject({ attended: false, failureCode: 'authentication_required' });
    expect((await pay(driver, open.id)).codes).toEqual([]);
    const [, asked] = (await until(driver, 'OPEN', 'DECLINED', 'REQUIRES_ACTION')).payments;
    expect(asked!.clientSecret).toBeTruthy();
    rig.stripe.ledger.confirmIntent(asked!.clientSecret!.split('_secret_')[0]!);
    await until(driver, 'PAID', 'DECLINED', 'CAPTURED');
  });

  it('gives the card back what a session on it was, and no more', async () => {
    const driver = await rig.payer();
    const charges = await aMonth(driver);
    await rig.fleet.monthOver(driver);
    const paid = await until(driver, 'PAID', 'CAPTURED');
    await waive(charges[0]!);
    const rest = await until(driver, 'PAID', 'PARTLY_REFUNDED');
    const half = Number(paid.totalInclVat.amount) / 2;
    expect(Number(rest.cardPaid.amount)).toBeCloseTo(half, 2);
    expect(Number(rest.payments[0]!.refunded.amount)).toBeCloseTo(half, 2);
    await waive(charges[1]!);
    await until(driver, 'CREDITED', 'REFUNDED');
    expect(await rig.fleet.balance(driver)).toBe('0.00');
  });

  it('is owed again when a bank takes its payment back', async () => {
    const driver = await rig.payer();
    await aMonth(driver);
    await rig.fleet.monthOver(driver);
    const paid = await until(driver, 'PAID', 'CAPTURED');
    const [row] = await rig.fleet.rig.sql<{ provider_ref: string }>(
      'select provider_ref from payment where invoice_id = $1',
      [paid.id],
    );
    const { id } = rig.stripe.ledger.disputes.open(row!.provider_ref);
    expect(await until(driver, 'OPEN', 'CAPTURED')).toMatchObject({ cardPaid: { amount: '0.00' } });
    expect((await pay(driver, paid.id)).codes).toEqual(['FAILED_PRECONDITION']);
    rig.stripe.ledger.disputes.decide(id, 'won');
    await until(driver, 'PAID', 'CAPTURED');
  });
});
