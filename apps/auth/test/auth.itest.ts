// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { randomUUID } from 'node:crypto';
import { auth, events, type sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthRig, DEMO, decideRequest, foreignOperator, operator } from './auth-rig.js';

let app: AuthRig;
beforeAll(async () => {
  app = await AuthRig.start();
});
afterAll(() => app.close());

describe('deciding about tokens', () => {
  it('imports once, then finds nothing to change, and names what is wrong with an entry', async () => {
    const tokens = [
      { value: '04:AA:BB:01' },
      { value: '' },
      { value: '04AABB02', accountEmail: 'ghost@example.org' },
    ];
    expect(await app.importTokens(tokens)).toMatchObject({
      created: 1,
      problems: [
        { index: 1, code: 'AUTH_TOKEN_VALUE' },
        { index: 2, code: 'AUTH_ACCOUNT' },
      ],
    });
    expect(await app.importTokens([{ value: '04aabb01' }])).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 1,
    });
    expect(await app.importTokens([{ value: '04AABB01', groupId: 'fleet' }])).toMatchObject({ updated: 1 });
  });

  it('accepts, blocks and records every decision', async () => {
    await app.importTokens([{ value: '04CC0001' }, { value: '04CC0002', status: 'BLOCKED' }]);
    const accepted = await app.decide('04cc0001');
    const blocked = await app.decide('04CC0002');
    const unknown = await app.decide('0BADF00D');
    expect([accepted.status, blocked.status, unknown.status]).toEqual([
      auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      auth.DecisionStatus.DECISION_STATUS_BLOCKED,
      auth.DecisionStatus.DECISION_STATUS_UNKNOWN,
    ]);
    expect(accepted.tokenMasked).toBe('****0001');
    const decided = await decisionsTold();
    const ids = decided.map((event) => event.decisionId);
    for (const decision of [accepted, blocked, unknown]) expect(ids).toContain(decision.decisionId);
  });

  it('names the message of the station that asked, in the event and to people (T14)', async () => {
    await app.importTokens([{ value: '04CC0021' }]);
    const stationId = randomUUID();
    const { decisionId } = await app.decide('04CC0021', { stationId, ocppMessageId: 'm-4711' });
    await app.decide('04CC0021', { stationId });
    const event = (await decisionsTold()).find((one) => one.decisionId === decisionId);
    expect(event!.ocppMessageId).toBe('m-4711');
    const { data } = await app.rig.graphql<{
      authorizationDecisions: { edges: { node: { ocppMessageId: string | null } }[] };
    }>(
      operator,
      'query($stationId: ID) { authorizationDecisions(first: 5, stationId: $stationId) { edges { node { ocppMessageId } } } }',
      { stationId },
    );
    const named = data!.authorizationDecisions.edges.map(({ node }) => node.ocppMessageId);
    expect(named).toEqual([null, 'm-4711']);
  });

  it('keeps decisions as they were made: nobody changes or removes one (T14)', async () => {
    await app.importTokens([{ value: '04CC0022' }]);
    const { decisionId } = await app.decide('04CC0022');
    for (const statement of [
      `update authorization_decision set status = 'ACCEPTED' where id = $1`,
      'delete from authorization_decision where id = $1',
    ])
      await expect(app.rig.sql(statement, [decisionId])).rejects.toThrow(/never changed/);
    expect(
      await app.rig.sql('select 1 from authorization_decision where id = $1', [decisionId]),
    ).toHaveLength(1);
  });

  it('gives the stored decision for the same key, even after the token was blocked', async () => {
    await app.importTokens([{ value: '04CC0003' }]);
    const request = decideRequest('04CC0003', {
      decisionKey: 'start-1',
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
    });
    const first = await app.service.decide(request, DEMO);
    await app.importTokens([{ value: '04CC0003', status: 'BLOCKED' }]);
    expect(await app.service.decide(request, DEMO)).toEqual(first);
  });

  it('knows of a session open elsewhere from events, once, in any order', async () => {
    await app.importTokens([{ value: '04CC0004' }]);
    const { tokenId } = await app.decide('04CC0004');
    const session = aSessionSnapshot({ tokenId });
    const about = { aggregateId: session.sessionId, version: 1 };
    const eventId = await app.rig.publish(events.sessionStarted, about, { session });
    await app.rig.publish(events.sessionStarted, { ...about, eventId }, { session });
    const status = async () => (await app.decide('04CC0004')).status;
    await waitFor(
      'the open session to count',
      async () => (await status()) === auth.DecisionStatus.DECISION_STATUS_CONCURRENT_TX,
    );
    await app.rig.publish(
      events.sessionEnded,
      { ...about, version: 3 },
      { session: { ...session, status: 'ENDED' } },
    );
    await waitFor(
      'the ended session to count no more',
      async () => (await status()) === auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
    );
    // An older event that comes late does not open it again.
    await app.rig.publish(
      events.sessionChargingStateChanged,
      { ...about, version: 2 },
      { session, previousState: '' },
    );
    await app.rig.publish(
      events.sessionStarted,
      { aggregateId: randomUUID(), version: 1 },
      { session: aSessionSnapshot({ tokenId: '' }) },
    );
    expect(await status()).toBe(auth.DecisionStatus.DECISION_STATUS_ACCEPTED);
  });

  it('knows which of several tokens has a session open when their sessions are told together', async () => {
    const values = ['04CC0011', '04CC0012', '04CC0013'];
    await app.importTokens(values.map((value) => ({ value })));
    const told = await Promise.all(
      values.map(async (value) => aSessionSnapshot({ tokenId: (await app.decide(value)).tokenId })),
    );
    const start = (session: sessions.SessionSnapshot) =>
      app.rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version: 1 }, { session });
    const end = (session: sessions.SessionSnapshot) =>
      app.rig.publish(
        events.sessionEnded,
        { aggregateId: session.sessionId, version: 2 },
        { session: { ...session, status: 'ENDED' } },
      );
    const [running, ...over] = told;
    await Promise.all([...over.map(end), ...told.map(start)]);
    const open = () =>
      app.rig.sql<{ session_id: string; open: boolean; version: string }>(
        'select session_id, open, version from open_session where session_id = any($1::uuid[])',
        [told.map(({ sessionId }) => sessionId)],
      );
    const rows = await waitFor('all of it', async () => {
      const found = await open();
      return found.length === 3 && found.filter(({ version }) => version === '2').length === 2
        ? found
        : undefined;
    });
    expect(rows.filter((row) => row.open).map((row) => row.session_id)).toEqual([running!.sessionId]);
    const statuses = await Promise.all(values.map(async (value) => (await app.decide(value)).status));
    expect(statuses).toEqual([
      auth.DecisionStatus.DECISION_STATUS_CONCURRENT_TX,
      auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
    ]);
  });

  it('keeps tenants apart', async () => {
    await app.importTokens([{ value: '04CC0005' }]);
    const elsewhere = await app.service.decide(decideRequest('04CC0005'), { tenant: tenantId('other') });
    expect(elsewhere.status).toBe(auth.DecisionStatus.DECISION_STATUS_UNKNOWN);
    expect(await app.rig.sql('select * from token', [], 'other')).toEqual([]);
  });
});

