// Real: sockets, Postgres and NATS behind proxies that can be cut. Played over real gRPC: auth, sessions, metering.
import { randomUUID } from 'node:crypto';
import { ocppGateway } from '@kilowatch/contracts';
import { Secret, tenantId, unavailable } from '@kilowatch/kernel';
import {
  CONFIG,
  GrpcClients,
  runService,
  type ConfigOf,
  type GrpcClient,
  type RunningService,
} from '@kilowatch/platform';
import { startTcpProxy, waitFor, type OcppSocket, type TcpProxy } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { configShape } from '../src/config.js';
import { ocppGatewayService } from '../src/ocpp-gateway.module.js';
import { Gateway } from '../src/transport/ws/gateway.js';
import { ConnectionOwnership } from '../src/usecases/connection-ownership.js';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
let service: RunningService;
let postgres: TcpProxy;
let nats: TcpProxy;
let commands: GrpcClient<typeof ocppGateway.CommandServiceService>;
beforeAll(async () => {
  rig = await GatewayRig.start();
  const config = rig.rig.running.get<ConfigOf<typeof configShape>>(CONFIG);
  const database = new URL(config.KW_DATABASE_URL!.reveal());
  postgres = await startTcpProxy({ port: Number(database.port), host: database.hostname });
  nats = await startTcpProxy({ port: Number(new URL(rig.rig.natsUrl).port) });
  database.host = `127.0.0.1:${postgres.port}`;
  service = await runService(
    ocppGatewayService({
      ...config,
      KW_POD_ID: 'pod-outage',
      KW_DATABASE_URL: new Secret(database.toString()),
      KW_NATS_URL: `nats://127.0.0.1:${nats.port}`,
      KW_OCPP_PING_SECONDS_MIN: 1,
      KW_OCPP_PING_SECONDS_MAX: 1,
    }),
  );
  commands = service
    .get(GrpcClients)
    .client(ocppGateway.CommandServiceClient, `127.0.0.1:${service.grpcPort}`);
});
afterAll(async () => {
  await service.close();
  await Promise.all([postgres.close(), nats.close()]);
  await rig.close();
});

const METER = {
  connectorId: 1,
  meterValue: [{ timestamp: '2026-03-01T10:00:00Z', sampledValue: [{ value: '1' }] }],
};

async function charger(): Promise<{ stationId: string; socket: OcppSocket }> {
  const station = rig.provision();
  return {
    stationId: station.stationId,
    socket: await rig.connect(station, { port: service.get(Gateway).port }),
  };
}

const reset = (stationId: string, idempotencyKey: string = randomUUID()) =>
  commands.send(
    ocppGateway.SendRequest.fromPartial({
      stationId,
      idempotencyKey,
      timeoutSeconds: 5,
      reset: { kind: 'SOFT' },
    }),
    { tenant: tenantId('demo'), deadlineMs: 10_000 },
  );

describe('while NATS is away', () => {
  it('serves chargers, fails commands at once, and carries them out with the same key when it is back', async () => {
    const before = await charger();
    nats.refuse(true);
    nats.cut();
    const during = await charger();
    const key = randomUUID();
    await waitFor('the loss to be noticed', () =>
      reset(before.stationId).then(
        () => false,
        () => true,
      ),
    );
    await expect(reset(before.stationId, key)).rejects.toMatchObject({
      kind: 'UNAVAILABLE',
      code: 'NATS_UNAVAILABLE',
    });
    expect(await during.socket.call('MeterValues', () => METER)).toEqual({});
    nats.refuse(false);
    const accepted = ocppGateway.CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
    await waitFor('commands to work again', async () => (await reset(before.stationId)).outcome === accepted);
    expect((await reset(before.stationId, key)).outcome).toBe(accepted);
    await waitFor(
      'the one that came meanwhile',
      async () => (await reset(during.stationId)).outcome === accepted,
    );
    before.socket.close();
    during.socket.close();
  });
});

describe('while Postgres is away', () => {
  it('lets nobody in, still stores readings, keeps what cannot be stored with the charger, and writes ends later', async () => {
    const [first, second] = [await charger(), await charger()];
    postgres.refuse(true);
    postgres.cut();
    await expect(charger()).rejects.toThrow('503');
    expect(await first.socket.call('MeterValues', () => METER)).toEqual({});
    rig.peers.readings.fails(unavailable('DOWN', 'x'));
    await expect(first.socket.call('MeterValues', () => METER)).rejects.toThrow('closed with 1013');
    rig.peers.readings.reset();
    second.socket.sendRaw('[2,"m1","StopTransaction",{,]');
    expect((await second.socket.closed).code).toBe(1011);
    postgres.refuse(false);
    const ended = async () => {
      await service.get(ConnectionOwnership).retryReleases();
      const rows = await rig.rig.sql(
        'SELECT 1 FROM station_connection WHERE station_id = ANY($1) AND disconnected_at IS NOT NULL',
        [[first.stationId, second.stationId]],
      );
      return rows.length === 2;
    };
    await waitFor('both ends to be written', ended);
  });
});

describe('a charger behind a dead link', () => {
  it('is given up after two pings without any sign of life', async () => {
    const link = await startTcpProxy({ port: service.get(Gateway).port });
    const station = rig.provision();
    await rig.connect(station, { port: link.port });
    const held = () => service.get(Gateway).socketOf('demo', station.stationId);
    await waitFor('pings to be answered', () => held() && held()!.liveness.pingedAt > 0);
    link.blackHole(true);
    await waitFor('the charger to be given up', () => held() === undefined);
    await link.close();
  });

  it('Q21: is not given up for pings it was never sent, by the option of the station or the record of its model', async () => {
    const link = await startTcpProxy({ port: service.get(Gateway).port });
    const boot = { chargePointVendor: 'EN+', chargePointModel: 'AC7000-AE-25' };
    const [option, model, overruled] = [
      rig.provision({ pinged: false }),
      rig.provision(),
      rig.provision({ pinged: true }),
    ];
    const held = ({ stationId }: { stationId: string }) => service.get(Gateway).socketOf('demo', stationId);
    for (const station of [option, model, overruled]) {
      const socket = await rig.connect(station, { port: link.port });
      await socket.call('BootNotification', () => boot);
    }
    await waitFor('pings to be answered', () => (held(overruled)?.liveness.pingedAt ?? 0) > 0);
    link.blackHole(true);
    await waitFor('the pinged one to be given up', () => held(overruled) === undefined);
    for (const station of [option, model]) expect(held(station)?.liveness.pingedAt).toBe(0);
    await link.close();
  });
});
