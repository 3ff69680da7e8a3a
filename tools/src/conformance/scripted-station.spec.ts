import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { Deviation } from './judge.js';
import { callError, SILENCE, status } from './reply.js';
import { ScriptedStation } from './scripted-station.js';

/** A central system that says what a test tells it to. */
let server: WebSocketServer;
let central: WebSocket;
let heard: unknown[][];
let station: ScriptedStation;

beforeEach(async () => {
  heard = [];
  server = new WebSocketServer({ port: 0, handleProtocols: () => 'ocpp2.1' });
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const ocppUrl = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp`;
  station = await ScriptedStation.connect({ ocppUrl, identity: 'CS', version: '2.1' });
  [central] = (await connected) as [WebSocket];
  central.on('message', (data) => heard.push(JSON.parse(String(data as Buffer)) as unknown[]));
});
afterEach(async () => {
  await station.close();
  server.close();
});

const say = (...frame: unknown[]) => central.send(JSON.stringify(frame));
const heardOf = async (count: number) => {
  await expect.poll(() => heard.length).toBe(count);
  return heard;
};

describe('what it is told', () => {
  it('is a problem when it breaks the schema, and no problem when it does not', async () => {
    say(2, '1', 'Reset', { type: 'Immediate' });
    await station.command('Reset');
    expect(station.problems).toEqual([]);
    say(2, '2', 'Reset', { type: 'Hard' });
    await station.command('Reset', 1);
    expect(station.problems).toEqual([expect.stringMatching(/request of Reset breaks its schema at \/type/)]);
  });

  it('is a problem when its answer breaks the schema', async () => {
    const answer = station.call('Heartbeat', {});
    await heardOf(1);
    say(3, heard[0]![1], { now: 'soon' });
    await answer;
    expect(station.problems).toEqual([expect.stringMatching(/response of Heartbeat/)]);
  });

  it('is a problem when it is a frame that no version has', async () => {
    say(8, '1', {});
    await expect.poll(() => station.problems).toHaveLength(1);
  });
});

describe('what it says', () => {
  it('is yes, in the shape of the schema, unless its case wants something else', async () => {
    station.answers('ClearCache', status('Rejected'));
    station.answers('GetBaseReport', callError('InternalError'));
    station.answers('GetLocalListVersion', SILENCE);
    say(2, '1', 'GetLocalListVersion', {});
    say(2, '2', 'UnlockConnector', { evseId: 1, connectorId: 1 });
    say(2, '3', 'ClearCache', {});
    say(2, '4', 'GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
    expect(await heardOf(3)).toEqual([
      [3, '2', { status: 'Unlocked' }],
      [3, '3', { status: 'Rejected' }],
      [4, '4', 'InternalError', '', {}],
    ]);
  });

  it('must fit the schema, or the case is wrong', () => {
    expect(() => station.ask('Heartbeat', { mood: 'good' })).toThrow('the case itself is wrong');
  });

  it('is refused with a deviation when it is answered with an error', async () => {
    const answer = station.call('Heartbeat', {});
    await heardOf(1);
    say(4, heard[0]![1], 'InternalError', 'no clock', {});
    await expect(answer).rejects.toThrow(new Deviation('Heartbeat was answered InternalError: no clock'));
  });

  it('may be a SEND, of which it knows whether it was answered', async () => {
    const id = station.tell('NotifyPeriodicEventStream', {});
    expect(await heardOf(1)).toEqual([[6, id, 'NotifyPeriodicEventStream', {}]]);
    expect(station.wasAnswered(id)).toBe(false);
    say(3, id, {});
    await expect.poll(() => station.wasAnswered(id)).toBe(true);
  });
});

it('gives up on a command when the connection is closed', async () => {
  const waiting = station.command('Reset');
  central.close(1001, 'going away');
  await expect(waiting).rejects.toThrow('the socket was closed');
  expect(await station.end()).toEqual({ code: 1001, reason: 'going away' });
});
