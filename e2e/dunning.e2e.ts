// Real: every service as a process, Postgres, NATS, WebSockets, mails over SMTP. The services' clocks are set forward, day by day, as a
// driver does not pay the invoice for a month.
import { waitFor } from '@kilowatch/testing';
import type { JsonObject } from '@kilowatch/ocpp';
import { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { importStations, importTokens } from '@kilowatch/tools/seed/seed-demo';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const TARIFF = {
  id: 'PLAIN',
  name: 'Plain',
  currency: 'EUR',
  definition: {
    elements: [{ price_components: [{ type: 'ENERGY', price: '0.50', vat: '0', step_size: 1 }] }],
  },
};
const OTTO = { email: 'otto.overdue@kilowatch.local', password: 'three herons by the lock' };
const CARD = '04C0FFEE0DEB70';
const SETTINGS = {
  ...{ enabled: true, currency: 'EUR', end: 'COLLECTION', endDays: 14, timeZone: 'UTC', reason: 'test' },
  levels: [{ days: 3 }, { days: 14, fee: '5', blocks: true }],
  instructions: 'NL00BANK0123456789',
};
const HOUR = 3_600_000;
const patient = { timeoutMs: 60_000 };

let sut: SystemUnderTest;
let operator: GraphqlClient;
let otto: GraphqlClient;
let station: ScriptedStation;

interface Case {
  id: string;
  state: string;
  level: number;
  blocks: boolean;
  chargesOpen: { amount: string };
  next: { on: string } | null;
  invoice: { id: string; number: string; status: string; month: string; dueAt: string };
}

beforeAll(async () => {
  sut = await SystemUnderTest.start({ environment: 'test', clocks: true }, TARIFF);
  await signIn();
  await importStations(sut.people.operator, [
    {
      identity: 'DUNNING-201',
      location: 'Harbour Garage',
      connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 16 }],
    },
  ]);
});
afterAll(async () => {
  await station?.close();
  await operator?.close();
  await otto?.close();
  await sut?.stop();
});

/** Anew, by the time of the services: tokens of before are over. */
async function signIn(): Promise<void> {
  const url = sut.system.graphqlUrl;
  await operator?.close();
  await otto?.close();
  operator = await new GraphqlClient(url).signIn(DEMO_ACCOUNTS[0].email, DEMO_PASSWORD);
  if (otto) otto = await new GraphqlClient(url).signIn(OTTO.email, OTTO.password);
}

/** It is that time for all services. */
async function goTo(instant: number): Promise<void> {
  await sut.system.setClocks(instant - Date.now());
  await waitFor('the services to know each other by the new time', () => signIn().then(() => true), patient);
}

const mutate = (client: GraphqlClient, name: string, type: string, input: Record<string, unknown>) =>
  client.request<Record<string, unknown>>(
    `mutation($input: ${type}!) { ${name}(input: $input) { __typename } }`,
    { input },
  );

async function anOttoWhoPaysByTheMonth(): Promise<void> {
  const url = sut.system.graphqlUrl;
  const admin = await new GraphqlClient(url).signIn(DEMO_ADMIN.email, DEMO_ADMIN.password);
  await mutate(admin, 'createAccount', 'CreateAccountInput', {
    ...OTTO,
    displayName: 'Otto Overdue',
    role: 'DRIVER',
  });
  await admin.close();
  otto = await new GraphqlClient(url).signIn(OTTO.email, OTTO.password);
  await importTokens(operator, [{ value: CARD, type: 'ISO14443', accountEmail: OTTO.email }]);
  const { me } = await otto.request<{ me: { id: string } }>('{ me { id } }');
  await mutate(operator, 'setPaymentTerms', 'SetPaymentTermsInput', {
    ...{ accountId: me.id, kind: 'ACCOUNT', invoicing: 'MONTHLY', currency: 'EUR', daysToPay: 14 },
    ...{ floor: '0', minimumToStart: '0', blocked: false, reason: 'test' },
  });
  await mutate(operator, 'setDunningSettings', 'SetDunningSettingsInput', SETTINGS);
}

function event(eventType: string, seqNo: number, wattHours: number, over: JsonObject = {}): JsonObject {
  // As much as the connector can give.
  const timestamp = new Date(Date.now() - (eventType === 'Started' ? HOUR : 0)).toISOString();
  return {
    ...{ eventType, timestamp, seqNo, triggerReason: 'MeterValuePeriodic' },
    transactionInfo: { transactionId: 'overdue-1', chargingState: 'Charging' },
    evse: { id: 1, connectorId: 1 },
    meterValue: [
      {
        timestamp,
        sampledValue: [
          { value: wattHours, context: eventType === 'Started' ? 'Transaction.Begin' : 'Transaction.End' },
        ],
      },
    ],
    ...over,
  };
}

