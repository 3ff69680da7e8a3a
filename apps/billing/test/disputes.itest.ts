// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import type { TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, anOperator, BillingRig, OPERATOR, type Charge } from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
});
afterAll(() => fleet.close());

const BILL = `disputes { id state reason text answer decidedBy { id } } invoice { number status totalInclVat { amount } }
  invoices { kind status totalInclVat { amount } }`;
interface Bill {
  disputes: { id: string; state: string; answer: string | null; decidedBy: { id: string } | null }[];
  invoice: { number: string; status: string; totalInclVat: { amount: string } } | null;
  invoices: { kind: string; status: string; totalInclVat: { amount: string } }[];
}

const dispute = (charge: Charge, over: Record<string, unknown> = {}, by: TestPrincipal = charge.driver) =>
  fleet.rig.graphql<{ openDispute: { session: Bill } }>(
    by,
    `mutation($input: OpenDisputeInput!) { openDispute(input: $input) { session { ${BILL} } } }`,
    {
      input: {
        sessionId: charge.sessionId,
        reason: 'ENERGY',
        text: 'My car took 8 kWh only.',
        idempotencyKey: randomUUID(),
        ...over,
      },
    },
  );
const decide = (disputeId: string, over: Record<string, unknown> = {}, by: TestPrincipal = OPERATOR) =>
  fleet.rig.graphql<{ decideDispute: { session: Bill } }>(
    by,
    `mutation($input: DecideDisputeInput!) { decideDispute(input: $input) { session { ${BILL} } } }`,
    {
      input: {
        disputeId,
        decision: 'ACCEPT',
        correction: 'ENERGY',
        energyWh: 8000,
        answer: 'You are right.',
        idempotencyKey: randomUUID(),
        ...over,
      },
    },
  );
const REJECT = {
  decision: 'REJECT',
  correction: undefined,
  energyWh: undefined,
  answer: 'The meter is right.',
};

async function charged(topUp?: string): Promise<Charge> {
  const charge = aCharge();
  if (topUp) await fleet.topUp(charge.driver, topUp);
  await fleet.whole(charge);
  return charge;
}
async function disputed(topUp?: string): Promise<{ charge: Charge; id: string }> {
  const charge = await charged(topUp);
  const { data } = await dispute(charge);
  return { charge, id: data!.openDispute.session.disputes[0]!.id };
}
const told = async (charge: Charge) => [
  ...(await fleet.rig.published(events.disputeOpened)).filter((e) => e.sessionId === charge.sessionId),
  ...(await fleet.rig.published(events.disputeDecided)).filter((e) => e.sessionId === charge.sessionId),
];

