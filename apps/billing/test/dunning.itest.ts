// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig; days pass by moving
// the dates of invoices and cases back.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, anOperator, BillingRig, type Charge } from './billing-rig.js';

const TENANT = 'demo';
let fleet: BillingRig;
const operator = anOperator(TENANT);

beforeAll(async () => {
  fleet = await BillingRig.start({ KW_SELLER_TIME_ZONE: 'Europe/Amsterdam' });
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
  await setSettings();
});
afterAll(() => fleet?.close());

const SETTINGS = {
  enabled: true,
  currency: 'EUR',
  levels: [{ days: 2 }, { days: 4, fee: '5' }, { days: 4, fee: '7.50', blocks: true }],
  end: 'COLLECTION',
  endDays: 6,
  instructions: 'NL00BANK0123456789, with the number of the invoice',
  reason: 'agreed',
};

async function setSettings(over: Record<string, unknown> = {}, by = operator) {
  return fleet.rig.graphql<{ setDunningSettings: { settings: Record<string, unknown> } }>(
    by,
    `mutation($input: SetDunningSettingsInput!) { setDunningSettings(input: $input) { settings { enabled end endDays timeZone
      levels { letter days blocks fee { amount } } changes { changedBy reason } updatedAt } } }`,
    { input: { ...SETTINGS, ...over } },
  );
}

const CASE = `id state level letter blocks invoiceNumber fees { amount } interest { amount } chargesOpen { amount } next { letter end on }
  pausedUntil account { id } invoice { id status overdue owedInclVat { amount } transferPaid { amount } writtenOff { amount }
    transfers { amount { amount } toInvoice { amount } recovered { amount } toCharges { amount } toWallet { amount } reference receivedOn } }
  history { change level reason by { id } owed { amount } fee { amount } amount { amount } }`;

interface Money {
  amount: string;
}
interface Case {
  id: string;
  state: string;
  level: number;
  letter: string | null;
  blocks: boolean;
  invoiceNumber: string;
  fees: Money;
  chargesOpen: Money;
  next: { letter: string | null; end: string | null; on: string } | null;
  pausedUntil: string | null;
  account: { id: string };
  invoice: {
    id: string;
    status: string;
    overdue: boolean;
    owedInclVat: Money;
    transferPaid: Money;
    writtenOff: Money;
    transfers: { toInvoice: Money; recovered: Money; toCharges: Money; toWallet: Money; reference: string }[];
  };
  history: { change: string; level: number; reason: string; by: { id: string } | null; amount: Money }[];
}

async function cases(by: TestPrincipal, filter = ''): Promise<Case[]> {
  const { data } = await fleet.rig.graphql<{ dunningCases: { edges: { node: Case }[] } }>(
    by,
    `{ dunningCases(first: 50 ${filter}) { totalCount edges { node { ${CASE} } } } }`,
  );
  return data!.dunningCases.edges.map(({ node }) => node);
}

/** As if so many days had passed for the invoices and cases of a driver. */
async function daysPass(driver: TestPrincipal, days: number): Promise<void> {
  const back = `- interval '${days} days'`;
  const day = (column: string) => `${column} = (${column}::date - ${days})::text`;
  await fleet.rig.sql(
    `update invoice set due_at = due_at ${back} where account_id = $1`,
    [driver.accountId],
    TENANT,
  );
  await fleet.rig.sql(
    `update dunning_case set look_at = look_at ${back}, ${['counted_from', 'interest_to', 'paused_on', 'paused_until'].map(day).join(', ')}
      where account_id = $1`,
    [driver.accountId],
    TENANT,
  );
}

const reached = (driver: TestPrincipal, what: Partial<Case>) =>
  waitFor(`a case that is ${JSON.stringify(what)}`, async () => {
    const [one] = await cases(driver);
    return one && Object.entries(what).every(([name, value]) => one[name as keyof Case] === value)
      ? one
      : undefined;
  });

/** A session that is billed, not paid, and overdue: 6.05. */
async function anOverdueBill(
  driver = aDriver(),
): Promise<{ driver: TestPrincipal; charge: Charge; one: Case }> {
  const charge = aCharge(driver);
  await fleet.whole(charge);
  await daysPass(driver, 15);
  const one = await waitFor('the case', async () => (await cases(driver)).at(0));
  return { driver, charge, one };
}

/** The days of the next letter pass, and one more: whatever hour it is now, that morning is over. */
async function nextLetter(driver: TestPrincipal, level: number): Promise<Case> {
  await daysPass(driver, [0, 3, 5, 5][level]!);
  return reached(driver, { level });
}

