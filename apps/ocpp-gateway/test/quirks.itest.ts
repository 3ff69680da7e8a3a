// Real: sockets, Postgres, NATS, gRPC. Played: auth, sessions, metering. What chargers do against the specification, by the codes
// of docs/ocpp-notes.md section 3.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { auth, ocppGateway, sessions } from '@kilowatch/contracts';
import { tenantId, unavailable } from '@kilowatch/kernel';
import { Database, SYSTEM_SCOPE } from '@kilowatch/platform';
import { CallRefused, waitFor, type Answer, type OcppSocket, type Payload } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CareForStation } from '../src/usecases/care-for-station.js';
import { notesOf } from '../src/usecases/connection-notes.js';
import { ForgetDeviations } from '../src/usecases/forget-deviations.js';
import { KnownModels } from '../src/usecases/known-models.js';
import { StationDeviations } from '../src/usecases/station-deviations.js';
import { GatewayRig, recorder } from './gateway-rig.js';
import type { KnownStation } from './peers.js';

const { CommandOutcome } = ocppGateway;
const AT = '2026-03-01T10:00:00Z';
const START = { connectorId: 1, idTag: '04A1B2C3', meterStart: 1000, timestamp: AT };
const METER = { connectorId: 1, meterValue: [{ timestamp: AT, sampledValue: [{ value: '1234' }] }] };

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  rig.peers.reset();
  for (const socket of open.splice(0)) socket.close();
});

type Subprotocol = 'ocpp1.6' | 'ocpp2.0.1';

async function charger(
  parts: {
    station?: KnownStation & { identity: string };
    subprotocol?: Subprotocol;
    onCall?: (action: string, payload: Payload) => Answer;
  } = {},
) {
  const { station = rig.provision(), subprotocol = 'ocpp1.6' } = parts;
  const { frames, onFrame } = recorder();
  const seen: { action: string; payload: Payload }[] = [];
  const socket = await rig.connect(station, {
    subprotocols: [subprotocol],
    onFrame,
    onCall: (action, payload) => {
      seen.push({ action, payload });
      return parts.onCall?.(action, payload) ?? { result: { status: 'Accepted' } };
    },
  });
  open.push(socket);
  const held = rig.gateway.socketOf('demo', station.stationId)!;
  const notes = notesOf(held.station, new Date());
  const say = (action: string, payload: Payload = {}) => socket.call(action, () => payload);
  const look = () => rig.rig.running.get(CareForStation).look(held);
  const raw = async (text: string) => {
    const before = frames.length;
    socket.sendRaw(text);
    return waitFor('an answer', () => frames[before]);
  };
  return { station, socket, frames, seen, notes, say, look, raw };
}

const boot = (chargePointVendor = 'V', chargePointModel = 'M') => ({ chargePointVendor, chargePointModel });

function send(stationId: string, command: Partial<ocppGateway.SendRequest>) {
  const request = ocppGateway.SendRequest.fromPartial({
    stationId,
    idempotencyKey: randomUUID(),
    timeoutSeconds: 5,
    ...command,
  });
  return rig.rig
    .grpc(ocppGateway.CommandServiceClient)
    .send(request, { tenant: tenantId('demo'), deadlineMs: 10_000 });
}
const requestStart = {
  idToken: { value: 'APP-1', type: 'Central' },
  standsFor: undefined,
  evseNumber: 2,
  connectorNumber: 1,
  remoteStartId: 5,
};
const quarantined = (stationId: string) =>
  rig.rig.sql<{ action: string; error_code: string; frame: Buffer }>(
    'SELECT * FROM quarantined_frame WHERE station_id = $1',
    [stationId],
  );
const samples = () =>
  rig.peers.readings.requests.flatMap(({ sets }) =>
    sets.flatMap((set) => set.samples.map(({ value }) => value)),
  );

