import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCredentials } from './credentials.js';
import { AccessTokens, login } from './sign-in.js';

const LIFETIME_S = 900;
const KEY = new TextEncoder().encode('a key of this test only, long enough');

// Auth as kw sees it: a refresh token is good once, its second use revokes everything.
let server: Server;
let url: string;
let folder: string;
let file: string;
let valid: string;
let spent: string[];
let revoked: boolean;
/** What a first step leaves open, and what was shown for it. */
let wanted: { challenge: string; enrolmentNeeded: boolean };
let proofs: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-kw-'));
  file = join(folder, 'kw.json');
  valid = 'refresh-0';
  spent = [];
  revoked = false;
  wanted = { challenge: 'second step', enrolmentNeeded: false };
  proofs = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { variables } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        variables: { input: Asked };
      };
      void answer(variables.input).then((data) => response.end(JSON.stringify({ data })));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  readonly refreshToken?: string;
  readonly password?: string;
  readonly challenge?: string;
  readonly code?: string;
  readonly recoveryCode?: string;
}

async function answer({ refreshToken, password, challenge, code, recoveryCode }: Asked) {
  if (challenge !== undefined) {
    proofs.push(code ?? `recovery ${recoveryCode}`);
    const reason = challenge === 'spent' ? 'CHALLENGE_INVALID' : 'WRONG_CREDENTIALS';
    const refused = { __typename: 'SignInRefused', reason, message: 'This took too long.' };
    const right = challenge === 'second step' && (code === '123456' || recoveryCode === '7k2m-9x4q');
    return { completeSignIn: right ? await signedIn() : refused };
  }
  if (password === 'right, and a code') return { signIn: { __typename: 'SecondFactorNeeded', ...wanted } };
  if (password !== undefined) {
    const refused = { __typename: 'SignInRefused', message: 'E-mail or password is wrong.' };
    return { signIn: password === 'right' ? await signedIn() : refused };
  }
  if (refreshToken !== valid || revoked) {
    revoked = true;
    return { refreshSession: { __typename: 'SignInRefused', message: 'The sign-in has ended.' } };
  }
  spent.push(refreshToken);
  valid = `refresh-${spent.length}`;
  return { refreshSession: await signedIn() };
}

async function signedIn() {
  const accessToken = await new SignJWT({ n: spent.length })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_S}s`)
    .sign(KEY);
  return { __typename: 'SignedIn', accessToken, refreshToken: valid };
}

const signInHere = () =>
  writeFileSync(file, JSON.stringify({ url, email: 'a@b.cd', refreshToken: 'refresh-0' }));

describe('kw login', () => {
  it('keeps the refresh token, and nothing else secret, in a file for its owner alone', async () => {
    const deep = join(folder, 'not', 'there', 'kw.json');
    await login(deep, url, 'a@b.cd', 'right');
    expect(JSON.parse(readFileSync(deep, 'utf8'))).toEqual({ url, email: 'a@b.cd', refreshToken: valid });
    expect(statSync(deep).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'not', 'there'))).toEqual(['kw.json']);
  });

  it('says why it is refused, and keeps the sign-in that was there', async () => {
    signInHere();
    await expect(login(file, url, 'a@b.cd', 'wrong')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'E-mail or password is wrong.',
    });
    expect(readCredentials(file).refreshToken).toBe('refresh-0');
    await expect(login(file, url, 'a@b.cd', undefined)).rejects.toThrow(/^who\? kw login EMAIL PASSWORD/);
  });
});

describe('kw login of an account with a second factor', () => {
  const withCode = (source: Parameters<typeof login>[4]) =>
    login(file, url, 'a@b.cd', 'right, and a code', source);

  it('takes the code of the app or a recovery code, as an option or from the person', async () => {
    await withCode({ code: '123 456' });
    await withCode({ code: '7k2m-9x4q', ask: () => Promise.reject(new Error('not asked')) });
    await withCode({ ask: () => Promise.resolve(' 123456 ') });
    expect(proofs).toEqual(['123456', 'recovery 7k2m-9x4q', '123456']);
    expect(readCredentials(file).refreshToken).toBe(valid);
  });

  it('says what is missing where nobody can be asked', async () => {
    await expect(withCode({})).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/is wanted: kw login EMAIL PASSWORD \[--code CODE\]/) as string,
    });
    await expect(withCode({ ask: () => Promise.resolve('') })).rejects.toThrow(/is wanted/);
    expect(proofs).toEqual([]);
  });

  it('says why a code was refused, and keeps the sign-in that was there', async () => {
    signInHere();
    await expect(withCode({ code: '000000' })).rejects.toThrow('The code is wrong, or was used already');
    wanted = { challenge: 'spent', enrolmentNeeded: false };
    await expect(withCode({ code: '123456' })).rejects.toThrow('This took too long.');
    expect(readCredentials(file).refreshToken).toBe('refresh-0');
  });

  it('leads to the portal where a second factor is wanted and none is set up', async () => {
    wanted = { challenge: 'second step', enrolmentNeeded: true };
    await expect(withCode({ code: '123456' })).rejects.toThrow(/sign in to the portal and set one up/);
    expect(proofs).toEqual([]);
  });
});

describe('access tokens', () => {
  it('are fetched once for all that is asked meanwhile, and again shortly before they end', async () => {
    signInHere();
    let now = 0;
    const tokens = new AccessTokens(file, () => now);
    const [first, second] = await Promise.all([tokens.token(), tokens.token()]);
    expect(second).toBe(first);
    now = (LIFETIME_S - 31) * 1_000;
    expect(await tokens.token()).toBe(first);
    now = (LIFETIME_S - 29) * 1_000;
    expect(await tokens.token()).not.toBe(first);
    expect(spent).toEqual(['refresh-0', 'refresh-1']);
    expect(readCredentials(file).refreshToken).toBe('refresh-2');
  });

  it('never spend one refresh token twice, however many commands begin at once', async () => {
    signInHere();
    const many = Array.from({ length: 8 }, () => new AccessTokens(file).token());
    await Promise.all(many);
    expect(revoked).toBe(false);
    expect(new Set(spent).size).toBe(8);
  });

  it('ask to sign in again when the sign-in has ended', async () => {
    signInHere();
    revoked = true;
    await expect(new AccessTokens(file).token()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The sign-in has ended. (kw login EMAIL PASSWORD)',
    });
    expect(readdirSync(folder)).toEqual(['kw.json']);
  });

  it('ask to sign in where nobody has', async () => {
    await expect(new AccessTokens(file).token()).rejects.toThrow(/^not signed in: kw login EMAIL PASSWORD/);
  });
});
