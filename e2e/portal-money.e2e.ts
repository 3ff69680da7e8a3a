// Real: every service as a process, the built portal in Chromium. Pretended: the payment provider, with its pages and webhooks.
import { freePort } from '@kilowatch/testing';
import { StripeServer } from '@kilowatch/testing/payments';
import { DEMO_ACCOUNTS } from '@kilowatch/tools/seed/demo-data';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, findBrowser, openBrowser, openWindow, photograph, signIn } from './support/browser.js';
import { SystemUnderTest } from './support/system-under-test.js';

const [, DRIVER] = DEMO_ACCOUNTS;

const chromium = findBrowser();
let stripe: StripeServer;
let sut: SystemUnderTest;
let browser: Browser;

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
  });
  afterAll(async () => {
    await browser?.close();
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
});
