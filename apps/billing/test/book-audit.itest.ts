// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig. What the audit of
// the other tests must find is done to real books, one harm at a time.
import { randomUUID } from 'node:crypto';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, anOperator, BillingRig } from './billing-rig.js';

const TENANT = 'books';
const TABLES = [
  ...['cdr', 'invoice', 'invoice_counter', 'posting', 'ledger_entry'],
  ...['dunning_case', 'dunning_entry', 'invoice_payment'],
];

let fleet: BillingRig;
const operator = anOperator(TENANT);

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 }, operator);
  const { codes: settled } = await fleet.rig.graphql(
    operator,
    'mutation($input: SetDunningSettingsInput!) { setDunningSettings(input: $input) { __typename } }',
    {
      input: {
        ...{ enabled: true, currency: 'EUR', end: 'COLLECTION', endDays: 14, reason: 'because' },
        levels: [{ days: 3 }, { days: 14, fee: '5' }],
      },
    },
  );
  expect(settled).toEqual([]);
  const [payer, debtor] = [aDriver(TENANT), aDriver(TENANT)];
  await fleet.topUp(payer, '50.00', {}, operator);
  const paid = aCharge(payer);
  await fleet.whole(paid);
  await fleet.whole(aCharge(debtor));
  const corrected = aCharge(debtor);
  await fleet.whole(corrected);
  const { codes } = await fleet.rig.graphql(
    operator,
    'mutation($input: CorrectBillInput!) { correctBill(input: $input) { __typename } }',
    {
      input: {
        sessionId: corrected.sessionId,
        correction: 'AMOUNT',
        totalInclVat: '1.00',
        reason: 'because',
        idempotencyKey: randomUUID(),
      },
    },
  );
  expect(codes).toEqual([]);
  await dunned(aDriver(TENANT), []);
  await dunned(aDriver(TENANT), ['raiseDunning', 'raiseDunning']);
  await dunned(aDriver(TENANT), ['raiseDunning', 'writeOffInvoice']);
  await fleet.rig.sqlPastTheWalls(...TABLES.map((table) => `create table kept_${table} as table ${table}`));
});
afterAll(() => fleet?.close());
afterEach(() =>
  fleet.rig.sqlPastTheWalls(
    ...TABLES.flatMap((table) => [
      `truncate ${table} cascade`,
      `insert into ${table} select * from kept_${table}`,
    ]),
    "create unique index if not exists posting_reference on posting (tenant, reason, reference) where reason <> 'TOP_UP'",
  ),
);

