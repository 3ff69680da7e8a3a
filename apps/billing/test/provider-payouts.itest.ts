// Real: billing with Postgres behind its webhook port; two tenants have one account at a pretended Stripe on loopback.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '@kilowatch/testing';
import { aCharge, anOperator, OPERATOR } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';

const OTHER = anOperator('other');

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start();
  await rig.fleet.applyTariff('std');
  await rig.fleet.applyTariff('std', {}, OTHER);
});
afterAll(() => rig?.close());
// Each test has an account that holds nothing.
beforeEach(async () => {
  rig.stripe.webhooks = 'now';
  rig.stripe.ledger.payOut();
  await rig.stripe.delivered();
});

interface Shown {
  readonly reference: string;
  readonly state: string;
  readonly amount: { readonly amount: string };
  readonly payoutAmount: { readonly amount: string };
  readonly payments: { readonly amount: string };
  readonly refunds: { readonly amount: string };
  readonly chargebacks: { readonly amount: string };
  readonly other: { readonly amount: string };
  readonly fees: { readonly amount: string };
  readonly transactions: number;
}
const FIELDS = `reference state amount { amount } payoutAmount { amount } payments { amount } refunds { amount } chargebacks { amount }
  other { amount }
  fees { amount } transactions`;

async function payouts(operator = OPERATOR): Promise<Shown[]> {
  const { data } = await rig.fleet.rig.graphql<{ providerPayouts: { edges: { node: Shown }[] } }>(
    operator,
    `{ providerPayouts(first: 100) { edges { node { ${FIELDS} } } } }`,
  );
  return data!.providerPayouts.edges.map(({ node }) => node);
}
const fileOf = (operator = OPERATOR) =>
  rig.fleet.rig.graphql<{ providerPayoutsFile: { name: string; content: string } }>(
    operator,
    '{ providerPayoutsFile { name content } }',
  );
const payout = async (id: string, operator = OPERATOR) =>
  (await payouts(operator)).find(({ reference }) => reference === id);

const inCents = async (account: string, tenant: string) => {
  const rows = await rig.fleet.rig.sql<{ sum: string }>(
    'select coalesce(sum(amount), 0)::text as sum from ledger_entry where account = $1',
    [account],
    tenant,
  );
  return Math.round(Number(rows[0]!.sum) * 100);
};
const cents = (amount: string) => Math.round(Number(amount) * 100);

/** A bill of 6.05 that its driver's card paid, the provider's fee known. */
async function paidByCard(tenant = 'demo') {
  const driver = await rig.payer('good', tenant);
  const charge = aCharge(driver);
  const inTenant = { tenant };
  const states = (state: string) =>
    waitFor(`the payment to be ${state}`, async () => {
      await rig.hurry(tenant);
      const rows = await rig.fleet.rig.sql<{ state: string; fee: string | null }>(
        'select state, fee from payment where session_id = $1',
        [charge.sessionId],
        tenant,
      );
      return rows[0]?.state === state && (state !== 'CAPTURED' || rows[0].fee !== null);
    });
  await rig.fleet.started(charge, {}, inTenant);
  await states('AUTHORISED');
  await rig.fleet.ended(charge, {}, inTenant);
  await rig.fleet.metered(charge, {}, inTenant);
  await states('CAPTURED');
  return charge;
}