describe('versions', () => {
  it('Q3: a station that flips its version is spoken to in the words of each connection', async () => {
    const { station, socket, seen } = await charger();
    await send(station.stationId, { requestStart });
    socket.close();
    const again = await charger({ station, subprotocol: 'ocpp2.0.1' });
    await send(station.stationId, { requestStart });
    expect([seen[0]?.action, again.seen[0]?.action]).toEqual([
      'RemoteStartTransaction',
      'RequestStartTransaction',
    ]);
    await again.say('Heartbeat');
    expect(notesOf(rig.gateway.socketOf('demo', station.stationId)!.station, new Date())).toBe(again.notes);
  });

  it('Q3: a transaction of 1.6 on a 2.0.1 connection is refused as unknown, and kept', async () => {
    const { station, say } = await charger({ subprotocol: 'ocpp2.0.1' });
    await expect(say('StartTransaction', START)).rejects.toMatchObject({ code: 'NotImplemented' });
    expect(await quarantined(station.stationId)).toMatchObject([
      { action: 'StartTransaction', error_code: 'OTHER_VERSION' },
    ]);
  });

  it('Q3: meter values of 1.6 on a 2.0.1 connection are kept and answered, a status is told what it lacks', async () => {
    const { station, say } = await charger({ subprotocol: 'ocpp2.0.1' });
    expect(await say('MeterValues', METER)).toEqual({});
    expect(await quarantined(station.stationId)).toMatchObject([{ action: 'MeterValues' }]);
    const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };
    await expect(say('StatusNotification', status)).rejects.toMatchObject({
      code: 'OccurrenceConstraintViolation',
    });
  });
});

describe('subprotocols', () => {
  const OFFER = ['ocpp2.0.1', 'ocpp1.6', 'ocpp2.1'];
  const agreed = async (subprotocols: string[] | undefined, offered = OFFER) => {
    const station = rig.provision(subprotocols ? { subprotocols } : {});
    const socket = await rig.connect(station, { subprotocols: offered });
    open.push(socket);
    return rig.gateway.socketOf('demo', station.stationId)?.station.version;
  };

  it('Q2: are taken in the order an operator set for the station, whatever it offers first', async () => {
    expect(await agreed(['ocpp1.6', 'ocpp2.0.1'])).toBe('1.6');
    expect(await agreed(['ocpp2.1', 'ocpp1.6'])).toBe('2.1');
    expect(await agreed(undefined)).toBe('2.0.1');
  });

  it('Q2: that are left out of the order are not spoken', async () => {
    const station = rig.provision({ subprotocols: ['ocpp1.6'] });
    await expect(rig.connect(station, { subprotocols: ['ocpp2.0.1'] })).rejects.toThrow();
    expect(rig.gateway.socketOf('demo', station.stationId)).toBeUndefined();
  });
});

describe('a tag of the station', () => {
  const standsFor = { value: 'APP-ANNA', type: 'Central' };
  const told = { ...requestStart, idToken: { value: 'KNOWN-TAG', type: 'Central' }, standsFor };
  const asked = () => rig.peers.decide.requests.map(({ idToken }) => idToken?.value);

  it('Q44: is what it is asked to start with, and welcome when it asks before it starts', async () => {
    const { station, seen, say } = await charger({
      onCall: () => ({ result: { status: 'Accepted' } }),
    });
    expect((await send(station.stationId, { requestStart: told })).status).toBe('Accepted');
    expect(seen[0]).toMatchObject({ action: 'RemoteStartTransaction', payload: { idTag: 'KNOWN-TAG' } });
    await say('Authorize', { idTag: 'known-tag' });
    await say('Authorize', { idTag: '04A1B2C3' });
    expect(asked()).toEqual(['APP-ANNA', '04A1B2C3']);
  });

  const { DECISION_STATUS_ACCEPTED, DECISION_STATUS_UNKNOWN } = auth.DecisionStatus;
  /** Auth as it is: the tag of a station is a token of nobody. */
  const nobodyHasTheTag = () =>
    rig.peers.decide.does(({ idToken }) =>
      auth.DecideResponse.fromPartial({
        status: idToken?.value === 'KNOWN-TAG' ? DECISION_STATUS_UNKNOWN : DECISION_STATUS_ACCEPTED,
      }),
    );

  it('Q44: is welcome after a reconnect and on another pod: sessions keeps who waits for a start', async () => {
    nobodyHasTheTag();
    const { station } = await charger({ onCall: () => ({ result: { status: 'Accepted' } }) });
    await send(station.stationId, { requestStart: told });
    rig.peers.standIn.does(({ stationId, idToken }) => ({
      standsFor: stationId === station.stationId && idToken?.value === 'KNOWN-TAG' ? standsFor : undefined,
    }));
    const again = await charger({ station });
    const answer = await again.say('Authorize', { idTag: 'KNOWN-TAG' });
    expect(answer).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    expect(asked()).toEqual(['KNOWN-TAG', 'APP-ANNA']);
    await again.say('Authorize', { idTag: '04A1B2C3' });
    expect(rig.peers.standIn.requests).toHaveLength(1);
  });

  it('Q44: is a token of nobody where nobody asked for a start, and while sessions cannot say', async () => {
    nobodyHasTheTag();
    const { say } = await charger();
    const unknown = { idTagInfo: { status: 'Invalid' } };
    expect(await say('Authorize', { idTag: 'KNOWN-TAG' })).toMatchObject(unknown);
    rig.peers.standIn.fails(unavailable('AWAY', 'away'));
    expect(await say('Authorize', { idTag: 'KNOWN-TAG' })).toMatchObject(unknown);
    expect(asked()).toEqual(['KNOWN-TAG', 'KNOWN-TAG']);
  });
});

