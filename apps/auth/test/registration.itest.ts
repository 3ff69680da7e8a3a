// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2. Mails are those that auth asks for.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, DEMO, PASSWORD } from './auth-rig.js';
import { accountIdOf, everythingKept, linkToken, mailsOf, signIn, signInWith } from './people-rig.js';
import { auth } from '@kilowatch/contracts';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

const OTHER = 'another horse battery';
const ask = (field: string, type: string, value: Record<string, unknown>, address?: string) =>
  app.mutate(null, field, { type, value }, 'accepted', address ? { address } : {});
const register = (email: string, over: Record<string, unknown> = {}, address?: string) =>
  ask('register', 'RegisterInput', { email, password: PASSWORD, displayName: 'Dora', ...over }, address);
const confirm = (link: string, password = PASSWORD) =>
  signInWith(app, 'confirmEmail', 'ConfirmEmailInput', { link, password });
const forgot = (email: string, address?: string) =>
  ask('requestPasswordReset', 'AccountAddressInput', { email }, address);
const reset = (link: string, newPassword = OTHER) =>
  ask('resetPassword', 'ResetPasswordInput', { link, newPassword });

/** The link of the last mail to this address. */
async function lastLink(email: string) {
  const mail = (await mailsOf(app, (await accountIdOf(app, email))!)).at(-1)!;
  return { ...mail, token: await linkToken(app, mail.linkId) };
}

describe('registering', () => {
  it('signs in once the address is confirmed, with the link and the password of the registration', async () => {
    expect((await register('New@Example.org')).answer).toEqual({ accepted: true });
    expect(await signIn(app, 'new@example.org', PASSWORD)).toMatchObject({ reason: 'EMAIL_NOT_VERIFIED' });
    const { kind, token } = await lastLink('new@example.org');
    expect(kind).toBe('CONFIRM_EMAIL');
    expect((await confirm(token, 'not the password')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await confirm(token)).answer?.__typename).toBe('SignedIn');
    expect((await confirm(token)).reasons).toEqual(['AUTH_LINK']);
    expect((await signIn(app, 'new@example.org', PASSWORD)).__typename).toBe('SignedIn');
  });

  it('answers the same for an address that has an account, changes nothing, and tells its owner alone', async () => {
    const person = await app.createPerson('has@example.org');
    expect(await register('has@example.org', { password: OTHER, displayName: 'Eve' })).toEqual(
      await register('has-none@example.org'),
    );
    expect((await signIn(app, 'has@example.org', PASSWORD)).__typename).toBe('SignedIn');
    expect((await signIn(app, 'has@example.org', OTHER)).reason).toBe('WRONG_CREDENTIALS');
    expect((await mailsOf(app, person.accountId)).map(({ kind }) => kind)).toEqual(['ALREADY_REGISTERED']);
  });

  it('gives nothing to somebody who registers with the address of another: the password is asked with the link', async () => {
    await register('victim@example.org', { password: 'eve knows this one' });
    const { token } = await lastLink('victim@example.org');
    expect((await confirm(token, 'what the victim types')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await signIn(app, 'victim@example.org', 'eve knows this one')).reason).toBe('EMAIL_NOT_VERIFIED');
    // The owner of the mailbox takes it over.
    await register('victim@example.org', { password: 'the victim knows this' });
    const again = await lastLink('victim@example.org');
    expect(again.kind).toBe('ALREADY_REGISTERED');
    await reset(again.token, 'the victim knows this');
    expect((await signIn(app, 'victim@example.org', 'the victim knows this')).__typename).toBe('SignedIn');
    expect((await signIn(app, 'victim@example.org', 'eve knows this one')).reason).toBe('WRONG_CREDENTIALS');
  });

  it.each([
    ['a password that everybody tries', { password: 'Password2026!' }, 'AUTH_PASSWORD_COMMON'],
    ['the own address as password', { password: 'same@example.org' }, 'AUTH_PASSWORD_PERSONAL'],
    ['no address', { email: 'nonsense' }, 'AUTH_EMAIL'],
    ['no name', { displayName: ' ' }, 'AUTH_NAME'],
    ['another tenant', { tenant: 'other' }, 'AUTH_REGISTRATION_CLOSED'],
  ])('refuses %s', async (_what, over, reason) => {
    expect((await register('same@example.org', over)).reasons).toEqual([reason]);
    expect(await accountIdOf(app, 'same@example.org')).toBeUndefined();
  });

  it('makes drivers only, whatever is asked for', async () => {
    expect((await register('boss@example.org', { role: 'ADMIN' })).codes).toEqual(['BAD_USER_INPUT']);
    await register('boss@example.org');
    const [row] = await app.rig.sql('select role, email_verified_at from account where email = $1', [
      'boss@example.org',
    ]);
    expect(row).toEqual({ role: 'driver', email_verified_at: null });
  });

  it('is limited by network', async () => {
    const from = (n: number) => register(`flood-${n}@example.org`, {}, '203.0.113.5');
    const answers = await Promise.all(Array.from({ length: 21 }, (_, n) => from(n)));
    expect(answers.filter(({ codes }) => codes[0] === 'RATE_LIMITED')).toHaveLength(1);
    expect((await register('elsewhere@example.org', {}, '203.0.113.6')).answer).toEqual({ accepted: true });
  });

  it('may be asked for the mail again: the last link counts, three in an hour, and for nobody else', async () => {
    await register('again@example.org');
    const first = await lastLink('again@example.org');
    const again = (email: string) => ask('requestEmailConfirmation', 'AccountAddressInput', { email });
    for (let i = 0; i < 4; i += 1)
      expect((await again('again@example.org')).answer).toEqual({ accepted: true });
    const id = (await accountIdOf(app, 'again@example.org'))!;
    expect(await mailsOf(app, id)).toHaveLength(3);
    expect((await confirm(first.token)).reasons).toEqual(['AUTH_LINK']);
    expect((await confirm((await lastLink('again@example.org')).token)).answer?.__typename).toBe('SignedIn');
    expect((await again('nobody@example.org')).answer).toEqual({ accepted: true });
    const person = await app.createPerson('confirmed@example.org');
    await again('confirmed@example.org');
    expect(await mailsOf(app, person.accountId)).toEqual([]);
  });
});

