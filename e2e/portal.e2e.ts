// Real: every service as a process, the built portal in Chromium, chargers over OCPP. Only the cars are virtual.
import { aVehicle, SimulatedTime, VirtualCharger, waitFor } from '@kilowatch/testing';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { demoTariff, expectedTotal } from '@kilowatch/tools/demo/price-judge';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  barriers,
  findBrowser,
  openBrowser,
  openWindow,
  overflow,
  PHONE,
  photograph,
  savedBy,
  signIn,
} from './support/browser.js';
import { SystemUnderTest } from './support/system-under-test.js';

const [OPERATOR, DRIVER, SECOND_DRIVER] = DEMO_ACCOUNTS;
/** Device seconds per second, and a reading each device minute: the figures move each second. */
const SPEED = 60;
const HEAD_START_MS = 30 * 60_000;

const chromium = findBrowser();
let sut: SystemUnderTest;
let browser: Browser;
const chargers: VirtualCharger[] = [];

describe.runIf(chromium)('the portal in a browser', () => {
  beforeAll(async () => {
    [sut, browser] = await Promise.all([
      SystemUnderTest.start({}, demoTariff(new Date(), 'Europe/Amsterdam')),
      openBrowser(chromium!),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(chargers.map((charger) => charger.shutdown()));
    await sut?.stop();
  });

  const window = (size?: typeof PHONE) => openWindow(browser, new URL(sut.system.graphqlUrl).origin, size);

  it('lets a driver sign in and find the way by keyboard alone', async () => {
    const { page, complaints } = await window();
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await photograph(page, '01-sign-in')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type(DRIVER.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await photograph(page, '02-sign-in-refused')).toBe(0);
    // The refused password is selected: typing replaces it.
    await page.keyboard.type(DEMO_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    await tabTo(page, 'Invoices');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes a driver from the price over the live session to the paid invoice and the rating', async () => {
    const charger = await aCharger('KW-DEMO-201', '2.0.1');
    charger.plugIn(1);
    const { page, complaints } = await window();
    await signIn(page, DRIVER.email);
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    expect(await photograph(page, '03-nothing-charging')).toBe(0);

    await page.getByRole('link', { name: 'Start charging' }).click();
    await page.getByRole('link', { name: 'Harbour Garage' }).click();
    const bay = page.getByRole('region', { name: 'Bay 2' });
    await bay.getByText('Car plugged in').waitFor();
    expect(await photograph(page, '04-connectors')).toBe(0);
    await bay.getByRole('link', { name: /^Point 1/ }).click();
    const start = page.getByRole('button', { name: 'Start at this price' });
    await start.waitFor();
    expect(await photograph(page, '05-price')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await tabTo(page, 'Start at this price');
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/sessions\//);
    const energy = await rising(page, 'energy', 4);
    expect(energy.at(-1)).toBeGreaterThan(energy[0]!);
    expect(Math.max(...(await rising(page, 'power', 1)))).toBeGreaterThan(10);
    const plot = page.getByRole('img', { name: 'Charging power over time' });
    await plot.locator('path.plot-line[d*="L"]').waitFor({ state: 'attached' });
    expect(await photograph(page, '06-live-session')).toBe(0);

    expect(await barriers(page)).toEqual([]);
    await tabTo(page, 'Stop charging');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await photograph(page, '07-stop')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    // Escape leaves it as it was, and the focus where it was.
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await tabTo(page, 'Stop charging', 3);
    await page.keyboard.press('Enter');
    const final = page.getByRole('region', { name: 'Final cost' });
    await final.waitFor({ timeout: 30_000 });
    expect(charger.commands.map(({ action }) => action)).toContain('RequestStopTransaction');
    const [entry] = charger.ledger;
    const total = expectedTotal({
      energyMwh: entry!.energyMwh!,
      fullAt: undefined,
      endedAt: entry!.endedAt!,
    }).toFixed(2);
    expect(await page.locator('[data-figure="cost"] .figure-value').innerText()).toBe(`€${total}`);

    const invoice = final.getByRole('link', { name: /^Invoice / });
    await invoice.waitFor({ timeout: 30_000 });
    const form = page.getByRole('form', { name: 'Rating' });
    await form.waitFor({ timeout: 30_000 });
    expect(await photograph(page, '08-ended')).toBe(0);
    await invoice.click();
    const paper = page.getByRole('article', { name: /^Invoice / });
    await paper.getByText(`€${total}`).first().waitFor();
    await paper.getByText(/^Paid$/).waitFor();
    expect(await photograph(page, '09-invoice')).toBe(0);
    expect(await savedBy(page, 'Save as PDF')).toMatch(/^%PDF-/);
    expect(await savedBy(page, 'Save for bookkeeping (UBL)')).toContain('<Invoice');

    await page.goBack();
    await form.waitFor();
    expect(await barriers(page)).toEqual([]);
    await form.getByRole('radio').first().focus();
    const four = form.getByRole('radio', { name: /^4 stars/ });
    for (let presses = 0; presses < 5 && !(await four.isChecked()); presses += 1)
      await page.keyboard.press('ArrowRight');
    await tabTo(page, 'Send rating');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Your rating' }).getByText('4 of 5 stars').waitFor();
    expect(await photograph(page, '10-rated')).toBe(0);
    charger.unplug(1);

    const sessionPath = new URL(page.url()).pathname;
    await page.goto(await linkInMail(DRIVER.email));
    await page.waitForURL(`**${sessionPath}`);
    await page.getByRole('link', { name: 'My charging' }).click();
    await page.getByRole('region', { name: 'History' }).getByText(`€${total}`).waitFor();
    expect(await photograph(page, '11-history')).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lets a driver object to an invoice, and an operator credit it', async () => {
    const { page, complaints } = await window();
    await signIn(page, DRIVER.email);
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    await page.goto('/invoices');
    await page.getByRole('main').getByRole('link', { name: /KW-/ }).first().click();
    const card = page.getByRole('region', { name: 'Something wrong with this bill?' });
    await card.getByRole('button', { name: 'Object to this invoice' }).click();
    expect(await photograph(page, '12-object')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await card.getByLabel('What is wrong').selectOption('PRICE');
    await card.getByLabel('Tell us what you expected').fill('The sign said less');
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByText('We are looking at it').waitFor();

    const desk = await window();
    await signIn(desk.page, OPERATOR.email);
    await desk.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await desk.page.goto('/sessions');
    await desk.page.getByRole('link', { name: 'Bills that wait' }).click();
    await desk.page.getByText('No bill waits').waitFor();
    await desk.page.getByRole('link', { name: 'Objections' }).click();
    const objection = desk.page.getByRole('listitem').filter({ hasText: 'The sign said less' });
    await objection.getByRole('button', { name: 'Accept' }).click();
    expect(await photograph(desk.page, '24-objection')).toBe(0);
    expect(await barriers(desk.page)).toEqual([]);
    await objection.getByLabel('Answer').fill('You are right');
    await objection.getByRole('button', { name: 'Take the invoice back' }).click();
    await desk.page.getByText('No open objections').waitFor();
    expect(desk.complaints).toEqual([]);
    await desk.page.context().close();

    await page.reload();
    await card.getByText('You are right').waitFor();
    await page
      .getByRole('article', { name: /^Invoice / })
      .getByText('Taken back')
      .waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows an operator a fault the moment a station reports it', async () => {
    const charger = await aCharger('KW-HARBOUR-3', '1.6');
    const { page, complaints } = await window();
    await signIn(page, OPERATOR.email);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await photograph(page, '20-overview')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Stations' }).click();
    const row = page.locator('[data-station="KW-HARBOUR-3"]');
    await row.getByText('Available').waitFor();
    await page.evaluate('window.neverReloaded = true');
    charger.fault(1, true);
    await row.getByText('Fault', { exact: true }).waitFor();
    const toast = page
      .getByRole('region', { name: 'New alerts' })
      .getByRole('link', { name: /KW-HARBOUR-3/ });
    await toast.waitFor();
    expect(await photograph(page, '21-fault')).toBe(0);
    await toast.click();
    await page.getByRole('heading', { name: 'Bay 3' }).waitFor();
    expect(await photograph(page, '22-station')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /Alerts/ })
      .click();
    await page.locator('[data-alert="STATION_FAULT"]').first().waitFor();
    expect(await photograph(page, '23-alerts')).toBe(0);
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Stations' }).click();
    charger.fault(1, false);
    await row.getByText('Available').waitFor();
    expect(await page.evaluate('window.neverReloaded')).toBe(true);
    await page.goto(await linkInMail(OPERATOR.email));
    await page.getByRole('heading', { name: 'Bay 3' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows an operator who does not get in, what goes over the wire, and what was set aside for a decision', async () => {
    const door = { ocppUrl: sut.system.ocppUrl, version: '1.6', password: DEMO_STATION_PASSWORD } as const;
    await expect(ScriptedStation.connect({ ...door, identity: 'NOBODY-7' })).rejects.toThrow();
    const station = await ScriptedStation.connect({ ...door, identity: 'KW-SQUARE-1' });
    await station.call('Heartbeat', {});
    // A message about charging that nobody can process: no meterStop that is a number.
    await station.askAnything('StopTransaction', {
      transactionId: 7,
      meterStop: 'none',
      timestamp: new Date().toISOString(),
    });
    const { page, complaints } = await window();
    await signIn(page, OPERATOR.email);
    await page.getByRole('link', { name: 'look at them' }).click();
    const kept = page.locator('[data-set-aside="StopTransaction"]');
    await kept.getByText('What it said').click();
    await kept.getByText('"meterStop": "none"').waitFor();
    expect(await photograph(page, '24-set-aside')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await kept.getByRole('button', { name: 'Process again…' }).click();
    await kept.getByLabel('Corrected payload').fill('7');
    await kept.getByRole('button', { name: 'Process it now' }).click();
    await kept.getByText('The correction is no JSON object.').waitFor();
    await kept.getByRole('button', { name: 'Cancel' }).click();
    await kept.getByRole('button', { name: 'Dismiss…' }).click();
    await kept.getByLabel('Why').fill('a test of ours');
    await kept.getByRole('button', { name: 'Dismiss it' }).click();
    await page.getByText('Nothing waits').waitFor();
    await page.getByRole('button', { name: 'All' }).click();
    await kept.getByText(/^Dismissed on .*: a test of ours$/).waitFor();

    await page.getByRole('link', { name: 'Connecting' }).click();
    const refused = page.locator('[data-attempt="NOBODY-7"]').first();
    await refused.getByText('Unknown station').waitFor();
    await refused.getByText('What it showed').click();
    await refused.getByText('ocpp1.6', { exact: true }).first().waitFor();
    expect(await photograph(page, '25-connecting')).toBe(0);
    expect(await barriers(page)).toEqual([]);

    await page.getByRole('link', { name: 'Stations' }).first().click();
    await page.locator('[data-station="KW-SQUARE-1"]').getByRole('link').click();
    await page.getByRole('link', { name: 'Connection', exact: true }).click();
    await page
      .getByText(/^wss?:.*KW-SQUARE-1$/)
      .first()
      .waitFor();
    await page.locator('[data-attempt="KW-SQUARE-1"]').getByText('Let in').waitFor();
    expect(await photograph(page, '26-connection')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Messages' }).click();
    await page.getByLabel('Action').fill('Heartbeat');
    await page.getByText('Station asks: Heartbeat').first().click();
    await page.getByText('Kilowatch answers: Heartbeat').first().waitFor();
    expect(await photograph(page, '27-messages')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Commands' }).click();
    await page.locator('[data-command]').first().or(page.getByText('No commands yet')).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
    await station.close();
  });

  it('fits a phone, where the live session is watched by touch', async () => {
    const charger = await aCharger('KW-DEMO-16', '1.6');
    charger.plugIn(1);
    charger.begin('04D4E5F6A1B2C3', 1);
    const { page, complaints } = await window(PHONE);
    await signIn(page, SECOND_DRIVER.email);
    const card = page.getByRole('list', { name: 'Charging now' }).getByRole('link', { name: 'Bay 1' });
    await card.waitFor();
    expect(await overflow(page)).toBe(0);
    await card.tap();
    const energy = await rising(page, 'energy', 2);
    expect(energy.at(-1)).toBeGreaterThan(energy[0]!);
    expect(await overflow(page)).toBe(0);
    const stop = await page.getByRole('button', { name: 'Stop charging' }).boundingBox();
    expect(stop!.height).toBeGreaterThanOrEqual(44);
    expect(stop!.x + stop!.width).toBeLessThanOrEqual(PHONE.width);
    for (const name of ['Start', 'Invoices', 'Alerts', 'Account']) {
      const main = page.getByRole('navigation', { name: 'Main' });
      await main.getByRole('link', { name: new RegExp(`^${name}`) }).tap();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect([name, await photograph(page, `3-phone-${name.toLowerCase()}`)]).toEqual([name, 0]);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** Connected, with a clock behind the real one, so that it does not run ahead of it during the test. */
async function aCharger(identity: string, version: '1.6' | '2.0.1'): Promise<VirtualCharger> {
  const charger = new VirtualCharger({
    url: sut.system.ocppUrl,
    identity,
    password: DEMO_STATION_PASSWORD,
    version,
    meterIntervalMs: 60_000,
    time: new SimulatedTime({ start: new Date(Date.now() - HEAD_START_MS), speed: SPEED }),
    vehicle: aVehicle({ batteryWh: 60_000, socPercent: 35, maxPowerW: 11_000 }),
  });
  chargers.push(charger);
  await charger.start();
  return charger;
}

/** Presses Tab until the focus is on the link or button of this name. */
async function tabTo(page: Page, name: string, within = 20): Promise<void> {
  const focused = "document.activeElement?.textContent?.trim() ?? ''";
  for (let presses = 0; presses < within; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate<string>(focused)) === name) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** The values a figure on the page takes, as shown, until it has shown so many different ones. */
async function rising(page: Page, figure: string, count: number): Promise<number[]> {
  const shown: number[] = [];
  await waitFor(
    `${count} values of ${figure}`,
    async () => {
      const text = await page.locator(`[data-figure="${figure}"] .figure-value`).innerText();
      const value = Number.parseFloat(text);
      if (value > 0 && value !== shown.at(-1)) shown.push(value);
      return shown.length >= count;
    },
    { timeoutMs: 20_000, everyMs: 100 },
  );
  return shown;
}

/** Path of the alert's page as the newest mail to this person names it. */
async function linkInMail(email: string): Promise<string> {
  return waitFor(
    `a mail to ${email}`,
    () => {
      const mail = sut.system.mail.received.filter((text) => text.includes(email)).at(-1);
      return mail?.replaceAll('=\r\n', '').match(/\/alerts\/[0-9a-f-]{36}/)?.[0];
    },
    { timeoutMs: 15_000 },
  );
}
