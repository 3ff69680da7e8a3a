// Real: billing with Postgres and NATS, the SDK of Stripe over HTTP to a pretended Stripe; less is reserved than sessions cost.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, OPERATOR, type Charge } from './billing-rig.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';

let rig: CardRig;
beforeAll(async () => {
  rig = await CardRig.start({ KW_CARD_AUTHORISE_AMOUNT: '2.00' });
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

/** What was reserved is taken, and the bank refuses the rest. */
async function restDeclined(): Promise<Charge> {
  const charge = aCharge(await rig.payer());
  await rig.fleet.started(charge);
  await rig.states(charge, 'AUTHORISED');
  rig.stripe.misbehave('create', 'decline');
  await rig.fleet.ended(charge);
  await rig.fleet.metered(charge);
  await rig.states(charge, 'CAPTURED', 'DECLINED');
  return charge;
}

const cardLimit = async ({ sessionId }: Charge) =>
  (
    await rig.fleet.rig.sql<{ card_limit: string | null }>(
      'select card_limit::text from session_fund where session_id = $1',
      [sessionId],
    )
  )[0]?.card_limit;

describe('a session that costs more than was reserved', () => {
  it('lives on what was reserved, and is charged what is above it', async () => {
    const driver = await rig.payer();
    const charge = aCharge(driver);
    await rig.fleet.started(charge);
    await rig.states(charge, 'AUTHORISED');
    expect(await cardLimit(charge)).toBe('200');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    const invoice = (await rig.paid(charge))!;
    const [reserved, rest] = await rig.states(charge, 'CAPTURED', 'CAPTURED');
    expect([reserved!.captured.amount, rest!.purpose]).toEqual(['2.00', 'INVOICE']);
    expect(Number(rest!.captured.amount)).toBeCloseTo(Number(invoice.total) - 2, 2);
    expect(invoice).toMatchObject({ paymentMethod: 'CARD', cardPaid: invoice.total });
  });

  it('is charged the rest once, though its answer and the one before are lost', async () => {
    const charge = aCharge(await rig.payer());
    await rig.fleet.started(charge);
    await rig.states(charge, 'AUTHORISED');
    rig.stripe.misbehave('capture', 'cut-after');
    rig.stripe.misbehave('create', 'cut-after');
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.paid(charge);
  });

  it('stays open with its rest, which the wallet pays', async () => {
    const charge = await restDeclined();
    const open = (await rig.invoice(charge))!;
    expect(open).toMatchObject({ status: 'OPEN', cardPaid: '2.00' });
    await rig.fleet.topUp(charge.driver, '100.00');
    expect(await rig.invoice(charge)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET' });
    expect(Number(await rig.fleet.balance(charge.driver))).toBeCloseTo(102 - Number(open.total), 2);
  });

  it('gives the card its part back when it is taken back', async () => {
    const charge = await restDeclined();
    const { codes } = await rig.fleet.rig.graphql(
      OPERATOR,
      'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
      {
        i: {
          sessionId: charge.sessionId,
          correction: 'WAIVE',
          reason: 'it was wrong',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(codes).toEqual([]);
    await rig.states(charge, 'REFUNDED', 'DECLINED');
    expect(await rig.fleet.balance(charge.driver)).toBe('0.00');
  });
});

describe('a session whose card was declined at the start', () => {
  it('has nothing to live on: it is stopped', async () => {
    const charge = aCharge(await rig.payer('lost_card'));
    await rig.fleet.started(charge);
    await rig.states(charge, 'DECLINED');
    expect(await cardLimit(charge)).toBe('0');
    const state = () =>
      rig.fleet.rig.sql<{ state: string }>('select state from session_fund where session_id = $1', [
        charge.sessionId,
      ]);
    await rig.until('the stop', state, ([fund]) => ['USED_UP', 'STOPPING'].includes(fund?.state ?? ''));
    await rig.fleet.ended(charge);
    await rig.fleet.metered(charge);
    await rig.states(charge, 'DECLINED', 'DECLINED');
  });
});