describe('an account that an administrator makes', () => {
  const invite = (over: Record<string, unknown>) =>
    app.mutate<{ account: { id: string; role: string } }>(
      admin,
      'createAccount',
      { type: 'CreateAccountInput', value: { displayName: 'Ina', role: 'OPERATOR', ...over } },
      'account { id role }',
    );

  it('without a password invites the person, who chooses one with the link within a week', async () => {
    expect((await invite({ email: 'ina@example.org' })).answer?.account.role).toBe('OPERATOR');
    for (const password of ['', PASSWORD])
      expect((await signIn(app, 'ina@example.org', password)).reason).toBe('WRONG_CREDENTIALS');
    const { kind, token, linkId } = await lastLink('ina@example.org');
    expect(kind).toBe('INVITED');
    const [link] = await app.rig.sql<{ days: string }>(
      `select extract(epoch from expires_at - created_at) / 86400 as days from account_link where id = $1`,
      [linkId],
    );
    expect(Number(link!.days)).toBeCloseTo(7, 3);
    expect((await reset(token)).answer).toEqual({ accepted: true });
    expect((await signIn(app, 'ina@example.org', OTHER)).__typename).toBe('SignedIn');
    expect((await reset(token)).reasons).toEqual(['AUTH_LINK']);
    const [entry] = await app.rig.sql<{ details: object }>(
      `select details from audit_entry where action = 'account.created' and details ? 'invited'`,
    );
    expect(entry!.details).toEqual({ role: 'operator', invited: true });
  });

  it('with a password gets no mail, and one who was invited too late asks for a new link', async () => {
    const { answer } = await invite({ email: 'paul@example.org', password: PASSWORD });
    expect(await mailsOf(app, answer!.account.id)).toEqual([]);
    await invite({ email: 'late@example.org' });
    const { token, linkId } = await lastLink('late@example.org');
    await app.rig.sql(`update account_link set expires_at = now() - interval '1 second' where id = $1`, [
      linkId,
    ]);
    expect((await reset(token)).reasons).toEqual(['AUTH_LINK']);
    await forgot('late@example.org');
    expect((await reset((await lastLink('late@example.org')).token)).answer).toEqual({ accepted: true });
  });
});

