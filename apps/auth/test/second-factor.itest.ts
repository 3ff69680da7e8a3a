// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, argon2, codes as an authenticator app makes them.
import { Secret, TOTP } from 'otpauth';
import type { Asker, TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, AuthRig, operator, PASSWORD } from './auth-rig.js';
import { everythingKept, mailsOf, MovedClock, signIn, signInWith } from './people-rig.js';

const clock = new MovedClock();
let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start({}, clock);
});
afterAll(() => app.close());
/** So that no test meets a step that the one before has used. */
beforeEach(() => clock.forward(31_000));

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
const wrong = (secret: string) => String((Number(codeOf(secret)) + 1) % 1_000_000).padStart(6, '0');

const start = (asker: Asker, value: Record<string, unknown>) =>
  app.mutate<{ secret: string; uri: string }>(
    asker,
    'startTotp',
    { type: 'StartTotpInput', value },
    'secret uri',
  );
const confirm = (asker: Asker, value: Record<string, unknown>) =>
  app.mutate<{ recoveryCodes: string[]; signedIn: { accessToken: string } | null }>(
    asker,
    'confirmTotp',
    { type: 'ConfirmTotpInput', value },
    'recoveryCodes signedIn { accessToken }',
  );
const complete = async (value: Record<string, unknown>) =>
  (await signInWith(app, 'completeSignIn', 'CompleteSignInInput', value)).answer!;
const security = async (asker: Asker) =>
  (
    await app.rig.graphql<{ mySecurity: Record<string, unknown> }>(
      asker,
      '{ mySecurity { emailConfirmed totpSince recoveryCodesLeft secondFactorWanted } }',
    )
  ).data!.mySecurity;

/** Somebody with a second factor. */
async function enrolled(email: string, role: TestPrincipal['role'] = 'driver') {
  const person = await app.createPerson(email, role);
  const { secret } = (await start(person, { password: PASSWORD })).answer!;
  const { recoveryCodes } = (await confirm(person, { code: codeOf(secret) })).answer!;
  clock.forward(31_000);
  return { person, email, secret, recoveryCodes };
}

