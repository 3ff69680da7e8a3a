// Real: sockets, Postgres, NATS. Played over real gRPC: auth, sessions.
import { events } from '@kilowatch/contracts';
import { waitFor, type OcppSocket } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

const STOP = { transactionId: 4711, meterStop: 2500, timestamp: '2026-03-01T11:00:00Z' };

/** Sessions answer transaction messages only when the function that this returns has been called. */
function sessionsTakeTheirTime(rig: GatewayRig, stored = () => {}): () => void {
  let finish = () => {};
  const gate = new Promise<void>((resolve) => (finish = resolve));
  rig.peers.transaction.does(async ({ transactionRef }) => {
    await gate;
    stored();
    return {
      sessionId: 's',
      transactionRef,
      groupId: '',
      duplicate: false,
      orphan: false,
      cacheExpiry: undefined,
      costDisplay: undefined,
      tokenLanguage: '',
      maxCost: undefined,
    };
  });
  return finish;
}

describe('many chargers at once', () => {
  let rig: GatewayRig;
  beforeAll(async () => {
    rig = await GatewayRig.start({ KW_OCPP_ACCEPT_PER_SECOND: '3' });
  });
  afterAll(() => rig.close());

  it('are let in at the configured pace, the others asked to come back', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => rig.handshake(`/ocpp/${rig.provision().identity}`)),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 101).length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(5);
  });
});

describe('a gateway that stops', () => {
  let rig: GatewayRig;
  beforeAll(async () => {
    rig = await GatewayRig.start();
  });
  afterAll(() => rig.close());

  it('answers what it works on, closes each socket with 1001, and leaves nobody marked online', async () => {
    const stations = Array.from({ length: 10 }, () => rig.provision());
    const sockets: OcppSocket[] = await Promise.all(stations.map((station) => rig.connect(station)));
    const finish = sessionsTakeTheirTime(rig);
    const stop = sockets[0]!.call('StopTransaction', () => STOP);
    await waitFor('sessions to be asked', () => rig.peers.transaction.last);

    const closed = Promise.all(sockets.map((socket) => socket.closed));
    const stopping = rig.rig.running.close();
    await waitFor('the first charger to go', () => sockets.some((socket) => !socket.isOpen));
    expect((await rig.handshake(`/ocpp/${rig.provision().identity}`)).status).toBe(503);
    finish();
    expect(await stop).toEqual({});
    expect((await closed).map(({ code }) => code)).toEqual(sockets.map(() => 1001));
    await stopping;
  });
});

describe('a gateway that stops just after a charger hung up', () => {
  it('finishes what that charger had sent before it closes anything the work needs', async () => {
    const rig = await GatewayRig.start();
    const socket = await rig.connect(rig.provision());
    const happened: string[] = [];
    const finish = sessionsTakeTheirTime(rig, () => happened.push('stored'));
    void socket.call('StopTransaction', () => STOP).catch(() => undefined);
    await waitFor('sessions to be asked', () => rig.peers.transaction.last);
    socket.terminate();
    await waitFor('the gateway to notice', () => rig.gateway.size === 0);

    const stopping = rig.gateway.beforeApplicationShutdown().then(() => happened.push('stopped'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    finish();
    await stopping;
    expect(happened).toEqual(['stored', 'stopped']);
    await rig.close();
  });
});

describe('a gateway that was stopped', () => {
  it('has written the end of every connection', async () => {
    const rig = await GatewayRig.start();
    const station = rig.provision();
    await rig.connect(station);
    await rig.gateway.beforeApplicationShutdown();
    const ends = await rig.rig.published(events.stationDisconnected);
    expect(ends).toMatchObject([{ stationId: station.stationId, generation: 1, closeCode: 1001 }]);
    await rig.close();
  });
});
