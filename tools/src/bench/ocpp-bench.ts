import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { freePort, waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';
import { importStations, importTokens } from '../seed/seed-demo.js';
import type { GraphqlClient } from '../client/graphql-client.js';
import type { System } from '../system/start-system.js';
import { usageOf } from './cpu.js';
import { runLoad, type LoadResult } from './load.js';

export type Print = (line: string) => void;

interface Charger {
  readonly identity: string;
  readonly token: string;
}

/** Stations and tokens for the load: profile 0, because password hashing is not what is measured here. */
export async function provisionChargers(operator: GraphqlClient, count: number): Promise<Charger[]> {
  const chargers = Array.from({ length: count }, (_, i) => ({
    identity: `BENCH-${i}`,
    token: `BE7C${String(i).padStart(8, '0')}`,
  }));
  for (let from = 0; from < count; from += 100) {
    const part = chargers.slice(from, from + 100);
    await importTokens(
      operator,
      part.map(({ token }) => ({ value: token, allowConcurrent: true })),
    );
    await importStations(
      operator,
      part.map(({ identity }) => ({
        identity,
        location: `Bench ${Math.floor(from / 100)}`,
        securityProfile: 0,
        password: null,
        connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
      })),
    );
  }
  return chargers;
}

/** The raw server in the same run: without and with a commit before the answer. */
export async function floor(
  system: System,
  root: string,
  chargers: readonly Charger[],
  durable: boolean,
  seconds: number,
): Promise<LoadResult> {
  const port = await freePort();
  const args = [join(root, 'tools/dist/bench/floor-server.js'), String(port)];
  const child = spawn(process.execPath, durable ? [...args, system.addresses.databaseUrl] : args, {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await new Promise<void>((resolve) =>
      createInterface({ input: child.stdout }).once('line', () => resolve()),
    );
    const pids = new Map([['floor', child.pid!]]);
    if (durable) pids.set('postgres', system.pids().get('postgres')!);
    return await runLoad({
      url: `ws://127.0.0.1:${port}`,
      chargers,
      version: '2.0.1',
      seconds,
      pids: () => pids,
      quiet: async () => undefined,
    });
  } finally {
    child.stdin.end();
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  }
}

/**
 * Memory of the gateway for each connection that is open and says nothing: the growth from the first fifth of them to all, so
 * that what the first connections warm up is not counted. The other processes hold nothing per connection.
 */
export async function idleKb(system: System, chargers: readonly Charger[]): Promise<number> {
  const gateway = () =>
    usageOf(new Map([['ocpp-gateway', system.pids().get('ocpp-gateway')!]])).get('ocpp-gateway')!.rssKb;
  const sockets: WebSocket[] = [];
  const open = async (part: readonly Charger[]) => {
    for (const { identity } of part) {
      const socket = new WebSocket(`${system.ocppUrl}/${identity}`, ['ocpp2.0.1'], {
        perMessageDeflate: false,
      });
      sockets.push(socket);
      socket.on('error', () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await waitFor('idle connections', () => sockets.every((socket) => socket.readyState === WebSocket.OPEN), {
      timeoutMs: 60_000,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return gateway();
  };
  const first = Math.floor(chargers.length / 5);
  const before = await open(chargers.slice(0, first));
  const after = await open(chargers.slice(first));
  sockets.forEach((socket) => socket.terminate());
  return Math.round(((after - before) / (chargers.length - first)) * 10) / 10;
}

const NAME_WIDTH = 48;

export function tableHead(): string {
  return [
    'server'.padEnd(NAME_WIDTH),
    'msgs/s'.padStart(8),
    'p50 / p99 ms'.padStart(16),
    'CPU-ms/msg'.padStart(10),
    'others'.padStart(6),
  ].join('  ');
}

export function tableRow(name: string, result: LoadResult): string {
  const number = (value: number, digits: number, width: number) => value.toFixed(digits).padStart(width);
  return [
    name.padEnd(NAME_WIDTH),
    number(result.messagesPerSecond, 0, 8),
    `${number(result.p50Ms, 1, 7)} / ${number(result.p99Ms, 1, 6)}`,
    number(result.cpuMsPerMessageAll, 3, 10),
    `${number(result.othersShare * 100, 0, 4)} %`,
  ].join('  ');
}
