// Real: every service as a process. Played: a market on loopback, a station. What the market says is on the invoice; what a reservation costs, too.
import { randomUUID } from 'node:crypto';
import { OcppSocket, waitFor, type Answer, type Payload } from '@kilowatch/testing';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, findBrowser, openBrowser, openWindow, photograph } from './support/browser.js';
import { playNordPool, type PlayedNordPool } from './support/nord-pool.js';
import { SystemUnderTest } from './support/system-under-test.js';

const IDENTITY = 'KW-HARBOUR-3';
const ACCEPTED: Answer = { result: { status: 'Accepted' } };
const component = (type: string, price: string) => ({ type, price, vat: '21', step_size: 1 });

let market: PlayedNordPool;
let sut: SystemUnderTest;
let station: OcppSocket;
let stationId: string;
let connectorId: string;
let remoteStart: Payload | undefined;

beforeAll(async () => {
  // 100.00 per MWh; of NO2 the market says nothing; in NO3 it pays 50.00 for each kWh that is taken.
  market = await playNordPool({ NO1: 100, NO3: -50_000 });
  const billing = { KW_NORD_POOL_URL: market.url, KW_EGRESS_ALLOW: '127.0.0.1' };
  sut = await SystemUnderTest.start({ extraEnv: { billing } });
  const { stations } = await sut.people.operator.request<{
    stations: { edges: { node: { id: string; evses: { connectors: { id: string }[] }[] } }[] };
  }>(
    'query($search: String!) { stations(first: 1, filter: { search: $search }) { edges { node { id evses { connectors { id } } } } } }',
    { search: IDENTITY },
  );
  const [{ node }] = stations.edges as [(typeof stations.edges)[number]];
  stationId = node.id;
  connectorId = node.evses[0]!.connectors[0]!.id;
  station = await OcppSocket.open({
    url: `${sut.system.ocppUrl}/${IDENTITY}`,
    identity: IDENTITY,
    password: DEMO_STATION_PASSWORD,
    subprotocols: ['ocpp1.6'],
    answerTimeoutMs: 15_000,
    newId: randomUUID,
    onCall: (action, payload) => {
      if (action === 'RemoteStartTransaction') remoteStart = payload;
      return ACCEPTED;
    },
  });
  await station.call('BootNotification', () => ({ chargePointVendor: 'V', chargePointModel: 'M' }));
  await waitFor('the station to be online', async () => {
    const { station: seen } = await sut.people.operator.request<{ station: { online: boolean } }>(
      'query($id: ID!) { station(id: $id) { online } }',
      { id: stationId },
    );
    return seen.online;
  });
});
afterAll(async () => {
  station?.close();
  await sut?.stop();
  market?.close();
});

