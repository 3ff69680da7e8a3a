// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { billing, events } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
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

const BILL = `cdr { id revision energyWh remark totalInclVat { amount } }
  invoice { id number kind status paymentMethod notes totalInclVat { amount } }
  invoices { number kind credits status paymentMethod totalInclVat { amount } vat { vat { amount } } }`;
const MUTATION = `mutation($input: CorrectBillInput!) { correctBill(input: $input) {
  creditNote { id number kind credits status totalInclVat { amount } } session { id ${BILL} } } }`;

interface Shown {
  number: string;
  kind: string;
  status: string;
  credits: string | null;
  paymentMethod: string | null;
  totalInclVat: { amount: string };
}
interface Bill {
  cdr: { id: string; revision: number; energyWh: number; remark: string; totalInclVat: { amount: string } };
  invoice: (Shown & { id: string; notes: string[] }) | null;
  invoices: Shown[];
}
interface Corrected {
  correctBill: { creditNote: (Shown & { id: string }) | null; session: Bill };
}

const correct = (charge: Charge, over: Record<string, unknown> = {}, by: TestPrincipal = OPERATOR) =>
  fleet.rig.graphql<Corrected>(by, MUTATION, {
    input: {
      sessionId: charge.sessionId,
      correction: 'ENERGY',
      energyWh: 8000,
      reason: 'The meter was replaced.',
      idempotencyKey: randomUUID(),
      ...over,
    },
  });
/** As somebody does who is told that the service has too much to do: again, with the same key. */
async function correctInTheEnd(...[charge, over, by]: Parameters<typeof correct>) {
  const again = { ...over, idempotencyKey: randomUUID() };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await correct(charge, again, by);
    if (attempt === 10 || !answer.codes.includes('SERVICE_UNAVAILABLE')) return answer;
  }
}
const only = (correction: string, over: Record<string, unknown> = {}) => ({
  correction,
  energyWh: undefined,
  ...over,
});
const shown = (bill: Bill) =>
  bill.invoices.map(({ kind, status, totalInclVat }) => [kind, status, totalInclVat.amount]);

async function charged(topUp?: string, tenant = 'demo'): Promise<Charge> {
  const charge = aCharge(aDriver(tenant));
  if (topUp) await fleet.topUp(charge.driver, topUp, {}, anOperator(tenant));
  await fleet.whole(charge);
  return charge;
}