describe('broken JSON', () => {
  const broken = (id: string) =>
    `[2,"${id}","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[{"timestamp":"${AT}","sampledValue":[,{"value":"77"}]}]}]`;

  it('Q8: of a model known for it is mended and understood', async () => {
    const { station, say, raw } = await charger();
    await say('BootNotification', boot('ZJBENY', 'BCP-A2N-L'));
    expect(await raw(broken('m1'))).toEqual([3, 'm1', {}]);
    expect(samples()).toEqual(['77']);
    expect(await quarantined(station.stationId)).toEqual([]);
  });

  it('Q8: of such a model is mended in any call, of any other refused', async () => {
    const { say, raw } = await charger();
    const status = (id: string) =>
      `[2,"${id}","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available",}]`;
    expect((await raw(status('s1'))).slice(0, 3)).toEqual([4, 's1', 'FormationViolation']);
    await say('BootNotification', boot('ZJBENY', 'BCP-A2N-L'));
    expect(await raw(status('s2'))).toEqual([3, 's2', {}]);
  });

  it('Q8: of any other is kept as it came', async () => {
    const { station, raw } = await charger();
    expect(await raw(broken('m1'))).toEqual([3, 'm1', {}]);
    expect((await quarantined(station.stationId)).map(({ frame }) => frame.toString())).toEqual([
      broken('m1'),
    ]);
  });
});

describe('booting', () => {
  it('Q23: everything works without a boot', async () => {
    const { say } = await charger();
    expect(await say('Heartbeat')).toHaveProperty('currentTime');
    await say('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' });
    expect(await say('StartTransaction', START)).toMatchObject({ transactionId: 4711 });
    expect(await say('MeterValues', METER)).toEqual({});
  });

  it('Q23: what a station said it is when it booted is kept for connections without a boot', async () => {
    const { station, socket, say } = await charger();
    await say('BootNotification', boot('go-e', 'go-eCharger_V4'));
    socket.close();
    const [row] = await rig.rig.sql('SELECT vendor, model FROM station_model WHERE station_id = $1', [
      station.stationId,
    ]);
    expect(row).toEqual({ vendor: 'go-e', model: 'go-eCharger_V4' });
    const model = await rig.rig.running
      .get(KnownModels)
      .of({ tenant: tenantId('demo'), stationId: station.stationId });
    expect(model.name).toBe('go-eCharger');
  });

  it('Q24: a station that was told to wait and does not come back is asked again', async () => {
    rig.peers.boot.does(() => ({
      status: sessions.RegistrationStatus.REGISTRATION_STATUS_PENDING,
      intervalSeconds: 60,
    }));
    const { say, look, seen, notes } = await charger();
    expect(await say('BootNotification', boot())).toMatchObject({ status: 'Pending' });
    expect(await look()).toBeUndefined();
    notes.bootAnsweredAt = new Date(Date.now() - 200_000);
    expect(await look()).toBe('ask_again');
    expect(seen.map(({ payload }) => payload)).toEqual([{ requestedMessage: 'BootNotification' }]);
    rig.peers.boot.reset();
    expect(await say('BootNotification', boot())).toMatchObject({ status: 'Accepted' });
    expect(await look()).toBeUndefined();
  });

  it('Q52: a security event before the boot is accepted and stored', async () => {
    const { station, say } = await charger({ subprotocol: 'ocpp2.0.1' });
    const event = { type: 'InvalidFirmwareSignature', timestamp: AT, techInfo: 'slot b' };
    expect(await say('SecurityEventNotification', event)).toEqual({});
    expect(rig.peers.message.last).toMatchObject({
      stationId: station.stationId,
      securityEvent: { kind: 'InvalidFirmwareSignature', techInfo: 'slot b' },
    });
  });
});