const act = (name: string, caseId: string, over: Record<string, unknown> = {}, by = operator) =>
  fleet.rig.graphql<Record<string, { case: Case }>>(
    by,
    `mutation($input: ${name === 'pauseDunning' ? 'PauseDunningInput' : 'DunningActInput'}!) { ${name}(input: $input) { case { ${CASE} } } }`,
    { input: { caseId, reason: 'as agreed by telephone', idempotencyKey: randomUUID(), ...over } },
  );

const transfer = (invoiceId: string, amount: string | null, over: Record<string, unknown> = {}) =>
  fleet.rig.graphql<{ recordTransfer: { invoice: Case['invoice'] } }>(
    operator,
    `mutation($input: RecordTransferInput!) { recordTransfer(input: $input) { invoice { status owedInclVat { amount }
      transferPaid { amount } writtenOff { amount } } } }`,
    { input: { invoiceId, amount, reference: 'BANK-1', idempotencyKey: randomUUID(), ...over } },
  );

const debtOf = async (driver: TestPrincipal) => {
  const { data } = await fleet.rig.graphql<{ accountDebt: Record<string, Money> & { blocked: boolean } }>(
    driver,
    '{ accountDebt { open { amount } overdue { amount } charges { amount } total { amount } blocked instructions } }',
  );
  return data!.accountDebt;
};

const told = async (driver: TestPrincipal) =>
  (await fleet.rig.published(events.dunningCaseChanged)).filter(
    ({ accountId }) => accountId === driver.accountId,
  );

/** Whether auth was told last that the driver may start nothing. */
const isBlocked = async (driver: TestPrincipal) =>
  (await fleet.rig.published(events.accountFundsChanged))
    .filter(({ accountId }) => accountId === driver.accountId)
    .at(-1)?.blocked;

const booksAreRight = async () => expect(await auditBooks(fleet, TENANT)).toEqual([]);