// 10 kWh x 0.40 and 10 billed idle minutes at 6.00/h, plus 21 %: 6.05. With 8 kWh: 5.08 (5.082).
describe('a corrected bill', () => {
  it('is a credit CDR, a credit note, a new CDR and a new invoice; what was paid by wallet pays the new one', async () => {
    const charge = await charged('10.00');
    expect(await fleet.balance(charge.driver)).toBe('3.95');
    const before = (await fleet.see<Bill>(charge, BILL))!;
    const { data } = await correct(charge);
    const { creditNote, session } = data!.correctBill;
    expect(creditNote).toMatchObject({
      ...{ kind: 'CREDIT_NOTE', credits: before.invoice!.number, status: 'PAID' },
      ...{ number: expect.stringMatching(/^KWC-\d{4}-\d{6}$/), totalInclVat: { amount: '-6.05' } },
    });
    expect(session.cdr).toMatchObject({ revision: 3, energyWh: 8000, totalInclVat: { amount: '5.08' } });
    expect(session.invoice).toMatchObject({
      ...{ kind: 'INVOICE', status: 'PAID', paymentMethod: 'WALLET', totalInclVat: { amount: '5.08' } },
      notes: [expect.stringContaining('The meter was replaced.')],
    });
    expect(shown(session)).toEqual([
      ['INVOICE', 'CREDITED', '6.05'],
      ['CREDIT_NOTE', 'PAID', '-6.05'],
      ['INVOICE', 'PAID', '5.08'],
    ]);
    expect(await fleet.balance(charge.driver)).toBe('4.92');
    const [cdr, credit, again] = await fleet.cdrs(charge);
    expect(credit).toMatchObject({
      ...{ creditOf: cdr!.cdrId, revision: 2, totalInclVat: '-6.05', totalExclVat: '-5.00' },
      ...{ energyMwh: 10_000_000, energyExclVat: '4.00', invoiceNumber: creditNote!.number },
    });
    expect(again).toMatchObject({ creditOf: '', revision: 3, totalInclVat: '5.08', energyMwh: 8_000_000 });
    for (const { cdrId } of [cdr!, credit!, again!]) expect(cdrId.length).toBeLessThanOrEqual(39);
    const told = (await fleet.rig.published(events.creditNoteIssued)).filter(
      ({ sessionId }) => sessionId === charge.sessionId,
    );
    expect(told).toMatchObject([
      { invoiceNumber: before.invoice!.number, total: { amount: '-6.05', currency: 'EUR' } },
    ]);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('that was not paid is set off: nothing comes into the wallet', async () => {
    const charge = await charged();
    const { session } = (await correct(charge)).data!.correctBill;
    expect(session.invoices).toMatchObject([
      { status: 'CREDITED' },
      { status: 'PAID', paymentMethod: 'OFFSET' },
      { status: 'OPEN', totalInclVat: { amount: '5.08' } },
    ]);
    expect(await fleet.balance(charge.driver)).toBe('0.00');
    // Money that comes later pays what stands, not what was taken back.
    await fleet.topUp(charge.driver, '20.00');
    expect(await fleet.balance(charge.driver)).toBe('14.92');
    const transfer = await fleet.rig.graphql(
      OPERATOR,
      'mutation($input: RecordTransferInput!) { recordTransfer(input: $input) { invoice { id } } }',
      {
        input: {
          invoiceId: (
            await fleet.rig.sql<{ id: string }>(
              "select id from invoice where session_id = $1 and status = 'CREDITED'",
              [charge.sessionId],
            )
          )[0]!.id,
          reference: 'late',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(transfer.codes).toEqual(['FAILED_PRECONDITION']);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('may cost an agreed amount, nothing, or what was measured after all; credits are never credited', async () => {
    const charge = await charged('10.00');
    const steps = [
      [only('AMOUNT', { totalInclVat: '3.00' }), '3.00', '7.00'],
      [only('WAIVE'), '0.00', '10.00'],
      [{ energyWh: 20_000 }, '10.89', '10.00'],
      [only('AS_MEASURED'), '6.05', '3.95'],
    ] as const;
    for (const [input, total, balance] of steps) {
      const { session } = (await correct(charge, input)).data!.correctBill;
      expect([session.cdr.totalInclVat.amount, await fleet.balance(charge.driver)]).toEqual([total, balance]);
    }
    const bill = (await fleet.see<Bill>(charge, BILL))!;
    expect(bill.cdr.revision).toBe(9);
    expect(shown(bill)).toEqual([
      ['INVOICE', 'CREDITED', '6.05'],
      ['CREDIT_NOTE', 'PAID', '-6.05'],
      ['INVOICE', 'CREDITED', '3.00'],
      ['CREDIT_NOTE', 'PAID', '-3.00'],
      ['INVOICE', 'CREDITED', '10.89'],
      ['CREDIT_NOTE', 'PAID', '-10.89'],
      ['INVOICE', 'PAID', '6.05'],
    ]);
    expect((await correct(charge, only('AS_MEASURED'))).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('frees money for other invoices that waited for it', async () => {
    const charge = await charged('7.00');
    const waits = aCharge(charge.driver);
    await fleet.whole(waits);
    expect((await fleet.see<Bill>(waits, BILL))!.invoice!.status).toBe('OPEN');
    await correct(charge, only('AMOUNT', { totalInclVat: '0.50' }));
    expect((await fleet.see<Bill>(waits, BILL))!.invoice!.status).toBe('PAID');
    expect(await fleet.balance(charge.driver)).toBe('0.45');
  });

  it('is told to roaming partners as a credit and a new CDR, in this order', async () => {
    const tenant = 'roaming-books';
    await fleet.applyTariff('STD', { idleGraceMinutes: 10 }, anOperator(tenant));
    const charge = await charged(undefined, tenant);
    await correct(charge, {}, anOperator(tenant));
    const ask = { offset: 0, limit: 9, dateFrom: undefined, dateTo: undefined, fitting: true };
    const { cdrs, total } = await fleet.rig
      .grpc(billing.BillingServiceClient)
      .listCdrs(ask, { tenant: tenantId(tenant) });
    expect(total).toBe(3);
    expect(cdrs.map(({ creditOf, totalInclVat }) => [creditOf, totalInclVat])).toEqual([
      ['', '6.05'],
      [cdrs[0]!.cdrId, '-6.05'],
      ['', '5.08'],
    ]);
    expect(cdrs[1]!.remark).toContain('The meter was replaced.');
  });

  it('is made once per key, and nobody without the right makes one', async () => {
    const charge = await charged();
    const idempotencyKey = randomUUID();
    const first = await correct(charge, { idempotencyKey });
    expect((await correct(charge, { idempotencyKey })).data).toEqual(first.data);
    expect((await correct(charge, { idempotencyKey, energyWh: 1 })).codes).toEqual(['CONFLICT']);
    expect(await fleet.cdrs(charge)).toHaveLength(3);
    const bad = [
      { energyWh: undefined },
      only('AMOUNT'),
      only('AMOUNT', { totalInclVat: '5.09' }),
      only('AMOUNT', { totalInclVat: '-1' }),
      only('AMOUNT', { totalInclVat: '1.005' }),
      { reason: '' },
    ];
    for (const over of bad) expect((await correct(charge, over)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await correct(charge, {}, charge.driver)).codes).toEqual(['FORBIDDEN']);
    expect((await correct(charge, {}, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    const running = aCharge();
    await fleet.started(running);
    await fleet.caughtUp();
    expect((await correct(running)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('stays in order though fifty are made while fifty sessions are billed', async () => {
    const tenant = 'busy-books';
    const by = anOperator(tenant);
    await fleet.applyTariff('STD', { idleGraceMinutes: 10 }, by);
    const drivers = Array.from({ length: 5 }, () => aDriver(tenant));
    for (const driver of drivers) await fleet.topUp(driver, '40.00', {}, by);
    const charges = Array.from({ length: 50 }, (_, n) => aCharge(drivers[n % drivers.length]));
    await Promise.all(charges.map((charge) => fleet.whole(charge)));
    const more = Array.from({ length: 50 }, (_, n) => aCharge(drivers[n % drivers.length]));
    // Two at once for each session: whichever comes second corrects what the first made, or finds nothing to change.
    const [answers] = await Promise.all([
      Promise.all(
        charges.flatMap((charge, n) => [
          correctInTheEnd(charge, { energyWh: 1000 + n }, by),
          ...(n % 5 === 0 ? [correctInTheEnd(charge, only('AMOUNT', { totalInclVat: '1.11' }), by)] : []),
        ]),
      ),
      Promise.all(more.map((charge) => fleet.whole(charge))),
    ]);
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    expect(await auditBooks(fleet, tenant)).toEqual([]);
    const [count] = await fleet.rig.sql<{ invoices: string; notes: string }>(
      `select count(*) filter (where kind = 'INVOICE') as invoices, count(*) filter (where kind = 'CREDIT_NOTE') as notes from invoice`,
      [],
      tenant,
    );
    expect(count).toEqual({ invoices: '160', notes: '60' });
  });
});
