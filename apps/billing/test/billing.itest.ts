// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { billing, events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FollowSession } from '../src/usecases/follow-session.js';
import { RecomputeInvoice } from '../src/usecases/recompute-invoice.js';
import { TakeEnergy } from '../src/usecases/take-energy.js';
import {
  aCharge,
  aDriver,
  anOperator,
  BillingRig,
  energyOf,
  minute,
  OPERATOR,
  snapshot,
  START,
  STATES,
} from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
});
afterAll(() => fleet.close());

const INVOICE = `id number status paymentMethod totalExclVat { amount } totalVat { amount } totalInclVat { amount currency }
  seller { name address } vat { percent base { amount } vat { amount } } lines { dimension inclVat { amount } explanation }
  account { id } session { id }`;
const COST = `cost { final totalExclVat { amount } totalVat { amount } totalInclVat { amount currency }
  lines { dimension quantity unit unitPrice vatPercent inclVat { amount } } }`;

interface Seen {
  cost: { final: boolean; totalInclVat: { amount: string } };
  cdr: { energyWh: number; chargingSeconds: number; idleSeconds: number };
  invoice: {
    id: string;
    number: string;
    status: string;
    paymentMethod: string;
    totalInclVat: { amount: string };
  };
  billingHold: string | null;
  quote: { tariffVersion: number; lockedAt: string; summary: string[]; schedule: unknown[] };
}

const invoiceOf = async (charge: ReturnType<typeof aCharge>) =>
  (await fleet.see<Seen>(charge, `invoice { ${INVOICE} }`))!.invoice;

/** Sum of everything ever booked, per currency. */
const ledgerSums = (tenant = 'demo') =>
  fleet.rig.sql<{ sum: string }>(
    'select sum(amount)::text as sum from ledger_entry group by currency',
    [],
    tenant,
  );

