// Real: a Node process and its inspector.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@kilowatch/testing';
import { afterEach, expect, it } from 'vitest';
import { HeapInspector } from '../src/bench/heap-inspector.js';

/** Says "ready"; makes as much garbage, and keeps as much, as it is told to (MB as JavaScript objects). */
const PROGRAM = `
  const kept = [];
  const make = (mb) => Array.from({ length: mb * 1024 }, () => new Array(128).fill(Math.random()));
  process.stdin.on('data', (line) => {
    const [what, mb] = String(line).trim().split(' ');
    const made = make(Number(mb));
    if (what === 'keep') kept.push(made);
    process.stdout.write('done');
  });
  process.stdout.write('ready');`;

const MB = 1024 * 1024;
let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('sees what a process keeps, and not the garbage it made', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [`--inspect-port=127.0.0.1:${port}`, '-e', PROGRAM], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  close = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const order = async (line: string) => {
    child.stdin.write(line);
    await once(child.stdout, 'data');
  };
  await once(child.stdout, 'data');
  // Asleep until it is woken: nobody can look in before.
  await expect(fetch(`http://127.0.0.1:${port}/json/list`)).rejects.toThrow();
  const inspector = await HeapInspector.attach(child.pid!, port);
  const atFirst = (await inspector.collected()).heapUsed;
  await order('drop 40\n');
  expect((await inspector.collected()).heapUsed - atFirst).toBeLessThan(5 * MB);
  await order('keep 40\n');
  expect((await inspector.collected()).heapUsed - atFirst).toBeGreaterThan(30 * MB);
  inspector.close();
});
