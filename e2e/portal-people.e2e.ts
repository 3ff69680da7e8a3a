// Real: every service as a process, mails over SMTP, the built portal in Chromium with an authenticator of its own, an OpenID provider.
import { aVehicle, SimulatedTime, VirtualCharger, waitFor } from '@kilowatch/testing';
import {
  DEMO_ACCOUNTS,
  DEMO_PASSWORD,
  DEMO_STATION_PASSWORD,
  DEMO_TOKENS,
} from '@kilowatch/tools/seed/demo-data';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { barriers, findBrowser, openBrowser, openWindow, photograph } from './support/browser.js';
import { IdentityProvider } from './support/identity-provider.js';
import { linkIn } from './support/mail-link.js';
import { SystemUnderTest } from './support/system-under-test.js';

const EMAIL = 'rita.registers@kilowatch.local';
const FIRST_PASSWORD = 'a lamp beside the river';
const PASSWORD = 'nine boats and a ferry';

const [OPERATOR, DRIVER] = DEMO_ACCOUNTS;
const chargers: VirtualCharger[] = [];
const chromium = findBrowser();
let sut: SystemUnderTest;
let browser: Browser;
let origin: string;
let corp: IdentityProvider;

describe.runIf(chromium)('people in the portal', () => {
  beforeAll(async () => {
    corp = await IdentityProvider.atFreePort();
    const rules = { roles: { ops: 'operator' }, emailDomains: ['corp.example'] };
    [sut, browser] = await Promise.all([
      SystemUnderTest.start({
        extraEnv: {
          auth: {
            KW_EGRESS_ALLOW: '127.0.0.1',
            KW_OIDC_PROVIDERS: JSON.stringify([corp.settings('demo', rules)]),
          },
        },
      }),
      openBrowser(chromium!),
    ]);
    // Passkeys are made for a domain, which an address in digits has not.
    origin = `http://localhost:${new URL(sut.system.graphqlUrl).port}`;
    await corp.open(`${origin}/sign-in/provider`);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(chargers.map((charger) => charger.shutdown()));
    await sut?.stop();
    corp?.close();
  });

  it('lets a driver register, confirm the address, and choose a new password', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await page.goto('/');
    await page.getByRole('link', { name: 'Make an account' }).click();
    await page.getByLabel('Name').fill('Rita Registers');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password').fill('rita registers');
    await looksRight(page, '50-register');
    const make = page.getByRole('button', { name: 'Make an account' });
    await make.click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(FIRST_PASSWORD);
    await make.click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await looksRight(page, '51-look-into-mail');
    const first = await linkIn(sut.system.mail, EMAIL, 'confirm-email');

    await signIn(page, EMAIL, FIRST_PASSWORD);
    await page.getByRole('alert').getByText('Confirm your e-mail address first').waitFor();
    await page.getByRole('button', { name: 'Send the mail again' }).click();
    await page.getByText('A new mail is on its way').waitFor();
    const link = await linkIn(sut.system.mail, EMAIL, 'confirm-email', first);

    // Another mail replaced it.
    await page.goto(`/confirm-email#${first}`);
    await page.getByLabel('Password').fill(FIRST_PASSWORD);
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByRole('alert').getByText('replaced by a later one').waitFor();
    await page.getByRole('link', { name: 'Send a new link' }).waitFor();
    await looksRight(page, '52-dead-link');

    await page.goto('about:blank');
    await page.goto(`/confirm-email#${link}`);
    await page.getByLabel('Password').fill('not the one');
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByRole('alert').getByText('The password is wrong').waitFor();
    await page.getByLabel('Password').fill(FIRST_PASSWORD);
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    await signOut(page);

    await page.getByRole('link', { name: 'Forgotten your password?' }).click();
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('a mail with a link is on its way').waitFor();
    await looksRight(page, '53-forgotten');
    const reset = await linkIn(sut.system.mail, EMAIL, 'reset-password');
    await page.goto(`/reset-password#${reset}`);
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('alert').getByText('10 to 200 characters').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('heading', { name: 'Password changed' }).waitFor();
    await page.getByRole('link', { name: 'Go to the sign-in' }).click();
    await signIn(page, EMAIL, FIRST_PASSWORD);
    await page.getByRole('alert').getByText('E-mail or password is wrong').waitFor();
    await signIn(page, EMAIL, PASSWORD);
    await page.getByRole('heading', { name: 'My charging' }).waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('sets up codes with a picture made here, asks for them at the sign-in, and takes them off', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await security(page);
    const card = page.getByRole('region', { name: 'Codes from an app' });
    await looksRight(page, '54-security');
    await card.getByRole('button', { name: 'Set up codes' }).click();
    await card.getByLabel('Your password').fill('not the one');
    await card.getByRole('button', { name: 'Go on' }).click();
    await card.getByRole('alert').getByText('The password is wrong').waitFor();
    await card.getByLabel('Your password').fill(PASSWORD);
    await card.getByRole('button', { name: 'Go on' }).click();
    await card.getByRole('img', { name: /^QR code/ }).waitFor();
    await looksRight(page, '55-qr-code');
    const secret = await card.locator('[data-figure="totp-secret"]').innerText();
    const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
    await card.getByLabel('Code from the app').fill(wrongCode(totp));
    await card.getByRole('button', { name: 'Switch it on' }).click();
    await card.getByRole('alert').getByText('The code is wrong').waitFor();
    await card.getByLabel('Code from the app').fill(totp.generate());
    await card.getByRole('button', { name: 'Switch it on' }).click();
    const list = card.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    const codes = await list.locator('code').allInnerTexts();
    expect(new Set(codes).size).toBe(10);
    await looksRight(page, '56-recovery-codes');
    expect(await card.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
    await card.getByLabel('I have kept them').check();
    await card.getByRole('button', { name: 'Go on' }).click();
    await card.getByText('10 recovery codes are left').waitFor();
    await signOut(page);

    await signIn(page, EMAIL, PASSWORD);
    const code = page.getByLabel('Code, or a recovery code');
    await code.fill(wrongCode(totp));
    await looksRight(page, '57-code');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('The code is wrong').waitFor();
    await code.fill(codes[0]!);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await card.getByText('9 recovery codes are left').waitFor();

    await card.getByRole('button', { name: 'Switch off…' }).click();
    await card.getByLabel('Your password').fill(PASSWORD);
    await card.getByLabel('Code, or a recovery code').fill(codes[0]!);
    await card.getByRole('button', { name: 'Switch off' }).click();
    await card.getByRole('alert').getByText('The code is wrong').waitFor();
    await card.getByLabel('Code, or a recovery code').fill(codes[1]!);
    await card.getByRole('button', { name: 'Switch off' }).click();
    await card.getByRole('button', { name: 'Set up codes' }).waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('adds a passkey, signs in with it alone, renames and removes it; ends sign-ins elsewhere', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    const other = await openWindow(browser, origin);
    await signIn(other.page, EMAIL, PASSWORD, '/charging');
    await other.page.getByRole('heading', { name: 'My charging' }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await security(page);
    const card = page.getByRole('region', { name: 'Passkeys' });
    await card.getByRole('button', { name: 'Add a passkey' }).click();
    await card.getByLabel('Name').fill('Test key');
    await card.getByLabel('Your password').fill(PASSWORD);
    await card.getByRole('button', { name: 'Add', exact: true }).click();
    await card.getByText('never used').waitFor();
    await card.getByRole('button', { name: 'Add a passkey' }).click();
    await card.getByLabel('Name').fill('The same again');
    await card.getByLabel('Your password').fill(PASSWORD);
    await card.getByRole('button', { name: 'Add', exact: true }).click();
    await card.getByRole('alert').getByText('has a passkey for your account already').waitFor();
    await card.getByRole('button', { name: 'Cancel' }).click();
    await card.getByRole('button', { name: 'Rename' }).click();
    await card.getByLabel('New name').fill('Key on my ring');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Key on my ring', { exact: true }).waitFor();
    await signOut(page);

    await page.getByRole('button', { name: 'Use a passkey' }).click();
    const signIns = page.getByRole('region', { name: 'Where you are signed in' });
    const here = signIns.getByRole('listitem').filter({ hasText: 'This one' });
    await here.getByText('with a passkey').waitFor();
    await looksRight(page, '58-passkey');
    await signIns.getByRole('button', { name: 'End all others…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the others' }).click();
    await signIns.getByText(/ended\. What is open there closes/).waitFor();
    expect(await signIns.getByRole('listitem').count()).toBe(1);
    await other.page.reload();
    await other.page.getByText('Your sign-in has ended').waitFor();

    await card.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await card.getByText('Key on my ring', { exact: true }).waitFor({ state: 'detached' });
    await signOut(page);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('alert').getByText('not known here any more').waitFor();
    await page.getByRole('button', { name: 'Continue with Corp' }).waitFor();
    await looksRight(page, '59-passkey-refused');
    expect(unexpected([...complaints, ...other.complaints])).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });

  it('changes the password and tells how many sign-ins that ended', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await signIn(page, EMAIL, PASSWORD, '/account/security');
    const card = page.getByRole('region', { name: 'Password', exact: true });
    await card.getByLabel('Present password').fill('not the one');
    await card.getByLabel('New password').fill(FIRST_PASSWORD);
    await card.getByRole('button', { name: 'Change the password' }).click();
    await card.getByRole('alert').getByText('The password is wrong').waitFor();
    await card.getByLabel('Present password').fill(PASSWORD);
    await card.getByRole('button', { name: 'Change the password' }).click();
    await card.getByText('Your password is changed').waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('signs people of a company in with their provider, and says why not', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    corp.person = undefined;
    await page.goto('/');
    await page.getByRole('button', { name: 'Continue with Corp' }).click();
    await page.getByRole('alert').getByText('did not vouch for you').waitFor();
    expect(new URL(page.url()).search).toBe('');
    await looksRight(page, '60-provider-refused');
    // What came back works once, in the tab that went.
    await page.reload();
    await page.getByRole('alert').getByText('No sign-in with a provider was begun in this tab').waitFor();
    await page.getByRole('link', { name: 'Go to the sign-in' }).click();
    corp.person = {
      sub: 'anna',
      email: 'anna@corp.example',
      email_verified: true,
      name: 'Anna Corp',
      roles: ['ops'],
    };
    await page.goto('/stations');
    await page.getByRole('button', { name: 'Continue with Corp' }).click();
    await page.getByRole('heading', { level: 1, name: 'Stations' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/stations');
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('shows a driver who used the card, and blocks it and stops what charges on it', async () => {
    const charger = await aCharger('KW-DEMO-16');
    charger.plugIn(1, aVehicle({ batteryWh: 1_000_000 }));
    charger.begin(DEMO_TOKENS[0].value, 1);
    const { page, complaints } = await openWindow(browser, origin);
    await signIn(page, DRIVER.email, DEMO_PASSWORD, '/account/cards');
    const cards = page.getByRole('region', { name: 'Your cards and contracts' });
    const card = cards.getByRole('listitem').filter({ hasText: 'Card' }).first();
    await card.getByText('Charging', { exact: true }).waitFor({ timeout: 40_000 });
    await card.getByRole('button', { name: 'Rename' }).click();
    await card.getByLabel('What you call it').fill('Blue fob');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText(/^Blue fob \(Card/).waitFor();
    const uses = page.getByRole('region', { name: 'Who used them' });
    const use = uses.getByRole('listitem').filter({ hasText: 'It charges now' }).first();
    await use.getByText('Harbour Garage, KW-DEMO-16').first().waitFor({ timeout: 30_000 });
    await looksRight(page, '61-cards');
    await use.getByRole('button', { name: 'Not me…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel(/^Why/).inputValue()).toContain('Not me: Harbour Garage');
    await looksRight(page, '62-not-me');
    await dialog.getByRole('button', { name: 'Block it' }).click();
    await uses.getByText('The station was told to stop what charged on it').waitFor();
    await card.getByText('Blocked by you').waitFor();
    expect(charger.commands.map(({ action }) => action)).toContain('RemoteStopTransaction');
    await card.getByText('Charging', { exact: true }).waitFor({ state: 'detached', timeout: 40_000 });
    await card.getByRole('button', { name: 'Unblock' }).click();
    await card.getByText('Active', { exact: true }).waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('lets a driver ask for the contract of the car, and an operator decide and block it; its number is shown to nobody', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await signIn(page, DRIVER.email, DEMO_PASSWORD, '/account/contracts');
    await page.getByText('No contract yet').waitFor();
    await page.getByLabel('Contract number (eMAID)').fill('04AB');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await page.getByRole('alert').getByText('This is no contract number').waitFor();
    await page.getByLabel('Contract number (eMAID)').fill('de-8aa-001234567-0');
    await page.getByLabel('What you call it').fill('Family car');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    const requests = page.getByRole('list', { name: 'Your requests' });
    await requests.getByText('Plug the car in').waitFor();
    await looksRight(page, '71-contracts');
    await signOut(page);

    await signIn(page, OPERATOR.email, DEMO_PASSWORD, '/contracts');
    const request = page.getByRole('listitem').filter({ hasText: 'Family car' });
    await request.getByText('No car has shown its certificate').waitFor();
    await request.getByRole('button', { name: /^Approve/ }).click();
    await request.getByLabel('Why').fill('Seen at the counter.');
    await looksRight(page, '72-contract-requests');
    await request.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('No request waits').waitFor();
    await page.getByRole('button', { name: 'Contracts' }).click();
    await page.getByLabel('Part of a contract number').fill('8aa-0012');
    const contract = page.getByRole('listitem').filter({ hasText: 'DE-8AA-****4567' });
    await contract.getByText(DRIVER.email).waitFor();
    await looksRight(page, '73-operator-contracts');
    await contract.getByRole('button', { name: /^Block/ }).click();
    await contract.getByLabel('Why').fill('The car was stolen.');
    await contract.getByRole('button', { name: 'Block' }).click();
    await contract.getByText('Blocked', { exact: true }).waitFor();
    expect(await page.content()).not.toMatch(/DE-?8AA-?001234567/i);
    await signOut(page);

    await signIn(page, DRIVER.email, DEMO_PASSWORD, '/account/contracts');
    const own = page.getByRole('list', { name: 'Your contracts' }).getByRole('listitem');
    await own.getByText('Blocked by the operator').waitFor();
    await own.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ask for removal' }).click();
    await own.getByText('Removal asked for').waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('lets an administrator make, renew and revoke a machine client, and read in the audit log who did', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await signIn(page, DEMO_ADMIN.email, DEMO_ADMIN.password, '/access/clients');
    await page.getByRole('button', { name: 'New client' }).click();
    await page.getByLabel('Name').fill('Reports');
    await page.getByRole('button', { name: 'Make the client' }).click();
    await page.getByRole('alert').getByText('Choose what it may').waitFor();
    await page.getByLabel('see Sessions and reservations').check();
    await looksRight(page, '63-new-client');
    await page.getByRole('button', { name: 'Make the client' }).click();
    const shown = page.locator('[data-figure="client-secret"]');
    const first = await shown.innerText();
    await looksRight(page, '64-client-secret');
    const row = page.getByRole('listitem').filter({ hasText: 'Reports' });
    await row.getByText('Sessions and reservations: see').waitFor();
    const id = (await row.getAttribute('data-client'))!;
    expect(await tokenStatus(id, first)).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'detached' });

    await row.getByRole('button', { name: 'New secret…' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^The old secret/)
      .fill('0');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
    await shown.waitFor();
    const second = await shown.innerText();
    expect(second).not.toBe(first);
    expect([await tokenStatus(id, first), await tokenStatus(id, second)]).toEqual([401, 200]);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    await row.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByRole('alert').getByText('Say why').waitFor();
    await row.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('dialog').getByLabel(/^Why/).fill('The program is gone');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText(/^Revoked/).waitFor();
    expect(await tokenStatus(id, second)).toBe(401);

    await page.getByRole('link', { name: 'Audit log' }).click();
    const entries = page.getByRole('list', { name: 'Audit log' });
    await entries.getByText('The program is gone').waitFor();
    await looksRight(page, '65-audit');
    const everything = await entries.getByRole('listitem').count();
    await page.getByLabel('On what (id)').fill(id);
    await page.getByRole('button', { name: 'Filter' }).click();
    await waitFor('the filtered log', async () => (await entries.getByRole('listitem').count()) === 3);
    expect(everything).toBeGreaterThan(3);
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('Nothing fits the filter').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await entries.getByRole('listitem').nth(3).waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('shows an operator an attempt the moment it is noticed, and closes it with a reason', async () => {
    const { page, complaints } = await openWindow(browser, origin);
    await signIn(page, OPERATOR.email, DEMO_PASSWORD, '/attempts');
    await page.getByText('No open incidents').waitFor();
    await page.evaluate('window.neverReloaded = true');
    for (let tries = 0; tries < 6; tries += 1) await knock('KW-HARBOUR-3', `a wrong password ${tries}`);
    const row = page.locator('[data-incident="STATION_CREDENTIAL"]');
    await row.getByText('as KW-HARBOUR-3', { exact: false }).waitFor({ timeout: 40_000 });
    expect(await page.evaluate('window.neverReloaded')).toBe(true);
    await looksRight(page, '66-attempts');
    await row.getByRole('link').click();
    await page.getByRole('list', { name: 'What was seen' }).getByRole('listitem').first().waitFor();
    await looksRight(page, '67-attempt');
    await page.getByRole('button', { name: 'Close…' }).click();
    await page.getByLabel('Why').fill('The installer had the old password');
    await page.getByRole('button', { name: 'Close the incident' }).click();
    await page.getByText('Closed by a person').waitFor();
    await page.getByText('The installer had the old password').waitFor();
    await page.getByRole('link', { name: 'Attempts' }).click();
    await page.getByText('No open incidents').waitFor();
    expect(unexpected(complaints)).toEqual([]);
    await page.context().close();
  });

  it('has a second factor set up before anybody gets in, where one is wanted, and an administrator resets it', async () => {
    const office = await openWindow(browser, origin);
    await signIn(office.page, DEMO_ADMIN.email, DEMO_ADMIN.password, '/access');
    const policy = office.page.getByRole('region', { name: 'Who needs a second factor' });
    await policy.getByLabel('Operator', { exact: true }).click();
    await policy.getByText('Saved.').waitFor();

    const { page, complaints } = await openWindow(browser, origin);
    const setUp = page.getByRole('heading', { name: 'Set up a second factor' });
    await signIn(page, OPERATOR.email, DEMO_PASSWORD);
    await setUp.waitFor();
    await page.getByRole('button', { name: 'Begin' }).click();
    const secret = await page.locator('[data-figure="totp-secret"]').innerText();
    const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
    await looksRight(page, '68-enrolment');
    await page.getByLabel('Code from the app').fill(totp.generate());
    await page.getByRole('button', { name: 'Switch it on' }).click();
    await page.getByLabel('I have kept them').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await signOut(page);

    const { page: desk } = office;
    await desk.getByLabel('Search name or e-mail').fill('olivia');
    const row = desk.getByRole('list', { name: 'People' }).getByRole('listitem');
    await waitFor('the one found', async () => (await row.count()) === 1);
    await row.getByRole('button', { name: 'Reset second factor…' }).click();
    await row.getByLabel('Why').fill('Called back at the number that we have');
    await looksRight(desk, '69-people');
    await row.getByRole('button', { name: 'Take the second factor off' }).click();
    await row.getByText('Their second factor is off').waitFor();
    await signIn(page, OPERATOR.email, DEMO_PASSWORD);
    await setUp.waitFor();

    await policy.getByLabel('Operator', { exact: true }).click();
    await policy.getByText('Saved.').waitFor();
    await row.getByRole('button', { name: 'Switch off…' }).click();
    await row.getByLabel('Why').fill('Left the company');
    await row.getByRole('button', { name: 'Switch off' }).click();
    await row.getByText('Switched off', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Start over' }).click();
    await signIn(page, OPERATOR.email, DEMO_PASSWORD);
    await page.getByRole('alert').getByText('This account is switched off').waitFor();
    expect(unexpected([...complaints, ...office.complaints])).toEqual([]);
    await office.page.context().close();
    await page.context().close();
  });
});

async function signIn(page: Page, email: string, password: string, path = '/'): Promise<void> {
  if (!(await page.getByLabel('Password').isVisible()) || path !== '/') await page.goto(path);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}

async function security(page: Page): Promise<void> {
  await signIn(page, EMAIL, PASSWORD, '/account/security');
  await page.getByRole('heading', { level: 1, name: 'Security' }).waitFor();
}

async function aCharger(identity: string): Promise<VirtualCharger> {
  const charger = new VirtualCharger({
    url: sut.system.ocppUrl,
    identity,
    password: DEMO_STATION_PASSWORD,
    version: '1.6',
    meterIntervalMs: 60_000,
    time: new SimulatedTime({ start: new Date(Date.now() - 30 * 60_000), speed: 60 }),
  });
  chargers.push(charger);
  await charger.start();
  return charger;
}

/** Comes to the door as a station with this password, and is turned away. */
async function knock(identity: string, password: string): Promise<void> {
  const socket = new WebSocket(`${sut.system.ocppUrl}/${identity}`, ['ocpp1.6'], {
    headers: { authorization: `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}` },
  });
  await new Promise((resolve) => socket.once('error', resolve));
}

/** What a machine client hears when it asks for a token. */
async function tokenStatus(id: string, secret: string): Promise<number> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return response.status;
}

/** Nothing to scroll sideways on a phone, and nothing that keeps people out. */
async function looksRight(page: Page, name: string): Promise<void> {
  expect([name, await photograph(page, name), await barriers(page)]).toEqual([name, 0, []]);
}

/** Six digits that are none of the codes that count now. */
function wrongCode(totp: TOTP): string {
  const at = Date.now();
  const good = [-30_000, 0, 30_000].map((off) => totp.generate({ timestamp: at + off }));
  return ['111111', '222222', '333333', '444444'].find((code) => !good.includes(code))!;
}

/** Answers that say no are what these tests are about: the browser notes them too. */
function unexpected(complaints: readonly string[]): string[] {
  return complaints.filter((text) => !text.startsWith('Failed to load resource'));
}
