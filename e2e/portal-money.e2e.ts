// Real: every service as a process, the built portal in Chromium. Pretended: the payment provider, with its pages and webhooks; a station.
import { randomUUID } from 'node:crypto';
import { freePort, OcppSocket, waitFor, type Answer } from '@kilowatch/testing';
import { StripeServer } from '@kilowatch/testing/payments';
import { DEMO_ACCOUNTS, DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barriers,
  findBrowser,
  openBrowser,
  openWindow,
  photograph,
  savedBy,
  signIn,
} from './support/browser.js';
import { SystemUnderTest } from './support/system-under-test.js';

const [OPERATOR, DRIVER, SECOND_DRIVER] = DEMO_ACCOUNTS;
const IDENTITY = 'KW-HARBOUR-3';
const ACCEPTED: Answer = { result: { status: 'Accepted' } };

const chromium = findBrowser();
let stripe: StripeServer;
let sut: SystemUnderTest;
let browser: Browser;
let station: OcppSocket;

describe.runIf(chromium)('money in the portal', () => {
  beforeAll(async () => {
    const [server, webhookPort] = await Promise.all([StripeServer.start(), freePort()]);
    stripe = server;
    stripe.webhookUrl = `http://127.0.0.1:${webhookPort}/webhooks/stripe`;
    const billing = {
      KW_PAYMENTS: 'stripe',
      KW_STRIPE_URL: stripe.url,
      KW_STRIPE_SECRET_KEY: stripe.secretKey,
      KW_STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      KW_EGRESS_ALLOW: stripe.host,
      KW_WEBHOOK_PORT: String(webhookPort),
    };
    [sut, browser] = await Promise.all([
      SystemUnderTest.start({ extraEnv: { billing } }),
      openBrowser(chromium!),
    ]);
    station = await aStation();
  });
  afterAll(async () => {
    await browser?.close();
    station?.close();
    await sut?.stop();
    await stripe?.close();
  });

  // As people write it: the way back from the provider is set up for this name.
  const window = () => openWindow(browser, `http://localhost:${sut.system.ports.public}`);

  it('sends a driver to the provider for a card, and has it when they come back', async () => {
    const { page, complaints } = await window();
    await signIn(page, DRIVER.email);
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    await page.goto('/account/payment');
    await page.getByText('as agreed with you').waitFor();
    expect(await photograph(page, '70-no-bank-card')).toBe(0);
    expect(await barriers(page)).toEqual([]);

    // Away, and back without a card.
    await page.getByRole('button', { name: 'Add a card' }).click();
    await page.getByRole('heading', { name: 'Save a card' }).waitFor();
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByText('No card was saved yet').waitFor();
    expect(new URL(page.url()).search).toBe('');

    // Declined there, then another, with every webhook lost.
    stripe.webhooks = 'lost';
    await page.getByRole('button', { name: 'Add a card' }).click();
    await page.getByLabel('Card number').fill('4000 0000 0000 0002');
    await page.getByRole('button', { name: 'Save card' }).click();
    await page.getByRole('alert').getByText('declined').waitFor();
    await page.getByLabel('Card number').fill('4242 4242 4242 4444');
    await page.getByRole('button', { name: 'Save card' }).click();
    await page.getByText('The card is saved.').waitFor();
    const cards = page.getByRole('list', { name: 'Your bank cards' });
    const first = cards.getByRole('listitem').filter({ hasText: 'Visa ending in 4444' });
    await first.getByText('Used first').waitFor();
    // Loaded again it is an address like any other.
    await page.reload();
    await first.waitFor();
    expect(await page.getByText('The card is saved.').count()).toBe(0);

    // A second one, told by webhooks, twice.
    stripe.webhooks = 'twice';
    await page.getByRole('button', { name: 'Add a card' }).click();
    await page.getByLabel('Card number').fill('4242 4242 4242 5555');
    await page.getByRole('button', { name: 'Save card' }).click();
    await page.getByText('The card is saved.').waitFor();
    const second = cards.getByRole('listitem').filter({ hasText: 'Visa ending in 5555' });
    await second.getByRole('button', { name: /^Use first/ }).click();
    await second.getByText('Used first').waitFor();
    expect(await cards.getByRole('listitem').count()).toBe(2);
    await page.getByRole('button', { name: 'Pay by card' }).click();
    await page.getByText('paid with the first of your cards').waitFor();
    expect(await photograph(page, '71-bank-cards')).toBe(0);
    expect(await barriers(page)).toEqual([]);

    await second.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await second.waitFor({ state: 'detached' });
    await first.getByText('Used first').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lets a driver reserve a free connector at a price that is shown first, keep it and give it back', async () => {
    await pricedReservations();
    const { page, complaints } = await window();
    await signIn(page, DRIVER.email);
    await page.getByRole('link', { name: 'Start charging' }).click();
    await page.getByRole('link', { name: 'Harbour Garage' }).click();
    const bay = page.getByRole('region', { name: 'Bay 3' });
    await bay.getByText('Available').waitFor();
    await bay.getByRole('link', { name: /^Point 1/ }).click();
    await page.getByText('A reservation costs 3.63 EUR').waitFor();
    await page.getByRole('button', { name: 'Reserve it' }).click();
    const form = page.getByRole('region', { name: 'Reserve it' });
    await form.getByLabel('For how long').selectOption({ label: '1 hour' });
    expect(await photograph(page, '72-reserve')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await form.getByRole('button', { name: 'Reserve', exact: true }).click();
    const kept = page.getByRole('region', { name: 'Reserved for you' });
    await kept.getByText('Kept for you').waitFor();
    expect(await photograph(page, '73-reserved')).toBe(0);
    expect(await barriers(page)).toEqual([]);

    // Nobody else may have it, and nobody may keep it twice.
    const other = await window();
    await signIn(other.page, SECOND_DRIVER.email);
    await other.page.getByRole('link', { name: 'Start charging' }).click();
    await other.page.getByRole('link', { name: 'Harbour Garage' }).click();
    const theirs = other.page.getByRole('region', { name: 'Bay 3' });
    await theirs.getByText('Reserved', { exact: true }).waitFor();
    expect(await theirs.getByRole('link', { name: /^Point 1/ }).count()).toBe(0);
    await other.page.getByRole('link', { name: 'Charging', exact: true }).click();
    await other.page.getByText('Nothing is charging').waitFor();
    expect(await other.page.getByText('Reserved for you').count()).toBe(0);
    expect(other.complaints).toEqual([]);
    await other.page.context().close();

    // Who has it may start there.
    await kept.getByRole('link', { name: /^Start here/ }).click();
    await page.getByRole('button', { name: 'Start at this price' }).waitFor();
    expect(await page.getByRole('button', { name: 'Reserve it' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Choose another connector' }).click();
    await bay.getByText('Reserved for you').waitFor();

    await page.getByRole('link', { name: 'Charging', exact: true }).click();
    await kept.getByRole('button', { name: /^Give back/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give it back' }).click();
    await kept.waitFor({ state: 'detached' });
    await tell(station, 'Available');
    await billed('3.63');
    await page.goto('/invoices');
    await page.getByText('€3.63').first().waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows an operator what was earned where, and gives it as a file', async () => {
    const { page, complaints } = await operatorAt('Revenue');
    const square = page.getByRole('list', { name: 'Revenue' }).getByRole('listitem');
    await square.filter({ hasText: 'Harbour Garage' }).getByText('€3.00').waitFor();
    await square.getByText('VAT').first().waitFor();
    expect(await photograph(page, '74-revenue')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Of', exact: true }).selectOption({ label: 'Each station' });
    await page.getByRole('combobox', { name: 'By', exact: true }).selectOption({ label: 'Year' });
    await page.getByRole('button', { name: 'Show' }).click();
    await square.filter({ hasText: IDENTITY }).getByText('€3.00').waitFor();
    expect(await savedBy(page, 'Save as CSV')).toMatch(new RegExp(`${IDENTITY}.*3\\.00`));
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lets an operator agree with the owner of a place what they get, change it and end it', async () => {
    const { page, complaints } = await operatorAt('Payees');
    await page.getByText('No payee yet').waitFor();
    await page.getByRole('button', { name: 'Add a payee' }).click();
    await page.getByLabel('Name').fill('Harbour BV');
    await page.getByLabel('Address').fill('Quay 1, Amsterdam');
    expect(await photograph(page, '75-payee')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('link', { name: 'Harbour BV' }).click();
    await page.getByText('Nothing is agreed yet.').waitFor();

    await page.getByRole('button', { name: 'Agree something' }).click();
    await page.getByLabel('Location').selectOption({ label: 'Harbour Garage, Amsterdam' });
    await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Amount for each session' });
    await page.getByLabel('Per cent, or EUR').fill('0.25');
    await page.getByLabel('Why').fill('The contract of 2026');
    await page.getByRole('button', { name: 'Agree', exact: true }).click();
    const agreed = page.getByRole('region', { name: 'Agreed' }).getByRole('listitem');
    await agreed.getByText('0.25 EUR for each session, from').waitFor();
    await agreed.getByText('Harbour Garage, Amsterdam').waitFor();
    // The reservation that was billed counts as one session.
    await page
      .getByRole('region', { name: /so far$/ })
      .getByText('€0.25')
      .first()
      .waitFor();

    // Of what is stated next, nothing of the old one is left.
    await agreed.getByRole('button', { name: /^Change/ }).click();
    expect(await photograph(page, '76-payee-change')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Per cent, or EUR').fill('0.5');
    await page.getByLabel('Why').fill('A better one');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await agreed.getByText('0.5 EUR for each session, from').waitFor();
    await agreed.getByText('never counts').waitFor();
    await page
      .getByRole('region', { name: /so far$/ })
      .getByText('€0.50')
      .first()
      .waitFor();

    await agreed.filter({ hasText: '0.5 EUR' }).getByRole('button', { name: /^End/ }).click();
    await page.getByLabel('Why').fill('The owner sold it');
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByRole('region', { name: /so far$/ }).waitFor({ state: 'detached' });
    expect(await agreed.getByText('never counts').count()).toBe(2);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows an operator what the provider paid into the bank, and what is in it', async () => {
    const { driver } = sut.people;
    const { topUpWalletByCard } = await driver.request<{ topUpWalletByCard: { payment: { id: string } } }>(
      'mutation($input: TopUpWalletByCardInput!) { topUpWalletByCard(input: $input) { payment { id } } }',
      { input: { amount: '50.00', currency: 'EUR', idempotencyKey: randomUUID() } },
    );
    await waitFor('the money to be taken', async () => {
      const { payment } = await driver.request<{ payment: { state: string } }>(
        'query($id: ID!) { payment(id: $id) { state } }',
        { id: topUpWalletByCard.payment.id },
      );
      return payment.state === 'CAPTURED';
    });
    const { id, amount } = stripe.ledger.payOut();
    await stripe.delivered();
    const { page, complaints } = await operatorAt('Payouts');
    const row = page.getByRole('listitem').filter({ hasText: id });
    await row
      .locator('.row-amount')
      .getByText(`€${(amount / 100).toFixed(2)}`)
      .waitFor();
    await row.getByText('What is in it').click();
    await row.getByText('Fees of the provider').waitFor();
    expect(await photograph(page, '77-payouts')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(await savedBy(page, 'Save as CSV')).toContain(`,${id},PAID,EUR,`);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  async function operatorAt(tab: string) {
    const { page, complaints } = await window();
    await signIn(page, OPERATOR.email);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('link', { name: tab, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: tab }).waitFor();
    return { page, complaints };
  }
});

/** Until the driver has an invoice over so much. */
async function billed(total: string): Promise<void> {
  await waitFor(
    'the invoice',
    async () => {
      const { invoices } = await sut.people.driver.request<{
        invoices: { edges: { node: { totalInclVat: { amount: string } } }[] };
      }>('{ invoices(first: 5) { edges { node { totalInclVat { amount } } } } }');
      return invoices.edges.some(({ node }) => node.totalInclVat.amount === total);
    },
    { timeoutMs: 30_000 },
  );
}

const tell = (from: OcppSocket, status: string) =>
  from.call('StatusNotification', () => ({ connectorId: 1, errorCode: 'NoError', status }));

/** Says that its connector is reserved when it is; that it is free again is told by the test. */
async function aStation(): Promise<OcppSocket> {
  const opened = await OcppSocket.open({
    url: `${sut.system.ocppUrl}/${IDENTITY}`,
    identity: IDENTITY,
    password: DEMO_STATION_PASSWORD,
    subprotocols: ['ocpp1.6'],
    answerTimeoutMs: 15_000,
    newId: randomUUID,
    onCall: (action) => {
      if (action === 'ReserveNow') setTimeout(() => void tell(opened, 'Reserved'), 0);
      return ACCEPTED;
    },
  });
  await opened.call('BootNotification', () => ({ chargePointVendor: 'V', chargePointModel: 'M' }));
  await tell(opened, 'Available');
  return opened;
}

/** At the station a reservation costs 3.00 and taxes, used or given back. */
async function pricedReservations(): Promise<void> {
  const { operator } = sut.people;
  const { stations } = await operator.request<{ stations: { edges: { node: { id: string } }[] } }>(
    'query($search: String!) { stations(first: 1, filter: { search: $search }) { edges { node { id } } } }',
    { search: IDENTITY },
  );
  const component = (type: string, price: string) => ({ type, price, vat: '21', step_size: 1 });
  const elements = [
    { price_components: [component('FLAT', '3.00')], restrictions: { reservation: 'RESERVATION' } },
    { price_components: [component('ENERGY', '0.40')] },
  ];
  await operator.request('mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { version } }', {
    input: { id: 'KEPT', name: 'Kept', currency: 'EUR', definition: { elements } },
  });
  const ref = stations.edges[0]!.node.id;
  await operator.request(
    'mutation($input: AssignTariffInput!) { assignTariff(input: $input) { assignment { id } } }',
    { input: { tariffId: 'KEPT', scope: 'STATION', ref } },
  );
  await waitFor('the station to be online', async () => {
    const { station: seen } = await operator.request<{ station: { online: boolean } }>(
      'query($id: ID!) { station(id: $id) { online } }',
      { id: ref },
    );
    return seen.online;
  });
}