describe('a forgotten password', () => {
  it('is replaced with a link that works once and ends every sign-in', async () => {
    const person = await app.createPerson('forgot@example.org');
    const { refreshToken } = await signIn(app, 'forgot@example.org', PASSWORD);
    expect(await forgot('Forgot@example.org')).toEqual(await forgot('unknown@example.org'));
    const { token, kind } = await lastLink('forgot@example.org');
    expect(kind).toBe('RESET_PASSWORD');
    expect((await reset(token, 'short')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await reset(token)).answer).toEqual({ accepted: true });
    expect((await reset(token)).reasons).toEqual(['AUTH_LINK']);
    expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await signIn(app, 'forgot@example.org', PASSWORD)).reason).toBe('WRONG_CREDENTIALS');
    expect((await signIn(app, 'forgot@example.org', OTHER)).__typename).toBe('SignedIn');
    expect((await mailsOf(app, person.accountId)).at(-1)?.kind).toBe('PASSWORD_CHANGED');
  });

  it('cannot be replaced with an old link, one for something else, one that was replaced, or a forged one', async () => {
    await app.createPerson('links@example.org');
    await forgot('links@example.org');
    const first = await lastLink('links@example.org');
    await forgot('links@example.org');
    const second = await lastLink('links@example.org');
    expect((await reset(first.token)).reasons).toEqual(['AUTH_LINK']);
    await register('confirms@example.org');
    const confirms = await lastLink('confirms@example.org');
    const forged = `${confirms.token.split('.').slice(0, 2).join('.')}.${second.token.split('.')[2]}`;
    for (const token of [confirms.token, forged, '', 'x', second.token.replace('demo', 'other')])
      expect((await reset(token)).reasons, token).toEqual(['AUTH_LINK']);
    await app.rig.sql(`update account_link set expires_at = now() - interval '1 second' where id = $1`, [
      second.linkId,
    ]);
    expect((await reset(second.token)).reasons).toEqual(['AUTH_LINK']);
    expect((await signIn(app, 'links@example.org', PASSWORD)).__typename).toBe('SignedIn');
  });

  it('sends nothing to an account that is switched off, and takes no link of it', async () => {
    const person = await app.createPerson('off@example.org');
    await app.rig.graphql(
      admin,
      'mutation($input: SetAccountActiveInput!) { setAccountActive(input: $input) { account { id } } }',
      { input: { accountId: person.accountId, active: false, reason: 'left' } },
    );
    await forgot('off@example.org');
    await register('off@example.org');
    expect(await mailsOf(app, person.accountId)).toEqual([]);
  });

  it('is used by one of two that come at once', async () => {
    await app.createPerson('twice@example.org');
    await forgot('twice@example.org');
    const { token } = await lastLink('twice@example.org');
    const answers = await Promise.all([
      reset(token, 'first horse battery'),
      reset(token, 'second horse battery'),
    ]);
    expect(answers.map(({ reasons }) => reasons[0]).sort()).toEqual(['AUTH_LINK', undefined]);
  });
});

describe('a new password', () => {
  const change = (asker: Parameters<AuthRig['mutate']>[0], oldPassword: string, newPassword: string) =>
    app.mutate(
      asker,
      'changePassword',
      { type: 'ChangePasswordInput', value: { oldPassword, newPassword } },
      'ended',
    );

  it('needs the old one, ends the other sign-ins and is told by mail', async () => {
    const person = await app.createPerson('change@example.org');
    const { refreshToken } = await signIn(app, 'change@example.org', PASSWORD);
    expect((await change(person, 'not the password', OTHER)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await change(person, PASSWORD, 'change@example.org')).reasons).toEqual([
      'AUTH_PASSWORD_PERSONAL',
    ]);
    expect((await change(person, PASSWORD, OTHER)).answer).toEqual({ ended: 1 });
    expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await signIn(app, 'change@example.org', OTHER)).__typename).toBe('SignedIn');
    expect((await mailsOf(app, person.accountId)).map(({ kind }) => kind)).toEqual(['PASSWORD_CHANGED']);
  });

  it('is not written over by somebody who knew the old one and asks at the same moment', async () => {
    const person = await app.createPerson('raced@example.org');
    const answers = await Promise.all([
      change(person, PASSWORD, 'first horse battery'),
      change(person, PASSWORD, 'second horse battery'),
    ]);
    expect(answers.map(({ reasons }) => reasons[0]).sort()).toEqual(['AUTH_SIGN_IN_OVERTAKEN', undefined]);
  });

  it('is not found by guessing the old one with a stolen access token', async () => {
    const person = await app.createPerson('guessed@example.org');
    for (let i = 0; i < 10; i += 1) await change(person, `guess number ${i}`, OTHER);
    expect((await change(person, PASSWORD, OTHER)).codes).toEqual(['RATE_LIMITED']);
  });
});

it('keeps and tells the secret of no link anywhere, and gives it out as long as it opens something', async () => {
  await app.createPerson('canary@example.org');
  await forgot('canary@example.org');
  const { token, linkId } = await lastLink('canary@example.org');
  const kept = await everythingKept(app);
  expect(kept).toContain(linkId);
  const secret = token.split('.')[2]!;
  for (const canary of [secret, Buffer.from(secret, 'base64url').toString('latin1')])
    expect(kept).not.toContain(canary);
  await reset(token);
  const people = app.rig.grpc(auth.PeopleServiceClient);
  await expect(people.getLink({ linkId }, DEMO)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  await expect(people.getLink({ linkId: 'nonsense' }, DEMO)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
});

it('lets people sign in before they confirm where the setting says so', async () => {
  const open = await AuthRig.start({
    KW_VERIFIED_EMAIL_ONLY: 'false',
    KW_REGISTRATION_TENANTS: 'demo, other',
  });
  const registered = await open.mutate(
    null,
    'register',
    { type: 'RegisterInput', value: { email: 'free@example.org', password: PASSWORD, displayName: 'Free' } },
    'accepted',
  );
  expect(registered.answer).toEqual({ accepted: true });
  expect((await signIn(open, 'free@example.org', PASSWORD)).__typename).toBe('SignedIn');
  await open.close();
});