/** 5 kWh in an hour, 2.50. */
async function aCharge(): Promise<void> {
  const idToken = { idToken: CARD, type: 'ISO14443' };
  await station.call(
    'TransactionEvent',
    event('Started', 0, 1_000, { idToken, triggerReason: 'Authorized' }),
  );
  await station.call(
    'TransactionEvent',
    event('Ended', 1, 6_000, {
      triggerReason: 'StopAuthorized',
      transactionInfo: { transactionId: 'overdue-1', stoppedReason: 'Local' },
    }),
  );
}

async function cardStatus(): Promise<unknown> {
  const answer = await station.call('Authorize', { idToken: { idToken: CARD, type: 'ISO14443' } });
  return (answer['idTokenInfo'] as JsonObject)['status'];
}

const door = () => ({
  ...{ ocppUrl: sut.system.ocppUrl, identity: 'DUNNING-201', version: '2.0.1' as const },
  password: DEMO_STATION_PASSWORD,
});

async function theCase(of: GraphqlClient): Promise<Case | undefined> {
  const { dunningCases } = await of.request<{ dunningCases: { edges: { node: Case }[] } }>(
    `{ dunningCases(first: 5) { edges { node { id state level blocks chargesOpen { amount } next { on }
      invoice { id number status month dueAt } } } } }`,
  );
  return dunningCases.edges[0]?.node;
}

const reached = (what: string, is: (one: Case) => boolean) =>
  waitFor(
    what,
    async () => {
      const one = await theCase(otto);
      return one && is(one) ? one : undefined;
    },
    patient,
  );

const mailed = (subject: RegExp) =>
  waitFor(
    `the mail ${subject.source}`,
    () => sut.system.mail.received.find((mail) => mail.includes(OTTO.email) && subject.test(mail)),
    patient,
  );

it('an invoice for a month that nobody pays is asked for by mail, blocks the card, and opens it when it is paid', async () => {
  await anOttoWhoPaysByTheMonth();
  station = await ScriptedStation.connect(door());
  await waitFor('the card to be known', async () => (await cardStatus()) === 'Accepted', patient);
  await aCharge();
  const billed = await waitFor(
    'the session to wait for the invoice of its month',
    async () => {
      const { sessions } = await otto.request<{
        sessions: { edges: { node: { collectiveInvoiceAt: string | null } }[] };
      }>('{ sessions(first: 1) { edges { node { collectiveInvoiceAt } } } }');
      return sessions.edges[0]?.node.collectiveInvoiceAt ?? undefined;
    },
    patient,
  );

  await goTo(Date.parse(billed) + HOUR);
  const invoice = await waitFor(
    'the invoice of the month',
    async () => {
      const { invoices } = await otto.request<{
        invoices: {
          edges: { node: Record<'id' | 'number' | 'status' | 'dueAt', string> & { overdue: boolean } }[];
        };
      }>('{ invoices(first: 1) { edges { node { id number status dueAt overdue month } } } }');
      return invoices.edges[0]?.node;
    },
    patient,
  );
  expect(invoice).toMatchObject({ status: 'OPEN', overdue: false });
  const letter = await mailed(/Subject: .*Your[ _]invoice/);
  for (const ending of ['pdf', 'xml'])
    expect(letter).toMatch(new RegExp(`filename="?${invoice.number}\\.${ending}`));
  // %PDF in base64.
  expect(letter).toContain('JVBERi0');

  await goTo(Date.parse(invoice.dueAt) + HOUR);
  const overdue = await reached('the case', ({ state }) => state === 'ACTIVE');
  expect(overdue).toMatchObject({ level: 0, invoice: { number: invoice.number } });

  await goTo(Date.parse(`${overdue.next!.on}T10:00:00Z`));
  const reminded = await reached('the reminder', ({ level }) => level === 1);
  expect(reminded).toMatchObject({ blocks: false, chargesOpen: { amount: '0.00' } });
  await mailed(/Subject: Reminder: invoice/);
  await waitFor('the card to be taken still', async () => (await cardStatus()) === 'Accepted', patient);

  await goTo(Date.parse(`${reminded.next!.on}T10:00:00Z`));
  const blocked = await reached('the notice', ({ level }) => level === 2);
  expect(blocked).toMatchObject({ blocks: true, chargesOpen: { amount: '5.00' } });
  await mailed(/Subject: First notice: invoice/);
  await waitFor('the card to be refused', async () => (await cardStatus()) === 'NoCredit', patient);

  const { accountDebt } = await otto.request<{
    accountDebt: { total: { amount: string }; blocked: boolean };
  }>('{ accountDebt { total { amount } blocked } }');
  expect(accountDebt).toEqual({ total: { amount: '7.50' }, blocked: true });
  await mutate(operator, 'recordTransfer', 'RecordTransferInput', {
    ...{ invoiceId: invoice.id, amount: '7.50', reference: 'BANK-17', idempotencyKey: 'otto-pays' },
  });
  expect(await reached('the end of it', ({ state }) => state === 'SETTLED')).toMatchObject({
    ...{ blocks: false, chargesOpen: { amount: '0.00' } },
    invoice: { status: 'PAID' },
  });
  await waitFor('the card to be taken again', async () => (await cardStatus()) === 'Accepted', patient);
  await mailed(/Subject: Settled: invoice/);
});