describe('an invoice that is not paid in time', () => {
  it('is overdue with the end of its last day, and has one case however many look', async () => {
    const driver = aDriver();
    await fleet.whole(aCharge(driver));
    expect(await cases(driver)).toEqual([]);
    expect(await debtOf(driver)).toMatchObject({ open: { amount: '6.05' }, overdue: { amount: '0.00' } });
    await daysPass(driver, 15);
    const one = await reached(driver, { state: 'ACTIVE', level: 0 });
    expect(one).toMatchObject({
      ...{ letter: null, blocks: false, chargesOpen: { amount: '0.00' }, next: { letter: 'REMINDER' } },
      ...{ invoice: { status: 'OPEN', overdue: true, owedInclVat: { amount: '6.05' } } },
    });
    expect(await debtOf(driver)).toMatchObject({ overdue: { amount: '6.05' }, blocked: false });
    await fleet.caughtUp();
    expect(await cases(driver)).toHaveLength(1);
    expect(await told(driver)).toMatchObject([{ change: 'OPENED', owed: { amount: '6.05' } }]);
    const { data } = await fleet.rig.graphql<{ invoices: { edges: { node: { id: string } }[] } }>(
      driver,
      '{ invoices(first: 5, overdue: true) { edges { node { id } } } }',
    );
    expect(data!.invoices.edges.map(({ node }) => node.id)).toEqual([one.invoice.id]);
    await booksAreRight();
  });

  it('is asked for once, whatever number of processes look at once', async () => {
    const drivers = Array.from({ length: 5 }, () => aDriver());
    for (const driver of drivers) await fleet.whole(aCharge(driver));
    for (const driver of drivers) await daysPass(driver, 15);
    await fleet.byManyProcesses('open-dunning-cases');
    for (const driver of drivers) await reached(driver, { state: 'ACTIVE', level: 0 });
    for (const driver of drivers) await daysPass(driver, 3);
    await fleet.byManyProcesses('dun-cases');
    for (const driver of drivers) {
      await reached(driver, { level: 1 });
      expect(
        (await cases(driver)).map(({ history }) => history.map(({ change }) => change).toSorted()),
      ).toEqual([['LETTER', 'OPENED']]);
      expect((await told(driver)).map(({ change }) => change).toSorted()).toEqual(['LETTER', 'OPENED']);
    }
    await booksAreRight();
  });

  it('is asked for by three letters with their fees, blocks the account, and then goes to a collector; paying ends it', async () => {
    const { driver } = await anOverdueBill();
    expect((await nextLetter(driver, 1)).chargesOpen.amount).toBe('0.00');
    expect((await nextLetter(driver, 2)).chargesOpen.amount).toBe('5.00');
    expect(await isBlocked(driver)).not.toBe(true);
    const blocked = await nextLetter(driver, 3);
    expect(blocked).toMatchObject({ letter: 'SECOND_NOTICE', blocks: true, next: { end: 'COLLECTION' } });
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === true);
    await daysPass(driver, 7);
    const collected = await reached(driver, { state: 'COLLECTION' });
    expect(collected.next).toBeNull();
    expect(await debtOf(driver)).toMatchObject({
      ...{ charges: { amount: '12.50' }, total: { amount: '18.55' }, blocked: true },
      instructions: SETTINGS.instructions,
    });
    await booksAreRight();
    await transfer(collected.invoice.id, '18.55');
    const over = await reached(driver, { state: 'SETTLED' });
    expect(over).toMatchObject({
      blocks: false,
      chargesOpen: { amount: '0.00' },
      invoice: { status: 'PAID' },
    });
    expect(over.history.map(({ change }) => change)).toEqual([
      ...['OPENED', 'LETTER', 'LETTER', 'LETTER', 'COLLECTION', 'SETTLED', 'CHARGES_PAID'],
    ]);
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === false);
    expect((await told(driver)).filter(({ change }) => change === 'LETTER')).toMatchObject([
      { level: 1, owed: { amount: '6.05' }, charges: { amount: '0.00' }, blocks: false },
      { level: 2, charges: { amount: '5.00' } },
      { level: 3, charges: { amount: '12.50' }, blocks: true, instructions: SETTINGS.instructions },
    ]);
    await booksAreRight();
  });

  it('is asked for once, though its job runs everywhere and again', async () => {
    const { driver, one } = await anOverdueBill();
    await nextLetter(driver, 1);
    await fleet.rig.sql(
      "update dunning_case set look_at = now() - interval '1 minute' where id = $1",
      [one.id],
      TENANT,
    );
    const waits = () =>
      fleet.rig.sql<{ level: number }>(
        'select level from dunning_case where id = $1 and look_at > now()',
        [one.id],
        TENANT,
      );
    const [row] = await waitFor('it to be planned again', async () =>
      (await waits()).length > 0 ? waits() : undefined,
    );
    expect(row!.level).toBe(1);
    expect((await told(driver)).filter(({ change }) => change === 'LETTER')).toHaveLength(1);
  });

  it('is paid by a top-up, which unblocks; what is left of it pays the charges', async () => {
    const { driver } = await anOverdueBill();
    await nextLetter(driver, 1);
    await nextLetter(driver, 2);
    await nextLetter(driver, 3);
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === true);
    await fleet.topUp(driver, '10.00');
    expect(await reached(driver, { state: 'SETTLED' })).toMatchObject({ chargesOpen: { amount: '12.50' } });
    expect(await debtOf(driver)).toMatchObject({ total: { amount: '12.50' }, blocked: false });
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === false);
    await fleet.topUp(driver, '10.00');
    expect(await fleet.balance(driver)).toBe('1.45');
    expect((await cases(driver))[0]).toMatchObject({ chargesOpen: { amount: '0.00' } });
    await booksAreRight();
  });

  it('may be paid in parts, each once; the last one ends the case and what is too much is the driver’s', async () => {
    const { driver, one } = await anOverdueBill();
    const idempotencyKey = randomUUID();
    const first = await transfer(one.invoice.id, '2.00', { idempotencyKey });
    await transfer(one.invoice.id, '2.00', { idempotencyKey });
    expect(first.data!.recordTransfer.invoice).toMatchObject({
      status: 'OPEN',
      owedInclVat: { amount: '4.05' },
    });
    await booksAreRight();
    expect((await transfer(one.invoice.id, '3.00', { idempotencyKey })).codes).toEqual(['CONFLICT']);
    await transfer(one.invoice.id, '5.00', { reference: 'BANK-2', receivedOn: '2026-01-31' });
    const [over] = await cases(driver);
    expect(over).toMatchObject({
      state: 'SETTLED',
      invoice: {
        status: 'PAID',
        transferPaid: { amount: '6.05' },
        transfers: [
          { toInvoice: { amount: '2.00' }, reference: 'BANK-1' },
          { toInvoice: { amount: '4.05' }, toWallet: { amount: '0.95' }, receivedOn: '2026-01-31' },
        ],
      },
    });
    expect(await fleet.balance(driver)).toBe('0.95');
    expect((await transfer(one.invoice.id, '1.00')).codes).toEqual(['FAILED_PRECONDITION']);
    await booksAreRight();
  });

  it.each([
    ['nothing', { amount: '0' }],
    ['parts of cents', { amount: '1.001' }],
    ['a day that was not yet', { receivedOn: '2999-01-01' }],
    ['a day that never was', { receivedOn: '2026-02-30' }],
    ['no reference', { reference: ' ' }],
  ])('is not paid by %s', async (_what, over) => {
    const { one } = await anOverdueBill();
    const { amount = '1.00', ...rest } = over as { amount?: string };
    expect((await transfer(one.invoice.id, amount, rest)).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('and is taken back takes its case and its charges with it, paid ones too', async () => {
    const { driver, charge, one } = await anOverdueBill();
    await nextLetter(driver, 1);
    await nextLetter(driver, 2);
    await transfer(one.invoice.id, '4.00');
    const { codes } = await fleet.rig.graphql(
      operator,
      'mutation($input: CorrectBillInput!) { correctBill(input: $input) { __typename } }',
      {
        input: {
          sessionId: charge.sessionId,
          correction: 'WAIVE',
          reason: 'broken',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(codes).toEqual([]);
    const over = await reached(driver, { state: 'SETTLED' });
    expect(over).toMatchObject({ chargesOpen: { amount: '0.00' }, invoice: { status: 'CREDITED' } });
    expect(await fleet.balance(driver)).toBe('4.00');
    await booksAreRight();
  });

  it('loses the part of a session that is taken back; what was paid already may then be enough', async () => {
    const driver = aDriver();
    await fleet.monthly(driver);
    const charges = [aCharge(driver), aCharge(driver)];
    for (const charge of charges) await fleet.whole(charge);
    await fleet.monthOver(driver);
    await daysPass(driver, 15);
    const one = await waitFor('the case', async () => (await cases(driver)).at(0));
    await transfer(one.invoice.id, '10.00');
    const correct = (charge: Charge) =>
      fleet.rig.graphql(
        operator,
        'mutation($input: CorrectBillInput!) { correctBill(input: $input) { __typename } }',
        {
          input: {
            sessionId: charge.sessionId,
            correction: 'WAIVE',
            reason: 'no',
            idempotencyKey: randomUUID(),
          },
        },
      );
    expect((await correct(charges[0]!)).codes).toEqual([]);
    expect(await reached(driver, { state: 'SETTLED' })).toMatchObject({
      invoice: { status: 'PAID', transferPaid: { amount: '6.05' } },
    });
    expect(await fleet.balance(driver)).toBe('3.95');
    await booksAreRight();
  });
});

describe('a dispute', () => {
  it('holds the letters and lifts the block until it is decided', async () => {
    const { driver, charge, one } = await anOverdueBill();
    for (const level of [1, 2, 3]) await nextLetter(driver, level);
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === true);
    const dispute = await fleet.rig.graphql(
      driver,
      'mutation($input: OpenDisputeInput!) { openDispute(input: $input) { session { disputes { id } } } }',
      { input: { sessionId: charge.sessionId, reason: 'ENERGY', text: 'no', idempotencyKey: randomUUID() } },
    );
    expect(dispute.codes).toEqual([]);
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === false);
    await daysPass(driver, 7);
    const waits = () =>
      fleet.rig.sql('select 1 from dunning_case where id = $1 and look_at > now()', [one.id], TENANT);
    await waitFor('it to wait', async () => (await waits()).length > 0);
    expect((await cases(driver))[0]).toMatchObject({ state: 'ACTIVE', level: 3 });
    expect((await act('raiseDunning', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await act('writeOffInvoice', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    const [{ id }] = (await fleet.rig.sql<{ id: string }>('select id from dispute where session_id = $1', [
      charge.sessionId,
    ])) as [{ id: string }];
    const { codes } = await fleet.rig.graphql(
      operator,
      'mutation($input: DecideDisputeInput!) { decideDispute(input: $input) { session { id } } }',
      { input: { disputeId: id, decision: 'REJECT', answer: 'It is right.', idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual([]);
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === true);
    await daysPass(driver, 2);
    await reached(driver, { state: 'COLLECTION' });
  });
});

describe('an operator', () => {
  it('pauses a case with a reason and lets it go on where it was', async () => {
    const { driver, one } = await anOverdueBill();
    const idempotencyKey = randomUUID();
    const paused = await act('pauseDunning', one.id, { idempotencyKey });
    await act('pauseDunning', one.id, { idempotencyKey });
    expect(paused.data!['pauseDunning']!.case).toMatchObject({ state: 'PAUSED', next: null });
    await daysPass(driver, 30);
    await fleet.caughtUp();
    expect((await cases(driver))[0]).toMatchObject({ state: 'PAUSED', level: 0 });
    expect((await act('pauseDunning', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await act('raiseDunning', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    const resumed = (await act('resumeDunning', one.id)).data!['resumeDunning']!.case;
    expect(resumed).toMatchObject({ state: 'ACTIVE', level: 0 });
    expect(resumed.history).toMatchObject([
      { change: 'OPENED', by: null },
      { change: 'PAUSED', reason: 'as agreed by telephone', by: { id: operator.accountId } },
      { change: 'RESUMED' },
    ]);
    expect((await act('resumeDunning', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    // The driver is told what happened, not who and why.
    expect((await cases(driver))[0]!.history[1]).toMatchObject({ change: 'PAUSED', reason: '', by: null });
    await nextLetter(driver, 1);
  });

  it('says until when to wait: then it goes on by itself', async () => {
    const { driver, one } = await anOverdueBill();
    const until = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    const { data } = await act('pauseDunning', one.id, { until });
    expect(data!['pauseDunning']!.case).toMatchObject({ state: 'PAUSED', pausedUntil: until });
    for (const no of ['2020-01-01', 'tomorrow', '2999-01-01', '2027-02-30']) {
      expect((await act('pauseDunning', one.id, { until: no })).codes).toEqual(['BAD_USER_INPUT']);
    }
    await daysPass(driver, 11);
    await reached(driver, { state: 'ACTIVE' });
  });

  it('sends letters before their day, and after the last one to a collector', async () => {
    const { driver, one } = await anOverdueBill();
    for (const level of [1, 2, 3]) {
      const { data } = await act('raiseDunning', one.id);
      expect(data!['raiseDunning']!.case).toMatchObject({ state: 'ACTIVE', level });
    }
    const { data } = await act('raiseDunning', one.id);
    expect(data!['raiseDunning']!.case).toMatchObject({ state: 'COLLECTION', blocks: true });
    expect((await act('raiseDunning', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(
      (await cases(operator, `, accountId: "${driver.accountId}", state: COLLECTION, level: 3`))[0]!.id,
    ).toBe(one.id);
    expect(await cases(operator, `, accountId: "${driver.accountId}", level: 2`)).toEqual([]);
    await booksAreRight();
  });

  it('waives charges', async () => {
    const { driver, one } = await anOverdueBill();
    await act('raiseDunning', one.id);
    await act('raiseDunning', one.id);
    const { data } = await act('waiveDunningCharges', one.id);
    expect(data!['waiveDunningCharges']!.case).toMatchObject({
      chargesOpen: { amount: '0.00' },
      fees: { amount: '5.00' },
    });
    expect((await act('waiveDunningCharges', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    expect(await debtOf(driver)).toMatchObject({ total: { amount: '6.05' } });
    await booksAreRight();
  });

  it('gives an invoice up; what comes of it after all is a recovery, and all of it unblocks', async () => {
    const { driver, one } = await anOverdueBill();
    for (let n = 0; n < 3; n++) await act('raiseDunning', one.id);
    const { data } = await act('writeOffInvoice', one.id);
    expect(data!['writeOffInvoice']!.case).toMatchObject({
      ...{ state: 'WRITTEN_OFF', blocks: true, chargesOpen: { amount: '0.00' } },
      invoice: {
        status: 'WRITTEN_OFF',
        overdue: false,
        writtenOff: { amount: '6.05' },
        owedInclVat: { amount: '0.00' },
      },
    });
    expect(await debtOf(driver)).toMatchObject({ total: { amount: '0.00' }, blocked: true });
    expect((await act('writeOffInvoice', one.id)).codes).toEqual(['FAILED_PRECONDITION']);
    await booksAreRight();
    await fleet.topUp(driver, '1.00');
    expect(await fleet.balance(driver)).toBe('1.00');
    await transfer(one.invoice.id, '2.00');
    expect((await cases(driver))[0]).toMatchObject({
      state: 'WRITTEN_OFF',
      invoice: { writtenOff: { amount: '4.05' }, transferPaid: { amount: '2.00' } },
    });
    await booksAreRight();
    await transfer(one.invoice.id, null);
    expect((await cases(driver))[0]).toMatchObject({
      state: 'SETTLED',
      invoice: { status: 'PAID' },
      blocks: false,
    });
    await waitFor('auth to be told', async () => (await isBlocked(driver)) === false);
    await booksAreRight();
  });

  it('corrects a bill that was given up: what was never owed is no loss', async () => {
    const { driver, charge, one } = await anOverdueBill();
    await transfer(one.invoice.id, '1.00');
    await act('writeOffInvoice', one.id);
    const { codes } = await fleet.rig.graphql(
      operator,
      'mutation($input: CorrectBillInput!) { correctBill(input: $input) { __typename } }',
      {
        input: {
          sessionId: charge.sessionId,
          correction: 'WAIVE',
          reason: 'no',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(codes).toEqual([]);
    expect(await fleet.balance(driver)).toBe('1.00');
    expect((await cases(driver))[0]).toMatchObject({ state: 'SETTLED', invoice: { status: 'CREDITED' } });
    await booksAreRight();
  });

  it('of another tenant sees nothing and does nothing, nor does a driver', async () => {
    const { driver, one } = await anOverdueBill();
    const stranger = anOperator('elsewhere');
    expect(await cases(stranger)).toEqual([]);
    expect((await act('writeOffInvoice', one.id, {}, stranger)).codes).toEqual(['NOT_FOUND']);
    expect((await act('writeOffInvoice', one.id, {}, driver)).codes).toEqual(['FORBIDDEN']);
    expect((await setSettings({}, driver)).codes).toEqual(['FORBIDDEN']);
    const other = aDriver();
    expect(await cases(other)).toEqual([]);
    expect(await cases(other, `, accountId: "${driver.accountId}"`)).toEqual([]);
    const { codes } = await fleet.rig.graphql(other, 'query($id: ID!) { dunningCase(id: $id) { id } }', {
      id: one.id,
    });
    expect(codes).toEqual(['NOT_FOUND']);
    const debt = await fleet.rig.graphql(
      other,
      'query($id: ID!) { accountDebt(accountId: $id) { accountId } }',
      {
        id: driver.accountId,
      },
    );
    expect(debt.codes).toEqual(['NOT_FOUND']);
  });
});

describe('what a tenant says about dunning', () => {
  it('is usual until something is said, and keeps who said it', async () => {
    const quiet = anOperator('quiet');
    const { data } = await fleet.rig.graphql<{ dunningSettings: Record<string, unknown> }>(
      quiet,
      '{ dunningSettings { enabled timeZone updatedAt changes { reason } levels { letter days blocks fee { amount } } } }',
    );
    expect(data!.dunningSettings).toMatchObject({
      ...{ enabled: true, timeZone: 'Europe/Amsterdam', updatedAt: null, changes: [] },
      levels: [
        { letter: 'REMINDER', fee: { amount: '0.00' }, blocks: false },
        { letter: 'FIRST_NOTICE', blocks: false },
        { letter: 'SECOND_NOTICE', blocks: false },
      ],
    });
    for (let n = 0; n < 2; n++) {
      const set = await setSettings({ reason: 'first' }, quiet);
      expect(set.data!.setDunningSettings.settings).toMatchObject({ changes: [{ reason: 'first' }] });
    }
    expect((await setSettings({ levels: [] }, quiet)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await setSettings({ reason: ' ' }, quiet)).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('changes when the letters of running cases come: off means none', async () => {
    const { driver, one } = await anOverdueBill();
    try {
      await setSettings({ enabled: false });
      await daysPass(driver, 30);
      await waitFor('the case to wait', async () => {
        const due = await fleet.rig.sql(
          'select 1 from dunning_case where id = $1 and look_at is null',
          [one.id],
          TENANT,
        );
        return due.length > 0;
      });
      expect((await cases(driver))[0]).toMatchObject({ level: 0, next: null });
      await setSettings({ levels: [{ days: 1 }], end: 'WRITE_OFF', endDays: 1 });
      await reached(driver, { level: 1 });
      await daysPass(driver, 2);
      expect(await reached(driver, { state: 'WRITTEN_OFF' })).toMatchObject({
        invoice: { status: 'WRITTEN_OFF' },
      });
      await setSettings({ smallest: '10' });
      const little = await anOverdueBill();
      await daysPass(little.driver, 5);
      await fleet.caughtUp();
      expect((await cases(little.driver))[0]).toMatchObject({ level: 0 });
    } finally {
      await setSettings();
    }
    await booksAreRight();
  });
});
