// Real: billing with Postgres and NATS; months are made to be over in the database.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { aCharge, aDriver, anOperator, BillingRig, type Charge } from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
});
afterAll(() => fleet?.close());

interface Statement {
  readonly id: string | null;
  readonly number: string | null;
  readonly state: string;
  readonly month: string;
  readonly earned: { readonly amount: string };
  readonly carriedIn: { readonly amount: string };
  readonly due: { readonly amount: string };
  readonly carriedOut: { readonly amount: string };
  readonly paidReference: string | null;
  readonly lines: readonly {
    readonly locationId: string;
    readonly kind: string;
    readonly correction: boolean;
    readonly sessions: number;
    readonly energyWh: number;
    readonly amount: { readonly amount: string };
  }[];
}
const FIELDS = `id number state month earned { amount } carriedIn { amount } due { amount } carriedOut { amount } paidReference
  lines { locationId kind correction sessions energyWh amount { amount } }`;

interface Place {
  readonly tenant: string;
  readonly operator: TestPrincipal;
  readonly locationId: string;
  readonly payeeId: string;
  /** The payee's next month when it was added. */
  readonly month: string;
}

const monthAfter = (month: string, n: number) => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + n, 15)).toISOString().slice(0, 7);
};

async function ask<T>(operator: TestPrincipal, query: string, variables: Record<string, unknown> = {}) {
  return fleet.rig.graphql<T>(operator, query, variables);
}

const setPayee = (operator: TestPrincipal, over: Record<string, unknown> = {}) =>
  ask<{ setPayee: { payee: { id: string; nextMonth: string; name: string } } }>(
    operator,
    'mutation($input: SetPayeeInput!) { setPayee(input: $input) { payee { id nextMonth name } } }',
    { input: { name: 'Owner', address: 'Street 2', currency: 'EUR', idempotencyKey: randomUUID(), ...over } },
  );

const agree = (place: Place, over: Record<string, unknown> = {}) =>
  ask<{ agreePayeeTerm: { payee: { terms: { id: string }[] } } }>(
    place.operator,
    'mutation($input: AgreePayeeTermInput!) { agreePayeeTerm(input: $input) { payee { terms { id } } } }',
    {
      input: {
        ...{ payeeId: place.payeeId, locationId: place.locationId, kind: 'ENERGY_SHARE', value: '10' },
        ...{ firstMonth: place.month, reason: 'contract 7', idempotencyKey: randomUUID() },
        ...over,
      },
    },
  );

async function aPlace(...terms: Record<string, unknown>[]): Promise<Place> {
  const tenant = `t${randomUUID().slice(0, 8)}`;
  const operator = anOperator(tenant);
  await fleet.applyTariff('std', {}, operator);
  const { data } = await setPayee(operator);
  const { id: payeeId, nextMonth: month } = data!.setPayee.payee;
  const place = { tenant, operator, locationId: randomUUID(), payeeId, month };
  for (const term of terms) expect((await agree(place, term)).codes).toEqual([]);
  return place;
}

async function billed({ tenant, locationId }: Place, accountId?: string): Promise<Charge> {
  const charge = aCharge({ ...aDriver(tenant), ...(accountId === undefined ? {} : { accountId }) });
  await fleet.whole(charge, { locationId, locationName: 'Square' });
  return charge;
}

const NOT_MOVED = "to_char(issued_at at time zone 'UTC', 'DD HH24:MI:SS.US') <> '15 12:00:00.000000'";
/** As if everything that was billed since it was last asked had been billed in that month. */
const inMonth = ({ tenant }: Place, month: string) =>
  fleet.rig.sql(
    `with a as (update invoice set issued_at = $1 where ${NOT_MOVED})
      update cdr_revenue set issued_at = $1 where ${NOT_MOVED}`,
    [`${month}-15T12:00:00Z`],
    tenant,
  );

/** As if the payee's next month were `month`, and that over. */
async function over(place: Place, month: string): Promise<Statement[]> {
  await fleet.rig.sql(
    "update payee set month = $2, due_at = now() - interval '1 second' where id = $1",
    [place.payeeId, month],
    place.tenant,
  );
  await waitFor('the month to be stated', async () => {
    const rows = await fleet.rig.sql<{ month: string }>(
      'select month from payee where id = $1',
      [place.payeeId],
      place.tenant,
    );
    return rows[0]!.month > month;
  });
  return statements(place);
}