describe('who may see whom', () => {
  it('shows drivers themselves and their own tokens, operators their tenant, others nothing', async () => {
    const dora = await app.createPerson('dora@example.org');
    const dan = await app.createPerson('dan@example.org');
    await app.importTokens([{ value: '04DD0001', accountEmail: 'dora@example.org' }]);
    const { tokenId } = await app.decide('04DD0001');
    const token = (principal: TestPrincipal | null) => app.rig.entity(principal, 'Token', tokenId, 'masked');
    const account = (principal: TestPrincipal | null) =>
      app.rig.entity(principal, 'Account', dora.accountId, 'email');
    expect((await token(dora)).entity).toEqual({ masked: '****0001' });
    expect((await token(operator)).entity).toEqual({ masked: '****0001' });
    for (const stranger of [dan, foreignOperator]) {
      expect((await token(stranger)).entity).toBeNull();
      expect((await account(stranger)).entity).toBeNull();
    }
    expect((await token(null)).codes).toEqual(['UNAUTHENTICATED']);
    const mine = await app.rig.graphql<{ tokens: { totalCount: number } }>(
      dan,
      '{ tokens(first: 10) { totalCount } }',
    );
    expect(mine.data?.tokens.totalCount).toBe(0);
    expect((await app.rig.graphql(dora, '{ accounts(first: 1) { totalCount } }')).codes).toEqual([
      'FORBIDDEN',
    ]);
  });
});

async function decisionsTold(): Promise<auth.AuthorizationDecided[]> {
  return (await app.rig.published(events.decisionsRecorded)).flatMap(({ decisions }) => decisions);
}
