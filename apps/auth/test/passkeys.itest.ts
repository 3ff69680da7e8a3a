// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, CBOR, COSE keys and ES256 signatures of an authenticator.
import {
  VirtualAuthenticator,
  type Asker,
  type CreationOptions,
  type Misbehaviour,
  type RequestOptions,
  type TestPrincipal,
} from '@kilowatch/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, PASSWORD } from './auth-rig.js';
import { mailsOf, MovedClock, signIn, signInWith } from './people-rig.js';

const ORIGIN = 'https://charge.example';
const RP_ID = 'charge.example';
const clock = new MovedClock();
let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start(
    { KW_PASSKEY_RP_ID: RP_ID, KW_PASSKEY_ORIGINS: `${ORIGIN}, https://app.charge.example` },
    clock,
  );
});
afterAll(() => app.close());

interface Ceremony<Options> {
  readonly ticket: string;
  readonly options: Options;
}
const start = (asker: Asker, password = PASSWORD) =>
  app.mutate<Ceremony<CreationOptions>>(
    asker,
    'startPasskey',
    { type: 'StartPasskeyInput', value: { password } },
    'ticket options',
  );
const finish = (asker: Asker, ticket: string, response: object, name = 'Phone') =>
  app.mutate<{ passkey: { id: string; name: string } }>(
    asker,
    'finishPasskey',
    { type: 'FinishPasskeyInput', value: { ticket, response, name } },
    'passkey { id name }',
  );
async function startSignIn(): Promise<Ceremony<RequestOptions>> {
  const { data } = await app.rig.graphql<{ startPasskeySignIn: Ceremony<RequestOptions> }>(
    null,
    'mutation { startPasskeySignIn { ticket options } }',
  );
  return data!.startPasskeySignIn;
}
const finishSignIn = async (ticket: string, response: unknown) =>
  (await signInWith(app, 'finishPasskeySignIn', 'FinishPasskeySignInInput', { ticket, response })).answer!;
async function signInBy(phone: VirtualAuthenticator, wrong: Misbehaviour = {}) {
  const { ticket, options } = await startSignIn();
  return finishSignIn(ticket, phone.get(options, wrong));
}
const list = async (asker: Asker) =>
  (
    await app.rig.graphql<{
      myPasskeys: { id: string; name: string; backedUp: boolean; lastUsedAt: string | null }[];
    }>(asker, '{ myPasskeys { id name backedUp lastUsedAt } }')
  ).data!.myPasskeys;

async function withPasskey(email: string, role: TestPrincipal['role'] = 'driver', synced = false) {
  const person = await app.createPerson(email, role);
  const phone = new VirtualAuthenticator(ORIGIN, synced);
  const { ticket, options } = (await start(person)).answer!;
  const { passkey } = (await finish(person, ticket, phone.create(options))).answer!;
  return { person, phone, passkeyId: passkey.id, email };
}

