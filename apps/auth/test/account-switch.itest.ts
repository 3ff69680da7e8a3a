// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { randomUUID } from 'node:crypto';
import { auth, events } from '@kilowatch/contracts';
import type { Asker, TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, AuthRig, DEMO, foreignOperator, operator, PASSWORD } from './auth-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

const SWITCH = `mutation($input: SetAccountActiveInput!) { setAccountActive(input: $input) { account { id active } } }`;
const set = (asker: Asker, accountId: string, active: boolean, reason = 'left the fleet') =>
  app.rig.graphql<{ setAccountActive: { account: { active: boolean } } }>(asker, SWITCH, {
    input: { accountId, active, reason },
  });
const appToken = ({ accountId }: TestPrincipal) =>
  app.service.getAppToken({ accountId, external: undefined }, DEMO);
const changesOf = async ({ accountId }: TestPrincipal) =>
  (await app.rig.published(events.accountChanged)).filter((event) => event.accountId === accountId);

describe('an account that an administrator switches off', () => {
  it('signs in no more, by password or by the refresh token it holds', async () => {
    const dora = await app.createPerson('dora@example.org');
    const { refreshToken } = await app.signIn('dora@example.org', PASSWORD);
    expect((await set(admin, dora.accountId, false)).data?.setAccountActive.account.active).toBe(false);
    expect(await app.signIn('dora@example.org', PASSWORD)).toMatchObject({ reason: 'INACTIVE' });
    expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await app.signIn('dora@example.org', 'not the password')).reason).toBe('WRONG_CREDENTIALS');
  });

  it('charges with neither app nor card', async () => {
    const carl = await app.createPerson('carl@example.org');
    await app.importTokens([{ value: '04EE0001', accountEmail: 'carl@example.org' }]);
    await appToken(carl);
    await set(admin, carl.accountId, false);
    await expect(appToken(carl)).rejects.toMatchObject({
      kind: 'PRECONDITION',
      code: 'AUTH_ACCOUNT_INACTIVE',
    });
    expect(await app.decide('04EE0001')).toMatchObject({
      status: auth.DecisionStatus.DECISION_STATUS_BLOCKED,
      reason: 'account_inactive',
    });
  });

  it('does all of it again once it is switched on, with a fresh sign-in', async () => {
    const eva = await app.createPerson('eva@example.org');
    const { refreshToken } = await app.signIn('eva@example.org', PASSWORD);
    const before = await appToken(eva);
    await set(admin, eva.accountId, false);
    await set(admin, eva.accountId, true);
    expect((await app.signIn('eva@example.org', PASSWORD)).__typename).toBe('SignedIn');
    expect(await appToken(eva)).toEqual(before);
    expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
  });

  it('is announced once per change, with who did it and why on record', async () => {
    const fred = await app.createPerson('fred@example.org');
    for (const active of [false, false, true]) await set(admin, fred.accountId, active, ' no contract ');
    const changes = await changesOf(fred);
    expect(changes.map(({ meta, active }) => [meta?.aggregateVersion, active])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    const [row] = await app.rig.sql('select status_reason from account where id = $1', [fred.accountId]);
    expect(row).toEqual({ status_reason: `no contract (${admin.accountId})` });
  });
});

describe('switching accounts is refused', () => {
  it('to everybody but administrators of the tenant', async () => {
    const gina = await app.createPerson('gina@example.org');
    const foreignAdmin = { ...foreignOperator, role: 'admin' as const };
    const codes = async (asker: Asker) => (await set(asker, gina.accountId, false)).codes;
    expect(await codes(null)).toEqual(['UNAUTHENTICATED']);
    expect(await codes(gina)).toEqual(['FORBIDDEN']);
    expect(await codes(operator)).toEqual(['FORBIDDEN']);
    expect(await codes(foreignAdmin)).toEqual(['NOT_FOUND']);
    expect(await changesOf(gina)).toHaveLength(1);
  });

  it('on the own account, so that an administrator is left', async () => {
    const hanna = await app.createPerson('hanna@example.org', 'admin');
    expect((await set(hanna, hanna.accountId, false)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('to an administrator who is switched off and still holds an access token', async () => {
    const [ida, jan] = [
      await app.createPerson('ida@example.org', 'admin'),
      await app.createPerson('jan@example.org', 'admin'),
    ];
    await set(ida, jan.accountId, false);
    expect((await set(jan, ida.accountId, false)).codes).toEqual(['FORBIDDEN']);
    expect(await changesOf(ida)).toHaveLength(1);
  });

  it('without a reason, and for ids that are none', async () => {
    const kim = await app.createPerson('kim@example.org');
    expect((await set(admin, kim.accountId, false, '  ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await set(admin, 'nonsense', false)).codes).toEqual(['NOT_FOUND']);
    expect((await set(admin, randomUUID(), false)).codes).toEqual(['NOT_FOUND']);
  });
});

it('gives an app token to accounts that exist only', async () => {
  for (const accountId of [randomUUID(), 'nonsense'])
    await expect(app.service.getAppToken({ accountId, external: undefined }, DEMO)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
});

it('gives one app token to two first starts at once', async () => {
  const lea = await app.createPerson('lea@example.org');
  const tokens = await Promise.all([appToken(lea), appToken(lea), appToken(lea)]);
  expect(new Set(tokens.map(({ tokenId }) => tokenId)).size).toBe(1);
});
