// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { decimal } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import type { TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disputedSum } from '../src/persistence/dispute.repository.js';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, BillingRig, OPERATOR, type Charge } from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
});
afterAll(() => fleet.close());

const INVOICE = `id number kind status month totalInclVat { amount } creditedInclVat { amount } owedInclVat { amount } session { id }
  vat { percent base { amount } vat { amount } } sessions(first: 2) { edges { cursor node { session { id } place energyWh totalInclVat { amount } } }
    pageInfo { hasNextPage } }`;

interface Shown {
  id: string;
  number: string;
  kind: string;
  status: string;
  month: string | null;
  totalInclVat: { amount: string };
  creditedInclVat: { amount: string };
  owedInclVat: { amount: string };
  session: { id: string } | null;
  sessions: {
    edges: { cursor: string; node: { session: { id: string }; totalInclVat: { amount: string } } }[];
    pageInfo: { hasNextPage: boolean };
  };
}

async function invoicesOf(driver: TestPrincipal): Promise<Shown[]> {
  const { data } = await fleet.rig.graphql<{ invoices: { edges: { node: Shown }[] } }>(
    driver,
    `{ invoices(first: 20) { edges { node { ${INVOICE} } } } }`,
  );
  return data!.invoices.edges.map(({ node }) => node).reverse();
}

async function aMonth(sessions: number): Promise<{ driver: TestPrincipal; charges: Charge[] }> {
  const driver = aDriver();
  await fleet.monthly(driver);
  const charges = Array.from({ length: sessions }, () => aCharge(driver));
  for (const charge of charges)
    await fleet.whole(charge, { locationName: 'Harbour', stationIdentity: 'CP-7' });
  return { driver, charges };
}

const correct = (charge: Charge, over: Record<string, unknown> = {}) =>
  fleet.rig.graphql<{ correctBill: { creditNote: Shown | null } }>(
    OPERATOR,
    `mutation($input: CorrectBillInput!) { correctBill(input: $input) { creditNote { ${INVOICE} } } }`,
    {
      input: {
        ...{
          sessionId: charge.sessionId,
          correction: 'ENERGY',
          energyWh: 8000,
          reason: 'The meter was replaced.',
        },
        ...{ idempotencyKey: randomUUID(), ...over },
      },
    },
  );