describe('a session', () => {
  // 10 kWh x 0.40 = 4.00, 10 billed idle minutes at 6.00/h = 1.00: 5.00 plus 21 % = 6.05.
  it('becomes a paid invoice: price, CDR, ledger and wallet', async () => {
    const charge = aCharge();
    await fleet.named(charge.driver, 'Dora Driver');
    await fleet.topUp(charge.driver, '20.00');
    await fleet.whole(charge);
    const seen = await fleet.see<Seen>(
      charge,
      `${COST} billingHold quote { tariffVersion lockedAt summary } invoice { ${INVOICE} }
        cdr { energyWh chargingSeconds idleSeconds totalInclVat { amount } lines { dimension } }`,
    );
    expect(seen).toMatchObject({
      billingHold: null,
      cost: {
        final: true,
        totalExclVat: { amount: '5.00' },
        totalVat: { amount: '1.05' },
        totalInclVat: { amount: '6.05' },
      },
      cdr: { energyWh: 10_000, chargingSeconds: 3_600, idleSeconds: 600, totalInclVat: { amount: '6.05' } },
      invoice: {
        number: expect.stringMatching(/^KW-\d{4}-\d{6}$/),
        status: 'PAID',
        paymentMethod: 'WALLET',
        totalInclVat: { amount: '6.05', currency: 'EUR' },
        seller: { name: 'Seller Ltd', address: 'Street 1, City' },
        vat: [{ percent: '21', base: { amount: '5.00' }, vat: { amount: '1.05' } }],
        account: { id: charge.driver.accountId },
        session: { id: charge.sessionId },
      },
    });
    const buyer = "select document->'buyer'->>'name' as name from invoice where session_id = $1";
    expect(await fleet.rig.sql(buyer, [charge.sessionId])).toEqual([{ name: 'Dora Driver' }]);
    expect(await fleet.balance(charge.driver)).toBe('13.95');
    expect(await ledgerSums()).toEqual([{ sum: '0.0000' }]);
    const [cdr] = await fleet.cdrs(charge);
    expect(cdr).toMatchObject({
      ...{ energyMwh: 10_000_000, totalInclVat: '6.05', energyExclVat: '4.00', parkingExclVat: '1.00' },
      ...{ authMethod: 'AUTH_REQUEST', invoiceNumber: seen!.invoice.number, timeZone: 'Europe/Amsterdam' },
    });
    const mine = <T extends { sessionId: string }>(list: T[]) =>
      list.filter((event) => event.sessionId === charge.sessionId);
    expect(mine(await fleet.rig.published(events.quoteLocked))).toMatchObject([
      { tariffId: 'STD', tariffVersion: 1 },
    ]);
    expect(mine(await fleet.rig.published(events.invoiceIssued))).toMatchObject([
      { total: { amount: '6.05', currency: 'EUR' } },
    ]);
    expect(mine(await fleet.rig.published(events.invoicePaid))).toMatchObject([
      { method: 'WALLET', amount: { amount: '6.05' } },
    ]);
  });

  it('is billed once though every event comes twice, under its own id and under a new one', async () => {
    const charge = aCharge();
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    for (let round = 0; round < 2; round += 1) {
      await fleet.started(charge, {}, { eventId: ids[0] });
      await fleet.ended(charge, {}, { eventId: ids[1] });
      await fleet.metered(charge, {}, { eventId: ids[2] });
    }
    await fleet.billed(charge);
    await Promise.all([fleet.started(charge), fleet.ended(charge), fleet.metered(charge)]);
    await fleet.caughtUp();
    expect(await fleet.cdrs(charge)).toHaveLength(1);
    const rows = await fleet.rig.sql('select 1 from invoice where session_id = $1', [charge.sessionId]);
    expect(rows).toHaveLength(1);
    expect(await ledgerSums()).toEqual([{ sum: '0.0000' }]);
  });

  it('costs the same in whatever order its events come', async () => {
    const steps = [
      (charge: ReturnType<typeof aCharge>) => fleet.started(charge),
      (charge: ReturnType<typeof aCharge>) => fleet.ended(charge),
      (charge: ReturnType<typeof aCharge>) => fleet.metered(charge),
    ] as const;
    const orders = [
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ] as const;
    const charges = await Promise.all(
      orders.map(async (order) => {
        const charge = aCharge();
        for (const step of order) await steps[step]!(charge);
        await fleet.billed(charge);
        return charge;
      }),
    );
    await fleet.caughtUp();
    for (const charge of charges) {
      expect((await fleet.cdrs(charge)).map((cdr) => cdr.totalInclVat)).toEqual(['6.05']);
      expect(
        (await fleet.rig.published(events.quoteLocked)).filter((q) => q.sessionId === charge.sessionId),
      ).toHaveLength(1);
    }
  });

  it('without a driver we know has a CDR and no invoice, without energy and cost likewise', async () => {
    const roaming = aCharge();
    await fleet.whole(roaming, { accountId: '' });
    const empty = aCharge();
    await fleet.started(empty);
    await fleet.ended(empty, { statePeriods: STATES.slice(0, 1) });
    await fleet.metered(empty, { energyMwh: 0, intervals: [] });
    await fleet.billed(empty);
    for (const charge of [roaming, empty]) {
      expect(await fleet.rig.sql('select 1 from invoice where session_id = $1', [charge.sessionId])).toEqual(
        [],
      );
      expect((await fleet.cdrs(charge))[0]).toMatchObject({ invoiceNumber: '' });
    }
    expect((await fleet.cdrs(empty))[0]).toMatchObject({ totalInclVat: '0.00', energyMwh: 0 });
  });

  it('whose energy is disputed is held and billed by nobody', async () => {
    const charge = aCharge();
    await fleet.started(charge);
    await fleet.ended(charge);
    const disputed = {
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED,
      deviations: ['REGISTER_RESET'],
    };
    await fleet.metered(charge, disputed);
    await fleet.caughtUp();
    const held = (await fleet.rig.published(events.billingHeld)).filter(
      (e) => e.sessionId === charge.sessionId,
    );
    expect(held).toMatchObject([{ reason: 'energy_disputed', accountId: charge.driver.accountId }]);
    expect(await fleet.cdrs(charge)).toEqual([]);
    expect(await fleet.see(charge, 'billingHold cdr { id } invoice { id } cost { final }')).toEqual({
      billingHold: expect.stringContaining('REGISTER_RESET'),
      cdr: null,
      invoice: null,
      cost: { final: false },
    });
  });

  it('waits while there is no tariff, and is billed by the first one though it began before', async () => {
    const charge = aCharge(aDriver('fresh'));
    const options = { tenant: 'fresh' };
    await fleet.started(charge, {}, options);
    await fleet.ended(charge, {}, options);
    await fleet.metered(charge, {}, options);
    const held = () => fleet.rig.published(events.billingHeld, 'fresh');
    await waitFor('the session to be held', async () => (await held()).length > 0);
    expect(await held()).toMatchObject([{ reason: 'no_tariff' }]);
    await fleet.applyTariff('FIRST', {}, anOperator('fresh'));
    await fleet.billed(charge);
    expect(await fleet.see(charge, 'billingHold cost { final totalExclVat { amount } }')).toEqual({
      billingHold: null,
      cost: { final: true, totalExclVat: { amount: '6.00' } },
    });
  });
});

