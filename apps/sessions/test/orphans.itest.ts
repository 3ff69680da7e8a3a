// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth, the gateway and the charger.
import { events } from '@kilowatch/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ago, anna, operator, SessionsRig, stranger, type ImportedStation } from './sessions-rig.js';

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());

const NODE = `id kind reason state transactionId reviewedBy note session { id } attachableTo { id } station { id }`;

interface OrphanView {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly reviewedBy: string | null;
  readonly note: string | null;
  readonly session: { id: string } | null;
  readonly attachableTo: { id: string }[];
}

async function list(filter: object | null, who = operator, page: object = { first: 50 }) {
  const { data, codes } = await app.rig.graphql<{
    orphanedTransactionMessages: {
      totalCount: number;
      edges: { cursor: string; node: OrphanView }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }>(
    who,
    `query($first: Int!, $after: String, $filter: OrphanFilter) {
      orphanedTransactionMessages(first: $first, after: $after, filter: $filter) {
        totalCount edges { cursor node { ${NODE} } } pageInfo { hasNextPage endCursor } } }`,
    { filter, ...page },
  );
  if (!data) throw new Error(codes.join());
  return data.orphanedTransactionMessages;
}

const one = async (station: ImportedStation, filter: object = { open: true }) =>
  (await list({ ...filter, stationId: station.id })).edges[0]!.node;

function attach(messageId: string, sessionId: string, over: object = {}, who = operator) {
  return app.rig.graphql<{
    attachOrphanedMessage: { message: OrphanView; session: Record<string, unknown> };
  }>(
    who,
    `mutation($input: AttachOrphanedMessageInput!) { attachOrphanedMessage(input: $input) {
      message { ${NODE} } session { id state stopReason endedAt } } }`,
    { input: { messageId, sessionId, ...over } },
  );
}

function dismiss(messageId: string, reason: string, over: object = {}, who = operator) {
  return app.rig.graphql<{ dismissOrphanedMessage: { message: OrphanView } }>(
    who,
    `mutation($input: DismissOrphanedMessageInput!) { dismissOrphanedMessage(input: $input) { message { ${NODE} } } }`,
    { input: { messageId, reason, ...over } },
  );
}

/** An open session, and a stop that its station told under a number nobody knows. */
async function lostStop() {
  const station = await app.aStation();
  const { sessionId, transactionRef } = await app.start16(station.id, 'card-anna', ago(40));
  await app.stop16(station.id, '987654', ago(5));
  return { station, sessionId, transactionRef, orphan: await one(station) };
}

const audits = (station: ImportedStation) =>
  app.rig.sql<{ action: string; requested_by: string; outcome: string }>(
    'select action, requested_by, outcome from command_audit where station_id = $1 order by requested_at',
    [station.id],
  );

const ended = async (sessionId: string) =>
  (await app.rig.published(events.sessionEnded)).filter(({ session }) => session?.sessionId === sessionId);

describe('a message that belongs to no session', () => {
  it('is listed with the open sessions of its station it may belong to', async () => {
    const { sessionId, orphan } = await lostStop();
    expect(orphan).toMatchObject({
      kind: 'ENDED',
      reason: 'UNKNOWN_TRANSACTION',
      state: 'OPEN',
      transactionId: '987654',
      session: null,
      attachableTo: [{ id: sessionId }],
    });
  });

  it('is found by station, kind and state, page by page', async () => {
    const station = await app.aStation();
    for (const ref of ['1001', '1002', '1003']) await app.stop16(station.id, ref, ago(3));
    const filter = { stationId: station.id };
    const first = await list(filter, operator, { first: 2 });
    expect([first.totalCount, first.edges.length, first.pageInfo.hasNextPage]).toEqual([3, 2, true]);
    const rest = await list(filter, operator, { first: 2, after: first.pageInfo.endCursor });
    expect(new Set([...first.edges, ...rest.edges].map(({ node }) => node.id)).size).toBe(3);
    await dismiss(first.edges[0]!.node.id, 'test run of the installer');
    expect((await list({ ...filter, open: true })).totalCount).toBe(2);
    expect((await list({ ...filter, open: false })).totalCount).toBe(1);
    expect((await list({ ...filter, kind: 'UPDATED' })).totalCount).toBe(0);
    expect((await list({ stationId: 'nonsense' })).totalCount).toBe(0);
  });

  it('ends the session it is attached to, by the ordinary event and with the time of the charger', async () => {
    const { station, sessionId, transactionRef, orphan } = await lostStop();
    const { data } = await attach(orphan.id, sessionId, { note: 'the driver called' });
    expect(data?.attachOrphanedMessage).toMatchObject({
      message: {
        state: 'ATTACHED',
        session: { id: sessionId },
        reviewedBy: operator.accountId,
        note: 'the driver called',
      },
      session: { state: 'ENDED', stopReason: 'EVDisconnected', endedAt: ago(5).toISOString() },
    });
    expect(await ended(sessionId)).toMatchObject([{ session: { status: 'ENDED', accountId: 'anna' } }]);
    const attached = (await app.rig.published(events.orphanAttached)).filter(
      (event) => event.sessionId === sessionId,
    );
    expect(attached).toMatchObject([
      { orphanTransactionRef: '987654', transactionRef, evseNumber: 1, occurredAt: ago(5) },
    ]);
    expect(await audits(station)).toEqual([
      { action: 'AttachOrphanedMessage', requested_by: operator.accountId, outcome: 'ACCEPTED' },
    ]);
  });

  it('is told to metering before the end that it makes', async () => {
    const { sessionId, orphan } = await lostStop();
    await attach(orphan.id, sessionId);
    const subjects = (await app.rig.publishedOfAllKinds())
      .filter(({ payload }) => Buffer.from(payload).includes(sessionId))
      .map(({ subject }) => subject.split('.')[2]);
    expect(subjects).toEqual(['session_started', 'orphan_attached', 'session_ended']);
  });

  it('is attached once, whoever asks how often', async () => {
    const { station, sessionId, orphan } = await lostStop();
    const key = { idempotencyKey: 'attach-1' };
    await attach(orphan.id, sessionId, key);
    await attach(orphan.id, sessionId, key);
    await attach(orphan.id, sessionId);
    expect(await ended(sessionId)).toHaveLength(1);
    expect((await audits(station)).length).toBe(2);
    const other = await app.start16(station.id, 'card-bob', ago(30), { evseNumber: 2 });
    expect((await attach(orphan.id, other.sessionId)).codes).toEqual(['CONFLICT']);
    expect((await attach(orphan.id, other.sessionId, key)).codes).toEqual(['CONFLICT']);
    expect((await dismiss(orphan.id, 'no')).codes).toEqual(['CONFLICT']);
  });

  it('is no part of a session of another station, of one that ended, or of one that began later', async () => {
    const { station, orphan } = await lostStop();
    const elsewhere = await app.aStation();
    const foreign = await app.start16(elsewhere.id, 'card-bob', ago(40));
    const later = await app.start16(station.id, 'card-bob', ago(2), { evseNumber: 2 });
    const over = await app.start16(elsewhere.id, 'card-anna', ago(60), { evseNumber: 2 });
    await app.stop16(elsewhere.id, over.transactionRef, ago(50));
    const lost = await app.stop16(elsewhere.id, '555', ago(45)).then(() => one(elsewhere));
    expect((await attach(orphan.id, foreign.sessionId)).codes).toEqual(['NOT_FOUND']);
    expect((await attach(orphan.id, later.sessionId)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await attach(lost.id, over.sessionId)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await one(station)).state).toBe('OPEN');
  });

  it('is dismissed with a reason, and still adopted when its start comes after all', async () => {
    const station = await app.aStation();
    const end = { kind: 3, transactionRef: 'LATE-1', occurredAt: ago(5), stoppedReason: 'Local', seqNo: 2 };
    await app.event(station.id, end);
    const { id } = await one(station);
    expect((await dismiss(id, '  ')).codes).toEqual(['BAD_USER_INPUT']);
    const { data } = await dismiss(id, 'nothing was charged');
    expect(data?.dismissOrphanedMessage.message).toMatchObject({
      state: 'DISMISSED',
      note: 'nothing was charged',
      reviewedBy: operator.accountId,
    });
    const { sessionId } = await app.event(station.id, {
      transactionRef: 'LATE-1',
      occurredAt: ago(20),
      seqNo: 0,
    });
    expect(await one(station, { open: false })).toMatchObject({
      state: 'ATTACHED',
      session: { id: sessionId },
    });
    expect(await ended(sessionId)).toHaveLength(1);
  });

  it('is nobody else’s: not a driver’s, not another tenant’s', async () => {
    const { sessionId, orphan } = await lostStop();
    expect((await attach(orphan.id, sessionId, {}, anna)).codes).toEqual(['FORBIDDEN']);
    expect((await dismiss(orphan.id, 'x', {}, anna)).codes).toEqual(['FORBIDDEN']);
    expect((await attach(orphan.id, sessionId, {}, stranger)).codes).toEqual(['NOT_FOUND']);
    expect((await dismiss(orphan.id, 'x', {}, stranger)).codes).toEqual(['NOT_FOUND']);
    expect((await dismiss('nonsense', 'x')).codes).toEqual(['NOT_FOUND']);
    expect(await ended(sessionId)).toEqual([]);
  });
});