describe('a passkey', () => {
  it('is added with the password and signs in without one, without naming anybody', async () => {
    const { person, phone } = await withPasskey('anna@example.org', 'operator');
    const answer = await signInBy(phone);
    expect(answer).toMatchObject({ __typename: 'SignedIn', account: { id: person.accountId } });
    expect(decodeJwt(answer.accessToken)).toMatchObject({
      sub: person.accountId,
      role: 'operator',
      tenant: 'demo',
    });
    expect((await signInBy(phone)).__typename).toBe('SignedIn');
    expect(await list(person)).toMatchObject([
      { name: 'Phone', backedUp: false, lastUsedAt: expect.any(String) },
    ]);
    expect((await mailsOf(app, person.accountId)).map(({ kind }) => kind)).toEqual(['PASSKEY_ADDED']);
  });

  it('asks for what signs in alone: discoverable, with the person verified, of our domain', async () => {
    const person = await app.createPerson('asks@example.org');
    const { options } = (await start(person)).answer!;
    expect(options).toMatchObject({
      rp: { id: RP_ID, name: 'Kilowatch' },
      user: { id: Buffer.from(person.accountId).toString('base64url'), name: 'asks@example.org' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect((await startSignIn()).options).toMatchObject({ rpId: RP_ID, userVerification: 'required' });
    expect((await startSignIn()).options).not.toHaveProperty('allowCredentials.0');
  });

  it('that is synced has no counter and signs in all the same', async () => {
    const { person, phone } = await withPasskey('synced@example.org', 'driver', true);
    for (let i = 0; i < 2; i += 1) expect((await signInBy(phone)).__typename).toBe('SignedIn');
    expect((await list(person))[0]?.backedUp).toBe(true);
  });

  it('counts where the tenant wants a second factor, and asks for no code where one is set up', async () => {
    const { phone, email } = await withPasskey('strong@example.org', 'operator');
    const policy = (roles: string[]) =>
      app.mutate(
        admin,
        'setSignInPolicy',
        { type: 'SignInPolicyInput', value: { secondFactorRoles: roles } },
        '__typename',
      );
    await policy(['OPERATOR']);
    expect((await signIn(app, email, PASSWORD)).__typename).toBe('SecondFactorNeeded');
    expect((await signInBy(phone)).__typename).toBe('SignedIn');
    await policy([]);
  });

  it('is renamed and removed by its owner alone; removed, it opens nothing', async () => {
    const { person, phone, passkeyId } = await withPasskey('owner@example.org');
    const stranger = await app.createPerson('stranger@example.org');
    const rename = (asker: Asker, id: string, name: string) =>
      app.mutate(
        asker,
        'renamePasskey',
        { type: 'RenamePasskeyInput', value: { passkeyId: id, name } },
        'passkey { name }',
      );
    const remove = (asker: Asker, id: string) =>
      app.mutate(
        asker,
        'removePasskey',
        { type: 'RemovePasskeyInput', value: { passkeyId: id } },
        'accepted',
      );
    expect((await rename(stranger, passkeyId, 'mine')).codes).toEqual(['NOT_FOUND']);
    expect((await remove(stranger, passkeyId)).codes).toEqual(['NOT_FOUND']);
    expect((await remove(null, passkeyId)).codes).toEqual(['UNAUTHENTICATED']);
    expect(await list(stranger)).toEqual([]);
    expect((await rename(person, passkeyId, ' ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await rename(person, passkeyId, ' Key ring ')).answer).toEqual({ passkey: { name: 'Key ring' } });
    expect((await remove(person, passkeyId)).answer).toEqual({ accepted: true });
    expect(await signInBy(phone)).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    expect((await mailsOf(app, person.accountId)).at(-1)?.kind).toBe('PASSKEY_REMOVED');
    const audit = await app.rig.sql<{ action: string }>(
      'select action from audit_entry where target_id = $1 order by id',
      [passkeyId],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'passkey.added',
      'passkey.renamed',
      'passkey.removed',
    ]);
  });

  it('of an account that is switched off opens nothing', async () => {
    const { person, phone } = await withPasskey('off@example.org');
    await app.mutate(
      admin,
      'setAccountActive',
      {
        type: 'SetAccountActiveInput',
        value: { accountId: person.accountId, active: false, reason: 'left' },
      },
      'account { id }',
    );
    expect(await signInBy(phone)).toMatchObject({ reason: 'INACTIVE' });
  });
});

describe('adding a passkey is refused', () => {
  it.each<[string, Misbehaviour]>([
    ['from another origin', { origin: 'https://charge.example.evil.test' }],
    ['for another relying party', { rpId: 'evil.test' }],
    ['with another challenge', { challenge: 'AAAA' }],
    ['without the person verified', { unverified: true }],
    ['with the answer of a sign-in', { type: 'webauthn.get' }],
  ])('%s', async (what, wrong) => {
    const person = await app.createPerson(`add-${what.replaceAll(' ', '-')}@example.org`);
    const { ticket, options } = (await start(person)).answer!;
    const answer = await finish(person, ticket, new VirtualAuthenticator(ORIGIN).create(options, wrong));
    expect(answer.reasons).toEqual(['AUTH_PASSKEY']);
    expect(await list(person)).toEqual([]);
  });

  it('without the password, or by a stranger, or with an answer that is none', async () => {
    const person = await app.createPerson('adds@example.org');
    expect((await start(person, 'not the password')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await start(null)).codes).toEqual(['UNAUTHENTICATED']);
    for (const response of [{}, { id: 'x' }, { id: 5, response: null }, []]) {
      const { ticket } = (await start(person)).answer!;
      expect((await finish(person, ticket, response)).codes).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('with the ticket of somebody else, one that was used, one for something else, and one too old', async () => {
    const [person, other] = [
      await app.createPerson('t1@example.org'),
      await app.createPerson('t2@example.org'),
    ];
    const phone = new VirtualAuthenticator(ORIGIN);
    const theirs = (await start(other)).answer!;
    expect((await finish(person, theirs.ticket, phone.create(theirs.options))).reasons).toEqual([
      'AUTH_CHALLENGE',
    ]);
    const { ticket, options } = (await start(person)).answer!;
    expect((await finish(person, ticket, phone.create(options))).codes).toEqual([]);
    expect((await finish(person, ticket, new VirtualAuthenticator(ORIGIN).create(options))).reasons).toEqual([
      'AUTH_CHALLENGE',
    ]);
    const signInTicket = await startSignIn();
    expect((await finish(person, signInTicket.ticket, phone.create(options))).reasons).toEqual([
      'AUTH_CHALLENGE',
    ]);
    const late = (await start(other)).answer!;
    clock.forward(301_000);
    expect(
      (await finish(other, late.ticket, new VirtualAuthenticator(ORIGIN).create(late.options))).reasons,
    ).toEqual(['AUTH_CHALLENGE']);
  });

  it('that was begun with a password which is another by now', async () => {
    const person = await app.createPerson('changes@example.org');
    const { ticket, options } = (await start(person)).answer!;
    clock.forward(1_000);
    const value = { oldPassword: PASSWORD, newPassword: 'another horse battery' };
    const changed = await app.mutate(
      person,
      'changePassword',
      { type: 'ChangePasswordInput', value },
      'ended',
    );
    expect(changed.codes).toEqual([]);
    expect((await finish(person, ticket, new VirtualAuthenticator(ORIGIN).create(options))).reasons).toEqual([
      'AUTH_CHALLENGE',
    ]);
  });

  it('for a key that somebody has already', async () => {
    const { person, phone } = await withPasskey('first@example.org');
    const again = (await start(person)).answer!;
    expect(() => phone.create(again.options)).toThrow('InvalidStateError');
    const other = await app.createPerson('second@example.org');
    const { ticket, options } = (await start(other)).answer!;
    const made = new VirtualAuthenticator(ORIGIN).create(options) as { id: string };
    await app.rig.sql('update passkey set credential_id = $1 where account_id = $2', [
      made.id,
      person.accountId,
    ]);
    expect((await finish(other, ticket, made)).codes).toEqual(['CONFLICT']);
  });
});

describe('signing in with a passkey is refused', () => {
  it.each<[string, Misbehaviour]>([
    ['from another origin', { origin: 'https://evil.test' }],
    ['for another relying party', { rpId: 'evil.test' }],
    ['with another challenge', { challenge: 'AAAA' }],
    ['without the person verified', { unverified: true }],
    ['with another key', { foreignKey: true }],
    ['with the answer of a registration', { type: 'webauthn.create' }],
    ['with the handle of another account', { userHandle: '018f2c9e-0000-7000-8000-000000000001' }],
    ['without a handle', { userHandle: '' }],
  ])('%s', async (what, wrong) => {
    const { phone } = await withPasskey(`in-${what.replaceAll(' ', '-')}@example.org`);
    expect(await signInBy(phone, wrong)).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    expect((await signInBy(phone)).__typename).toBe('SignedIn');
  });

  it('when its counter goes back or stands still: the key was copied, and that is on record', async () => {
    const { phone, passkeyId } = await withPasskey('copied@example.org');
    expect((await signInBy(phone, { counter: 10 })).__typename).toBe('SignedIn');
    for (const counter of [10, 9, 0])
      expect(await signInBy(phone, { counter }), String(counter)).toMatchObject({
        reason: 'WRONG_CREDENTIALS',
      });
    expect((await signInBy(phone, { counter: 11 })).__typename).toBe('SignedIn');
    const audit = await app.rig.sql<{ details: object }>(
      `select details from audit_entry where target_id = $1 and action = 'passkey.refused' order by id`,
      [passkeyId],
    );
    expect(audit.map(({ details }) => details)).toEqual([
      { held: 10, shown: 10 },
      { held: 10, shown: 9 },
      { held: 10, shown: 0 },
    ]);
  });

  it('a second time with one answer, also at once, and after five minutes', async () => {
    const { phone } = await withPasskey('replayed@example.org', 'driver', true);
    const { ticket, options } = await startSignIn();
    const response = phone.get(options);
    const answers = await Promise.all([finishSignIn(ticket, response), finishSignIn(ticket, response)]);
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['SignInRefused', 'SignedIn']);
    const late = await startSignIn();
    const signed = phone.get(late.options);
    clock.forward(301_000);
    expect(await finishSignIn(late.ticket, signed)).toMatchObject({ reason: 'CHALLENGE_INVALID' });
  });

  it('with a key nobody has, and with answers that are none', async () => {
    const { person, phone } = await withPasskey('gone@example.org');
    await app.rig.sql('delete from passkey where account_id = $1', [person.accountId]);
    expect(await signInBy(phone)).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    for (const response of [{}, [], null, 'x', { id: 'x'.repeat(5_000) }, { id: 'x', response: {} }]) {
      const { ticket } = await startSignIn();
      const { answer, codes } = await signInWith(app, 'finishPasskeySignIn', 'FinishPasskeySignInInput', {
        ticket,
        response,
      });
      expect(answer?.reason ?? codes[0], JSON.stringify(response)?.slice(0, 40)).toMatch(
        /WRONG_CREDENTIALS|BAD_USER_INPUT/,
      );
    }
    expect(await finishSignIn('nonsense', {})).toMatchObject({ reason: 'CHALLENGE_INVALID' });
  });
});
