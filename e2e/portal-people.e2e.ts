// Real: every service as a process, mails over SMTP, the built portal in Chromium with an authenticator of its own, an OpenID provider.

import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, findBrowser, openBrowser, openWindow, photograph } from './support/browser.js';
import { IdentityProvider } from './support/identity-provider.js';
import { linkIn } from './support/mail-link.js';
import { SystemUnderTest } from './support/system-under-test.js';

const EMAIL = 'rita.registers@kilowatch.local';
const FIRST_PASSWORD = 'a lamp beside the river';
const PASSWORD = 'nine boats and a ferry';

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
