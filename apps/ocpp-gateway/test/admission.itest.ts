// Real: sockets, Postgres, NATS. Played over real gRPC: auth.
import { rateLimited, unavailable } from '@kilowatch/kernel';
import { auth } from '@kilowatch/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => rig.peers.reset());

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130';

describe('a charger that knocks', () => {
  it('is let in with the right password, which may hold any byte and colons', async () => {
    const station = rig.provision({ password: 'pa:ss:wörd-0123456789' });
    const encoded = Buffer.from(`${station.identity}:${station.password}`, 'latin1').toString('base64');
    const answer = await rig.handshake(`/ocpp/${station.identity}`, { Authorization: `Basic ${encoded}` });
    expect(answer.status).toBe(101);
    expect(answer.headers['sec-websocket-protocol']).toBe('ocpp1.6');
    expect(answer.headers['sec-websocket-extensions']).toBeUndefined();
    expect(rig.peers.verify.last).toMatchObject({ securityProfile: 1, remoteIp: '127.0.0.1' });
  });

  it('is sent away with 404 when nobody knows it', async () => {
    expect((await rig.handshake('/ocpp/CP-UNKNOWN')).status).toBe(404);
  });

  it('is sent away with 401 and asked for Basic when its password is wrong', async () => {
    const station = rig.provision({ password: 'right-password-0123456789' });
    await expect(rig.connect(station, { password: 'wrong' })).rejects.toThrow('401');
    const answer = await rig.handshake(`/ocpp/${station.identity}`, { Authorization: 'Bearer x' });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('is told by the profile mismatch whether credentials are missing or not wanted', async () => {
    const station = rig.provision();
    rig.peers.verify.does(() =>
      auth.VerifyStationResponse.fromPartial({
        verdict: auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH,
      }),
    );
    expect((await rig.handshake(`/ocpp/${station.identity}`)).status).toBe(401);
    await expect(rig.connect(station, { password: 'given' })).rejects.toThrow('403');
  });

  it('gets 429 with Retry-After when it guesses too often', async () => {
    rig.peers.verify.does(() =>
      auth.VerifyStationResponse.fromPartial({
        verdict: auth.StationVerdict.STATION_VERDICT_RATE_LIMITED,
        retryAfterSeconds: 42,
      }),
    );
    const answer = await rig.handshake('/ocpp/CP-1');
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '42' } });
  });

  it.each([
    ['away', unavailable('AUTH_DOWN', 'x')],
    ['overloaded', rateLimited('AUTH_BUSY', 'x')],
  ])('gets 503 with Retry-After while auth is %s', async (_, error) => {
    rig.peers.verify.fails(error);
    const answer = await rig.handshake('/ocpp/CP-1');
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('has its handshake completed without subprotocol and closed when we share none (OCPP-J 3.1.2)', async () => {
    const station = rig.provision();
    const answer = await rig.handshake(`/ocpp/${station.identity}`, {
      'Sec-WebSocket-Protocol': 'ocpp0.9, soap',
    });
    expect(answer.status).toBe(101);
    expect(answer.headers['sec-websocket-protocol']).toBeUndefined();
    await expect(rig.connect(station, { subprotocols: ['ocpp0.9'] })).rejects.toThrow('no subprotocol');
    expect(
      await rig.rig.sql('SELECT 1 FROM station_connection WHERE station_id = $1', [station.stationId]),
    ).toEqual([]);
  });

  it('must name a subprotocol unless it is known to name none', async () => {
    const strict = rig.provision();
    await expect(rig.connect(strict, { subprotocols: [] })).rejects.toThrow('400');
    const lenient = rig.provision({ allowMissingSubprotocol: true });
    const socket = await rig.connect(lenient, { subprotocols: [] });
    expect((await socket.call('Heartbeat', () => ({})))['currentTime']).toMatch(/Z$/);
    socket.close();
  });

  it('gets 2.0.1 when it offers both', async () => {
    const socket = await rig.connect(rig.provision(), { subprotocols: ['ocpp1.6', 'ocpp2.0.1'] });
    expect(socket.subprotocol).toBe('ocpp2.0.1');
    socket.close();
  });

  it('may send an Origin, a web page may not', async () => {
    const station = rig.provision();
    const path = `/ocpp/${station.identity}`;
    const libocpp = { Origin: 'http://csms.example', 'User-Agent': 'WebSocket++/0.8.2' };
    expect((await rig.handshake(path, libocpp)).status).toBe(101);
    expect((await rig.handshake(path, { Origin: 'https://evil.example', 'User-Agent': CHROME })).status).toBe(
      403,
    );
  });

  it('is found by a tenant in its path, with a trailing slash, percent-encoded', async () => {
    const station = rig.provision();
    await rig.handshake(`/ocpp/other/${encodeURIComponent(station.identity)}/`);
    expect(rig.peers.verify.last).toMatchObject({ tenant: 'other', identity: station.identity });
  });

  it('is told to upgrade when it speaks plain HTTP', async () => {
    const response = await fetch(`http://127.0.0.1:${rig.gateway.port}/ocpp/CP-1`);
    expect(response.status).toBe(426);
  });
});

describe('a charger whose TLS ends at a proxy of ours', () => {
  const password = 'right-password-0123456789';
  const basic = (identity: string) => ({
    Authorization: `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}`,
  });
  const overTls = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '6.6.6.6, 198.51.100.7' };
  let behindProxy: GatewayRig;
  beforeAll(async () => {
    behindProxy = await GatewayRig.start({ KW_OCPP_FORWARDED_HOPS: '1' });
  });
  afterAll(() => behindProxy.close());

  it('comes with profile 2, from the address the proxy saw', async () => {
    const { identity } = behindProxy.provision({ password, securityProfile: 2 });
    const answer = await behindProxy.handshake(`/ocpp/${identity}`, { ...basic(identity), ...overTls });
    expect(answer.status).toBe(101);
    expect(behindProxy.peers.verify.last).toMatchObject({ securityProfile: 2, remoteIp: '198.51.100.7' });
  });

  it('comes with profile 1 when it spoke plain ws to the proxy, which a station of profile 2 may not', async () => {
    const plain = { ...overTls, 'X-Forwarded-Proto': 'http' };
    const one = behindProxy.provision({ password, securityProfile: 1 });
    const two = behindProxy.provision({ password, securityProfile: 2 });
    const knock = ({ identity }: { identity: string }) =>
      behindProxy.handshake(`/ocpp/${identity}`, { ...basic(identity), ...plain });
    expect((await knock(one)).status).toBe(101);
    expect((await knock(two)).status).toBe(403);
  });

  it('is not believed when it writes the header itself and no proxy of ours is in front', async () => {
    const { identity } = rig.provision({ password, securityProfile: 2 });
    const answer = await rig.handshake(`/ocpp/${identity}`, { ...basic(identity), ...overTls });
    expect(answer.status).toBe(403);
    expect(rig.peers.verify.last).toMatchObject({ securityProfile: 1, remoteIp: '127.0.0.1' });
  });
});