describe('calls in both directions', () => {
  it('Q25: a charger that answers ours only after its own was answered does not hang us', async () => {
    const station = rig.provision();
    const waiting: string[] = [];
    const socket = await rig.connect(station, {
      onFrame: (direction, frame) => {
        if (direction === 'received' && frame[0] === 3)
          for (const id of waiting.splice(0)) socket.sendRaw(`[3,"${id}",{"status":"Accepted"}]`);
      },
      onCall: () => ({}),
    });
    open.push(socket);
    const held = rig.gateway.socketOf('demo', station.stationId)!;
    const outcome = held.call('ours', 'Reset', { type: 'Soft' }, 5_000);
    waiting.push('ours');
    await socket.call('Heartbeat', () => ({}));
    expect(await outcome).toMatchObject({ kind: 'result' });
  });

  it('Q26: a charger that answers no calls loses its socket, and is served when it comes back', async () => {
    const station = rig.provision();
    const ws = new WebSocket(`ws://127.0.0.1:${rig.gateway.port}/ocpp/${station.identity}`, ['ocpp1.6']);
    await once(ws, 'open');
    const held = rig.gateway.socketOf('demo', station.stationId)!;
    const care = rig.rig.running.get(CareForStation);
    for (let i = 0; i < 3; i++) {
      expect(await care.look(held)).toBeUndefined();
      const answer = await send(station.stationId, { reset: { kind: 'SOFT' }, timeoutSeconds: 1 });
      expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_UNKNOWN);
    }
    const closed = once(ws, 'close');
    expect(await care.look(held)).toBe('recycle');
    expect((await closed)[0]).toBe(1013);
    const fresh = await charger({ station });
    expect(await fresh.look()).toBeUndefined();
    expect((await send(station.stationId, { reset: { kind: 'SOFT' } })).status).toBe('Accepted');
  });

  it('Q26: a charger that has been silent for three intervals is probed, and a refusal is a sign of life', async () => {
    const { say, look, notes, seen } = await charger({ onCall: () => ({ error: 'NotSupported' }) });
    await say('BootNotification', boot());
    notes.lastCallAt = new Date(Date.now() - 3_600_000);
    expect(await look()).toBe('probe');
    expect(seen).toEqual([{ action: 'TriggerMessage', payload: { requestedMessage: 'Heartbeat' } }]);
    expect(notes.unanswered).toBe(0);
    expect(await look()).toBeUndefined();
  });

  it('Q27: the same message id again is another message', async () => {
    const { station, raw, socket } = await charger();
    const start = (meterStart: number) =>
      JSON.stringify([2, '1', 'StartTransaction', { ...START, meterStart }]);
    expect((await raw(start(1)))[0]).toBe(3);
    expect((await raw(start(2)))[0]).toBe(3);
    socket.close();
    const again = await charger({ station });
    expect((await again.raw(start(3)))[0]).toBe(3);
    expect(rig.peers.transaction.requests.map(({ registerMwh }) => registerMwh)).toEqual([
      1_000, 2_000, 3_000,
    ]);
  });

  it('Q45: a remote start names its connector, and the charger may speak before it answers', async () => {
    const states: unknown[] = [];
    const station = rig.provision();
    const socket = await rig.connect(station, {
      onCall: (_action, payload) => {
        states.push(payload['connectorId']);
        socket.sendRaw(
          JSON.stringify([
            2,
            's',
            'StatusNotification',
            { connectorId: 2, errorCode: 'NoError', status: 'Preparing' },
          ]),
        );
        return { result: { status: 'Accepted' } };
      },
    });
    open.push(socket);
    const answer = await send(station.stationId, { requestStart });
    expect(answer.outcome).toBe(CommandOutcome.COMMAND_OUTCOME_ACCEPTED);
    expect(states).toEqual([2]);
    await waitFor('the status', () => rig.peers.status.last?.status === 'Preparing');
  });
});

