// Real: billing with Postgres and NATS; revenue is held against the ledger.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { Revenue1796750000000 } from '../src/persistence/migrations/0046-revenue.js';
import { aCharge, aDriver, anOperator, BillingRig, type Charge } from './billing-rig.js';

const ZONE = 'Pacific/Auckland';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start({ KW_SELLER_TIME_ZONE: ZONE });
});
afterAll(() => fleet?.close());

interface Money {
  readonly amount: string;
  readonly currency: string;
}
interface Row {
  readonly period: string;
  readonly location: { readonly id: string; readonly name: string } | null;
  readonly station: { readonly id: string; readonly name: string } | null;
  readonly net: Money;
  readonly tax: Money;
  readonly taxes: readonly {
    readonly name: string;
    readonly percent: string;
    readonly base: Money;
    readonly amount: Money;
  }[];
  readonly creditedNet: Money;
  readonly creditNotes: number;
  readonly partnerNet: Money;
  readonly providerFees: Money;
  readonly energyWh: number;
  readonly sessions: number;
}
const FIELDS = `period location { id name } station { id name } net { amount currency } tax { amount } taxes { name percent base { amount }
  amount { amount } } creditedNet { amount } creditNotes partnerNet { amount } providerFees { amount } energyWh sessions`;

/** Around now, whatever the zone. */
const days = () => ({
  from: new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10),
  to: new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10),
});

