// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth and the gateway. What chargers do against the
// specification, by the codes of docs/ocpp-notes.md.
import { randomUUID } from 'node:crypto';
import { ocppGateway, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, anna, SessionsRig, type ImportedStation } from './sessions-rig.js';

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

async function start(station: ImportedStation) {
  const { data } = await app.rig.graphql<{
    startSession: { __typename: string; reason?: string; message?: string };
  }>(anna, START, {
    input: { connectorId: station.evses[0]!.connectors[0]!.id, idempotencyKey: randomUUID() },
  });
  return data!.startSession;
}

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
      `update remote_start set expires_at = now() - interval '1 second' where station_id = $1`,
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
    const { sessionId } = await app.start16(station.id, 'app-anna', ago(0));
    await app.rig.sql(
      `update remote_start set expires_at = now() - interval '1 second' where station_id = $1`,
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
