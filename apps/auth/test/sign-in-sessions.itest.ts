// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { decodeJwt } from 'jose';
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope, type Tx } from '@kilowatch/platform';
import { waitFor, type Asker } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, PASSWORD } from './auth-rig.js';
import { mailsOf, signIn } from './people-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

interface Session {
  id: string;
  method: string;
  device: string;
  address: string | null;
  current: boolean;
}

async function sessions(asker: Asker, page: Record<string, unknown> = {}) {
  const { data, codes } = await app.rig.graphql<{
    signInSessions: { edges: { node: Session }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }>(
    asker,
    `query($first: Int!, $after: String) { signInSessions(first: $first, after: $after) {
      edges { node { id method device address current } } pageInfo { hasNextPage endCursor } } }`,
    { first: 20, ...page },
  );
  return {
    list: data?.signInSessions.edges.map(({ node }) => node) ?? [],
    page: data?.signInSessions.pageInfo,
    codes,
  };
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

/** The person of a sign-in as the gateway would name them: with the sign-in in the token. */
async function person(email: string, from: { address?: string; agent?: string } = {}) {
  const signed = await signIn(app, email, PASSWORD, from);
  const { sub, sid } = decodeJwt(signed.accessToken);
  const asker = { accountId: sub!, tenant: 'demo', role: 'driver' } as const;
  return { asker, sessionId: sid as string, refreshToken: signed.refreshToken };
}
const end = (asker: Asker, sessionId: string) =>
  app.mutate(asker, 'endSignInSession', { type: 'EndSignInSessionInput', value: { sessionId } }, 'ended');

describe('the list of sign-ins', () => {
  it('shows device, place and way of each, latest first, in pages', async () => {
    await app.createPerson('list@example.org');
    const first = await person('list@example.org', { address: '192.0.2.1', agent: FIREFOX });
    const second = await person('list@example.org', { address: '192.0.2.2', agent: 'kw/1.0' });
    const { list } = await sessions(first.asker);
    expect(list).toEqual([
      { id: second.sessionId, method: 'PASSWORD', device: 'kw', address: '192.0.2.2', current: false },
      {
        id: first.sessionId,
        method: 'PASSWORD',
        device: 'Firefox on Linux',
        address: '192.0.2.1',
        current: false,
      },
    ]);
    const one = await sessions(first.asker, { first: 1 });
    expect(one.page?.hasNextPage).toBe(true);
    expect((await sessions(first.asker, { first: 1, after: one.page!.endCursor })).list[0]?.id).toBe(
      first.sessionId,
    );
  });

  it('shows nobody the sign-ins of others', async () => {
    await app.createPerson('mine@example.org');
    await app.createPerson('yours@example.org');
    const mine = await person('mine@example.org');
    const yours = await person('yours@example.org');
    expect((await sessions(mine.asker)).list.map(({ id }) => id)).toEqual([mine.sessionId]);
    expect((await end(mine.asker, yours.sessionId)).codes).toEqual(['NOT_FOUND']);
    expect((await app.refresh(yours.refreshToken)).refreshToken).toBeDefined();
    expect((await sessions(null)).codes).toEqual(['UNAUTHENTICATED']);
  });

  it('follows a sign-in through its refreshes', async () => {
    await app.createPerson('moves@example.org');
    const one = await person('moves@example.org', { address: '192.0.2.1' });
    await app.mutate(
      null,
      'refreshSession',
      { type: 'RefreshSessionInput', value: { refreshToken: one.refreshToken } },
      '__typename',
      { address: '198.51.100.9', agent: FIREFOX },
    );
    expect((await sessions(one.asker)).list).toMatchObject([
      { id: one.sessionId, address: '198.51.100.9', device: 'Firefox on Linux' },
    ]);
  });
});

describe('ending a sign-in', () => {
  it('stops its refreshes at once and leaves the others alone', async () => {
    await app.createPerson('end@example.org');
    const lost = await person('end@example.org');
    const kept = await person('end@example.org');
    expect((await end(kept.asker, lost.sessionId)).answer).toEqual({ ended: 1 });
    expect(await app.refresh(lost.refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await app.refresh(kept.refreshToken)).refreshToken).toBeDefined();
    expect((await sessions(kept.asker)).list.map(({ id }) => id)).toEqual([kept.sessionId]);
    expect((await end(kept.asker, lost.sessionId)).codes).toEqual(['NOT_FOUND']);
    expect((await end(kept.asker, 'nonsense')).codes).toEqual(['NOT_FOUND']);
  });

  it('ends all others, the next refresh tokens of each included', async () => {
    await app.createPerson('others@example.org');
    const phones = [await person('others@example.org'), await person('others@example.org')];
    const rotated = (await app.refresh(phones[0]!.refreshToken)).refreshToken!;
    const { data } = await app.rig.graphql<{ endOtherSignInSessions: { ended: number } }>(
      phones[0]!.asker,
      'mutation { endOtherSignInSessions { ended } }',
    );
    // The rig's own tokens carry no sign-in, so all of them are others.
    expect(data?.endOtherSignInSessions.ended).toBe(2);
    for (const token of [rotated, phones[1]!.refreshToken])
      expect(await app.refresh(token)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
  });

  it('happens by itself when a refresh token is used twice, and is on record', async () => {
    await app.createPerson('stolen@example.org');
    const one = await person('stolen@example.org');
    const next = (await app.refresh(one.refreshToken)).refreshToken!;
    expect(await app.refresh(one.refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect(await app.refresh(next)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await sessions(one.asker)).list).toEqual([]);
    expect((await mailsOf(app, one.asker.accountId)).map(({ kind }) => kind)).toEqual(['SESSION_ENDED']);
    const audit = await app.rig.sql(
      `select action, reason from audit_entry where target_id = $1 order by id`,
      [one.sessionId],
    );
    expect(audit).toEqual([
      { action: 'session.started', reason: '' },
      { action: 'session.ended', reason: 'a refresh token was used twice' },
    ]);
  });

  it('by signing out is on record too, once', async () => {
    await app.createPerson('out@example.org');
    const one = await person('out@example.org');
    for (let i = 0; i < 2; i += 1)
      await app.mutate(
        null,
        'signOut',
        { type: 'SignOutInput', value: { refreshToken: one.refreshToken } },
        'signedOut',
        { address: '192.0.2.3' },
      );
    const audit = await app.rig.sql(
      `select actor_id, address, details from audit_entry where target_id = $1 and action = 'session.ended'`,
      [one.sessionId],
    );
    expect(audit).toEqual([
      { actor_id: one.asker.accountId, address: '192.0.2.3', details: { why: 'SIGNED_OUT' } },
    ]);
  });
});

describe('at the same moment', () => {
  const inTransaction = (fn: (tx: Tx) => Promise<unknown>) =>
    app.rig.running
      .get(Database)
      .transaction(tenantScope(tenantId('demo')), async (tx) => void (await fn(tx)));
  const isWaiting = (statement: string) =>
    waitFor(`${statement} to wait`, async () => {
      const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%${statement}%'`;
      return (await app.rig.sqlPastTheWalls(waits)).length > 0;
    });

  it('a refresh outlives no end of its sign-in, whichever of the two comes first', async () => {
    await app.createPerson('race@example.org');
    const thief = await person('race@example.org');
    let refreshing: ReturnType<typeof app.refresh> | undefined;
    let ending: ReturnType<typeof end> | undefined;
    await inTransaction(async (tx) => {
      await tx.query('select 1 from sign_in_session where id = $1 for update', [thief.sessionId]);
      refreshing = app.refresh(thief.refreshToken);
      await isWaiting('sign_in_session');
      ending = end(thief.asker, thief.sessionId);
      await isWaiting('ended_at = $3');
    });
    expect((await ending)!.answer).toEqual({ ended: 1 });
    const { refreshToken } = await refreshing!;
    if (refreshToken !== undefined)
      expect(await app.refresh(refreshToken)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect((await sessions(thief.asker)).list).toEqual([]);
  });

  it.each([
    ['an old password signs nobody in while a new one is set', `password_hash = 'another'`],
    ['a password signs nobody in whose account is being switched off', 'active = false'],
  ])('%s', async (_what, change) => {
    const email = `${change.split(' ')[0]!.replace('_', '-')}@example.org`;
    await app.createPerson(email);
    let signing: ReturnType<typeof signIn> | undefined;
    await inTransaction(async (tx) => {
      await tx.query(`update account set ${change} where email = $1`, [email]);
      signing = signIn(app, email, PASSWORD);
      await Promise.race([signing, isWaiting('for share')]);
    });
    expect(await signing).toMatchObject({ __typename: 'SignInRefused', reason: 'WRONG_CREDENTIALS' });
  });
});

it('forgets what has been over for a month, and its tokens', async () => {
  await app.createPerson('old@example.org');
  const old = await person('old@example.org');
  const young = await person('old@example.org');
  await end(old.asker, old.sessionId);
  await app.rig.sql(`update sign_in_session set ended_at = now() - interval '31 days' where id = $1`, [
    old.sessionId,
  ]);
  await app.rig.running.background.jobs.get('forget-sign-ins')!.runDue();
  const left = await app.rig.sql<{ id: string }>('select id from sign_in_session where account_id = $1', [
    old.asker.accountId,
  ]);
  expect(left.map(({ id }) => id)).toEqual([young.sessionId]);
  expect(await app.rig.sql('select 1 from refresh_token where family_id = $1', [old.sessionId])).toEqual([]);
  expect((await app.refresh(young.refreshToken)).refreshToken).toBeDefined();
});
