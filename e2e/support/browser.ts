import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEMO_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PICTURES = fileURLToPath(new URL('../screenshots/', import.meta.url));

export const DESKTOP = { width: 1280, height: 900 } as const;
export const PHONE = { width: 360, height: 740 } as const;

/** A Chromium of this machine, installed by apt where we may. Undefined, with the reason printed, where there is none. */
export function findBrowser(): string | undefined {
  const found = onPath();
  if (found) return found;
  if (process.getuid?.() === 0 && runs('apt-get', ['--version'])) {
    console.log('No Chromium on the PATH: installing it with apt-get');
    const quiet = ['-y', '-qq', '--no-install-recommends'];
    if (!runs('apt-get', ['install', ...quiet, 'chromium']) && runs('apt-get', ['update', '-qq']))
      runs('apt-get', ['install', ...quiet, 'chromium']);
  }
  const installed = onPath();
  if (!installed) {
    console.warn(`The portal is not tested in a browser: none of ${NAMES.join(', ')} is on the PATH`);
  }
  return installed;
}

/** Headless, on a profile of its own that is removed with it. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/** One person's window. What the page complains about is kept: `complaints` is empty when all went well. */
export async function openWindow(
  browser: Browser,
  origin: string,
  size: typeof DESKTOP | typeof PHONE = DESKTOP,
): Promise<{ page: Page; complaints: string[] }> {
  const isPhone = size === PHONE;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: size,
    isMobile: isPhone,
    hasTouch: isPhone,
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { page, complaints };
}

/** At the start page. */
export async function signIn(page: Page, email: string, password: string = DEMO_PASSWORD): Promise<void> {
  await page.goto('/');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Pixels by which the page is wider than the window; 0 = nothing to scroll sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)');
}

/**
 * What keeps people out who see, hear or move otherwise: WCAG 2.2 A and AA as far as a program can tell (axe-core), one line each.
 */
export async function barriers(page: Page): Promise<string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })",
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { target: readonly string[] }[] }[];
}

/** The page in both sizes, and whole at the phone's width. Returns by how much it overflows there. */
export async function photograph(page: Page, name: string): Promise<number> {
  mkdirSync(PICTURES, { recursive: true });
  const before = page.viewportSize() ?? DESKTOP;
  await take(page, `${name}-1280`, DESKTOP);
  await take(page, `${name}-360`, PHONE);
  const wide = await overflow(page);
  // As high as the page, not by scrolling: what is fixed at the edges stays there.
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  await take(page, `${name}-360-whole`, { ...PHONE, height });
  await page.setViewportSize(before);
  return wide;
}

async function take(page: Page, name: string, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await page.evaluate('window.scrollTo(0, 0)');
  // Two frames: the power plot is drawn again for the width it finds.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

// A distribution may put a script there that only asks for another package: it must say its version.
function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return runs(file, ['--version']);
  } catch {
    return false;
  }
}

function runs(command: string, parameters: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, parameters, { env, stdio: 'ignore', timeout: 170_000 }).status === 0;
}

/** The text of the file that a button gives. */
export async function savedBy(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  return readFileSync(await (await download).path(), 'utf8');
}
