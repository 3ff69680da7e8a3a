// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions is played by the rig.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { feedbackService } from '../src/feedback.module.js';

const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
const foreignOperator: TestPrincipal = { ...operator, tenant: 'other' };
let rig: ServiceRig;

beforeAll(async () => {
  rig = await ServiceRig.start({ service: feedbackService, shape: configShape });
});
afterAll(async () => {
  await rig?.close();
});

interface Charged {
  readonly sessionId: string;
  readonly stationId: string;
  readonly driver: TestPrincipal;
}

async function aSession(
  over: { status?: string; stationId?: string; driver?: TestPrincipal } = {},
): Promise<Charged> {
  const driver = over.driver ?? { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  const charged = { sessionId: randomUUID(), stationId: over.stationId ?? randomUUID(), driver };
  await tell(charged, over.status ?? 'ENDED', 2);
  await waitFor(
    'the session',
    async () =>
      (await rig.sql('select 1 from known_session where session_id = $1', [charged.sessionId])).length > 0,
  );
  return charged;
}

function tell({ sessionId, stationId, driver }: Charged, status: string, version: number): Promise<string> {
  const accountId = driver.accountId;
  const session = sessions.SessionSnapshot.fromPartial({ sessionId, stationId, accountId, status });
  const about = { aggregateId: sessionId, version };
  return status === 'ENDED'
    ? rig.publish(events.sessionEnded, about, { session })
    : rig.publish(events.sessionStarted, about, { session });
}

interface Rated {
  rateSession: {
    rating: {
      id: string;
      score: number;
      reasons: string[];
      text: string | null;
      createdAt: string;
      updatedAt: string;
    };
  };
}
const rate = (
  principal: TestPrincipal | null,
  sessionId: string,
  score: number,
  more: { reasons?: string[]; text?: string } = {},
) =>
  rig.graphql<Rated>(
    principal,
    'mutation($input: RateSessionInput!) { rateSession(input: $input) { rating { id score reasons text createdAt updatedAt session { id } } } }',
    { input: { sessionId, score, ...more } },
  );
const summary = async (principal: TestPrincipal, stationId: string) =>
  (
    await rig.entity<{ ratingSummary: { average: number; count: number } | null }>(
      principal,
      'Station',
      stationId,
      'ratingSummary { average count }',
    )
  ).entity!.ratingSummary;
const ofSession = (principal: TestPrincipal, sessionId: string) =>
  rig.entity(principal, 'Session', sessionId, 'canRate rating { score text }');

describe('rating a session', () => {
  it('is kept, counted for the station and told without its text', async () => {
    const { sessionId, stationId, driver } = await aSession();
    const { data, errors } = await rate(driver, sessionId, 4, {
      reasons: ['SIGNAGE', 'PRICE'],
      text: ' hard to read ',
    });
    expect(errors).toEqual([]);
    expect(data!.rateSession.rating).toMatchObject({
      score: 4,
      reasons: ['SIGNAGE', 'PRICE'],
      text: 'hard to read',
      session: { id: sessionId },
    });
    expect(await summary(driver, stationId)).toEqual({ average: 4, count: 1 });
    const [event, ...more] = (await rig.published(events.sessionRated)).filter(
      (told) => told.sessionId === sessionId,
    );
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      stationId,
      accountId: driver.accountId,
      score: 4,
      reasons: ['SIGNAGE', 'PRICE'],
    });
    expect(JSON.stringify(event)).not.toContain('hard to read');
  });

  it('again replaces it within seven days, and counts once', async () => {
    const stationId = randomUUID();
    const first = await aSession({ stationId });
    const second = await aSession({ stationId });
    await rate(second.driver, second.sessionId, 5);
    const before = (await rate(first.driver, first.sessionId, 1)).data!.rateSession.rating;
    const after = (await rate(first.driver, first.sessionId, 4)).data!.rateSession.rating;
    await rate(first.driver, first.sessionId, 4);
    expect(after).toMatchObject({ id: before.id, createdAt: before.createdAt, score: 4 });
    expect(await summary(operator, stationId)).toEqual({ average: 4.5, count: 2 });
    const told = (await rig.published(events.sessionRated)).filter(
      (event) => event.sessionId === first.sessionId,
    );
    expect(told.map((event) => [event.score, event.meta!.aggregateVersion])).toEqual([
      [1, 1],
      [4, 2],
    ]);
    await rig.sql(`update rating set created_at = created_at - interval '7 days 1 minute' where id = $1`, [
      before.id,
    ]);
    expect((await rate(first.driver, first.sessionId, 2)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('by ten at once is counted once', async () => {
    const { sessionId, stationId, driver } = await aSession();
    await Promise.all(Array.from({ length: 10 }, (_, i) => rate(driver, sessionId, 1 + (i % 5))));
    expect((await summary(driver, stationId))!.count).toBe(1);
    const [row] = await rig.sql<{ score: number }>('select score from rating where session_id = $1', [
      sessionId,
    ]);
    expect((await summary(driver, stationId))!.average).toBe(row!.score);
  });

  it('begins anew when the session turns out to be of another driver, who does not see what was said before', async () => {
    const charged = await aSession();
    const { sessionId, stationId, driver: before } = charged;
    await rate(before, sessionId, 1, { text: 'my own trouble' });
    await rig.sql(`update rating set created_at = created_at - interval '8 days' where session_id = $1`, [
      sessionId,
    ]);
    const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    await tell({ ...charged, driver }, 'ENDED', 3);
    await waitFor('the other driver', async () => (await ofSession(driver, sessionId)).entity !== null);
    expect((await ofSession(driver, sessionId)).entity).toEqual({ canRate: true, rating: null });
    expect((await ofSession(operator, sessionId)).entity).toMatchObject({ rating: { score: 1 } });
    expect((await rate(driver, sessionId, 5)).codes).toEqual([]);
    expect((await ofSession(driver, sessionId)).entity).toEqual({
      ...{ canRate: true, rating: { score: 5, text: null } },
    });
    expect(await summary(driver, stationId)).toEqual({ average: 5, count: 1 });
    const told = (await rig.published(events.sessionRated)).filter((event) => event.sessionId === sessionId);
    expect(told.map(({ accountId, score }) => [accountId, score])).toEqual([
      [before.accountId, 1],
      [driver.accountId, 5],
    ]);
  });

  it('is for the driver of a finished session only', async () => {
    const charged = await aSession();
    const running = await aSession({ status: 'ACTIVE' });
    const stranger: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    expect((await rate(stranger, charged.sessionId, 5)).codes).toEqual(['NOT_FOUND']);
    expect((await rate(operator, charged.sessionId, 5)).codes).toEqual(['NOT_FOUND']);
    expect((await rate({ ...charged.driver, tenant: 'other' }, charged.sessionId, 5)).codes).toEqual([
      'NOT_FOUND',
    ]);
    expect((await rate(charged.driver, randomUUID(), 5)).codes).toEqual(['NOT_FOUND']);
    expect((await rate(charged.driver, 'nonsense', 5)).codes).toEqual(['NOT_FOUND']);
    expect((await rate(null, charged.sessionId, 5)).codes).toEqual(['UNAUTHENTICATED']);
    expect((await rate(running.driver, running.sessionId, 5)).codes).toEqual(['FAILED_PRECONDITION']);
    await tell(running, 'ENDED', 3);
    await waitFor('the end', async () => (await rate(running.driver, running.sessionId, 5)).data);
  });

  it('is for each of several sessions as sessions told it, when they are told together', async () => {
    const charged = [1, 2, 3].map((): Charged => {
      const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
      return { sessionId: randomUUID(), stationId: randomUUID(), driver };
    });
    const [running, ...ended] = charged as [Charged, ...Charged[]];
    await Promise.all([
      ...ended.map((session) => tell(session, 'ENDED', 2)),
      ...charged.map((session) => tell(session, 'ACTIVE', 1)),
    ]);
    await waitFor('the sessions', async () => {
      const ids = charged.map(({ sessionId }) => sessionId);
      const rows = await rig.sql('select 1 from known_session where session_id = any($1::uuid[])', [ids]);
      return rows.length === charged.length;
    });
    for (const [i, { sessionId, stationId, driver }] of ended.entries()) {
      expect((await rate(driver, sessionId, 5 - i)).codes).toEqual([]);
      expect(await summary(driver, stationId)).toEqual({ average: 5 - i, count: 1 });
    }
    expect((await rate(running.driver, running.sessionId, 5)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await rate(ended[0]!.driver, ended[1]!.sessionId, 5)).codes).toEqual(['NOT_FOUND']);
  });

  it('is refused with a score or text that is out of bounds', async () => {
    const { sessionId, driver } = await aSession();
    expect((await rate(driver, sessionId, 6)).codes).toEqual(['BAD_USER_INPUT']);
    expect((await rate(driver, sessionId, 3, { text: 'x'.repeat(2_001) })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await rate(driver, sessionId, 3, { reasons: ['WEATHER'] })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await ofSession(driver, sessionId)).entity).toEqual({ canRate: true, rating: null });
  });

  it('is not undone by an older event that comes late', async () => {
    const charged = await aSession();
    await tell(charged, 'ACTIVE', 1);
    const marker = await aSession();
    expect(marker).toBeDefined();
    expect((await rate(charged.driver, charged.sessionId, 5)).codes).toEqual([]);
  });
});

describe('seeing ratings', () => {
  it('is for the driver and the operators of the tenant', async () => {
    const { sessionId, driver } = await aSession();
    await rate(driver, sessionId, 2, { text: 'slow' });
    expect((await ofSession(driver, sessionId)).entity).toEqual({
      canRate: true,
      rating: { score: 2, text: 'slow' },
    });
    expect((await ofSession(operator, sessionId)).entity).toEqual({
      canRate: false,
      rating: { score: 2, text: 'slow' },
    });
    expect(
      (await ofSession({ accountId: randomUUID(), tenant: 'demo', role: 'driver' }, sessionId)).entity,
    ).toBeNull();
    expect((await ofSession(foreignOperator, sessionId)).entity).toBeNull();
  });

  it('lists them latest first, by station, page by page', async () => {
    const stationId = randomUUID();
    for (const score of [1, 2, 3]) {
      const { sessionId, driver } = await aSession({ stationId });
      await rate(driver, sessionId, score);
    }
    interface Page {
      ratings: {
        edges: { node: { score: number } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    }
    const list = (principal: TestPrincipal, after?: string) =>
      rig.graphql<Page>(
        principal,
        'query($stationId: ID, $after: String) { ratings(first: 2, after: $after, stationId: $stationId) { edges { node { score } } pageInfo { hasNextPage endCursor } } }',
        { stationId, after },
      );
    const first = (await list(operator)).data!.ratings;
    expect(first.edges.map((edge) => edge.node.score)).toEqual([3, 2]);
    const second = (await list(operator, first.pageInfo.endCursor)).data!.ratings;
    expect(second).toMatchObject({ edges: [{ node: { score: 1 } }], pageInfo: { hasNextPage: false } });
    expect((await list(foreignOperator)).data!.ratings.edges).toEqual([]);
    expect((await list({ accountId: randomUUID(), tenant: 'demo', role: 'driver' })).codes).toEqual([
      'FORBIDDEN',
    ]);
  });

  it('says nothing of a station without ratings, or to another tenant', async () => {
    const { sessionId, stationId, driver } = await aSession();
    expect(await summary(driver, stationId)).toBeNull();
    await rate(driver, sessionId, 5);
    expect(await summary(foreignOperator, stationId)).toBeNull();
  });
});
