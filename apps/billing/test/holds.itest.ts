// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecomputeInvoice } from '../src/usecases/recompute-invoice.js';
import { aCharge, aDriver, anOperator, BillingRig, OPERATOR, snapshot, type Charge } from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
});
afterAll(() => fleet.close());

const DISPUTED = {
  verdict: metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED,
  deviations: ['signature_failed'],
  signedVerdict: metering.SignedVerdict.SIGNED_VERDICT_FAILED,
  signedReasons: ['SIGNATURE_WRONG'],
};
const MUTATION = `mutation($input: DecideHoldInput!) { decideHold(input: $input) { session {
  id billingHold cdr { energyWh remark totalInclVat { amount } lines { dimension inclVat { amount } } }
  invoice { id number status totalInclVat { amount } } billDecisions { kind energyWh reason decidedBy { id } } } } }`;

interface Decided {
  decideHold: {
    session: {
      billingHold: string | null;
      cdr: { energyWh: number; remark: string; totalInclVat: { amount: string } } | null;
      invoice: { id: string; number: string; totalInclVat: { amount: string } } | null;
      billDecisions: { kind: string; decidedBy: { id: string } | null }[];
    };
  };
}

const decide = (charge: Charge, over: Record<string, unknown> = {}, by: TestPrincipal = OPERATOR) =>
  fleet.rig.graphql<Decided>(by, MUTATION, {
    input: {
      sessionId: charge.sessionId,
      decision: 'BILL_AS_MEASURED',
      reason: 'The meter was read on site.',
      idempotencyKey: randomUUID(),
      ...over,
    },
  });

async function held(charge = aCharge(), tenant = 'demo'): Promise<Charge> {
  await fleet.started(charge, {}, { tenant });
  await fleet.ended(charge, {}, { tenant });
  await fleet.metered(charge, DISPUTED, { tenant });
  await waitFor('the session to be held', async () => (await fleet.see(charge, 'billingHold'))?.billingHold);
  return charge;
}

describe('held sessions', () => {
  it('are listed for operators with what speaks for and against the energy, the longest first', async () => {
    const tenant = 'listed';
    const by = anOperator(tenant);
    await fleet.applyTariff('STD', {}, by);
    const charges = [
      await held(aCharge(aDriver(tenant)), tenant),
      await held(aCharge(aDriver(tenant)), tenant),
    ];
    interface Page {
      heldSessions: {
        totalCount: number;
        edges: { cursor: string; node: { session: { id: string } } }[];
        pageInfo: { hasNextPage: boolean };
      };
    }
    const list = (principal: TestPrincipal, after: string | null = null, reason: string | null = null) =>
      fleet.rig.graphql<Page>(
        principal,
        `query($after: String, $reason: HoldReason) { heldSessions(first: 1, after: $after, reason: $reason) { totalCount
          pageInfo { hasNextPage } edges { cursor node { session { id cost { final } } reason heldAt text energyWh beginRegisterWh
          endRegisterWh maxPowerW doubts signedVerdict signedReasons } } } }`,
        { after, reason },
      );
    const first = (await list(by)).data!.heldSessions;
    expect(first).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      edges: [
        {
          node: {
            session: { id: charges[0]!.sessionId, cost: { final: false } },
            reason: 'ENERGY_DISPUTED',
            text: expect.stringContaining('signature_failed'),
            ...{ energyWh: 10_000, beginRegisterWh: 0, endRegisterWh: 10_000, maxPowerW: 12_000 },
            ...{ doubts: ['signature_failed'], signedVerdict: 'FAILED', signedReasons: ['SIGNATURE_WRONG'] },
          },
        },
      ],
    });
    const second = (await list(by, first.edges[0]!.cursor)).data!.heldSessions;
    expect(second.edges.map(({ node }) => node.session.id)).toEqual([charges[1]!.sessionId]);
    expect((await list(by, null, 'NO_TARIFF')).data!.heldSessions.totalCount).toBe(0);
    expect((await list(anOperator('elsewhere'))).data!.heldSessions.totalCount).toBe(0);
    expect((await list(charges[0]!.driver)).codes).toEqual(['FORBIDDEN']);
    expect((await decide(charges[0]!, { decision: 'WAIVE' }, by)).codes).toEqual([]);
    expect((await list(by)).data!.heldSessions.totalCount).toBe(1);
  });
});