// Each session: 10 kWh x 0.40 and 10 billed idle minutes at 6.00/h, plus 21 %: 6.05. With 8 kWh: 5.08 (5.082).
describe('a collective invoice', () => {
  it('has the sessions of a month, each once, and is issued when the month is over', async () => {
    const { driver, charges } = await aMonth(3);
    const waiting = await fleet.see(charges[0]!, 'invoice { id } collectiveMonth collectiveInvoiceAt');
    expect(waiting).toMatchObject({ invoice: null, collectiveMonth: expect.stringMatching(/^\d{4}-\d{2}$/) });
    expect(Date.parse(waiting!['collectiveInvoiceAt'] as string)).toBeGreaterThan(Date.now());
    expect(await invoicesOf(driver)).toEqual([]);
    await fleet.monthOver(driver);
    const [invoice, ...others] = await invoicesOf(driver);
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({
      ...{ kind: 'INVOICE', status: 'OPEN', month: waiting!['collectiveMonth'], session: null },
      ...{
        totalInclVat: { amount: '18.15' },
        owedInclVat: { amount: '18.15' },
        vat: [{ vat: { amount: '3.15' } }],
      },
      sessions: { pageInfo: { hasNextPage: true } },
    });
    expect(invoice!.sessions.edges).toHaveLength(2);
    expect(invoice!.sessions.edges[0]).toMatchObject({
      node: { place: 'Harbour, CP-7, EVSE 1', energyWh: 10_000, totalInclVat: { amount: '6.05' } },
    });
    const { data } = await fleet.rig.graphql<{ invoice: Shown }>(
      driver,
      `query($id: ID!, $after: String) { invoice(id: $id) { sessions(first: 2, after: $after) { edges { cursor node { session { id } } }
        pageInfo { hasNextPage } } } }`,
      { id: invoice!.id, after: invoice!.sessions.edges[1]!.cursor },
    );
    expect(data!.invoice.sessions).toMatchObject({ pageInfo: { hasNextPage: false } });
    const shown = [...invoice!.sessions.edges, ...data!.invoice.sessions.edges].map(
      ({ node }) => node.session.id,
    );
    expect([...shown].sort()).toEqual(charges.map(({ sessionId }) => sessionId).sort());
    for (const charge of charges) {
      expect(await fleet.see(charge, 'invoice { number } collectiveMonth')).toEqual({
        invoice: { number: invoice!.number },
        collectiveMonth: null,
      });
    }
    const told = (await fleet.rig.published(events.invoiceIssued)).filter(
      ({ accountId }) => accountId === driver.accountId,
    );
    expect(told).toMatchObject([
      { sessionId: '', sessionCount: 3, month: invoice!.month, total: { amount: '18.15' } },
    ]);
    // Somebody else sees none of it.
    const { codes } = await fleet.rig.graphql(aDriver(), `query($id: ID!) { invoice(id: $id) { id } }`, {
      id: invoice!.id,
    });
    expect(codes).toEqual(['NOT_FOUND']);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('leaves what comes after it to the next month; issuing twice is issuing once', async () => {
    const { driver, charges } = await aMonth(1);
    await fleet.monthOver(driver);
    const late = aCharge(driver);
    await fleet.whole(late);
    const [first] = await invoicesOf(driver);
    const { collectiveMonth } = (await fleet.see<{ collectiveMonth: string }>(late, 'collectiveMonth'))!;
    expect(collectiveMonth > first!.month!).toBe(true);
    // Due again although it has its invoice: nothing is left for another.
    await fleet.rig.sql('update collective_month set due_at = now() where account_id = $1 and month = $2', [
      driver.accountId,
      first!.month,
    ]);
    await fleet.monthOver(driver);
    const issued = await invoicesOf(driver);
    expect(issued.map(({ month }) => month)).toEqual([first!.month, collectiveMonth]);
    expect(issued.map(({ sessions }) => sessions.edges.map(({ node }) => node.session.id))).toEqual([
      [charges[0]!.sessionId],
      [late.sessionId],
    ]);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('is issued once, whatever number of processes issue those that are due', async () => {
    const months = await Promise.all(Array.from({ length: 6 }, () => aMonth(1)));
    const accounts = months.map(({ driver }) => driver.accountId);
    await fleet.rig.sql(
      "update collective_month set due_at = now() - interval '1 second' where account_id = any($1) and due_at is not null",
      [accounts],
    );
    await fleet.byManyProcesses('issue-collective-invoices');
    for (const { driver, charges } of months) {
      await fleet.monthOver(driver);
      const issued = await invoicesOf(driver);
      expect(issued.flatMap(({ sessions }) => sessions.edges.map(({ node }) => node.session.id))).toEqual([
        charges[0]!.sessionId,
      ]);
    }
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('of which one session is corrected loses that part by a credit note; what is right goes on the next', async () => {
    const { driver, charges } = await aMonth(3);
    await fleet.monthOver(driver);
    const { data } = await correct(charges[1]!);
    const { creditNote } = data!.correctBill;
    expect(creditNote).toMatchObject({
      ...{
        kind: 'CREDIT_NOTE',
        totalInclVat: { amount: '-6.05' },
        vat: [{ base: { amount: '-5.00' }, vat: { amount: '-1.05' } }],
      },
      session: { id: charges[1]!.sessionId },
      sessions: { edges: [{ node: { totalInclVat: { amount: '-6.05' } } }] },
    });
    const [invoice] = await invoicesOf(driver);
    expect(invoice).toMatchObject({
      ...{ status: 'OPEN', totalInclVat: { amount: '18.15' }, creditedInclVat: { amount: '6.05' } },
      owedInclVat: { amount: '12.10' },
    });
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
    // What is owed is what is left of it.
    await fleet.topUp(driver, '20.00');
    expect(await fleet.balance(driver)).toBe('7.90');
    await fleet.monthOver(driver);
    const [, , next] = await invoicesOf(driver);
    expect(next).toMatchObject({ status: 'PAID', totalInclVat: { amount: '5.08' } });
    expect(await fleet.balance(driver)).toBe('2.82');
    // The other two are credited, paid as they were: all of it comes back, and the invoice is taken back.
    await correct(charges[0]!, { correction: 'WAIVE', energyWh: undefined });
    await correct(charges[2]!, { correction: 'WAIVE', energyWh: undefined });
    expect(await fleet.balance(driver)).toBe('14.92');
    expect((await invoicesOf(driver))[0]).toMatchObject({
      status: 'CREDITED',
      creditedInclVat: { amount: '18.15' },
    });
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('is not yet there when a session of it is corrected: then only what is right comes on it', async () => {
    const { driver, charges } = await aMonth(2);
    const { data } = await correct(charges[0]!);
    expect(data!.correctBill.creditNote).toBeNull();
    await fleet.monthOver(driver);
    expect(await invoicesOf(driver)).toMatchObject([{ totalInclVat: { amount: '11.13' } }]);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('may be disputed for each of its sessions', async () => {
    const { driver, charges } = await aMonth(2);
    await fleet.monthOver(driver);
    const due = (await fleet.see<{ invoice: { issuedAt: string; dueAt: string } }>(
      charges[0]!,
      'invoice { issuedAt dueAt }',
    ))!;
    const days = (Date.parse(due.invoice.dueAt) - Date.parse(due.invoice.issuedAt)) / 86_400_000;
    expect(Math.floor(days)).toBe(14);
    for (const charge of charges) {
      const { codes } = await fleet.rig.graphql(
        driver,
        'mutation($input: OpenDisputeInput!) { openDispute(input: $input) { session { disputes { state } } } }',
        {
          input: {
            sessionId: charge.sessionId,
            reason: 'ENERGY',
            text: 'Too much.',
            idempotencyKey: randomUUID(),
          },
        },
      );
      expect(codes).toEqual([]);
    }
    await fleet.topUp(driver, '50.00');
    expect(await fleet.balance(driver)).toBe('50.00');
    const decide = async (charge: Charge, decision: Record<string, unknown>) => {
      const [dispute] = await fleet.rig.sql<{ id: string }>('select id from dispute where session_id = $1', [
        charge.sessionId,
      ]);
      const { codes } = await fleet.rig.graphql(
        OPERATOR,
        'mutation($input: DecideDisputeInput!) { decideDispute(input: $input) { session { id } } }',
        { input: { disputeId: dispute!.id, answer: 'So be it.', idempotencyKey: randomUUID(), ...decision } },
      );
      expect(codes).toEqual([]);
    };
    await decide(charges[0]!, { decision: 'ACCEPT', correction: 'WAIVE' });
    expect(await fleet.balance(driver)).toBe('50.00');
    await decide(charges[1]!, { decision: 'REJECT' });
    expect(await fleet.balance(driver)).toBe('43.95');
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('of which a part is paid: objections keep back what is still open of it, never more and never less than nothing', async () => {
    const { driver, charges } = await aMonth(3);
    await fleet.monthOver(driver);
    const [invoice] = await invoicesOf(driver);
    const total = decimal(invoice!.totalInclVat.amount);
    for (const { sessionId } of charges.slice(0, 2)) {
      const input = { sessionId, reason: 'ENERGY', text: 'Too much.', idempotencyKey: randomUUID() };
      const { codes } = await fleet.rig.graphql(
        driver,
        'mutation($input: OpenDisputeInput!) { openDispute(input: $input) { session { id } } }',
        { input },
      );
      expect(codes).toEqual([]);
    }
    const kept = async (cardPaid: string) => {
      await fleet.rig.sql('update invoice set card_paid = $2 where id = $1', [invoice!.id, cardPaid]);
      const sum = await fleet.rig.running
        .get(Database)
        .read(tenantScope('demo'), (tx) =>
          disputedSum(tx, 'demo', { accountId: driver.accountId, currency: 'EUR' }),
        );
      return sum.toFixed(2);
    };
    const ofTwo = total.times('2').div('3').toFixed(2);
    expect(await kept('0')).toBe(ofTwo);
    expect(await kept(total.minus('3.00').toFixed(2))).toBe('3.00');
    expect(await kept(total.toFixed(2))).toBe('0.00');
    await fleet.rig.sql('update invoice set card_paid = 0 where id = $1', [invoice!.id]);
  });

  it('is for who pays on account alone', async () => {
    const driver = aDriver();
    await expect(fleet.monthly(driver, { kind: 'PREPAID' })).rejects.toThrow('BAD_USER_INPUT');
  });
});
