// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { type Asker } from '@kilowatch/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, PASSWORD, ROOT_EMAIL } from './auth-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

describe('signing in', () => {
  it('gives the bootstrapped administrator a token that the published key verifies', async () => {
    const signedIn = await app.signIn(ROOT_EMAIL.toUpperCase(), PASSWORD);
    expect(signedIn.__typename).toBe('SignedIn');
    const keys = createRemoteJWKSet(
      new URL(`http://127.0.0.1:${app.rig.running.httpPort}/.well-known/jwks.json`),
    );
    const { payload, protectedHeader } = await jwtVerify(signedIn.accessToken, keys, {
      audience: 'kilowatch',
    });
    expect(payload).toMatchObject({ sub: signedIn.account.id, tenant: 'demo', role: 'admin' });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('says the same of a wrong password and of an unknown address, and limits guessing', async () => {
    await app.createPerson('guess@example.org');
    const wrong = await app.signIn('guess@example.org', 'not the password');
    expect(await app.signIn('nobody@example.org', 'not the password')).toEqual(wrong);
    for (let i = 0; i < 10; i += 1) await app.signIn('guess@example.org', `guess number ${i}`);
    expect(await app.signIn('guess@example.org', PASSWORD)).toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('limits who tries name after name from one network, and nobody elsewhere', async () => {
    await app.createPerson('inmate@example.org');
    const guesses = Array.from({ length: 50 }, (_, i) =>
      app.signIn(`name-${i}@example.org`, 'not the password', `2001:db8:1:2::${i + 1}`),
    );
    expect(new Set((await Promise.all(guesses)).map(({ reason }) => reason))).toEqual(
      new Set(['WRONG_CREDENTIALS']),
    );
    const from = (address?: string) => app.signIn('inmate@example.org', PASSWORD, address);
    expect(await from('2001:db8:1:2:ffff::1')).toMatchObject({ reason: 'RATE_LIMITED' });
    expect((await from('2001:db8:1:3::1')).__typename).toBe('SignedIn');
    expect((await from()).__typename).toBe('SignedIn');
    expect(await from('2001:db8:1:2::1')).toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('rotates refresh tokens and ends the family when one is used twice', async () => {
    await app.createPerson('refresh@example.org');
    const first = (await app.signIn('refresh@example.org', PASSWORD)).refreshToken;
    const second = (await app.refresh(first)).refreshToken!;
    expect(second).not.toBe(first);
    expect(await app.refresh(first)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect(await app.refresh(second)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
  });

  it('refuses a second account with the same address, and an account without a right', async () => {
    const driver = await app.createPerson('taken@example.org');
    const create = (asker: Asker) => app.createAccount(asker, { email: 'taken@example.org', role: 'ADMIN' });
    expect((await create(admin)).codes).toEqual(['CONFLICT']);
    expect((await create(driver)).codes).toEqual(['FORBIDDEN']);
    expect((await create(null)).codes).toEqual(['UNAUTHENTICATED']);
  });
});