/** An overdue invoice of which a euro was paid, and what an operator does about it. */
async function dunned(driver: TestPrincipal, acts: readonly string[]): Promise<void> {
  await fleet.whole(aCharge(driver));
  await fleet.rig.sql(
    "update invoice set due_at = now() - interval '1 minute' where account_id = $1",
    [driver.accountId],
    TENANT,
  );
  const found = () =>
    fleet.rig.sql<{ id: string; invoice_id: string }>(
      'select id, invoice_id from dunning_case where account_id = $1',
      [driver.accountId],
      TENANT,
    );
  const one = await waitFor('the case', async () => (await found())[0]);
  const ask = async (name: string, type: string, input: Record<string, unknown>) => {
    const { codes } = await fleet.rig.graphql(
      operator,
      `mutation($input: ${type}!) { ${name}(input: $input) { __typename } }`,
      { input: { ...input, idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual([]);
  };
  await ask('recordTransfer', 'RecordTransferInput', {
    invoiceId: one.invoice_id,
    amount: '1.00',
    reference: 'BANK',
  });
  for (const name of acts) await ask(name, 'DunningActInput', { caseId: one.id, reason: 'because' });
}

const audit = () => auditBooks(fleet, TENANT);
const first = (kind = 'INVOICE') => `(select id from invoice where kind = '${kind}' order by number limit 1)`;

describe('the audit of the books', () => {
  it('finds nothing where nothing is wrong: paid, owed, and corrected', async () => {
    expect(await audit()).toEqual([]);
  });

  const harms: readonly (readonly [harm: string, found: RegExp, ...sql: string[]])[] = [
    [
      'an invoice is off by a cent',
      /is not its CDR/,
      `update invoice set total_incl = total_incl + 0.01, document = jsonb_set(document::jsonb, '{total,incl}',
        to_jsonb(((document->'total'->>'incl')::numeric + 0.01)::text))::json where id = ${first()}`,
    ],
    [
      'the column of an invoice is off by a cent, its document is not',
      /is not its CDR/,
      `update invoice set total_incl = total_incl + 0.01 where id = ${first()}`,
    ],
    [
      'a CDR was changed, and its invoice with it',
      /says 5\.84, computed again 6\.05/,
      `update cdr set document = jsonb_set(document::jsonb, '{total,incl}', '"5.84"')::json
        where id = (select cdr_id from invoice where id = ${first()})`,
      `update invoice set total_incl = 5.84, document = jsonb_set(document::jsonb, '{total,incl}', '"5.84"')::json where id = ${first()}`,
    ],
    [
      'the energy behind a CDR was changed',
      /computed again/,
      `update cdr set course = replace(course::text, '6000000', '6500000')::json
        where id = (select cdr_id from invoice where id = ${first()})`,
    ],
    [
      'a number in the middle is missing',
      /has gaps or doubles/,
      `delete from invoice where number = (select number from invoice where kind = 'INVOICE' order by number offset 1 limit 1)`,
    ],
    [
      'the last number is missing',
      /the last number of series KW-\d+ is not given/,
      `delete from invoice where number = (select max(number) from invoice where kind = 'INVOICE')`,
    ],
    [
      'a posting is there twice',
      /is booked more than once/,
      'drop index posting_reference',
      `insert into posting select (jsonb_populate_record(p, '{"id": "00000000-0000-4000-8000-000000000001"}')).*
        from posting p where reason = 'INVOICE' order by reference limit 1`,
      `insert into ledger_entry select (jsonb_populate_record(e, '{"posting_id": "00000000-0000-4000-8000-000000000001"}')).*
        from ledger_entry e where posting_id = (select id from posting where reason = 'INVOICE'
          and id <> '00000000-0000-4000-8000-000000000001' order by reference limit 1)`,
    ],
    [
      'an entry has lost its partner',
      /does not sum to zero/,
      `delete from ledger_entry where (posting_id, line) in (select posting_id, line from ledger_entry where account = 'revenue' limit 1)`,
    ],
    [
      'an entry is off by a cent',
      /does not sum to zero/,
      `update ledger_entry set amount = amount + 0.01 where (posting_id, line) in (select posting_id, line from ledger_entry limit 1)`,
    ],
    [
      'two entries of a posting are off by the same cent',
      /is not booked as it stands/,
      `update ledger_entry set amount = amount + case when account like 'receivable:%' then 0.01 else -0.01 end
        where posting_id = (select id from posting where reason = 'INVOICE' order by reference limit 1)
          and (account like 'receivable:%' or account = 'revenue')`,
    ],
    [
      'the entries of a posting are gone',
      /has no entries/,
      `delete from ledger_entry where posting_id = (select id from posting where reason = 'WALLET_PAYMENT' limit 1)`,
    ],
    [
      'entries belong to no posting',
      /belongs to no posting/,
      `delete from posting where id = (select id from posting where reason = 'WALLET_PAYMENT' limit 1)`,
    ],
    [
      'an invoice that nobody paid is called paid',
      /owes .*, open invoices say/,
      `update invoice set status = 'PAID' where status = 'OPEN'`,
    ],
    [
      'a session is billed twice',
      /has 2 CDRs that stand/,
      `insert into cdr select (jsonb_populate_record(c, '{"id": "00000000-0000-4000-8000-000000000002", "revision": 9}')).*
        from cdr c where kind = 'CDR' order by id limit 1`,
    ],
    ['a CDR has lost its invoice', /has no invoice/, `delete from invoice where id = ${first()}`],
    [
      'an invoice has lost its CDR',
      /has no CDR/,
      `delete from cdr where id = (select cdr_id from invoice where id = ${first()})`,
    ],
    [
      'a wallet was spent twice over',
      /is overdrawn/,
      `update ledger_entry set amount = amount * 20 where posting_id in (select id from posting where reason = 'WALLET_PAYMENT')`,
    ],
    [
      'a credit note is called an invoice',
      /is a INVOICE of a CREDIT/,
      `update invoice set kind = 'INVOICE' where kind = 'CREDIT_NOTE'`,
    ],
    [
      'a part that was paid is forgotten',
      /owes .*, open invoices say/,
      `update invoice set transfer_paid = 0 where transfer_paid > 0 and status = 'OPEN'`,
    ],
    [
      'what was given up of an invoice is another sum',
      /lost .*, not/,
      `update invoice set written_off = written_off - 1 where status = 'WRITTEN_OFF'`,
    ],
    [
      'a loss is not booked',
      /bad debt in EUR is not what invoices say/,
      `update ledger_entry set account = 'goodwill' where account = 'bad-debt'`,
    ],
    [
      'a fee is booked for somebody else',
      /owes other charges/,
      `update ledger_entry set account = 'dues:somebody' where account like 'dues:%'`,
    ],
    [
      'a case has a fee that no letter had',
      /charged more or less than its letters/,
      'update dunning_case set fees = fees + 1, charges_paid = charges_paid + 1 where fees > 0',
    ],
    [
      'an entry of a history is gone',
      /the history of .* has gaps/,
      `delete from dunning_entry where (case_id, version) in (select case_id, version from dunning_entry where change = 'PAYMENT' limit 1)`,
    ],
    [
      'an invoice is asked for that was given up',
      /and its invoice disagree/,
      `update dunning_case set state = 'ACTIVE' where state = 'WRITTEN_OFF'`,
    ],
    [
      'a transfer was for another sum than is booked',
      /payment .* is not booked/,
      'update invoice_payment set amount = amount + 1 where id = (select id from invoice_payment limit 1)',
    ],
  ];
  const named = harms.map(([harm, found, ...sql]) => ({ harm, found, sql }));
  it.each(named)('finds it when $harm', async ({ found, sql }) => {
    await fleet.rig.sqlPastTheWalls(...sql);
    const problems = await audit().catch((error: unknown) => [String(error)]);
    expect(problems.join('\n')).toMatch(found);
  });
});