const change = <T>(field: string, type: string, input: unknown, selection: string) =>
  sut.people.operator.request<Record<string, T>>(
    `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
    { input },
  );
const apply = (id: string, elements: unknown) =>
  change(
    'applyTariff',
    'ApplyTariffInput',
    { id, name: id, currency: 'EUR', definition: { elements } },
    'version',
  );

interface Rule {
  readonly spot: Readonly<Record<string, string>>;
  readonly definition: Readonly<Record<string, unknown>>;
}
/** Sessions of seconds cost something. */
const DEAR: Rule = { spot: { margin: '100', floor: '0' }, definition: {} };

/** A tariff from the market price of an area, by default with 100.00 a kWh on top. */
async function made(tariffId: string, area: string, { spot, definition }: Rule = DEAR): Promise<void> {
  await change(
    'setPriceFeed',
    'SetPriceFeedInput',
    { source: 'NORD_POOL', area, currency: 'EUR', publishMinute: 0, alertMinute: 0 },
    'feed { area }',
  );
  await waitFor('the market to be asked for two days', () =>
    Promise.resolve(new Set(market.asked.filter((one) => one.startsWith(area))).size >= 2),
  );
  await waitFor('its answer', async () => {
    const { priceFeeds } = await sut.people.operator.request<{
      priceFeeds: { edges: { node: { area: string; answeredAt: string | null } }[] };
    }>('{ priceFeeds(first: 10) { edges { node { area answeredAt } } } }');
    return priceFeeds.edges.find(({ node }) => node.area === area)?.node.answeredAt;
  });
  const source = {
    tariffId,
    name: tariffId,
    currency: 'EUR',
    timeZone: 'Europe/Amsterdam',
    definition: { elements: [{ price_components: [component('ENERGY', '0')] }], ...definition },
    curve: { source: 'NORD_POOL', area },
    fallbackTariffId: 'FALLBACK',
    spot,
  };
  await change('setTariffSource', 'SetTariffSourceInput', source, 'source { tariffId }');
  await waitFor(`a version of ${tariffId}`, async () => {
    const { tariffVersions } = await sut.people.operator.request<{
      tariffVersions: { edges: unknown[] };
    }>('query($id: ID!) { tariffVersions(tariffId: $id, first: 1) { edges { node { version } } } }', {
      id: tariffId,
    });
    return tariffVersions.edges.length > 0;
  });
}

/** From now on the station is under this tariff; resolves with the quote its driver is shown. */
async function quoteUnder(tariffId: string): Promise<{ id: string; summary: string[] }> {
  const { assignTariff } = await change<{ assignment: { id: string } }>(
    'assignTariff',
    'AssignTariffInput',
    { tariffId, scope: 'STATION', ref: stationId },
    'assignment { id }',
  );
  assigned = assignTariff!.assignment.id;
  const { createQuote } = await sut.people.driver.request<{
    createQuote: { quote: { id: string; tariffId: string; summary: string[] } };
  }>('mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id tariffId summary } } }', {
    input: { connectorId },
  });
  expect(createQuote.quote.tariffId).toBe(tariffId);
  return createQuote.quote;
}
let assigned: string;
const unassigned = () =>
  change('endTariffAssignment', 'EndTariffAssignmentInput', { id: assigned }, 'assignment { id }');

/** Twenty watt-hours in ten seconds, by the price of the quote. */
async function charged(quoteId: string): Promise<void> {
  remoteStart = undefined;
  await sut.people.driver.request(
    'mutation($input: StartSessionInput!) { startSession(input: $input) { __typename } }',
    { input: { connectorId, quoteId, idempotencyKey: randomUUID() } },
  );
  const asked = await waitFor('the station to be asked', () => Promise.resolve(remoteStart));
  const start = Date.now();
  const { transactionId } = (await station.call('StartTransaction', () => ({
    connectorId: 1,
    idTag: asked['idTag'],
    meterStart: 0,
    timestamp: new Date(start).toISOString(),
  }))) as { transactionId: number };
  await station.call('StopTransaction', () => ({
    transactionId,
    meterStop: 20,
    timestamp: new Date(start + 10_000).toISOString(),
  }));
}

interface Invoice {
  readonly kind: string;
  readonly credits: string | null;
  readonly totalExclVat: { amount: string };
  readonly totalInclVat: { amount: string };
  readonly lines: readonly { dimension: string; explanation: string }[];
}
const seen = new Set<string>();
/** The next that the driver gets. */
const nextInvoice = () =>
  waitFor(
    'the invoice',
    async () => {
      const { invoices } = await sut.people.driver.request<{
        invoices: { edges: { node: Invoice & { id: string } }[] };
      }>(
        `{ invoices(first: 10) { edges { node { id kind credits totalExclVat { amount } totalInclVat { amount }
          lines { dimension explanation } } } } }`,
      );
      const found = invoices.edges.map(({ node }) => node).find(({ id }) => !seen.has(id));
      if (found) seen.add(found.id);
      return found;
    },
    { timeoutMs: 60_000 },
  );

it('bills what the market said: feed, version, quote, session, invoice', async () => {
  await apply('FALLBACK', [{ price_components: [component('ENERGY', '50')] }]);
  await made('SPOT', 'NO1');
  const quote = await quoteUnder('SPOT');
  await charged(quote.id);
  // 0.02 kWh at 0.10 of the market and 100.00 on top: 2.002, and 21 % of it.
  expect(await nextInvoice()).toMatchObject({
    totalExclVat: { amount: '2.00' },
    totalInclVat: { amount: '2.42' },
  });
  await unassigned();
}, 180_000);

it('bills what the fallback says where the market says nothing, and says whose price that is', async () => {
  await made('SILENT', 'NO2');
  const quote = await quoteUnder('SILENT');
  await charged(quote.id);
  const invoice = await nextInvoice();
  expect(invoice.lines[0]!.explanation).toContain('tariff FALLBACK');
  // 0.02 kWh at 50.00.
  expect(invoice).toMatchObject({ totalExclVat: { amount: '1.00' }, totalInclVat: { amount: '1.21' } });
  await unassigned();
}, 180_000);

it('credits what the market pays below zero: feed, version, quote, session, credit note, wallet', async () => {
  await made('PAID', 'NO3', { spot: { margin: '0' }, definition: { negative_total: true } });
  const quote = await quoteUnder('PAID');
  const balance = async () => {
    const { wallet } = await sut.people.driver.request<{ wallet: { balance: { amount: string } | null } }>(
      '{ wallet { balance { amount } } }',
    );
    return Number(wallet.balance?.amount ?? 0);
  };
  const before = await balance();
  await charged(quote.id);
  // 0.02 kWh at 50.00 below zero, and 21 % of it.
  const note = await nextInvoice();
  expect(note).toMatchObject({
    kind: 'CREDIT_NOTE',
    credits: null,
    totalExclVat: { amount: '-1.00' },
    totalInclVat: { amount: '-1.21' },
  });
  await waitFor('the wallet to have it', async () => Math.round(((await balance()) - before) * 100) === 121);
  await unassigned();
}, 180_000);

it('shows what a reservation costs before it is made, and bills the one that its driver gives back', async () => {
  await apply('KEPT', [
    {
      price_components: [component('FLAT', '3.00')],
      restrictions: { reservation: 'RESERVATION' },
    },
    { price_components: [component('ENERGY', '0.40')] },
  ]);
  const quote = await quoteUnder('KEPT');
  expect(quote.summary.join(' ')).toMatch(/reservation costs 3/i);
  const { driver } = sut.people;
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  const { reserveConnector } = await driver.request<{ reserveConnector: { reservation: { id: string } } }>(
    `mutation($input: ReserveConnectorInput!) { reserveConnector(input: $input) {
      ... on ReservationMade { reservation { id } } } }`,
    { input: { connectorId, expiresAt, quoteId: quote.id } },
  );
  await driver.request(
    'mutation($id: ID!) { cancelReservation(input: { reservationId: $id }) { __typename } }',
    { id: reserveConnector.reservation.id },
  );
  expect(await nextInvoice()).toMatchObject({
    totalExclVat: { amount: '3.00' },
    totalInclVat: { amount: '3.63' },
    lines: [{ dimension: 'RESERVATION_FLAT' }],
  });
}, 180_000);

const chromium = findBrowser();
describe.runIf(chromium)('in the portal', () => {
  it('operators see markets and made tariffs, try one before it is set, and look after plans, groups and terms', async () => {
    const browser = await openBrowser(chromium!);
    try {
      const origin = `http://localhost:${new URL(sut.system.graphqlUrl).port}`;
      const { page, complaints } = await openWindow(browser, origin);
      const looksRight = async (name: string) =>
        expect([name, await photograph(page, name), await barriers(page)]).toEqual([name, 0, []]);
      await page.goto('/');
      await page.getByLabel('E-mail').fill(DEMO_ACCOUNTS[0].email);
      await page.getByLabel('Password').fill(DEMO_PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Sessions' }).click();
      await page.getByRole('link', { name: 'Tariffs' }).click();
      await page.getByRole('link', { name: 'Market prices' }).click();
      await page.locator('[data-feed="NORD_POOL NO1"] [data-figure="price-now"]').getByText('0.10').waitFor();
      await page
        .locator('[data-feed="NORD_POOL NO2"]')
        .getByText('No price of the hours ahead is known')
        .waitFor();
      await looksRight('80-market-prices');
      await page.getByRole('button', { name: /Ask it now.*NO1/ }).click();

      await page.getByRole('link', { name: 'Made tariffs' }).click();
      await page.getByRole('button', { name: 'Show its prices SPOT' }).click();
      await page.locator('[data-preview="SPOT"] table').waitFor();
      await looksRight('81-made-tariffs');
      await page.getByRole('button', { name: 'Make a tariff' }).click();
      await page.getByLabel('Made from').selectOption('DISCOUNT');
      await page.getByLabel('Id of the tariff').fill('PLUS');
      await page.getByLabel('Name').fill('Plus');
      await page.getByLabel('Off which tariff').selectOption('KEPT');
      await page.getByLabel('Plan').fill('plus');
      await page.getByLabel('Percent off every price').fill('50');
      await page.getByRole('button', { name: 'Show its prices', exact: true }).click();
      // Half of 0.40, with 21 %.
      await page.locator('[data-preview="PLUS"]').getByText('0.242').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page
        .locator('[data-made-tariff="PLUS"]')
        .getByText('50 % off tariff KEPT for plan plus')
        .waitFor();

      await page.getByRole('link', { name: 'Subscriptions' }).click();
      await page.getByRole('button', { name: 'Add a subscriber' }).click();
      await page.getByLabel('Driver’s e-mail').fill('nobody@kilowatch.local');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('alert').getByText('Nobody here has the address').waitFor();
      await page.getByLabel('Driver’s e-mail').fill(DEMO_ACCOUNTS[1].email);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.locator(`[data-subscription="${DEMO_ACCOUNTS[1].email}"]`).getByText('Counts').waitFor();
      await looksRight('82-subscriptions');

      await page.getByRole('link', { name: 'Groups' }).click();
      await page.getByRole('button', { name: 'New group' }).click();
      await page.getByLabel('Name').fill('Fleet');
      await page.getByRole('button', { name: 'Make it' }).click();
      await page.getByRole('button', { name: 'Open Fleet' }).click();
      await page.getByLabel('Driver’s e-mail').fill(DEMO_ACCOUNTS[1].email);
      await page.getByRole('button', { name: 'Put it in' }).click();
      await page.getByRole('button', { name: `Take out` }).waitFor();
      await looksRight('83-tariff-groups');

      await page.getByRole('link', { name: 'Payment terms' }).click();
      await page.getByLabel('Days to pay').fill('30');
      await page.getByLabel('Why').fill('New year');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('It counts from the next start on.').waitFor();
      await looksRight('84-payment-terms');
      expect(complaints.filter((text) => !text.startsWith('Failed to load resource'))).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 180_000);
});
