// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth and the gateway. What chargers do against the
// specification, by the codes of docs/ocpp-notes.md.
import { randomUUID } from 'node:crypto';
import { auth, ocppGateway, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, anna, bob, operator, SessionsRig, type ImportedStation } from './sessions-rig.js';

const { TRANSACTION_EVENT_KIND_UPDATED: UPDATED } = sessions.TransactionEventKind;
const { CommandOutcome: Outcome } = ocppGateway;

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const START = `mutation($input: StartSessionInput!) { startSession(input: $input) { __typename
  ... on StartRefused { reason message } } }`;

async function start(station: ImportedStation, who = anna, evse = 0) {
  const { data } = await app.rig.graphql<{
    startSession: { __typename: string; reason?: string; message?: string };
  }>(who, START, {
    input: { connectorId: station.evses[evse]!.connectors[0]!.id, idempotencyKey: randomUUID() },
  });
  return data!.startSession;
}

const setTag = (station: ImportedStation, remoteStartTag: string | null) =>
  app.rig.graphql(
    operator,
    `mutation($input: SetStationOptionsInput!) { setStationOptions(input: $input) { station { options { remoteStartTag } } } }`,
    { input: { stationId: station.id, remoteStartTag } },
  );

const payerOf = async (sessionId: string) =>
  (
    await app.rig.sql<{ account_id: string; payer: { startMethod: string; authorised: boolean } }>(
      'select account_id, payer from session where id = $1',
      [sessionId],
    )
  )[0]!;

describe('a remote start at a station with a tag of its own', () => {
  const TAG = 'CHARGE-ME';
  const asked = async () => {
    const station = await app.anOnlineStation();
    await setTag(station, TAG);
    expect(await start(station)).toMatchObject({ __typename: 'SessionRequested' });
    return station;
  };

  it('Q44: tells the tag, and whom it stands for', async () => {
    await asked();
    expect(app.peers.commands[0]?.requestStart).toMatchObject({
      idToken: { value: TAG, type: 'Central' },
      standsFor: { value: 'app-anna' },
    });
  });

  it('Q44: makes a session of the driver who asked, not of the tag', async () => {
    const station = await asked();
    const answer = await app.start16(station.id, TAG, new Date());
    expect(answer.tokenStatus).toBe(auth.DecisionStatus.DECISION_STATUS_ACCEPTED);
    expect(await payerOf(answer.sessionId)).toMatchObject({
      account_id: 'anna',
      payer: { startMethod: 'COMMAND', authorised: true },
    });
    expect(await requests(station)).toEqual([{ consumed_by: answer.sessionId }]);
    expect(app.peers.decisions.map(({ idToken }) => idToken?.value)).not.toContain(TAG);
  });

  it('Q44: knows the tag again in a repeated start, and in the stop', async () => {
    const station = await asked();
    const begunAt = new Date();
    const first = await app.start16(station.id, TAG, begunAt);
    const again = await app.start16(station.id, TAG, begunAt);
    expect(again).toMatchObject({
      sessionId: first.sessionId,
      duplicate: true,
      tokenStatus: first.tokenStatus,
    });
    const stop = await app.stop16(station.id, first.transactionRef, new Date(), TAG);
    expect(stop.tokenStatus).toBe(auth.DecisionStatus.DECISION_STATUS_ACCEPTED);
    expect((await payerOf(first.sessionId)).account_id).toBe('anna');
  });

  it('Q44: each EVSE starts for who asked for it, in 2.0.1 by the number of the request', async () => {
    const station = await app.anOnlineStation();
    await setTag(station, TAG);
    await start(station);
    await start(station, bob, 1);
    const numbers = app.peers.commands.map(({ requestStart }) => requestStart!.remoteStartId);
    const begin = (evseNumber: number, remoteStartId: number) =>
      app.event(station.id, {
        transactionRef: randomUUID(),
        evseNumber,
        idToken: { value: TAG, type: 'Central' },
        remoteStartId,
      });
    const second = await begin(2, numbers[1]!);
    const first = await begin(1, numbers[0]!);
    expect((await payerOf(second.sessionId)).account_id).toBe('bob');
    expect((await payerOf(first.sessionId)).account_id).toBe('anna');
  });

  it('Q44: the tag alone is nobody: without a request, after one was used, and from an offline queue', async () => {
    const station = await app.anOnlineStation();
    await setTag(station, TAG);
    const decided = async (over: object, at: Date) => {
      app.peers.decisions = [];
      await app.start16(station.id, TAG, at, over);
      return app.peers.decisions.map(({ idToken }) => idToken?.value);
    };
    expect(await decided({ evseNumber: 2 }, ago(30))).toEqual([TAG]);
    await start(station);
    expect(await decided({ offline: true }, new Date())).toEqual([TAG]);
    // It does not say that it waited: it began before it was asked for.
    expect(await decided({}, ago(10))).toEqual([TAG]);
    expect(await decided({}, new Date())).toEqual(['app-anna']);
    expect(await decided({ evseNumber: 2 }, ago(0))).toEqual([TAG]);
  });

  it('Q44: is known as the stand-in of who asked to any connection, while the request waits and nobody else waits', async () => {
    const station = await asked();
    const behind = async (value: string, stationId = station.id) =>
      (
        await app.client.resolveStandIn(
          { stationId, idToken: { value, type: 'Central' }, receivedAt: ago(0) },
          { tenant: tenantId('demo') },
        )
      ).standsFor?.value;
    expect(await behind(TAG.toLowerCase())).toBe('app-anna');
    expect(await behind('ANOTHER')).toBeUndefined();
    expect(await behind(TAG, (await app.anOnlineStation()).id)).toBeUndefined();
    await start(station, bob, 1);
    expect(await behind(TAG)).toBeUndefined();
    await app.rig.sql("delete from remote_start where account_id = 'bob' and station_id = $1", [station.id]);
    expect(await behind(TAG)).toBe('app-anna');
    await app.rig.sql(
      "update remote_start set requested_at = requested_at - interval '3 minutes', expires_at = $2 where station_id = $1",
      [station.id, ago(1)],
    );
    expect(await behind(TAG)).toBeUndefined();
    await app.rig.sql('delete from remote_start where station_id = $1', [station.id]);
  });

  it('Q44: is what a charger takes: no spaces, at most 20 characters', async () => {
    const station = await app.anOnlineStation();
    expect((await setTag(station, 'A'.repeat(21))).codes).toEqual(['BAD_USER_INPUT']);
    expect((await setTag(station, 'A B')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await setTag(station, null)).codes).toEqual([]);
    await start(station);
    expect(app.peers.commands[0]?.requestStart?.idToken?.value).toBe('app-anna');
  });
});

