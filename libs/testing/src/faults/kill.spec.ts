import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { freePort, portAccepts } from '../infra/ports.js';
import { waitFor } from '../wait-for.js';
import { freeze, isAlive, killHard, thaw } from './kill.js';

// Real: a child process that listens.
it('leaves neither process nor listening port behind, frozen or not', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(${port},'127.0.0.1')`]);
  const exited = once(child, 'exit');
  await waitFor('the child to listen', () => portAccepts(port));
  const pid = child.pid ?? 0;
  freeze(pid);
  expect(isAlive(pid)).toBe(true);
  thaw(pid);
  await Promise.all([killHard(pid, port), exited]);
  expect(isAlive(pid)).toBe(false);
  expect(await portAccepts(port)).toBe(false);
});
