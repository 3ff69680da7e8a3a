// Real: sockets, Postgres, NATS, gRPC. Played: auth.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor, type Answer, type OcppSocket, type Payload } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { GatewayRig } from './gateway-rig.js';

const { CommandOutcome } = ocppGateway;

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

type Asked = Partial<ocppGateway.SendRequest>;

async function charger(answer: (action: string, payload: Payload) => Answer, subprotocol = 'ocpp1.6') {
  const station = rig.provision();
  const seen: { action: string; payload: Payload }[] = [];
  const socket = await rig.connect(station, {
    subprotocols: [subprotocol],
    onCall: (action, payload) => {
      seen.push({ action, payload });
      return answer(action, payload);
    },
  });
  open.push(socket);
  return { station, socket, seen };
}

function send(stationId: string, command: Asked, over: Asked = {}, tenant = 'demo') {
  const request = ocppGateway.SendRequest.fromPartial({
    stationId,
    idempotencyKey: randomUUID(),
    timeoutSeconds: 5,
    requestedBy: 'operator-1',
    ...command,
    ...over,
  });
  return rig.rig
    .grpc(ocppGateway.CommandServiceClient)
    .send(request, { tenant: tenantId(tenant), deadlineMs: 10_000 });
}

const RESET: Asked = { reset: { kind: 'SOFT' } };
const start = (value: string): Asked => ({
  requestStart: {
    idToken: { value, type: 'Central' },
    standsFor: undefined,
    evseNumber: 1,
    connectorNumber: 1,
    remoteStartId: 9,
  },
});