async function statements({ operator, payeeId }: Place): Promise<Statement[]> {
  const { data } = await ask<{ payeeStatements: { edges: { node: Statement }[] } }>(
    operator,
    `query($id: ID) { payeeStatements(first: 20, payeeId: $id) { edges { node { ${FIELDS} } } } }`,
    { id: payeeId },
  );
  return data!.payeeStatements.edges.map(({ node }) => node);
}

async function draft({ operator, payeeId }: Place): Promise<Statement | null> {
  const { data } = await ask<{ payee: { draft: Statement | null } }>(
    operator,
    `query($id: ID!) { payee(id: $id) { draft { ${FIELDS} } } }`,
    { id: payeeId },
  );
  return data!.payee.draft;
}

const pay = ({ operator }: Place, statementId: string, over: Record<string, unknown> = {}) =>
  ask<{ payPayeeStatement: { statement: Statement } }>(
    operator,
    `mutation($input: PayPayeeStatementInput!) { payPayeeStatement(input: $input) { statement { ${FIELDS} } } }`,
    { input: { statementId, reference: 'SEPA 1', idempotencyKey: randomUUID(), ...over } },
  );

async function owed({ tenant, payeeId }: Place): Promise<number> {
  const rows = await fleet.rig.sql<{ sum: string }>(
    'select coalesce(-sum(amount), 0)::text as sum from ledger_entry where account = $1',
    [`payable:${payeeId}`],
    tenant,
  );
  return Number(rows[0]!.sum);
}