async function ask(by: string, operator: TestPrincipal, over: Record<string, unknown> = {}, page = '') {
  const input = { ...days(), by, period: 'YEAR', ...over };
  const { data, codes } = await fleet.rig.graphql<{
    revenue: { edges: { node: Row }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }>(
    operator,
    `query($input: RevenueInput!) { revenue(input: $input, first: ${page || '50'}) { edges { node { ${FIELDS} } }
      pageInfo { hasNextPage endCursor } } }`,
    { input },
  );
  return { rows: data?.revenue.edges.map(({ node }) => node) ?? [], info: data?.revenue.pageInfo, codes };
}

/** Over all years: a test may run while one ends. */
const total = (rows: readonly Row[], of: (row: Row) => string | number) =>
  Math.round(rows.reduce((sum, row) => sum + Number(of(row)), 0) * 100) / 100;

async function tenantWith(tariff = 'std') {
  const tenant = `t${randomUUID().slice(0, 8)}`;
  const operator = anOperator(tenant);
  await fleet.applyTariff(tariff, {}, operator);
  return { tenant, operator };
}

const at = (locationId: string, locationName: string) => ({ locationId, locationName });

async function corrected(charge: Charge, operator: TestPrincipal, correction: Record<string, unknown>) {
  const input = {
    sessionId: charge.sessionId,
    reason: 'measured wrongly',
    idempotencyKey: randomUUID(),
    ...correction,
  };
  const { codes } = await fleet.rig.graphql(
    operator,
    'mutation($input: CorrectBillInput!) { correctBill(input: $input) { session { id } } }',
    { input },
  );
  expect(codes).toEqual([]);
}

async function booked(tenant: string, account: string) {
  const rows = await fleet.rig.sql<{ sum: string }>(
    'select coalesce(-sum(amount), 0)::text as sum from ledger_entry where account like $1',
    [account],
    tenant,
  );
  return Number(rows[0]!.sum);
}

describe('revenue', () => {
  it('is what the ledger booked, by place, with the rates of its taxes, credit notes and energy', async () => {
    const { tenant, operator } = await tenantWith();
    const [north, south] = [at(randomUUID(), 'North'), at(randomUUID(), 'South')];
    const charges = [aCharge(aDriver(tenant)), aCharge(aDriver(tenant)), aCharge(aDriver(tenant))];
    await fleet.whole(charges[0]!, north);
    await fleet.whole(charges[1]!, south);
    await fleet.whole(charges[2]!, south);
    await corrected(charges[2]!, operator, { correction: 'ENERGY', energyWh: 5000 });

    const { rows } = await ask('LOCATION', operator);
    const of = (name: string) => rows.filter(({ location }) => location?.name === name);
    expect(total(of('North'), ({ sessions }) => sessions)).toBe(1);
    expect(total(of('North'), ({ energyWh }) => energyWh)).toBe(10_000);
    expect(total(of('North'), ({ creditNotes }) => creditNotes)).toBe(0);
    expect(total(of('South'), ({ sessions }) => sessions)).toBe(2);
    expect(total(of('South'), ({ energyWh }) => energyWh)).toBe(15_000);
    expect(total(of('South'), ({ creditNotes }) => creditNotes)).toBe(1);
    expect(total(of('South'), ({ creditedNet }) => creditedNet.amount)).toBe(
      -total(of('North'), ({ net }) => net.amount),
    );

    expect(total(rows, ({ net }) => net.amount)).toBe(await booked(tenant, 'revenue'));
    expect(total(rows, ({ tax }) => tax.amount)).toBe(await booked(tenant, 'vat:%'));
    const rates = rows.flatMap(({ taxes }) => taxes);
    expect(new Set(rates.map(({ name, percent }) => `${name} ${percent}`))).toEqual(new Set(['VAT 21']));
    const rated = rates.reduce((sum, { amount }) => sum + Number(amount.amount), 0);
    expect(Math.round(rated * 100)).toBe(Math.round((await booked(tenant, 'vat:21')) * 100));
    expect(rows.every(({ station }) => station === null)).toBe(true);

    const stations = (await ask('STATION', operator)).rows;
    expect(new Set(stations.map(({ station }) => station?.id))).toEqual(
      new Set(charges.map(({ stationId }) => stationId)),
    );
    const whole = (await ask('TENANT', operator)).rows;
    expect(whole.every(({ location }) => location === null)).toBe(true);
    expect(total(whole, ({ net }) => net.amount)).toBe(total(stations, ({ net }) => net.amount));
    expect(total(whole, ({ sessions }) => sessions)).toBe(3);
  });

  it('counts what a partner pays apart: its energy is ours, its money is on no invoice', async () => {
    const { tenant, operator } = await tenantWith();
    const roaming = { ...aCharge({ ...aDriver(tenant), accountId: '' }) };
    await fleet.whole(roaming);
    const { rows } = await ask('TENANT', operator);
    expect(total(rows, ({ net }) => net.amount)).toBe(0);
    expect(total(rows, ({ partnerNet }) => partnerNet.amount)).toBe(6);
    expect(total(rows, ({ energyWh }) => energyWh)).toBe(10_000);
    expect(total(rows, ({ sessions }) => sessions)).toBe(1);
  });

  it('has the sessions of a month when their collective invoice is issued', async () => {
    const { tenant, operator } = await tenantWith();
    const driver = aDriver(tenant);
    await fleet.monthly(driver, {}, operator);
    await fleet.whole(aCharge(driver));
    expect((await ask('TENANT', operator)).rows).toEqual([]);
    await fleet.monthOver(driver);
    await waitFor('the revenue', async () => (await ask('TENANT', operator)).rows.length > 0);
    const { rows } = await ask('TENANT', operator);
    expect(total(rows, ({ sessions }) => sessions)).toBe(1);
    expect(total(rows, ({ net }) => net.amount)).toBe(await booked(tenant, 'revenue'));
  });

  it('takes its days from the clock of the seller', async () => {
    const { tenant, operator } = await tenantWith();
    await fleet.whole(aCharge(aDriver(tenant)));
    // As if it had been issued around the end of a month on the clock of Auckland, which is thirteen hours ahead.
    const issued = async (when: string) => {
      await fleet.rig.sql('update invoice set issued_at = $1', [when], tenant);
      return (await ask('TENANT', operator, { from: '2026-01-30', to: '2026-02-01', period: 'DAY' })).rows;
    };
    expect((await issued('2026-01-31T10:59:59Z')).map(({ period }) => period)).toEqual(['2026-01-31']);
    expect((await issued('2026-01-31T11:00:00Z')).map(({ period }) => period)).toEqual(['2026-02-01']);
    expect((await issued('2026-02-01T11:00:00Z')).length).toBe(0);
    await issued('2026-01-31T11:00:00Z');
    const months = await ask('TENANT', operator, { from: '2026-01-01', to: '2026-12-31', period: 'MONTH' });
    expect(months.rows.map(({ period }) => period)).toEqual(['2026-02']);
  });

  it('comes in pages that leave out nothing', async () => {
    const { tenant, operator } = await tenantWith();
    for (let n = 0; n < 3; n += 1)
      await fleet.whole(aCharge(aDriver(tenant)), at(randomUUID(), `Place ${n}`));
    const all = (await ask('LOCATION', operator, { period: 'DAY' })).rows;
    const paged: Row[] = [];
    let after = '';
    for (let n = 0; n < 10; n += 1) {
      const page = await ask('LOCATION', operator, { period: 'DAY' }, after ? `1, after: "${after}"` : '1');
      paged.push(...page.rows);
      if (!page.info!.hasNextPage) break;
      after = page.info!.endCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThanOrEqual(3);
  });

  it('is a file, too', async () => {
    const { tenant, operator } = await tenantWith();
    await fleet.whole(aCharge(aDriver(tenant)), at(randomUUID(), 'A, "B"'));
    const input = { ...days(), by: 'LOCATION', period: 'MONTH' };
    const { data } = await fleet.rig.graphql<{
      revenueFile: { name: string; mediaType: string; content: string };
    }>(operator, 'query($input: RevenueInput!) { revenueFile(input: $input) { name mediaType content } }', {
      input,
    });
    const { name, mediaType, content } = data!.revenueFile;
    expect(name).toBe(`revenue-location-month-${input.from}-${input.to}.csv`);
    expect(mediaType).toBe('text/csv');
    const [head, line] = Buffer.from(content, 'base64').toString('utf8').split('\r\n');
    expect(head).toContain('net,tax,gross');
    expect(line).toContain('"A, ""B"""');
    expect(line).toContain('VAT 21%: 1.26');
  });

  it('of bills from before it was kept is filled in as if it had been kept, and filled in again changes nothing', async () => {
    const { tenant, operator } = await tenantWith();
    const charge = aCharge(aDriver(tenant));
    await fleet.whole(charge);
    await corrected(charge, operator, { correction: 'AMOUNT', totalInclVat: '2.42' });
    const kept = () => fleet.rig.sql('select * from cdr_revenue order by cdr_id', [], tenant);
    const before = await kept();
    expect(before).toHaveLength(3);
    await fleet.rig.sqlPastTheWalls('delete from cdr_revenue');
    // Indexes are there already; statements of the migration with what they are given written into them.
    const query = (text: string, given: readonly string[] = []) =>
      text.includes('concurrently')
        ? Promise.resolve([])
        : fleet.rig.sqlPastTheWalls(
            given.reduce((sql, one, n) => sql.replaceAll(`$${n + 1}`, `'${one}'`), text),
          );
    const runner = { query } as never;
    await new Revenue1796750000000().up(runner);
    expect(await kept()).toEqual(before);
    await new Revenue1796750000000().up(runner);
    expect(await kept()).toEqual(before);
  });

  it('is for operators of the tenant alone', async () => {
    const { tenant, operator } = await tenantWith();
    const driver = aDriver(tenant);
    await fleet.whole(aCharge(driver));
    expect((await ask('TENANT', driver)).codes).toEqual(['FORBIDDEN']);
    expect((await ask('TENANT', anOperator('nobody'))).rows).toEqual([]);
    expect((await ask('TENANT', operator, { from: '2026-02-30' })).codes).toEqual(['BAD_USER_INPUT']);
  });
});