describe('a command', () => {
  it('reaches the charger in the words of its version and comes back accepted', async () => {
    const { station, seen } = await charger(() => ({ result: { status: 'Accepted' } }));
    const answer = await send(station.stationId, start('APP-TOKEN-1'));
    expect(answer).toMatchObject({ outcome: CommandOutcome.COMMAND_OUTCOME_ACCEPTED, status: 'Accepted' });
    expect(seen).toEqual([
      { action: 'RemoteStartTransaction', payload: { idTag: 'APP-TOKEN-1', connectorId: 1 } },
    ]);
  });

  it('speaks 2.0.1 to a 2.0.1 charger', async () => {
    const { station, seen } = await charger(() => ({ result: { status: 'Accepted' } }), 'ocpp2.0.1');
    await send(station.stationId, start('APP-TOKEN-1'));
    expect(seen).toMatchObject([
      { action: 'RequestStartTransaction', payload: { remoteStartId: 9, evseId: 1 } },
    ]);
  });

  it('comes back rejected with the word of the charger', async () => {
    const { station } = await charger(() => ({ result: { status: 'Rejected' } }));
    const answer = await send(station.stationId, RESET);
    expect(answer).toMatchObject({ outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, status: 'Rejected' });
  });

  it('comes back as the error of the charger', async () => {
    const { station } = await charger(() => ({ error: 'NotSupported' }));
    const answer = await send(station.stationId, RESET);
    expect(answer).toMatchObject({
      outcome: CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR,
      errorCode: 'NotSupported',
    });
  });

  it('wire: answer -1: it belongs to no call of ours, which stays without an answer', async () => {
    const station = rig.provision();
    const heard: string[] = [];
    const ws = new WebSocket(`ws://127.0.0.1:${rig.gateway.port}/ocpp/${station.identity}`, ['ocpp1.6']);
    await once(ws, 'open');
    ws.on('message', (data: Buffer) => {
      heard.push(data.toString());
      // What libocpp says to an action it does not know: it belongs to no call of ours.
      ws.send('[4,"-1","GenericError","",{}]');
    });
    const answer = await send(station.stationId, RESET, { timeoutSeconds: 1 });
    expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_UNKNOWN);
    expect(heard).toHaveLength(1);
    ws.close();
  });

  it('is offline for a charger that is not there, and for one that never was', async () => {
    const { station, socket } = await charger(() => ({ result: { status: 'Accepted' } }));
    socket.close();
    await waitFor(
      'the charger to be gone',
      () => rig.gateway.socketOf('demo', station.stationId) === undefined,
    );
    expect((await send(station.stationId, RESET)).outcome).toBe(CommandOutcome.COMMAND_OUTCOME_OFFLINE);
    expect((await send(randomUUID(), RESET)).outcome).toBe(CommandOutcome.COMMAND_OUTCOME_OFFLINE);
  });

  it('is offline at once when the row still names a connection that nobody holds', async () => {
    const stationId = randomUUID();
    await rig.rig.sql(
      `INSERT INTO station_connection (tenant, station_id, connection_id, generation, pod, boot_id, protocol, remote_ip, since, last_seen_at)
       VALUES ('demo', $1, $2, 1, 'pod-x', $3, 'ocpp1.6', '', now(), now())`,
      [stationId, randomUUID(), randomUUID()],
    );
    expect((await send(stationId, RESET)).outcome).toBe(CommandOutcome.COMMAND_OUTCOME_OFFLINE);
  });

  it('gives the stored outcome for the same key and sends nothing again', async () => {
    const { station, seen } = await charger(() => ({ result: { status: 'Accepted' } }));
    const key = { idempotencyKey: randomUUID() };
    const first = await send(station.stationId, RESET, key);
    expect(await send(station.stationId, RESET, key)).toEqual(first);
    expect(seen).toHaveLength(1);
    await expect(send(station.stationId, { reset: { kind: 'HARD' } }, key)).rejects.toMatchObject({
      kind: 'CONFLICT',
    });
  });

  it('refuses a raw payload that violates the schema and names the place', async () => {
    const { station, seen } = await charger(() => ({ result: { status: 'Accepted' } }));
    const raw = { action: 'ChangeConfiguration', payloadJson: '{"key":"K","value":{"x":1}}' };
    await expect(send(station.stationId, { raw })).rejects.toMatchObject({
      kind: 'INVALID',
      publicText: expect.stringContaining('/value') as string,
    });
    await expect(
      send(station.stationId, { raw: { action: 'Heartbeat', payloadJson: '{}' } }),
    ).rejects.toMatchObject({
      code: 'COMMAND_ACTION',
    });
    expect(seen).toEqual([]);
  });

  it('Q51: sends a station that knows FTP alone to a server of the operator, whose password is on no record', async () => {
    const { station, seen } = await charger(() => ({ result: { fileName: 'diag.zip' } }));
    const location = 'ftp://cp-1:hush-hush@files.example.org/cp-1/';
    const raw = { action: 'GetDiagnostics', payloadJson: JSON.stringify({ location }) };
    const { outcome } = await send(station.stationId, { raw });
    expect(outcome).toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
    expect(seen).toEqual([{ action: 'GetDiagnostics', payload: { location } }]);
    const kept = await waitFor('the frames', async () => {
      const frames = await rig.traced(station.stationId);
      return JSON.stringify(frames).includes('GetDiagnostics') ? frames : undefined;
    });
    const logged = await rig.rig.sql('SELECT * FROM command_log WHERE station_id = $1', [station.stationId]);
    expect(logged).toHaveLength(1);
    for (const record of [kept, logged]) {
      expect(JSON.stringify(record)).toContain('[redacted]@files.example.org');
      expect(JSON.stringify(record)).not.toContain('hush');
    }
  });

  it('belongs to a tenant: another one finds the station offline', async () => {
    const { station, seen } = await charger(() => ({ result: { status: 'Accepted' } }));
    const answer = await send(station.stationId, RESET, {}, 'other');
    expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_OFFLINE);
    expect(seen).toEqual([]);
  });

  it('Q25: waits for the one before it: one call is outstanding at a time', async () => {
    const station = rig.provision();
    let outstanding = 0;
    let most = 0;
    const socket = await rig.connect(station, {
      onFrame: (direction) => {
        outstanding += direction === 'received' ? 1 : -1;
        most = Math.max(most, outstanding);
      },
    });
    open.push(socket);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(station.stationId, RESET)));
    expect(answers.every(({ outcome }) => outcome === CommandOutcome.COMMAND_OUTCOME_ACCEPTED)).toBe(true);
    expect(most).toBe(1);
  });

  it('is on record without its token', async () => {
    const { station } = await charger(() => ({ result: { status: 'Accepted' } }));
    await send(station.stationId, start('SECRETTOKEN77'));
    const [logged] = await rig.rig.sql('SELECT * FROM command_log WHERE station_id = $1', [
      station.stationId,
    ]);
    expect(logged).toMatchObject({
      caller: 'rig',
      requested_by: 'operator-1',
      action: 'RemoteStartTransaction',
      outcome: 'COMMAND_OUTCOME_ACCEPTED',
    });
    expect(JSON.stringify(logged)).not.toContain('SECRETTOKEN');
  });

  it('is on record without the password that its station tells, in the answer or in an error', async () => {
    const { station } = await charger((action) =>
      action === 'GetConfiguration'
        ? {
            result: {
              configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 'hush-hush-hush' }],
            },
          }
        : { error: 'InternalError', description: '{"key":"AuthorizationKey","value":"hush-hush-hush"' },
    );
    const key = { idempotencyKey: randomUUID() };
    const ask: Asked = { raw: { action: 'GetConfiguration', payloadJson: '{}' } };
    expect((await send(station.stationId, ask, key)).payloadJson).toContain('hush');
    expect((await send(station.stationId, ask, key)).payloadJson).not.toContain('hush');
    const payloadJson = JSON.stringify({ key: 'AuthorizationKey', value: 'hush-hush-hush' });
    const told = await send(station.stationId, { raw: { action: 'ChangeConfiguration', payloadJson } });
    expect(told.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR);
    const logged = await rig.rig.sql('SELECT * FROM command_log WHERE station_id = $1', [station.stationId]);
    expect(logged).toHaveLength(2);
    expect(JSON.stringify(logged)).not.toContain('hush-hush');
  });
});
