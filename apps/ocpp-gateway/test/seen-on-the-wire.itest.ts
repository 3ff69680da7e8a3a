// Real: sockets, Postgres, NATS, gRPC. Played: auth, sessions, metering. What charger programs were seen to do on a connection
// (docs/ocpp-notes.md section 5).
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { events, ocppGateway } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { GatewayRig } from './gateway-rig.js';
import type { KnownStation } from './peers.js';

const { CommandOutcome } = ocppGateway;
const AT = '2026-03-01T10:00:00Z';

let rig: GatewayRig;
const open: Program[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  rig.peers.reset();
  for (const program of open.splice(0)) program.ws.terminate();
});

type Frame = [number, string, ...unknown[]];

/** A charger program at the level of the WebSocket. */
class Program {
  readonly received: Frame[] = [];

  private constructor(
    readonly ws: WebSocket,
    readonly station: KnownStation & { identity: string },
    onCall: (program: Program, frame: Frame) => void,
  ) {
    ws.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      this.received.push(frame);
      if (frame[0] === 2) onCall(this, frame);
    });
    ws.on('error', () => undefined);
  }

  static async start(
    parts: {
      subprotocols?: string[];
      options?: ClientOptions;
      station?: KnownStation & { identity: string };
      onCall?: (program: Program, frame: Frame) => void;
    } = {},
  ): Promise<Program> {
    const station = parts.station ?? rig.provision();
    const url = `ws://127.0.0.1:${rig.gateway.port}/ocpp/${station.identity}`;
    const ws = new WebSocket(url, parts.subprotocols ?? ['ocpp1.6'], parts.options ?? {});
    const program = new Program(ws, station, parts.onCall ?? (() => undefined));
    open.push(program);
    await once(ws, 'open');
    return program;
  }

  send(...frame: unknown[]): void {
    this.ws.send(JSON.stringify(frame));
  }

  answerTo(id: string): Promise<Frame> {
    return waitFor(`the answer to ${id}`, () => this.received.find((frame) => frame[1] === id));
  }
}

const reset = (stationId: string, timeoutSeconds = 5) =>
  rig.rig.grpc(ocppGateway.CommandServiceClient).send(
    ocppGateway.SendRequest.fromPartial({
      stationId,
      idempotencyKey: randomUUID(),
      timeoutSeconds,
      reset: { kind: 'SOFT' },
    }),
    { tenant: tenantId('demo'), deadlineMs: 10_000 },
  );

