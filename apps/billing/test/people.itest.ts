// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { externalAccountId } from '@kilowatch/platform';
import type { TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, aDriver, anOperator, BillingRig, elements, OPERATOR } from './billing-rig.js';

let fleet: BillingRig;

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD');
});
afterAll(() => fleet.close());

describe('tariffs', () => {
  it('get a version with each change and none without one', async () => {
    const apply = async (over: Record<string, unknown>) =>
      (await fleet.applyTariff('V', over)).data!.applyTariff;
    expect(await apply({})).toMatchObject({ changed: true, tariff: { version: 1, isDefault: false } });
    expect(await apply({})).toMatchObject({ changed: false, tariff: { version: 1 } });
    const numbers = { elements: elements().map((e) => ({ ...e })), max_price: { excl_vat: 30 } };
    expect(await apply({ definition: numbers })).toMatchObject({ changed: true, tariff: { version: 2 } });
    expect(await apply({ definition: numbers, name: 'New name' })).toMatchObject({
      changed: true,
      tariff: { version: 3 },
    });
    const said = (await fleet.rig.published(events.tariffChanged)).filter(
      ({ tariff }) => tariff!.tariffId === 'V',
    );
    expect(said.map(({ tariff, meta }) => [tariff!.version, meta!.aggregateVersion])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('have one default, which is replaced but never taken away', async () => {
    const by = anOperator('defaults');
    const defaults = async () => {
      const { data } = await fleet.rig.graphql<{
        tariffs: { edges: { node: { id: string; isDefault: boolean } }[]; totalCount: number };
      }>(by, '{ tariffs(first: 10) { totalCount edges { node { id isDefault } } } }');
      return data!.tariffs.edges.filter(({ node }) => node.isDefault).map(({ node }) => node.id);
    };
    await fleet.applyTariff('A', {}, by);
    await fleet.applyTariff('B', {}, by);
    expect(await defaults()).toEqual(['A']);
    expect((await fleet.applyTariff('B', { isDefault: true }, by)).data!.applyTariff).toMatchObject({
      changed: true,
      tariff: { version: 1 },
    });
    expect(await defaults()).toEqual(['B']);
    expect((await fleet.applyTariff('B', { isDefault: false }, by)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await defaults()).toEqual(['B']);
  });

  it('that can only be a mistake are refused', async () => {
    const component = (over: object) => ({
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.4', ...over }] }],
    });
    const wrong: Record<string, unknown>[] = [
      { definition: component({ price: '-0.4' }) },
      { definition: { elements: [] } },
      { definition: { ...component({}), max_prise: { excl_vat: '1' } } },
      { definition: { ...component({}), currency: 'USD' } },
      { definition: [] },
      { currency: 'XXQ' },
      { name: ' ' },
      { idleGraceMinutes: -1 },
    ];
    for (const over of wrong)
      expect((await fleet.applyTariff('BAD', over)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await fleet.applyTariff('BAD', {}, aDriver())).codes).toEqual(['FORBIDDEN']);
  });

  it('are pages of a list, and entities of their own tenant', async () => {
    const page = (after: string | null) =>
      fleet.rig.graphql<{
        tariffs: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
      }>(
        aDriver(),
        'query($after: String) { tariffs(first: 1, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }',
        { after },
      );
    const first = (await page(null)).data!.tariffs;
    expect(first).toMatchObject({ edges: [{ node: { id: 'STD' } }], pageInfo: { hasNextPage: true } });
    expect((await page(first.pageInfo.endCursor)).data!.tariffs).toMatchObject({
      edges: [{ node: { id: 'V' } }],
      pageInfo: { hasNextPage: false },
    });
    expect((await page('x')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await fleet.rig.entity(aDriver(), 'Tariff', 'STD', 'summary')).entity).toEqual({
      summary: [
        'Energy costs 0.484 EUR per kWh including 21 % VAT (0.40 EUR without).',
        'Idle time after the car is full costs 7.26 EUR per hour including 21 % VAT (6.00 EUR without).',
      ],
    });
    expect((await fleet.rig.entity(aDriver('other'), 'Tariff', 'STD', 'name')).entity).toBeNull();
    const query = 'query($id: ID!) { tariff(id: $id) { name } }';
    expect((await fleet.rig.graphql(aDriver('other'), query, { id: 'STD' })).codes).toEqual(['NOT_FOUND']);
  });
});

describe('paying', () => {
  // 10 kWh and 20 idle minutes: 4.00 + 2.00, plus 21 %.
  const TOTAL = '7.26';
  const status = async (charge: ReturnType<typeof aCharge>) =>
    (await fleet.see<{ invoice: { id: string; status: string; paymentMethod: string | null } }>(
      charge,
      'invoice { id status paymentMethod }',
    ))!.invoice;
  const transfer = (invoiceId: string, idempotencyKey: string, by = OPERATOR) =>
    fleet.rig.graphql<{ recordTransfer: { invoice: { status: string; paidAt: string } } }>(
      by,
      'mutation($input: RecordTransferInput!) { recordTransfer(input: $input) { invoice { id status paidAt paymentMethod } } }',
      { input: { invoiceId, reference: 'bank 4711', idempotencyKey } },
    );

  it('waits for money: an invoice beyond the balance stays open until top-ups cover it, oldest first', async () => {
    const driver = aDriver();
    await fleet.topUp(driver, '5.00');
    const [first, second] = [aCharge(driver), aCharge(driver)];
    await fleet.whole(first);
    await fleet.whole(second);
    expect([(await status(first)).status, (await status(second)).status]).toEqual(['OPEN', 'OPEN']);
    expect(await fleet.balance(driver)).toBe('5.00');
    await fleet.topUp(driver, '3.00');
    expect([(await status(first)).status, (await status(second)).status]).toEqual(['PAID', 'OPEN']);
    expect(await fleet.balance(driver)).toBe('0.74');
    const { data } = await fleet.topUp(driver, '10.00');
    expect(data!.topUpWallet.wallet.balance.amount).toBe('3.48');
    expect(await status(second)).toMatchObject({ status: 'PAID', paymentMethod: 'WALLET' });
  });

  it('never spends the same money twice, though two sessions are billed at once', async () => {
    const driver = aDriver();
    await fleet.topUp(driver, '10.00');
    const charges = [aCharge(driver), aCharge(driver)];
    await Promise.all(charges.map((charge) => fleet.whole(charge)));
    const states = await Promise.all(charges.map(async (charge) => (await status(charge)).status));
    expect(states.sort()).toEqual(['OPEN', 'PAID']);
    expect(await fleet.balance(driver)).toBe('2.74');
  });

  it('by transfer happens once', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const { id } = await status(charge);
    const key = randomUUID();
    const paid = await transfer(id, key);
    expect(paid.data!.recordTransfer.invoice).toMatchObject({
      status: 'PAID',
      paymentMethod: 'TRANSFER',
      paidAt: expect.any(String),
    });
    expect((await transfer(id, key)).data).toEqual(paid.data);
    expect((await transfer(id, randomUUID())).codes).toEqual(['FAILED_PRECONDITION']);
    const said = (await fleet.rig.published(events.invoicePaid)).filter((event) => event.invoiceId === id);
    expect(said).toMatchObject([{ method: 'TRANSFER', amount: { amount: TOTAL, currency: 'EUR' } }]);
    expect((await transfer(randomUUID(), randomUUID())).codes).toEqual(['NOT_FOUND']);
    expect((await transfer(id, randomUUID(), anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    expect((await transfer(id, randomUUID(), charge.driver)).codes).toEqual(['FORBIDDEN']);
  });

  it('a top-up is booked once per key, and a key means one request', async () => {
    const driver = aDriver();
    const once = { idempotencyKey: randomUUID() };
    expect((await fleet.topUp(driver, '10', once)).data).toEqual(
      (await fleet.topUp(driver, '10.00', once)).data,
    );
    expect(await fleet.balance(driver)).toBe('10.00');
    expect((await fleet.topUp(driver, '11', once)).codes).toEqual(['CONFLICT']);
    expect((await fleet.topUp(driver, '1', {}, driver)).codes).toEqual(['FORBIDDEN']);
    expect((await fleet.topUp(driver, '1', {}, anOperator('other'))).codes).toEqual([]);
    expect(await fleet.balance(driver)).toBe('10.00');
  });

  it('has a wallet also for somebody another identity provider vouches for', async () => {
    const accountId = externalAccountId('https://login.fleet.example', 'auth0|anna');
    const anna = { ...aDriver(), accountId };
    expect((await fleet.topUp(anna, '10.00')).codes).toEqual([]);
    const charge = aCharge(anna);
    await fleet.whole(charge);
    expect(await status(charge)).toMatchObject({ status: 'PAID' });
    expect(await fleet.balance(anna)).toBe('2.74');
  });

  it('refuses amounts that are negative, zero, too fine or too much, and another currency', async () => {
    const driver = aDriver();
    for (const amount of ['-5', '0', '0.001', '10000.01']) {
      expect((await fleet.topUp(driver, amount)).codes).toEqual(['BAD_USER_INPUT']);
    }
    for (const over of [{ currency: 'USD' }, { currency: 'nope' }, { reference: ' ' }, { accountId: 'me' }]) {
      expect((await fleet.topUp(driver, '5', over)).codes).toEqual(['BAD_USER_INPUT']);
    }
    expect(await fleet.balance(driver)).toBe('0.00');
  });
});

describe('who sees what', () => {
  const INVOICE = 'query($id: ID!) { invoice(id: $id) { number session { id cdr { id } } } }';

  it('a driver sees their own bill, an operator those of the tenant, nobody else anything', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const fields = 'cost { final } cdr { id } quote { id } invoice { id }';
    const own = await fleet.see<{ invoice: { id: string } }>(charge, fields);
    expect(own).toMatchObject({ cost: { final: true } });
    expect(await fleet.see(charge, fields, OPERATOR)).toEqual(own);
    const { id } = own!.invoice;
    const ask = (principal: TestPrincipal | null) =>
      fleet.rig.graphql<{ invoice: unknown }>(principal, INVOICE, { id });
    expect((await ask(charge.driver)).data!.invoice).toMatchObject({
      session: { id: charge.sessionId, cdr: { id: expect.any(String) } },
    });
    expect((await ask(OPERATOR)).data!.invoice).toMatchObject({ session: { id: charge.sessionId } });
    const strangers = [aDriver(), { ...charge.driver, tenant: 'other' }, anOperator('other')];
    for (const stranger of strangers) {
      expect(await fleet.see(charge, fields, stranger)).toBeNull();
      expect((await fleet.rig.entity(stranger, 'Invoice', id, 'number')).entity).toBeNull();
      expect((await ask(stranger)).codes).toEqual(['NOT_FOUND']);
    }
    expect((await ask(null)).codes).toEqual(['UNAUTHENTICATED']);
    expect(await fleet.see(charge, fields, null)).toBeNull();
  });

  it('lists are narrowed to the driver, latest first', async () => {
    const driver = aDriver();
    const charges = [aCharge(driver), aCharge(driver), aCharge(driver)];
    for (const charge of charges) await fleet.whole(charge);
    interface Page {
      invoices: { totalCount: number; edges: { cursor: string; node: { session: { id: string } } }[] };
    }
    const list = (principal: TestPrincipal, after: string | null = null) =>
      fleet.rig.graphql<Page>(
        principal,
        'query($after: String) { invoices(first: 2, after: $after) { totalCount edges { cursor node { session { id } } } } }',
        { after },
      );
    const first = (await list(driver)).data!.invoices;
    const rest = (await list(driver, first.edges[1]!.cursor)).data!.invoices;
    const seen = [...first.edges, ...rest.edges].map(({ node }) => node.session.id);
    expect(seen).toEqual(charges.map((charge) => charge.sessionId).reverse());
    expect(first.totalCount).toBe(3);
    expect((await list(OPERATOR)).data!.invoices.totalCount).toBeGreaterThan(3);
    expect((await list(anOperator('other'))).data!.invoices.totalCount).toBe(0);
    expect((await list(driver, Buffer.from('["x"]').toString('base64url'))).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it('a wallet is its driver’s and the operators’', async () => {
    const driver = aDriver();
    const wallet = (principal: TestPrincipal, accountId?: string) =>
      fleet.rig.graphql(
        principal,
        'query($accountId: ID) { wallet(accountId: $accountId) { accountId balance { currency } } }',
        { accountId },
      );
    expect((await wallet(driver)).data).toEqual({
      wallet: { accountId: driver.accountId, balance: { currency: 'EUR' } },
    });
    expect((await wallet(driver, aDriver().accountId)).codes).toEqual(['NOT_FOUND']);
    expect((await wallet(OPERATOR)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await wallet(OPERATOR, driver.accountId)).codes).toEqual([]);
  });

  it('rows of another tenant do not exist for the database either', async () => {
    for (const table of [
      'tariff',
      'tariff_version',
      'quote',
      'billed_session',
      'cdr',
      'invoice',
      'posting',
      'ledger_entry',
    ]) {
      const count = async (tenant: string) =>
        Number((await fleet.rig.sql<{ n: string }>(`select count(*) as n from ${table}`, [], tenant))[0]!.n);
      expect([table, (await count('demo')) > 0, await count('nobody')]).toEqual([table, true, 0]);
    }
  });
});