describe('setting up codes by time', () => {
  it('counts from the first right code on; before, the password is enough', async () => {
    const person = await app.createPerson('setup@example.org');
    expect((await start(person, { password: 'not the password' })).codes).toEqual(['UNAUTHENTICATED']);
    const { secret, uri } = (await start(person, { password: PASSWORD })).answer!;
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toContain('otpauth://totp/Kilowatch:setup%40example.org');
    expect((await signIn(app, 'setup@example.org', PASSWORD)).__typename).toBe('SignedIn');
    expect((await confirm(person, { code: wrong(secret) })).reasons).toEqual(['AUTH_CODE']);
    const { recoveryCodes, signedIn } = (await confirm(person, { code: codeOf(secret) })).answer!;
    expect([new Set(recoveryCodes).size, signedIn]).toEqual([10, null]);
    expect((await signIn(app, 'setup@example.org', PASSWORD)).__typename).toBe('SecondFactorNeeded');
    expect(await security(person)).toMatchObject({ totpSince: expect.any(String), recoveryCodesLeft: 10 });
    expect(await mailsOf(app, person.accountId)).toMatchObject([{ kind: 'SECOND_FACTOR_ON' }]);
  });

  it('is done once, and not by whoever holds an access token alone', async () => {
    const { person, secret } = await enrolled('once@example.org');
    expect((await start(person, { password: PASSWORD })).codes).toEqual(['CONFLICT']);
    expect((await confirm(person, { code: codeOf(secret) })).codes).toEqual(['CONFLICT']);
    expect((await start(null, { password: PASSWORD })).codes).toEqual(['UNAUTHENTICATED']);
    expect((await start(person, {})).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('keeps neither secret nor recovery codes as they are', async () => {
    const { secret, recoveryCodes } = await enrolled('kept@example.org');
    const kept = await everythingKept(app);
    const bytes = Buffer.from(Secret.fromBase32(secret).bytes).toString('latin1');
    for (const canary of [secret, bytes, ...recoveryCodes]) expect(kept).not.toContain(canary);
  });
});

describe('signing in with a second factor', () => {
  it('takes the password, then a code, each challenge once', async () => {
    const { email, secret } = await enrolled('two@example.org');
    const { challenge, enrolmentNeeded } = await signIn(app, email, PASSWORD);
    expect(enrolmentNeeded).toBe(false);
    expect(await complete({ challenge, code: wrong(secret) })).toMatchObject({ reason: 'WRONG_CREDENTIALS' });
    expect((await complete({ challenge, code: codeOf(secret) })).__typename).toBe('SignedIn');
    clock.forward(31_000);
    expect(await complete({ challenge, code: codeOf(secret) })).toMatchObject({
      reason: 'CHALLENGE_INVALID',
    });
  });

  it('refuses a code that was used, also with another challenge', async () => {
    const { email, secret } = await enrolled('replay@example.org');
    const code = codeOf(secret);
    const first = await signIn(app, email, PASSWORD);
    const second = await signIn(app, email, PASSWORD);
    expect((await complete({ challenge: first.challenge, code })).__typename).toBe('SignedIn');
    expect(await complete({ challenge: second.challenge, code })).toMatchObject({
      reason: 'WRONG_CREDENTIALS',
    });
  });

  it('gives one session for one code that is sent twice at once', async () => {
    const { email, secret } = await enrolled('race@example.org');
    const { challenge } = await signIn(app, email, PASSWORD);
    const code = codeOf(secret);
    const answers = await Promise.all([complete({ challenge, code }), complete({ challenge, code })]);
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['SignInRefused', 'SignedIn']);
  });

  it('stops guessing after five wrong codes, whatever challenges they come with, and tells how long', async () => {
    const { email, secret } = await enrolled('guess@example.org');
    for (let i = 0; i < 5; i += 1) {
      const { challenge } = await signIn(app, email, PASSWORD);
      expect(await complete({ challenge, code: wrong(secret) })).toMatchObject({
        reason: 'WRONG_CREDENTIALS',
      });
    }
    const { challenge } = await signIn(app, email, PASSWORD);
    expect(await complete({ challenge, code: codeOf(secret) })).toMatchObject({ reason: 'RATE_LIMITED' });
    expect(await complete({ challenge, recoveryCode: 'aaaaa-aaaaa' })).toMatchObject({
      reason: 'RATE_LIMITED',
    });
    clock.forward(61_000);
    expect((await complete({ challenge, code: codeOf(secret) })).__typename).toBe('SignedIn');
  });

  it('takes a recovery code once, however it is typed, and writes a mail', async () => {
    const { person, email, recoveryCodes } = await enrolled('lost@example.org');
    const recoveryCode = recoveryCodes[3]!.toUpperCase().replace('-', ' ');
    const first = await signIn(app, email, PASSWORD);
    expect((await complete({ challenge: first.challenge, recoveryCode })).__typename).toBe('SignedIn');
    const second = await signIn(app, email, PASSWORD);
    expect(await complete({ challenge: second.challenge, recoveryCode })).toMatchObject({
      reason: 'WRONG_CREDENTIALS',
    });
    expect((await security(person))['recoveryCodesLeft']).toBe(9);
    expect((await mailsOf(app, person.accountId)).map(({ kind }) => kind)).toContain('RECOVERY_CODE_USED');
  });

  it('ends with the password that the challenge was given for, and after five minutes', async () => {
    const { person, email, secret } = await enrolled('stale@example.org');
    const old = await signIn(app, email, PASSWORD);
    await app.mutate(
      person,
      'changePassword',
      { type: 'ChangePasswordInput', value: { oldPassword: PASSWORD, newPassword: 'another horse battery' } },
      'ended',
    );
    expect(await complete({ challenge: old.challenge, code: codeOf(secret) })).toMatchObject({
      reason: 'CHALLENGE_INVALID',
    });
    const late = await signIn(app, email, 'another horse battery');
    clock.forward(301_000);
    expect(await complete({ challenge: late.challenge, code: codeOf(secret) })).toMatchObject({
      reason: 'CHALLENGE_INVALID',
    });
  });

  it.each(['', 'nonsense', 'a.b', 'eyJhbGciOiJub25lIn0.e30.'])(
    'refuses the challenge "%s"',
    async (challenge) => {
      expect(await complete({ challenge, code: '123456' })).toMatchObject({ reason: 'CHALLENGE_INVALID' });
    },
  );
});

describe('taking it off', () => {
  const off = (asker: Asker, value: Record<string, unknown>) =>
    app.mutate(asker, 'disableTotp', { type: 'ProofInput', value }, 'accepted');

  it('wants password and code; the password is enough from then on', async () => {
    const { person, email, secret } = await enrolled('off@example.org');
    expect((await off(person, { password: 'wrong horse', code: codeOf(secret) })).codes).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect((await off(person, { password: PASSWORD, code: wrong(secret) })).reasons).toEqual(['AUTH_CODE']);
    expect((await off(person, { password: PASSWORD, code: codeOf(secret) })).answer).toEqual({
      accepted: true,
    });
    expect((await signIn(app, email, PASSWORD)).__typename).toBe('SignedIn');
    expect((await mailsOf(app, person.accountId)).at(-1)?.kind).toBe('SECOND_FACTOR_OFF');
  });

  it('renews recovery codes with the same proof: the old ones are nothing then', async () => {
    const { person, email, secret, recoveryCodes } = await enrolled('renew@example.org');
    const { answer } = await app.mutate<{ recoveryCodes: string[] }>(
      person,
      'renewRecoveryCodes',
      { type: 'ProofInput', value: { password: PASSWORD, code: codeOf(secret) } },
      'recoveryCodes',
    );
    const { challenge } = await signIn(app, email, PASSWORD);
    expect((await complete({ challenge, recoveryCode: recoveryCodes[0] })).reason).toBe('WRONG_CREDENTIALS');
    expect((await complete({ challenge, recoveryCode: answer!.recoveryCodes[0] })).__typename).toBe(
      'SignedIn',
    );
  });

  it('is done for others by administrators only, with a reason, and ends their sign-ins', async () => {
    const { person, email, secret } = await enrolled('reset@example.org');
    const { challenge } = await signIn(app, email, PASSWORD);
    const { refreshToken } = await complete({ challenge, code: codeOf(secret) });
    const reset = (asker: Asker, reason = 'phone lost') =>
      app.mutate(
        asker,
        'resetSecondFactor',
        { type: 'ResetSecondFactorInput', value: { accountId: person.accountId, reason } },
        'accepted',
      );
    expect((await reset(operator)).codes).toEqual(['FORBIDDEN']);
    expect((await reset({ ...admin, tenant: 'other' })).codes).toEqual(['NOT_FOUND']);
    expect((await reset(admin, ' ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await reset(admin)).answer).toEqual({ accepted: true });
    expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await signIn(app, email, PASSWORD)).__typename).toBe('SignedIn');
    expect((await reset(admin)).codes).toEqual(['NOT_FOUND']);
    expect((await mailsOf(app, person.accountId)).at(-1)?.kind).toBe('SECOND_FACTOR_OFF');
  });
});

describe('a tenant that wants a second factor of operators', () => {
  const policy = (asker: Asker, secondFactorRoles: string[]) =>
    app.mutate<{ secondFactorRoles: string[] }>(
      asker,
      'setSignInPolicy',
      { type: 'SignInPolicyInput', value: { secondFactorRoles } },
      'secondFactorRoles',
    );

  it('lets them in after they have set one up within the sign-in, and nobody takes it off again', async () => {
    expect((await policy(operator, ['OPERATOR'])).codes).toEqual(['FORBIDDEN']);
    expect((await policy(admin, ['OPERATOR'])).answer).toEqual({ secondFactorRoles: ['OPERATOR'] });
    const person = await app.createPerson('ops@example.org', 'operator');
    await app.createPerson('plain@example.org');
    expect((await signIn(app, 'plain@example.org', PASSWORD)).__typename).toBe('SignedIn');
    const { challenge, enrolmentNeeded } = await signIn(app, 'ops@example.org', PASSWORD);
    expect(enrolmentNeeded).toBe(true);
    expect(await complete({ challenge, code: '123456' })).toMatchObject({ reason: 'CHALLENGE_INVALID' });
    const { secret } = (await start(null, { challenge })).answer!;
    const { signedIn } = (await confirm(null, { challenge, code: codeOf(secret) })).answer!;
    expect(signedIn?.accessToken).toBeDefined();
    clock.forward(31_000);
    expect((await confirm(null, { challenge, code: codeOf(secret) })).codes).toEqual(['CONFLICT']);
    expect((await signIn(app, 'ops@example.org', PASSWORD)).enrolmentNeeded).toBe(false);
    const off = { type: 'ProofInput', value: { password: PASSWORD, code: codeOf(secret) } };
    expect((await app.mutate(person, 'disableTotp', off, 'accepted')).codes).toEqual(['FAILED_PRECONDITION']);
    await policy(admin, []);
    clock.forward(31_000);
    off.value.code = codeOf(secret);
    expect((await app.mutate(person, 'disableTotp', off, 'accepted')).answer).toEqual({ accepted: true });
  });

  it('tells it to administrators, of that tenant', async () => {
    await policy({ ...admin, tenant: 'other' }, ['ADMIN', 'OPERATOR', 'ADMIN']);
    const of = async (asker: Asker) =>
      (await app.rig.graphql<{ signInPolicy: unknown }>(asker, '{ signInPolicy { secondFactorRoles } }'))
        .data;
    expect(await of({ ...admin, tenant: 'other' })).toEqual({
      signInPolicy: { secondFactorRoles: ['ADMIN', 'OPERATOR'] },
    });
    expect(await of(admin)).toEqual({ signInPolicy: { secondFactorRoles: [] } });
  });
});
