import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { waitFor } from '../wait-for.js';
import { natsServerBinary } from './nats-binary.js';
import { spawnOwned } from './owned-process.js';
import { freePort } from './ports.js';

export interface NatsOptions {
  /** JetStream's files; a store found here is used again. */
  storeDir: string;
  port?: number;
}

export interface NatsServer {
  url: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts nats-server with JetStream on loopback. It stops when this process ends, however that happens. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const binary = await natsServerBinary();
  const storeDir = resolve(options.storeDir);
  mkdirSync(storeDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const name = `kilowatch-${randomUUID()}`;
  const address = ['--name', name, '--addr', '127.0.0.1', '--port', String(port)];
  const args = [...address, '--jetstream', '--store_dir', storeDir];
  const server = spawnOwned(binary, args, { logFile: join(storeDir, 'nats.log'), stopSignal: 'SIGTERM' });
  await waitFor('nats-server to offer JetStream', async () => server.ended() || offersJetStream(port, name), {
    timeoutMs: 30_000,
  });
  if (server.ended()) throw new Error(`nats-server ended while starting:\n${server.logTail()}`);
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: server.pid,
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

/** The server greets each connection with one INFO line: its name (another server may hold the port) and what it offers. */
function offersJetStream(port: number, name: string): Promise<boolean> {
  return new Promise((resolveAnswer) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolveAnswer(answer);
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once('data', (data) => {
      const greeting = data.toString('utf8');
      finish(greeting.includes(`"server_name":"${name}"`) && greeting.includes('"jetstream":true'));
    });
    socket.once('error', () => finish(false));
  });
}