describe('what readers and programs add', () => {
  it('Q42: the serial number behind a card is taken off for a model known to add it', async () => {
    const { say } = await charger();
    await say('Authorize', { idTag: '04A1B2C3_1761930' });
    expect(rig.peers.decide.last?.idToken?.value).toBe('04A1B2C3_1761930');
    await say('BootNotification', boot('Keba AG', 'KC-P30'));
    await say('Authorize', { idTag: '04A1B2C3_1761930' });
    expect(rig.peers.decide.last?.idToken?.value).toBe('04A1B2C3');
    await say('StartTransaction', { ...START, idTag: '04A1B2C3_1761930' });
    expect(rig.peers.transaction.last?.idToken?.value).toBe('04A1B2C3');
  });

  it('Q51: how far an upload is is stored once, however often it is said', async () => {
    const { say } = await charger();
    for (let i = 0; i < 20; i++)
      expect(await say('DiagnosticsStatusNotification', { status: 'Uploading' })).toEqual({});
    expect(await say('DiagnosticsStatusNotification', { status: 'Uploaded' })).toEqual({});
    expect(rig.peers.message.requests.map(({ logStatus }) => logStatus?.status)).toEqual([
      'Uploading',
      'Uploaded',
    ]);
  });

  it('Q5: the URL of a wrong path is on record for the operator, as it came', async () => {
    const path = `/ocpp/a/b/${rig.provision().identity}`;
    expect((await rig.handshake(path)).status).toBe(404);
    const urls = () =>
      rig.rig.sql<{ url: string }>('SELECT url FROM connection_attempt WHERE url = $1', [path]);
    expect(await waitFor('the attempt to be written', async () => (await urls())[0])).toEqual({ url: path });
  });

  it('Q6: what to type into a station is shown to operators, by the fields its model has', async () => {
    const { station, say } = await charger();
    const fields = async (role: 'operator' | 'driver' = 'operator') => {
      const { data, codes } = await rig.rig.graphql<{
        _entities: { setupFields: { field: string; value: string }[] | null }[];
      }>(
        { accountId: randomUUID(), tenant: 'demo', role },
        'query($r: [_Any!]!) { _entities(representations: $r) { ... on Station { setupFields { field value } } } }',
        { r: [{ __typename: 'Station', id: station.stationId, identity: station.identity }] },
      );
      expect(codes).toEqual([]);
      return data!._entities[0]!.setupFields;
    };
    const base = `ws://localhost:${rig.gateway.port}/ocpp/demo`;
    expect(await fields()).toEqual([{ field: 'url', value: `${base}/${station.identity}` }]);
    await say('BootNotification', boot('EN+', 'AC007'));
    expect(await fields()).toEqual([
      { field: 'url', value: base },
      { field: 'identity', value: station.identity },
    ]);
    expect(await fields('driver')).toBeNull();
  });

  it('counts what it understood all the same, by station and kind, and forgets what was not seen for long', async () => {
    const station = rig.provision({ allowMissingSubprotocol: true });
    const socket = await rig.connect(station, { subprotocols: [] });
    open.push(socket);
    const sample = { value: 1234, measurand: 'Request.Energy' };
    const deviant = { connectorId: 1, meterValue: [{ timestamp: AT, sampledValue: [sample, sample] }] };
    for (let sent = 0; sent < 3; sent++) await socket.call('MeterValues', () => deviant);
    await rig.rig.running.get(StationDeviations).write();
    await socket.call('MeterValues', () => deviant);
    await rig.rig.running.get(StationDeviations).write();
    const shown = async (role: 'operator' | 'driver' = 'operator', tenant = 'demo') => {
      const { data, codes } = await rig.rig.graphql<{
        _entities: { deviations: { kind: string; messages: number; path: string }[] | null }[];
      }>(
        { accountId: randomUUID(), tenant, role },
        'query($r: [_Any!]!) { _entities(representations: $r) { ... on Station { deviations { kind messages path firstAt lastAt } } } }',
        { r: [{ __typename: 'Station', id: station.stationId }] },
      );
      expect(codes).toEqual([]);
      return data!._entities[0]!.deviations;
    };
    const counts = new Map((await shown())!.map((one) => [one.kind, one]));
    expect(counts.get('number_for_string')).toMatchObject({ messages: 4 });
    expect(counts.get('unknown_enum')?.messages).toBe(4);
    expect(counts.get('unknown_enum')?.path).toMatch(/measurand$/);
    expect(counts.get('subprotocol_missing')?.messages).toBe(1);
    expect(await shown('driver')).toBeNull();
    expect(await shown('operator', 'other')).toEqual([]);
    const forget = (days: number) =>
      rig.rig.running
        .get(Database)
        .transaction(SYSTEM_SCOPE, (tx) =>
          rig.rig.running.get(ForgetDeviations).take(tx, new Date(Date.now() + days * 86_400_000), 1_000),
        );
    await forget(89);
    expect(await shown()).toHaveLength(counts.size);
    await forget(91);
    expect(await shown()).toEqual([]);
  });

  it('refuses what it is not told in the words of the version', async () => {
    const { say } = await charger();
    await expect(say('TransactionEvent', {})).rejects.toThrow(CallRefused);
  });
});