describe('a payout of the payment provider', () => {
  it('goes to the tenants whose payments are in it, each with its own fees, and leaves nothing at the provider', async () => {
    const cash = [await inCents('cash:bank', 'demo'), await inCents('cash:bank', 'other')];
    await paidByCard();
    await paidByCard('other');
    await paidByCard('other');
    const { id, amount } = rig.stripe.ledger.payOut();
    await rig.stripe.delivered();
    const [own, others] = [(await payout(id))!, (await payout(id, OTHER))!];
    expect([own.transactions, others.transactions]).toEqual([1, 2]);
    expect(cents(others.amount.amount)).toBe(2 * cents(own.amount.amount));
    expect(cents(own.amount.amount) + cents(others.amount.amount)).toBe(amount);
    expect([own, others].map(({ payoutAmount }) => cents(payoutAmount.amount))).toEqual([amount, amount]);
    expect(cents(own.payments.amount) - cents(own.fees.amount)).toBe(cents(own.amount.amount));
    expect(await inCents('cash:bank', 'demo')).toBe(cash[0]! + cents(own.amount.amount));
    expect(await inCents('cash:bank', 'other')).toBe(cash[1]! + cents(others.amount.amount));
    const file = (await fileOf(OTHER)).data!.providerPayoutsFile;
    expect(file.name).toBe('payouts.csv');
    const line = Buffer.from(file.content, 'base64')
      .toString()
      .split('\r\n')
      .find((text) => text.includes(id));
    expect(line).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d,${id},PAID,EUR,${others.payments.amount},`));
    expect(line!.endsWith(`,${others.amount.amount},${others.payoutAmount.amount},2`)).toBe(true);
    for (const tenant of ['demo', 'other']) {
      expect(await inCents('clearing:stripe', tenant)).toBe(0);
      expect(await auditBooks(rig.fleet, tenant)).toEqual([]);
    }
  });

  it('takes what was refunded off the tenant who gave it back, also at the provider’s own desk', async () => {
    const charge = await paidByCard('other');
    await paidByCard();
    const theirs = await rig.fleet.rig.sql<{ provider_ref: string }>(
      'select provider_ref from payment where session_id = $1',
      [charge.sessionId],
      'other',
    );
    rig.stripe.ledger.refund({ payment_intent: theirs[0]!.provider_ref, amount: '100' });
    const { id, amount } = rig.stripe.ledger.payOut();
    await rig.stripe.delivered();
    const [own, others] = [(await payout(id))!, (await payout(id, OTHER))!];
    expect(own.refunds.amount).toBe('0.00');
    expect(others.refunds.amount).toBe('-1.00');
    expect(cents(own.amount.amount) - cents(others.amount.amount)).toBe(100);
    expect(cents(own.amount.amount) + cents(others.amount.amount)).toBe(amount);
    await waitFor('the refund to be booked', async () => (await inCents('clearing:stripe', 'other')) === 0);
  });

  it('takes what banks took back, and its fee, off the tenant whose payment it was', async () => {
    const charge = await paidByCard('other');
    await paidByCard();
    const [theirs] = await rig.fleet.rig.sql<{ provider_ref: string }>(
      'select provider_ref from payment where session_id = $1',
      [charge.sessionId],
      'other',
    );
    rig.stripe.ledger.disputes.open(theirs!.provider_ref, { amount: 250 });
    const { id, amount } = rig.stripe.ledger.payOut();
    await rig.stripe.delivered();
    const [own, others] = [(await payout(id))!, (await payout(id, OTHER))!];
    expect([own.chargebacks.amount, others.chargebacks.amount]).toEqual(['0.00', '-2.50']);
    expect(cents(own.amount.amount) - cents(others.amount.amount)).toBe(250 + 2_000);
    expect(cents(own.amount.amount) + cents(others.amount.amount)).toBe(amount);
    expect([others.other.amount, others.refunds.amount]).toEqual(['0.00', '0.00']);
    await waitFor(
      'the chargeback to be booked',
      async () => (await inCents('clearing:stripe', 'other')) === 0,
    );
    expect(await auditBooks(rig.fleet, 'other')).toEqual([]);
  });

  it('leaves the costs of the account, and payouts made by hand, with who has the account', async () => {
    const fees = await inCents('fees:stripe', 'demo');
    rig.stripe.ledger.accountFee(250);
    await paidByCard('other');
    const byCalendar = rig.stripe.ledger.payOut();
    await rig.stripe.delivered();
    expect((await payout(byCalendar.id))!).toMatchObject({
      amount: { amount: '-2.50' },
      fees: { amount: '2.50' },
    });
    expect(await inCents('fees:stripe', 'demo')).toBe(fees + 250);
    expect(await inCents('clearing:stripe', 'demo')).toBe(0);

    await paidByCard();
    const byHand = rig.stripe.ledger.payOut('eur', false);
    await rig.stripe.delivered();
    expect((await payout(byHand.id))!).toMatchObject({
      transactions: 0,
      amount: { amount: (byHand.amount / 100).toFixed(2) },
    });
    expect(await payout(byHand.id, OTHER)).toBeUndefined();
    expect(await inCents('clearing:stripe', 'demo')).toBe(0);
  });

  it('is booked once, however often it is told, and taken back once when the bank refuses it', async () => {
    await paidByCard();
    rig.stripe.webhooks = 'twice';
    const before = await inCents('cash:bank', 'demo');
    const { id, amount } = rig.stripe.ledger.payOut();
    await rig.stripe.delivered();
    expect(await inCents('cash:bank', 'demo')).toBe(before + amount);
    rig.stripe.ledger.failPayout(id);
    rig.stripe.ledger.failPayout(id);
    await rig.stripe.delivered();
    expect((await payout(id))!.state).toBe('FAILED');
    expect(await inCents('cash:bank', 'demo')).toBe(before);
    expect(await inCents('clearing:stripe', 'demo')).toBe(amount);
    // It comes again with the next one, of which nobody tells what is in it.
    rig.stripe.ledger.announce('payout.paid', {
      ...{ id: `${id}_again`, object: 'payout', amount },
      ...{ currency: 'eur', automatic: false },
    });
    await rig.stripe.delivered();
    expect(await inCents('clearing:stripe', 'demo')).toBe(0);
  });

  it('that failed before it is told to be paid is never booked', async () => {
    await paidByCard();
    rig.stripe.webhooks = 'held';
    const before = await inCents('cash:bank', 'demo');
    const { id, amount } = rig.stripe.ledger.payOut();
    rig.stripe.ledger.failPayout(id);
    await rig.stripe.release((events) => events.toReversed());
    expect((await payout(id))!.state).toBe('FAILED');
    expect(await inCents('cash:bank', 'demo')).toBe(before);
    rig.stripe.ledger.announce('payout.paid', {
      ...{ id: `${id}_again`, object: 'payout', amount },
      ...{ currency: 'eur', automatic: false },
    });
    await rig.stripe.release();
  });

  it('waits until the provider can be asked what is in it', async () => {
    await paidByCard();
    rig.stripe.webhooks = 'held';
    const { id } = rig.stripe.ledger.payOut();
    const [event] = rig.stripe.events.filter(({ data }) => (data.object as { id?: string }).id === id);
    rig.stripe.misbehave('read', 'cut-before');
    expect(await rig.stripe.deliver(event!)).toBe(503);
    expect(await payout(id)).toBeUndefined();
    expect(await rig.stripe.deliver(event!)).toBe(200);
    expect((await payout(id))!.state).toBe('PAID');
    await rig.stripe.release();
  });

  it('is shown to operators alone', async () => {
    const driver = await rig.payer();
    const { codes } = await rig.fleet.rig.graphql(
      driver,
      `{ providerPayouts(first: 1) { edges { node { id } } } }`,
    );
    expect(codes).toEqual(['FORBIDDEN']);
  });
});