// A session of the rig: 10 kWh for 4.00 before taxes, and idle time for 2.00.
describe('the statement of a payee', () => {
  it('has what was agreed of each kind, is owed from then on, and paid once', async () => {
    const place = await aPlace(
      {},
      { kind: 'PER_KWH', value: '0.05' },
      { kind: 'PER_SESSION', value: '0.25' },
    );
    await billed(place);
    await billed(place, '');
    await inMonth(place, place.month);
    expect(await draft(place)).toMatchObject({ state: 'DRAFT', number: null, due: { amount: '2.30' } });
    const [statement] = await over(place, place.month);
    expect(statement!.lines.map(({ kind, amount }) => `${kind} ${amount.amount}`).sort()).toEqual([
      'ENERGY_SHARE 0.80',
      'PER_KWH 1.00',
      'PER_SESSION 0.50',
    ]);
    expect(statement!).toMatchObject({
      state: 'ISSUED',
      due: { amount: '2.30' },
      carriedOut: { amount: '0.00' },
    });
    expect(statement!.number).toMatch(/^KWP-\d{4}-000001$/);
    expect(await owed(place)).toBe(2.3);

    const key = { idempotencyKey: 'k1' };
    const paid = (await pay(place, statement!.id!, key)).data!.payPayeeStatement.statement;
    expect(paid).toMatchObject({ state: 'PAID', paidReference: 'SEPA 1' });
    expect((await pay(place, statement!.id!, key)).data!.payPayeeStatement.statement).toEqual(paid);
    expect((await pay(place, statement!.id!)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await owed(place)).toBe(0);
  });

  it('takes back what an earlier month gave, and carries what is below zero into the next', async () => {
    const place = await aPlace({});
    const [first, second, third] = [place.month, monthAfter(place.month, 1), monthAfter(place.month, 2)];
    const charge = await billed(place);
    await inMonth(place, first);
    expect((await over(place, first))[0]!.due.amount).toBe('0.40');
    const { codes } = await ask(
      place.operator,
      'mutation($input: CorrectBillInput!) { correctBill(input: $input) { session { id } } }',
      {
        input: {
          sessionId: charge.sessionId,
          correction: 'ENERGY',
          energyWh: 5000,
          reason: 'wrong',
          idempotencyKey: 'c',
        },
      },
    );
    expect(codes).toEqual([]);
    await inMonth(place, second);
    const [corrected] = await over(place, second);
    expect(corrected!).toMatchObject({ due: { amount: '0.00' }, carriedOut: { amount: '-0.20' } });
    expect(corrected!.lines).toEqual([
      expect.objectContaining({ correction: true, sessions: 0, energyWh: -5000 }),
    ]);
    expect((await pay(place, corrected!.id!)).codes).toEqual(['FAILED_PRECONDITION']);
    await billed(place);
    await inMonth(place, third);
    const all = await over(place, third);
    expect(all[0]!).toMatchObject({
      earned: { amount: '0.40' },
      carriedIn: { amount: '-0.20' },
      due: { amount: '0.20' },
    });
    expect(all.map(({ number }) => number!.slice(-6))).toEqual(['000003', '000002', '000001']);
    expect(await owed(place)).toBe(0.6);
  });

  it('is not made where nothing was billed, and leaves no gap in the numbers', async () => {
    const place = await aPlace({});
    expect(await draft(place)).toBeNull();
    expect(await over(place, place.month)).toEqual([]);
    await billed(place);
    await inMonth(place, monthAfter(place.month, 1));
    const [statement] = await over(place, monthAfter(place.month, 1));
    expect(statement!.number).toMatch(/-000001$/);
  });

  it('goes by what was agreed for the month, whatever was agreed before and after', async () => {
    const place = await aPlace();
    const [first, second] = [place.month, monthAfter(place.month, 1)];
    const { data } = await agree(place, { value: '10' });
    const end = (lastMonth: string) =>
      ask<{ endPayeeTerm: { payee: { terms: { lastMonth: string }[] } } }>(
        place.operator,
        'mutation($input: EndPayeeTermInput!) { endPayeeTerm(input: $input) { payee { terms { lastMonth } } } }',
        { input: { termId: data!.agreePayeeTerm.payee.terms[0]!.id, lastMonth, reason: 'new contract' } },
      );
    expect((await agree(place, { firstMonth: second, value: '20' })).codes).toEqual(['CONFLICT']);
    expect((await end(first)).data!.endPayeeTerm.payee.terms[0]!.lastMonth).toBe(first);
    expect((await agree(place, { firstMonth: second, value: '20' })).codes).toEqual([]);
    await billed(place);
    await inMonth(place, first);
    expect((await over(place, first))[0]!.due.amount).toBe('0.40');
    await billed(place);
    await inMonth(place, second);
    expect((await over(place, second))[0]!.due.amount).toBe('0.80');
    expect((await agree(place, { firstMonth: first, kind: 'PER_KWH', value: '0.1' })).codes).toEqual([
      'FAILED_PRECONDITION',
    ]);
  });

  it('never changes, and is on paper and in a file', async () => {
    const place = await aPlace({});
    await billed(place);
    await inMonth(place, place.month);
    const [statement] = await over(place, place.month);
    for (const change of ['update payee_statement set due = 9', 'delete from payee_statement']) {
      await expect(fleet.rig.sql(change, [], place.tenant)).rejects.toThrow('does not change');
    }
    const { data } = await ask<{
      payeeStatement: Record<'pdf' | 'german', { name: string; content: string }> & {
        csv: { content: string };
      };
    }>(
      place.operator,
      `query($id: ID!) {
        payeeStatement(id: $id) { pdf { name content } german: pdf(locale: "de") { name content } csv { content } }
      }`,
      { id: statement!.id },
    );
    const { pdf, german, csv } = data!.payeeStatement;
    expect(pdf.name).toBe(`${statement!.number}.pdf`);
    expect(Buffer.from(pdf.content, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(german.name).toBe(pdf.name);
    expect(german.content).not.toBe(pdf.content);
    expect(Buffer.from(csv.content, 'base64').toString()).toContain(
      `${place.locationId},Square,no,ENERGY_SHARE,10,1,`,
    );
  });

  it('is for operators of the tenant alone', async () => {
    const place = await aPlace({});
    expect((await setPayee(aDriver(place.tenant))).codes).toEqual(['FORBIDDEN']);
    expect((await setPayee(anOperator('nobody'), { id: place.payeeId })).codes).toEqual(['NOT_FOUND']);
    expect((await setPayee(place.operator, { id: place.payeeId, currency: 'NOK' })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    const renamed = await setPayee(place.operator, { id: place.payeeId, name: 'Heirs' });
    expect(renamed.data!.setPayee.payee).toEqual({
      id: place.payeeId,
      name: 'Heirs',
      nextMonth: place.month,
    });
    expect((await agree({ ...place, operator: anOperator('nobody') })).codes).toEqual(['NOT_FOUND']);
    expect((await pay(place, randomUUID())).codes).toEqual(['NOT_FOUND']);
  });
});
