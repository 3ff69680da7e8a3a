import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { NO_SUBPROTOCOL, playConnection, type PlayResult } from './play-connection.js';
import { playProblems } from './replay-file.js';

const played = (result: Partial<PlayResult> = {}, station = 'CP-1') => ({
  connection: { station },
  result: { calls: 1, answered: 1, sends: 0, commands: 0, problems: [], refused: undefined, ...result },
});

describe('what is wrong with a replay', () => {
  it('is nothing when everybody was let in and answered', () => {
    expect(playProblems([played(), played()])).toEqual([]);
  });

  it('is each wrong answer', () => {
    expect(playProblems([played({ problems: ['no answer'] }), played()])).toEqual(['no answer']);
  });

  it.each([401, 403, 404, 503])('is a station refused with HTTP %i, with others let in too', (status) => {
    const refused = played({ calls: 0, answered: 0, refused: `HTTP ${status}` }, 'CP-2');
    expect(playProblems([played(), refused])).toEqual([`CP-2: was not let in (HTTP ${status})`]);
  });

  it('is not a station of a version nobody speaks, unless there is no other', () => {
    const old = played({ calls: 0, answered: 0, refused: NO_SUBPROTOCOL });
    expect(playProblems([played(), old])).toEqual([]);
    expect(playProblems([old, old])).toEqual([
      'no charger of the recording speaks a version that is spoken here',
    ]);
  });

  it('is a recording without a connection', () => {
    expect(playProblems([])).toEqual(['the recording holds no connection']);
  });
});

describe('a connection that is not let in', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  const listening = async (): Promise<{ http: Server; url: string }> => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { http: server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ocpp` };
  };
  const connection = {
    station: 'CP-1',
    offered: [],
    protocol: 'ocpp1.5',
    lines: [],
    closeCode: undefined,
    deviations: undefined,
  };

  it('says with which status', async () => {
    const { http, url } = await listening();
    http.on('upgrade', (_request, socket) =>
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
    );
    expect((await playConnection(connection, url)).refused).toBe('HTTP 404');
  });

  it('says when no version is common to both', async () => {
    const { http, url } = await listening();
    const sockets = new WebSocketServer({ server: http, handleProtocols: () => false });
    expect((await playConnection(connection, url)).refused).toBe(NO_SUBPROTOCOL);
    sockets.close();
  });

  it('is an error when nobody is there', async () => {
    const { http, url } = await listening();
    http.close();
    await once(http, 'close');
    await expect(playConnection(connection, url)).rejects.toThrow(/ECONNREFUSED/);
  });
});