describe('a connection', () => {
  it.each([
    ['libocpp', { Origin: 'http://csms', Pragma: 'no-cache', 'Cache-Control': 'no-cache' }, false],
    ['a Node client', {}, true],
  ])('wire: headers and extensions: those of %s are fine', async (_who, headers, perMessageDeflate) => {
    const program = await Program.start({ options: { headers, perMessageDeflate } });
    program.send(2, 'm', 'Heartbeat', {});
    expect((await program.answerTo('m'))[0]).toBe(3);
  });

  it('wire: headers and extensions: authorization in lower case is read', async () => {
    const password = 'right-password-0123456789';
    const station = rig.provision({ password });
    const basic = Buffer.from(`${station.identity}:${password}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    await Program.start({ station, options: { headers } });
    expect(rig.peers.verify.last?.securityProfile).toBe(1);
  });

  it.each([
    ['terminate', 1006],
    ['close', 1005],
  ] as const)('wire: ends without a goodbye: a %s is written down as %d', async (how, code) => {
    const { ws, station } = await Program.start();
    ws[how]();
    const ends = async () =>
      (await rig.rig.published(events.stationDisconnected)).filter((e) => e.stationId === station.stationId);
    await waitFor('the end to be told', async () => (await ends()).length === 1);
    expect((await ends())[0]?.closeCode).toBe(code);
  });

  it.each(['hello there', ''])('wire: pings of the charger: "%s" comes back as a pong', async (payload) => {
    const { ws, station } = await Program.start();
    const socket = rig.gateway.socketOf('demo', station.stationId)!;
    socket.lastTrafficAt = 0;
    const pong = once(ws, 'pong');
    ws.ping(payload);
    expect(String((await pong)[0])).toBe(payload);
    expect(socket.lastTrafficAt).toBeGreaterThan(0);
  });
});

describe('messages and answers', () => {
  it('wire: message ids: the same ones come again on the next connection, for other messages', async () => {
    const start = { connectorId: 1, idTag: '04A1B2C3', timestamp: AT };
    const first = await Program.start();
    first.send(2, '2596996162', 'StartTransaction', { ...start, meterStart: 1 });
    expect((await first.answerTo('2596996162'))[0]).toBe(3);
    first.ws.terminate();
    const second = await Program.start({ station: first.station });
    second.send(2, '2596996162', 'StartTransaction', { ...start, meterStart: 2 });
    expect((await second.answerTo('2596996162'))[0]).toBe(3);
    expect(rig.peers.transaction.requests.map(({ registerMwh }) => registerMwh)).toEqual([1_000, 2_000]);
  });

  it('wire: answered twice: the first answer counts, the second harms nothing', async () => {
    const program = await Program.start({
      onCall: (charger, [, id]) => {
        charger.send(3, id, { status: 'Rejected' });
        charger.send(4, id, 'GenericError', 'vector::_M_range_check: __n (which is 3)', {});
      },
    });
    const { stationId } = program.station;
    const rejected = { outcome: CommandOutcome.COMMAND_OUTCOME_REJECTED, status: 'Rejected' };
    expect(await reset(stationId)).toMatchObject(rejected);
    expect(await reset(stationId)).toMatchObject(rejected);
    program.send(2, 'm', 'Heartbeat', {});
    expect((await program.answerTo('m'))[0]).toBe(3);
  });

  it('wire: pipelining: a status right behind the boot, and three meter values at once', async () => {
    const program = await Program.start();
    program.send(2, 'b', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    program.send(2, 's', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
    for (const id of ['1', '2', '3']) {
      const sampledValue = [{ value: id }];
      program.send(2, id, 'MeterValues', { connectorId: 1, meterValue: [{ timestamp: AT, sampledValue }] });
    }
    await program.answerTo('3');
    expect(program.received.map(([type, id]) => `${type} ${id}`)).toEqual([
      '3 b',
      '3 s',
      '3 1',
      '3 2',
      '3 3',
    ]);
  });

  it('wire: two Authorizes: both are answered, and nothing but the start makes a session', async () => {
    const program = await Program.start();
    program.send(2, 'a1', 'Authorize', { idTag: '04A1B2C3' });
    program.send(2, 'a2', 'Authorize', { idTag: '04A1B2C3' });
    program.send(2, 's', 'StartTransaction', {
      connectorId: 1,
      idTag: '04A1B2C3',
      meterStart: 0,
      timestamp: AT,
    });
    await program.answerTo('s');
    expect(program.received.map(([type]) => type)).toEqual([3, 3, 3]);
    expect(rig.peers.decide.requests.map(({ decisionKey }) => decisionKey)).toEqual(['', '']);
    expect(rig.peers.transaction.requests).toHaveLength(1);
  });

  it('wire: gone in mid-call: a charger that falls over our call leaves it unknown at once', async () => {
    const { station } = await Program.start({ onCall: ({ ws }) => ws.terminate() });
    const started = performance.now();
    expect((await reset(station.stationId, 60)).outcome).toBe(CommandOutcome.COMMAND_OUTCOME_UNKNOWN);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('plug and charge over 1.6', () => {
  const vendorId = 'org.openchargealliance.iso15118pnc';
  const eMaid = JSON.stringify({ idToken: { idToken: 'DE-ABC-C12345678-X', type: 'eMAID' } });
  const said = async (messageId: string, data: string) => {
    const program = await Program.start();
    program.send(2, 'm', 'DataTransfer', { vendorId, messageId, data });
    const [, , answer] = await program.answerTo('m');
    return answer as { status: string; data?: string };
  };

  it('wire: plug and charge: Authorize is decided as in 2.0.1, and the answer is JSON in a string', async () => {
    const answer = await said('Authorize', eMaid);
    expect(answer.status).toBe('Accepted');
    expect(answer.data).toBeTypeOf('string');
    expect(JSON.parse(answer.data!)).toMatchObject({ idTokenInfo: { status: 'Accepted' } });
    expect(rig.peers.decide.last?.idToken).toEqual({ value: 'DE-ABC-C12345678-X', type: 'eMAID' });
  });

  it.each([
    ['GetCertificateStatus', { status: 'Accepted', ocspResult: 'MAMKAQY=' }],
    ['Get15118EVCertificate', { status: 'Accepted', exiResponse: 'gA==' }],
  ])('wire: plug and charge: %s is answered with what auth found', async (messageId, expected) => {
    const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' };
    const data =
      messageId === 'GetCertificateStatus'
        ? { ocspRequestData: { ...hash, responderURL: 'http://ocsp.example' } }
        : { iso15118SchemaVersion: 'urn:iso', action: 'Install', exiRequest: 'x' };
    const answer = await said(messageId, JSON.stringify(data));
    expect(JSON.parse(answer.data!)).toEqual(expected);
  });

  it('wire: plug and charge: what is longer than 2.0.1 can say is Failed, not sent broken', async () => {
    rig.peers.contract.does(() => ({
      ...{ accepted: true, exiResponse: 'A'.repeat(5_604), reasonCode: '', reason: '' },
      remaining: undefined,
    }));
    const asked = { iso15118SchemaVersion: 'urn:iso', action: 'Install', exiRequest: 'x' };
    const answer = await said('Get15118EVCertificate', JSON.stringify(asked));
    expect(JSON.parse(answer.data!)).toMatchObject({ status: 'Failed', exiResponse: '' });
  });

  it('wire: plug and charge: without a pool the reason is told', async () => {
    rig.peers.contract.does(() => ({
      ...{ accepted: false, exiResponse: '', reasonCode: 'NoContractPool', reason: 'None is set up.' },
      remaining: undefined,
    }));
    const asked = { iso15118SchemaVersion: 'urn:iso', action: 'Install', exiRequest: 'x' };
    const answer = await said('Get15118EVCertificate', JSON.stringify(asked));
    expect(JSON.parse(answer.data!)).toEqual({
      status: 'Failed',
      exiResponse: '',
      statusInfo: { reasonCode: 'NoContractPool', additionalInfo: 'None is set up.' },
    });
  });

  it.each([
    ['MakeCoffee', eMaid, 'UnknownMessageId'],
    ['Authorize', 'no json', 'Rejected'],
    ['Authorize', '{"idToken":{"idToken":5}}', 'Rejected'],
  ])('wire: plug and charge: %s with %s is %s', async (messageId, data, status) => {
    expect(await said(messageId, data)).toEqual({ status });
    expect(rig.peers.decide.requests).toEqual([]);
  });
});
