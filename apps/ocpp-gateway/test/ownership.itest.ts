// Real: sockets, Postgres, NATS, two pods in this process. Played over real gRPC: auth.
import { randomUUID } from 'node:crypto';
import { auth, events, ocppGateway } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { CONFIG, runService, type RunningService } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../src/config.js';
import { ocppGatewayService } from '../src/ocpp-gateway.module.js';
import { Gateway } from '../src/transport/ws/gateway.js';
import { ConnectionOwnership } from '../src/usecases/connection-ownership.js';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
let other: RunningService;
beforeAll(async () => {
  rig = await GatewayRig.start();
  const config = { ...rig.rig.running.get<GatewayConfig>(CONFIG), KW_POD_ID: 'pod-b.example' };
  other = await runService(ocppGatewayService(config));
});
afterAll(async () => {
  await other.close();
  await rig.close();
});

interface Row {
  generation: string;
  connection_id: string;
  disconnected_at: Date | null;
  pod: string;
  last_seen_at: Date;
}

const row = async (stationId: string) =>
  (await rig.rig.sql<Row>('SELECT * FROM station_connection WHERE station_id = $1', [stationId]))[0];
const generations = async (stationId: string) => ({
  connected: (await rig.rig.published(events.stationConnected))
    .filter((e) => e.stationId === stationId)
    .map((e) => e.generation),
  disconnected: (await rig.rig.published(events.stationDisconnected))
    .filter((e) => e.stationId === stationId)
    .map((e) => e.generation),
});

/** Of all pods of this process. */
const takenOver = async () => {
  const metrics = await (await fetch(`http://127.0.0.1:${rig.rig.running.httpPort}/metrics`)).text();
  return Number(/^kw_ocpp_refused_total\{reason="taken_over"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
};

describe('who owns a station', () => {
  it('says so when a charger comes and when it goes', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station);
    expect(await row(station.stationId)).toMatchObject({
      generation: '1',
      pod: 'pod-a',
      disconnected_at: null,
    });
    socket.terminate();
    await waitFor('the end to be written', async () => (await row(station.stationId))?.disconnected_at);
    expect(await generations(station.stationId)).toEqual({ connected: [1], disconnected: [1] });
  });

  it('Q22: lets the newest socket win; the end of the older does not take the station offline', async () => {
    const station = rig.provision();
    const older = await rig.connect(station);
    const newer = await rig.connect(station);
    expect((await older.closed).code).toBe(1008);
    expect(await newer.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
    expect(await row(station.stationId)).toMatchObject({ generation: '2', disconnected_at: null });
    expect(await generations(station.stationId)).toEqual({ connected: [1, 2], disconnected: [] });
    newer.close();
    await waitFor('the end to be written', async () => (await row(station.stationId))?.disconnected_at);
    expect(await generations(station.stationId)).toEqual({ connected: [1, 2], disconnected: [2] });
  });

  it('Q22: tells the other pod that its socket has been replaced', async () => {
    const station = rig.provision();
    const here = await rig.connect(station);
    const there = await rig.connect(station, { port: other.get(Gateway).port });
    expect((await here.closed).code).toBe(1008);
    expect(there.isOpen).toBe(true);
    expect(await row(station.stationId)).toMatchObject({
      generation: '2',
      pod: 'pod-b.example',
      disconnected_at: null,
    });
    there.close();
  });

  it('stays with the charger that has it while others guess at its door', async () => {
    const station = rig.provision({ password: 'right-password-1234' });
    const genuine = await rig.connect(station);
    for (let guess = 0; guess < 5; guess++)
      await expect(rig.connect(station, { password: `wrong-password-${guess}` })).rejects.toThrow('401');
    rig.peers.verify.does(() =>
      auth.VerifyStationResponse.fromPartial({
        verdict: auth.StationVerdict.STATION_VERDICT_RATE_LIMITED,
        retryAfterSeconds: 600,
      }),
    );
    await expect(rig.connect(station, { password: 'wrong-password-5' })).rejects.toThrow('429');
    expect(await genuine.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
    expect(await row(station.stationId)).toMatchObject({ generation: '1', disconnected_at: null });
    rig.peers.reset();
    genuine.close();
  });

  it('Q22: changes with each of two devices that share an identity: one has it at a time, and each change is counted', async () => {
    const station = rig.provision();
    const before = await takenOver();
    let holder = await rig.connect(station);
    for (let turn = 0; turn < 6; turn++) {
      const next = await rig.connect(station);
      expect((await holder.closed).code).toBe(1008);
      expect(await next.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
      holder = next;
    }
    expect((await takenOver()) - before).toBe(6);
    expect(await row(station.stationId)).toMatchObject({ generation: '7', disconnected_at: null });
    const told = (await rig.rig.published(events.stationConnected)).filter(
      ({ stationId }) => stationId === station.stationId,
    );
    // Where the other one comes from, for the operator to find it.
    expect(told.map(({ replacedRemoteIp }) => replacedRemoteIp)).toEqual([
      undefined,
      ...Array<string>(6).fill(told[0]!.remoteIp),
    ]);
    holder.close();
  });

  it('notices by the generation that a socket was replaced, should the notice be lost', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station);
    await rig.rig.sql('UPDATE station_connection SET generation = generation + 1 WHERE station_id = $1', [
      station.stationId,
    ]);
    const ownership = rig.rig.running.get(ConnectionOwnership);
    const held = rig.gateway.socketOf('demo', station.stationId)!;
    const lost = await ownership.touch([{ ...held.station, at: new Date() }]);
    expect(lost.map(({ stationId }) => stationId)).toEqual([station.stationId]);
    socket.close();
  });

  it('notes when a charger was last heard', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station);
    const held = rig.gateway.socketOf('demo', station.stationId)!;
    const at = new Date(Date.now() + 60_000);
    expect(await rig.rig.running.get(ConnectionOwnership).touch([{ ...held.station, at }])).toEqual([]);
    expect((await row(station.stationId))?.last_seen_at).toEqual(at);
    socket.close();
  });

  it('Q21: does not take a charger for lost that is silent on a socket that its process holds', async () => {
    const station = rig.provision({ pinged: false });
    const socket = await rig.connect(station);
    const longAgo = new Date(Date.now() - 20 * 60_000);
    await rig.rig.sql('UPDATE station_connection SET last_seen_at = $2 WHERE station_id = $1', [
      station.stationId,
      longAgo,
    ]);
    const ownership = rig.rig.running.get(ConnectionOwnership);
    const held = rig.gateway.socketOf('demo', station.stationId)!;
    expect(await ownership.touch([{ ...held.station, at: longAgo }])).toEqual([]);
    await ownership.markLost(300_000, 120_000);
    expect(await row(station.stationId)).toMatchObject({ disconnected_at: null, last_seen_at: longAgo });
    socket.close();
  });

  it('marks what a killed process left behind, once, and not what others hold', async () => {
    const [mine, silent, theirs, twin] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const insert = (stationId: string, pod: string, seen: string) =>
      rig.rig.sql(
        `INSERT INTO station_connection (tenant, station_id, connection_id, generation, pod, boot_id, protocol, remote_ip, since, last_seen_at)
         VALUES ('demo', $1, $2, 7, $3, $4, 'ocpp1.6', '', now(), now() - $5::interval)`,
        [stationId, randomUUID(), pod, randomUUID(), seen],
      );
    await insert(mine, 'pod-a', '3 minutes');
    // Of another process that shares our pod's name and lives.
    await insert(twin, 'pod-a', '80 seconds');
    await insert(silent, 'pod-gone', '10 minutes');
    await insert(theirs, 'pod-c', '10 seconds');
    const ownership = rig.rig.running.get(ConnectionOwnership);
    expect(await ownership.markLost(300_000, 120_000)).toBe(2);
    expect(await ownership.markLost(300_000, 120_000)).toBe(0);
    expect(await generations(mine)).toMatchObject({ disconnected: [7] });
    expect(await generations(silent)).toMatchObject({ disconnected: [7] });
    expect((await row(theirs))?.disconnected_at).toBeNull();
    expect((await row(twin))?.disconnected_at).toBeNull();
  });
});