const requests = (station: ImportedStation) =>
  app.rig.sql('select consumed_by from remote_start where station_id = $1', [station.id]);

describe('transactions', () => {
  it('Q27: the same message id for another start is another session', async () => {
    const station = await app.aStation();
    const sameId = { ocppMessageId: '1' };
    const first = await app.start16(station.id, 'card-anna', ago(50), sameId);
    await app.stop16(station.id, first.transactionRef, ago(40));
    const second = await app.start16(station.id, 'card-anna', ago(30), sameId);
    expect(second).toMatchObject({ duplicate: false });
    expect(second.sessionId).not.toBe(first.sessionId);
  });

  it('Q28: a repeated start has the first transaction id, whatever its message id', async () => {
    const station = await app.aStation();
    const at = ago(5);
    const first = await app.start16(station.id, 'card-anna', at, { ocppMessageId: 'a' });
    const again = await app.start16(station.id, 'card-anna', at, { ocppMessageId: 'b' });
    expect(again).toEqual({ ...first, duplicate: true });
  });

  it('wire: one card, two types: Local at the first and ISO14443 at the next message is one payer', async () => {
    const station = await app.aStation();
    const event = (parts: object) => app.event(station.id, { transactionRef: 'two-types', ...parts });
    const card = (type: string) => ({ idToken: { value: 'card-anna', type } });
    await event({ seqNo: 0, occurredAt: ago(9), ...card('Local') });
    await event({ kind: UPDATED, seqNo: 1, occurredAt: ago(8), trigger: 'Authorized', ...card('ISO14443') });
    expect(app.peers.decisions).toHaveLength(1);
    const rows = await app.rig.sql('select account_id from session where station_id = $1', [station.id]);
    expect(rows).toEqual([{ account_id: 'anna' }]);
  });
});

describe('starts from the app', () => {
  it('Q45: one that was accepted and never made is given up when its time is over', async () => {
    const station = await app.anOnlineStation();
    expect(await start(station)).toMatchObject({ __typename: 'SessionRequested' });
    expect(app.peers.commands.at(-1)?.requestStart).toMatchObject({ evseNumber: 1, connectorNumber: 1 });
    const job = app.rig.running.background.jobs.get('watch-remote-starts')!;
    expect(await job.runDue()).toBe(0);
    await app.rig.sql(
      `update remote_start set expires_at = to_timestamp(0) - interval '1 second' where station_id = $1`,
      [station.id],
    );
    await waitFor('the watchdog', async () => {
      await job.runDue();
      return (await requests(station)).length === 0;
    });
  });

  it('Q45: one that was made is left alone', async () => {
    const station = await app.anOnlineStation();
    await start(station);
    const { sessionId } = await app.start16(station.id, 'app-anna', new Date());
    await app.rig.sql(
      `update remote_start set expires_at = to_timestamp(0) - interval '1 second' where station_id = $1`,
      [station.id],
    );
    await app.rig.running.background.jobs.get('watch-remote-starts')!.runDue();
    expect(await requests(station)).toEqual([{ consumed_by: sessionId }]);
  });

  it('Q46: one that is refused while the old cable is in tells the driver to unplug', async () => {
    const station = await app.anOnlineStation();
    const { transactionRef } = await app.start16(station.id, 'card-anna', ago(30));
    await app.stop16(station.id, transactionRef, ago(5));
    await app.status(station.id, 'Finishing', ago(4));
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    const refused = await start(station);
    expect(refused).toMatchObject({ __typename: 'StartRefused', reason: 'UNPLUG_FIRST' });
    expect(refused.message).toMatch(/unplug/i);
    await app.status(station.id, 'Available', ago(1));
    expect(await start(station)).toMatchObject({ reason: 'STATION_REFUSED' });
  });
});