describe('a decision', () => {
  // 10 kWh x 0.40 and 10 billed idle minutes at 6.00/h, plus 21 %: 6.05. With 8 kWh: 5.08 (5.082).
  it('bills what was measured', async () => {
    const charge = await held();
    const { data } = await decide(charge);
    expect(data!.decideHold.session).toMatchObject({
      billingHold: null,
      cdr: {
        energyWh: 10_000,
        totalInclVat: { amount: '6.05' },
        remark: expect.stringContaining('read on site'),
      },
      invoice: { number: expect.stringMatching(/^KW-/), totalInclVat: { amount: '6.05' } },
      billDecisions: [{ kind: 'AS_MEASURED', decidedBy: { id: OPERATOR.accountId } }],
    });
    const told = (await fleet.rig.published(events.billingHoldDecided)).filter(
      ({ sessionId }) => sessionId === charge.sessionId,
    );
    expect(told).toMatchObject([{ reason: 'energy_disputed', decision: 'AS_MEASURED' }]);
  });

  it('bills another energy, spread like the measured one, and the invoice can be recomputed from it', async () => {
    const charge = await held();
    const { data } = await decide(charge, { decision: 'BILL_ENERGY', energyWh: 8000 });
    const { cdr, invoice } = data!.decideHold.session;
    expect(cdr).toMatchObject({
      energyWh: 8000,
      totalInclVat: { amount: '5.08' },
      remark: expect.stringContaining('8 kWh in place of the 10 kWh of the meter'),
    });
    const proof = await fleet.rig.running.get(RecomputeInvoice).run('demo', invoice!.id);
    expect([proof.identical, proof.recomputed.toFixed(2)]).toEqual([true, '5.08']);
    const [row] = await fleet.rig.sql<{ notes: string[]; intervals: { energyMwh: number }[] }>(
      `select i.document->'notes' as notes, c.course->'intervals' as intervals
        from invoice i join cdr c on c.id = i.cdr_id where i.id = $1`,
      [invoice!.id],
    );
    expect(row).toMatchObject({
      notes: [cdr!.remark],
      intervals: [{ energyMwh: 4_800_000 }, { energyMwh: 3_200_000 }],
    });
    expect(await fleet.see(charge, 'billDecisions { kind energyWh reason decidedBy { id } }')).toEqual({
      billDecisions: [
        { kind: 'ENERGY', energyWh: 8000, reason: 'The meter was read on site.', decidedBy: null },
      ],
    });
  });

  it('waives: a CDR over nothing and no invoice, and nothing is booked', async () => {
    const charge = await held();
    const before = await fleet.rig.sql('select 1 from posting');
    const { data } = await decide(charge, { decision: 'WAIVE' });
    expect(data!.decideHold.session).toMatchObject({
      cdr: { energyWh: 10_000, totalInclVat: { amount: '0.00' } },
      invoice: null,
    });
    expect(await fleet.rig.sql('select 1 from posting')).toHaveLength(before.length);
    expect(await fleet.cdrs(charge)).toMatchObject([{ totalInclVat: '0.00', energyInclVat: '4.84' }]);
  });

  it('is taken once: the same key again changes nothing, and of persons at once one wins', async () => {
    const charge = await held();
    const idempotencyKey = randomUUID();
    const first = await decide(charge, { idempotencyKey });
    expect((await decide(charge, { idempotencyKey })).data).toEqual(first.data);
    expect((await decide(charge, { idempotencyKey, decision: 'WAIVE' })).codes).toEqual(['CONFLICT']);
    expect((await decide(charge)).codes).toEqual(['CONFLICT']);
    const other = await held();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        decide(other, index % 2 === 0 ? {} : { decision: 'BILL_ENERGY', energyWh: 1000 * index }),
      ),
    );
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter(({ codes }) => codes[0] === 'CONFLICT')).toHaveLength(7);
    expect(await fleet.cdrs(other)).toHaveLength(1);
    expect(
      await fleet.rig.sql('select 1 from invoice where session_id = $1', [other.sessionId]),
    ).toHaveLength(1);
    // What comes late changes nothing.
    await fleet.metered(other, DISPUTED);
    await fleet.ended(other, {}, {});
    await fleet.caughtUp();
    expect(await fleet.cdrs(other)).toHaveLength(1);
    expect(await fleet.see(other, 'billingHold')).toEqual({ billingHold: null });
  });

  it('cannot be changed afterwards, not even by the service', async () => {
    await expect(fleet.rig.sql("update bill_decision set reason = 'x'")).rejects.toThrow(/append only/);
  });

  it('is refused without sense or right', async () => {
    const charge = await held();
    const bad: Record<string, unknown>[] = [
      { reason: ' ' },
      { decision: 'BILL_ENERGY' },
      { energyWh: 5 },
      { decision: 'BILL_ENERGY', energyWh: -1 },
    ];
    for (const over of bad) expect((await decide(charge, over)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await decide(charge, {}, charge.driver)).codes).toEqual(['FORBIDDEN']);
    expect((await decide(charge, {}, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    expect((await decide(charge, { sessionId: 'x' })).codes).toEqual(['NOT_FOUND']);
    const billed = aCharge();
    await fleet.whole(billed);
    expect((await decide(billed)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await fleet.see(charge, 'billingHold'))!.billingHold).toContain('signature_failed');
  });
});

describe('a session without a tariff', () => {
  it('waits for one, which bills it by itself; it can be waived meanwhile', async () => {
    const tenant = 'priceless';
    const by = anOperator(tenant);
    const [waits, waived] = [aCharge(aDriver(tenant)), aCharge(aDriver(tenant))];
    for (const charge of [waits, waived]) {
      await fleet.started(charge, {}, { tenant });
      await fleet.ended(charge, {}, { tenant });
      await fleet.metered(charge, {}, { tenant });
      await waitFor('the hold', async () => (await fleet.see(charge, 'billingHold'))?.billingHold);
    }
    expect((await decide(waits, {}, by)).codes).toEqual(['FAILED_PRECONDITION']);
    const { data } = await decide(waived, { decision: 'WAIVE' }, by);
    expect(data!.decideHold.session).toMatchObject({ billingHold: null, cdr: null, invoice: null });
    await fleet.applyTariff('FIRST', {}, by);
    await fleet.billed(waits);
    expect(await fleet.cdrs(waived)).toEqual([]);
    // Whatever is heard of it once there is a price: a record over nothing.
    await fleet.rig.publish(
      events.sessionEnded,
      { aggregateId: waived.sessionId, version: 9, tenant },
      { session: snapshot(waived, { status: 'ENDED', endedAt: new Date() }) },
    );
    await fleet.billed(waived);
    expect(await fleet.cdrs(waived)).toMatchObject([{ totalInclVat: '0.00', invoiceNumber: '' }]);
  });

  it('whose energy is in doubt as well waits for the person after the tariff', async () => {
    const tenant = 'both';
    const charge = await held(aCharge(aDriver(tenant)), tenant);
    await fleet.applyTariff('FIRST', {}, anOperator(tenant));
    await waitFor('the other reason', async () =>
      String((await fleet.see(charge, 'billingHold'))!.billingHold).includes('in doubt'),
    );
    expect(await fleet.cdrs(charge)).toEqual([]);
    expect((await decide(charge, {}, anOperator(tenant))).data!.decideHold.session.invoice).not.toBeNull();
  });
});