// 10 kWh x 0.40 and 10 billed idle minutes at 6.00/h, plus 21 %: 6.05. With 8 kWh: 5.08 (5.082).
describe('a dispute', () => {
  it('is opened by the driver, once for an invoice, and told', async () => {
    const { charge, id } = await disputed();
    expect(await fleet.see<Bill>(charge, BILL)).toMatchObject({
      disputes: [{ id, state: 'OPEN', reason: 'ENERGY', text: 'My car took 8 kWh only.', answer: null }],
      invoice: { status: 'OPEN' },
    });
    const invoice = (await fleet.see<Bill>(charge, BILL))!.invoice!;
    expect(await told(charge)).toMatchObject([
      { disputeId: id, accountId: charge.driver.accountId, invoiceNumber: invoice.number, reason: 'ENERGY' },
    ]);
    expect((await dispute(charge)).codes).toEqual(['CONFLICT']);
    const other = await charged();
    const idempotencyKey = randomUUID();
    const first = await dispute(other, { idempotencyKey });
    expect((await dispute(other, { idempotencyKey })).data).toEqual(first.data);
    const third = await charged();
    const answers = await Promise.all(Array.from({ length: 6 }, () => dispute(third)));
    expect(answers.flatMap(({ codes }) => codes)).toEqual(Array(5).fill('CONFLICT'));
  });

  it('keeps the wallet away from the invoice until it is decided', async () => {
    const { charge, id } = await disputed();
    await fleet.topUp(charge.driver, '10.00');
    expect(await fleet.balance(charge.driver)).toBe('10.00');
    // Others are paid as ever.
    const next = aCharge(charge.driver);
    await fleet.whole(next);
    expect((await fleet.see<Bill>(next, BILL))!.invoice!.status).toBe('PAID');
    await fleet.topUp(charge.driver, '5.00');
    const { data } = await decide(id, REJECT);
    expect(data!.decideDispute.session).toMatchObject({
      disputes: [{ state: 'REJECTED', answer: 'The meter is right.', decidedBy: { id: OPERATOR.accountId } }],
      invoice: { status: 'PAID', totalInclVat: { amount: '6.05' } },
    });
    expect(await fleet.balance(charge.driver)).toBe('2.90');
    expect((await fleet.see<Bill>(charge, BILL))!.disputes[0]!.decidedBy).toBeNull();
    expect(await told(charge)).toMatchObject([{ reason: 'ENERGY' }, { state: 'REJECTED' }]);
    expect((await dispute(charge)).codes).toEqual(['CONFLICT']);
  });

  it('that is accepted credits the invoice, and what was paid comes back', async () => {
    const { charge, id } = await disputed('10.00');
    expect(await fleet.balance(charge.driver)).toBe('3.95');
    const { data } = await decide(id);
    expect(data!.decideDispute.session).toMatchObject({
      disputes: [{ state: 'ACCEPTED', answer: 'You are right.' }],
      invoice: { status: 'PAID', totalInclVat: { amount: '5.08' } },
      invoices: [{ status: 'CREDITED' }, { kind: 'CREDIT_NOTE' }, { kind: 'INVOICE' }],
    });
    expect(await fleet.balance(charge.driver)).toBe('4.92');
    // What followed may be objected to as well; all of it may be credited.
    const again = await dispute(charge, { reason: 'PRICE', text: 'Still too much.' });
    const second = again.data!.openDispute.session.disputes[1]!;
    const all = await decide(second.id, { correction: 'WAIVE', energyWh: undefined });
    expect(all.data!.decideDispute.session.invoice).toBeNull();
    expect(await fleet.balance(charge.driver)).toBe('10.00');
    expect((await dispute(charge)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('is decided once, and while it is open nothing else corrects the bill', async () => {
    const { charge, id } = await disputed();
    const correction = await fleet.rig.graphql(
      OPERATOR,
      'mutation($input: CorrectBillInput!) { correctBill(input: $input) { session { id } } }',
      {
        input: {
          sessionId: charge.sessionId,
          correction: 'WAIVE',
          reason: 'x',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(correction.codes).toEqual(['FAILED_PRECONDITION']);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => decide(id, n % 2 === 0 ? {} : REJECT)),
    );
    expect(answers.flatMap(({ codes }) => codes)).toEqual(Array(5).fill('CONFLICT'));
    // A decision that cannot be carried out leaves it open.
    const other = await disputed();
    const tooMuch = { correction: 'AMOUNT', energyWh: undefined, totalInclVat: '99.00' };
    expect((await decide(other.id, tooMuch)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await decide(other.id, { energyWh: 10_000 })).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await fleet.see<Bill>(other.charge, BILL))!.disputes[0]!.state).toBe('OPEN');
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('is shown with registers, lines and what the signatures are worth, to its driver and operators alone', async () => {
    const driver = aDriver();
    const charge = aCharge(driver);
    await fleet.started(charge);
    await fleet.ended(charge);
    await fleet.metered(charge, {
      signedVerdict: metering.SignedVerdict.SIGNED_VERDICT_VERIFIED,
      deviations: ['register_rounded'],
    });
    await fleet.billed(charge);
    await dispute(charge);
    interface Page {
      disputes: { totalCount: number; edges: { node: Record<string, unknown> }[] };
    }
    const list = (by: TestPrincipal, state: string | null = null) =>
      fleet.rig.graphql<Page>(
        by,
        `query($state: DisputeState) { disputes(first: 1, state: $state) { totalCount edges { node { state reason text account { id }
          invoice { number lines { dimension explanation } } session { id cost { lines { dimension } } billedMeter { energyWh
          beginRegisterWh endRegisterWh doubts signedVerdict signedReasons } } } } } }`,
        { state },
      );
    const own = (await list(driver)).data!.disputes;
    expect(own).toMatchObject({
      totalCount: 1,
      edges: [
        {
          node: {
            ...{ state: 'OPEN', account: { id: driver.accountId } },
            invoice: { lines: [{ dimension: 'ENERGY' }, { dimension: 'PARKING_TIME' }] },
            session: {
              billedMeter: {
                ...{ energyWh: 10_000, beginRegisterWh: 0, endRegisterWh: 10_000 },
                ...{ doubts: ['register_rounded'], signedVerdict: 'VERIFIED', signedReasons: [] },
              },
            },
          },
        },
      ],
    });
    expect((await list(OPERATOR, 'OPEN')).data!.disputes.edges[0]!.node).toEqual(own.edges[0]!.node);
    expect((await list(driver, 'ACCEPTED')).data!.disputes.totalCount).toBe(0);
    expect((await list(aDriver())).data!.disputes.totalCount).toBe(0);
    expect((await list(anOperator('other'))).data!.disputes.totalCount).toBe(0);
  });

  it('is refused without sense or right', async () => {
    const { charge, id } = await disputed();
    expect((await dispute(await charged(), { text: ' ' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await dispute(charge, {}, aDriver())).codes).toEqual(['NOT_FOUND']);
    expect((await dispute(charge, {}, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    const running = aCharge();
    await fleet.started(running);
    await fleet.caughtUp();
    expect((await dispute(running)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await decide(id, {}, charge.driver)).codes).toEqual(['FORBIDDEN']);
    expect((await decide(id, {}, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    for (const over of [
      { correction: undefined, energyWh: undefined },
      { decision: 'REJECT' },
      { answer: '' },
    ]) {
      expect((await decide(id, over)).codes).toEqual(['BAD_USER_INPUT']);
    }
  });
});
