import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { spawnOwned } from '../src/infra/owned-process.js';
import { waitFor } from '../src/wait-for.js';

// Real: child processes.
const directory = mkdtempSync(join(tmpdir(), 'kilowatch-owned-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('spawnOwned', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)(
    'does not let the program outlive a parent that ends by %s',
    async (signal) => {
      const { transformSync } = await import('@swc/core');
      const source = readFileSync(new URL('../src/infra/owned-process.ts', import.meta.url), 'utf8');
      const { code } = transformSync(source, {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      const script = `${code}
      const owned = spawnOwned('/bin/sleep', ['300'], { logFile: '${directory}/log', stopSignal: 'SIGTERM' });
      console.log(owned.pid);
      setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
      const pid = await new Promise<number>((resolve) =>
        parent.stdout.once('data', (text) => resolve(Number(text))),
      );
      expect(alive(pid)).toBe(true);
      parent.kill(signal);
      await waitFor('the orphan to end', () => !alive(pid));
    },
  );

  it('kills a program that ignores the request to stop', async () => {
    const args = ['-c', 'trap "" TERM; echo ready; while :; do read -r _ < /dev/zero; done'];
    const logFile = join(directory, 'stubborn.log');
    const owned = spawnOwned('/bin/sh', args, { logFile, stopSignal: 'SIGTERM' });
    await waitFor('the trap', () => readFileSync(logFile, 'utf8').includes('ready'));
    await owned.stop(100);
    expect(owned.ended()).toBe(true);
    expect(alive(owned.pid)).toBe(false);
  });

  it('reports a program that does not exist', async () => {
    const owned = spawnOwned('/no/such/program', [], {
      logFile: join(directory, 'none.log'),
      stopSignal: 'SIGTERM',
    });
    await waitFor('the failure', () => owned.ended());
    expect(owned.logTail()).toContain('ENOENT');
  });
});