describe('invoice numbers', () => {
  it('follow one another without a gap, though sessions are billed at once and some transactions fail', async () => {
    const { running } = fleet.rig;
    const [database, follow, take] = [
      running.get(Database),
      running.get(FollowSession),
      running.get(TakeEnergy),
    ];
    const meta = {
      tenant: 'demo',
      aggregateVersion: 1,
      occurredAt: START,
      eventId: '',
      aggregateId: '',
      producer: '',
    };
    const bill = (charge: ReturnType<typeof aCharge>, fails: boolean) =>
      database.transaction(tenantScope('demo'), async (tx) => {
        await follow.run(
          tx,
          snapshot(charge, { status: 'ENDED', endedAt: minute(80), statePeriods: STATES }),
          meta,
        );
        await take.run(tx, { meta: undefined, ...energyOf(charge) }, meta);
        if (fails) throw new Error('failed after it took a number');
      });
    const charges = Array.from({ length: 12 }, () => aCharge());
    const outcomes = await Promise.allSettled(charges.map((charge, index) => bill(charge, index % 3 === 1)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
    const rows = await fleet.rig.sql<{ number: string; session_id: string }>(
      'select number, session_id from invoice order by number',
    );
    expect(rows.map((row) => Number(row.number.slice(-6)))).toEqual(rows.map((_, index) => index + 1));
    const billed = charges.filter((charge) => rows.some((row) => row.session_id === charge.sessionId));
    expect(billed).toHaveLength(8);
  });
});

describe('recomputing an invoice', () => {
  it('gives the same cents, lines and periods from what is stored', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const { id } = await invoiceOf(charge);
    const again = await fleet.rig.running.get(RecomputeInvoice).run('demo', id);
    expect(again.identical).toBe(true);
    expect([again.invoiced.toFixed(2), again.recomputed.toFixed(2)]).toEqual(['6.05', '6.05']);
  });

  it('starts from rows that cannot be changed', async () => {
    for (const table of ['cdr', 'posting', 'ledger_entry', 'tariff_version']) {
      await expect(fleet.rig.sql(`update ${table} set tenant = tenant`)).rejects.toThrow(/append only/);
      await expect(fleet.rig.sql(`delete from ${table}`)).rejects.toThrow(/append only/);
    }
  });
});

describe('the live cost', () => {
  it('equals the final cost for the same readings, also where the clock changes the price between two of them', async () => {
    const [tenant, timeZone] = ['clock', 'UTC'];
    const time = (n: number) => minute(n).toISOString().slice(11, 16);
    const energyAt = (price: string) => [{ type: 'ENERGY', price, vat: '21' }];
    const definition = {
      elements: [
        { price_components: energyAt('0.40'), restrictions: { start_time: time(30), end_time: time(300) } },
        { price_components: energyAt('0.20') },
      ],
    };
    await fleet.applyTariff('CLOCK', { definition }, anOperator(tenant));
    const charge = aCharge(aDriver(tenant));
    const readings = [0, 7, 14, 26, 31, 44, 60].map((at, index) => [minute(at), index * 1_500_000] as const);
    for (const [at, register] of readings) fleet.reading(charge, at, register);
    await fleet.started(charge, { timeZone }, { tenant });
    await fleet.ended(charge, { timeZone }, { tenant });
    const live = async () => (await fleet.see<Seen>(charge, COST))?.cost;
    // 5.7 kWh before the step (four fifths of the way from 4.5 to 6.0) at 0.20, 3.3 kWh at 0.40, plus 21 %.
    await waitFor('the end to count', async () => (await live())?.totalInclVat.amount === '2.98');
    const before = await live();
    const intervals = readings.slice(1).map(([to, register], index) => ({
      from: readings[index]![0],
      to,
      energyMwh: register - readings[index]![1],
    }));
    await fleet.metered(charge, { energyMwh: 9_000_000, intervals }, { tenant });
    await fleet.billed(charge);
    expect(await live()).toEqual({ ...before, final: true });
  });

  it('grows while the session runs', async () => {
    const charge = aCharge();
    await fleet.started(charge);
    fleet.reading(charge, minute(0), 1_000_000);
    fleet.reading(charge, minute(20), 6_000_000);
    const fields = 'cost { final totalExclVat { amount } } cdr { id }';
    await waitFor('the cost to grow', async () =>
      JSON.stringify(await fleet.see(charge, fields)).includes('2.00'),
    );
    expect(await fleet.see(charge, fields)).toEqual({
      cost: { final: false, totalExclVat: { amount: '2.00' } },
      cdr: null,
    });
  });

  it('is not told while metering is away, nor made up; the rest of the session is', async () => {
    const charge = aCharge();
    await fleet.started(charge);
    await waitFor('the session', () => fleet.see(charge, 'quote { id }'));
    fleet.metering.isAway = true;
    const { entity, codes } = await fleet.rig.entity(
      charge.driver,
      'Session',
      charge.sessionId,
      'quote { tariffId } cost { final }',
    );
    fleet.metering.isAway = false;
    expect(entity).toEqual({ quote: { tariffId: expect.any(String) as unknown }, cost: null });
    expect(codes).toEqual(['SERVICE_UNAVAILABLE']);
  });

  it('asks metering once for all sessions of a request, and only when somebody wants to know the cost', async () => {
    const charges = [aCharge(), aCharge(), aCharge()];
    for (const charge of charges) await fleet.started(charge);
    await fleet.caughtUp();
    const before = fleet.metering.asked.length;
    const see = (fields: string) =>
      fleet.rig.graphql(
        OPERATOR,
        `query($r: [_Any!]!) { _entities(representations: $r) { ... on Session { ${fields} } } }`,
        { r: charges.map(({ sessionId: id }) => ({ __typename: 'Session', id })) },
      );
    await see('quote { id }');
    expect(fleet.metering.asked.length).toBe(before);
    await see('cost { final }');
    expect(fleet.metering.asked.slice(before).map((ids) => ids.length)).toEqual([3]);
  });
});

describe('the ledger', () => {
  it('can be read by operators and sums to zero in every booking', async () => {
    const page =
      'journal(first: 50) { edges { node { kind reference postings { account amount { amount } } } } pageInfo { hasNextPage } }';
    const { data } = await fleet.rig.graphql<{
      journal: { edges: { node: { kind: string; postings: { amount: { amount: string } }[] } }[] };
    }>(OPERATOR, `{ ${page} }`);
    expect(data!.journal.edges.length).toBeGreaterThan(3);
    for (const { node } of data!.journal.edges) {
      const cents = node.postings.reduce(
        (sum, { amount }) => sum + Math.round(Number(amount.amount) * 100),
        0,
      );
      expect(cents).toBe(0);
    }
    expect((await fleet.rig.graphql(aDriver(), `{ ${page} }`)).codes).toEqual(['FORBIDDEN']);
  });
});

describe('for roaming', () => {
  it('tariffs and CDRs are listed by tenant and time', async () => {
    const service = fleet.rig.grpc(billing.BillingServiceClient);
    const ask = { offset: 0, limit: 2, dateFrom: START, dateTo: undefined, fitting: true };
    const { tariffs, total } = await service.listTariffs(ask, { tenant: tenantId('demo') });
    expect([total, tariffs[0]]).toMatchObject([1, { tariffId: 'STD', isDefault: true, currency: 'EUR' }]);
    const [element] = JSON.parse(tariffs[0]!.ocpiJson).elements;
    expect(element.price_components[0]).toEqual({ type: 'ENERGY', price: 0.4, vat: 21, step_size: 1 });
    const page = await service.listCdrs(ask, { tenant: tenantId('demo') });
    expect(page.cdrs).toHaveLength(2);
    expect(page.total).toBeGreaterThan(2);
    const next = await service.listCdrs({ ...ask, offset: 1 }, { tenant: tenantId('demo') });
    expect(next.cdrs[0]!.cdrId).toBe(page.cdrs[1]!.cdrId);
    const nobody = await service.listCdrs(ask, { tenant: tenantId('nobody') });
    expect(nobody).toMatchObject({ cdrs: [], total: 0 });
    const later = await service.listCdrs(
      { ...ask, dateFrom: new Date(Date.now() + 60_000) },
      { tenant: tenantId('demo') },
    );
    expect(later.total).toBe(0);
  });

  it('CDRs that are too large for one message come in shorter pages, each once', async () => {
    const tenant = 'large';
    const by = anOperator(tenant);
    await fleet.applyTariff('STD', {}, by);
    const charge = aCharge(aDriver(tenant));
    await fleet.whole(charge);
    const column =
      'tenant, account_id, issued_at, course, snapshot, invoice_number, kind, credit_of, revision, figured';
    await fleet.rig.sql(
      `insert into cdr (id, session_id, ${column}, document)
        select gen_random_uuid(), gen_random_uuid(), ${column}, jsonb_set(document::jsonb, '{tariffDocument,tariff_alt_text}',
            jsonb_build_array(jsonb_build_object('language', 'en', 'text', repeat('x', 100000))))::json
          from cdr, generate_series(1, 60) where tenant = $1`,
      [tenant],
      tenant,
    );
    const service = fleet.rig.grpc(billing.BillingServiceClient);
    const seen: string[] = [];
    let pages = 0;
    for (let total = 1; seen.length < total; pages += 1) {
      const ask = { offset: seen.length, limit: 100, dateFrom: undefined, dateTo: undefined, fitting: true };
      const page = await service.listCdrs(ask, { tenant: tenantId(tenant) });
      expect(page.cdrs.length).toBeGreaterThan(0);
      seen.push(...page.cdrs.map(({ cdrId }) => cdrId));
      total = page.total;
    }
    expect([pages, seen.length, new Set(seen).size]).toEqual([2, 61, 61]);
  });

  it('a tariff that changes between two pages makes the reader miss none', async () => {
    const by = { ...OPERATOR, tenant: 'crawl' };
    for (const id of ['A', 'B', 'C']) await fleet.applyTariff(id, {}, by);
    const service = fleet.rig.grpc(billing.BillingServiceClient);
    const ids = async (offset: number, dateFrom?: Date) => {
      const ask = { offset, limit: 1, dateFrom, dateTo: undefined, fitting: true };
      const { tariffs } = await service.listTariffs(ask, { tenant: tenantId('crawl') });
      return tariffs.map(({ tariffId }) => tariffId);
    };
    const read = await ids(0);
    await fleet.applyTariff('A', { name: 'Changed' }, by);
    read.push(...(await ids(1)), ...(await ids(2)), ...(await ids(3)));
    expect(read).toEqual(['A', 'B', 'C']);
    const { tariffs } = await service.listTariffs(
      { offset: 0, limit: 9, dateFrom: undefined, dateTo: undefined, fitting: true },
      { tenant: tenantId('crawl') },
    );
    // What changed since then is found by its last change all the same.
    expect(await ids(0, tariffs[0]!.lastUpdated)).toEqual(['A']);
  });
});