describe('a station whose credential counts no longer', () => {
  const CREDENTIAL = 'certificate:abc';
  const disconnect = (stationId: string, credentialId = CREDENTIAL, tenant = 'demo') =>
    rig.rig
      .grpc(ocppGateway.CommandServiceClient)
      .disconnect(
        ocppGateway.DisconnectRequest.fromPartial({ stationId, credentialId, requestedBy: 'auth' }),
        { tenant: tenantId(tenant), deadlineMs: 10_000 },
      );

  /** As auth does: a connection that has just come may not be listening yet. */
  const untilKnown = (stationId: string) =>
    waitFor('a word of the pod', () => disconnect(stationId).catch(() => undefined));

  it.each(['this pod', 'the other pod'])('has its connection ended, on %s', async (where) => {
    const station = rig.provision({ credentialId: CREDENTIAL });
    const port = where === 'this pod' ? rig.gateway.port : other.get(Gateway).port;
    const socket = await rig.connect(station, { port });
    expect(await untilKnown(station.stationId)).toEqual({ disconnected: true });
    expect(await socket.closed).toMatchObject({ code: 1008 });
    await waitFor('the end to be written', async () => (await row(station.stationId))?.disconnected_at);
    expect(await generations(station.stationId)).toEqual({ connected: [1], disconnected: [1] });
    // Repeated: nothing is left to end.
    expect(await disconnect(station.stationId)).toEqual({ disconnected: false });
  });

  it('stays when it came with another one, and is nothing to another tenant', async () => {
    const station = rig.provision({ credentialId: 'certificate:newer' });
    const socket = await rig.connect(station);
    expect(await untilKnown(station.stationId)).toEqual({ disconnected: false });
    expect(await disconnect(station.stationId, 'certificate:newer', 'other')).toEqual({
      disconnected: false,
    });
    expect(await socket.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
    socket.close();
  });

  it('that is written down as live and that no pod holds is told as not known', async () => {
    const station = rig.provision({ credentialId: CREDENTIAL });
    const socket = await rig.connect(station);
    socket.close();
    await waitFor('the end to be written', async () => (await row(station.stationId))?.disconnected_at);
    const sql = 'UPDATE station_connection SET disconnected_at = NULL WHERE station_id = $1';
    await rig.rig.sql(sql, [station.stationId]);
    await expect(disconnect(station.stationId)).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
    await expect(disconnect('nonsense')).rejects.toMatchObject({ kind: 'INVALID' });
    await expect(disconnect(station.stationId, '')).rejects.toMatchObject({ kind: 'INVALID' });
  });
});
