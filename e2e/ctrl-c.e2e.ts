// Real: what npm runs, with everything it starts. Signals go to the process group, as those of a terminal do.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { SERVICES } from '@kilowatch/tools/system/services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allGone, TerminalCommand } from './support/terminal-command.js';

const UP_WITHIN_MS = 90_000;
const STOPPED_WITHIN_MS = 40_000;
/** A service that lost its launcher drains first. */
const GONE_WITHIN_MS = 30_000;

let folder: string;
let command: TerminalCommand;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-ctrl-c-'));
});
afterEach(async () => {
  const left = command.processes();
  command.end();
  await allGone(left, GONE_WITHIN_MS);
  rmSync(folder, { recursive: true, force: true });
});

const run = (tool: string, args: readonly string[], env?: Record<string, string>) =>
  new TerminalCommand(process.execPath, ['tools/run.mjs', tool, ...args], env);
const startArguments = () => [
  ...['--port', '0', '--ocpp-port', '0', '--ocpi-port', '0'],
  ...['--data-dir', join(folder, 'data')],
];
const demoFolders = () => readdirSync(folder).filter((name) => name.startsWith('kilowatch-demo-'));

/** What frightens: a crash, an error, a stack. */
const FRIGHTENING = /unexpectedly|error|exception|vain|WRONG|\n\s+at /i;

describe('Ctrl-C in npm start', () => {
  it('stops everything, in order, and ends with 0', async () => {
    command = run('start', [...startArguments(), '--log-level', 'warn']);
    await command.says(/Kilowatch is up/, UP_WITHIN_MS);
    const processes = command.processes();
    // The launcher, the services, Postgres and NATS at least.
    expect(processes.length).toBeGreaterThan(SERVICES.length + 3);
    // The launcher alone hears of it and stops the others in order: a service that gets it too would end with its work undone.
    expect(command.foreground()).toEqual([expect.stringContaining('tools/run.mjs')]);
    command.signal('SIGINT');
    expect(await command.exit(STOPPED_WITHIN_MS)).toBe(0);
    await allGone(processes, 1_000);
    expect(command.output).toMatch(/\nstopping\n/);
    expect(command.output).not.toMatch(FRIGHTENING);
  });

  it('is taken once though npm passes it on: nothing is cut short', async () => {
    command = new TerminalCommand('npm', ['start', '--', ...startArguments(), '--log-level', 'warn']);
    await command.says(/Kilowatch is up/, UP_WITHIN_MS);
    const processes = command.processes();
    command.signal('SIGINT');
    // npm ends as its shell does: some shells die of the signal when their command is through.
    expect([0, 'SIGINT']).toContain(await command.exit(STOPPED_WITHIN_MS));
    await allGone(processes, 1_000);
    expect(command.output).not.toMatch(/unexpectedly/);
  });

  it('keeps a service down that crashed a moment before', async () => {
    command = run('start', [...startArguments(), '--log-level', 'warn']);
    await command.says(/Kilowatch is up/, UP_WITHIN_MS);
    process.kill(command.service('feedback')!, 'SIGKILL');
    await command.says(/feedback .*ended unexpectedly/, 10_000);
    command.signal('SIGINT');
    const end = command.exit(STOPPED_WITHIN_MS);
    let over = false;
    void end.finally(() => (over = true)).catch(() => undefined);
    let again: number | undefined;
    const watch = () => {
      again ??= command.service('feedback');
      return over;
    };
    await waitFor('the end', watch, { timeoutMs: STOPPED_WITHIN_MS + 1_000, everyMs: 50 });
    expect([await end, again]).toEqual([0, undefined]);
  });

  it('while Postgres is being made is as quiet and leaves as little', async () => {
    command = run('start', startArguments());
    const cluster = join(folder, 'data/postgres/cluster');
    await waitFor('the making of Postgres', () => existsSync(cluster), { timeoutMs: UP_WITHIN_MS });
    await interruptedEarly();
  });

  it('while services are starting is as quiet and leaves as little', async () => {
    command = run('start', startArguments());
    await command.says(/ starting /, UP_WITHIN_MS);
    await interruptedEarly();
  });

  async function interruptedEarly(): Promise<void> {
    const processes = command.processes();
    command.signal('SIGINT');
    expect(await command.exit(STOPPED_WITHIN_MS)).toBe(0);
    await allGone(processes, 1_000);
    expect(command.output).not.toMatch(FRIGHTENING);
    expect(command.output).not.toMatch(/Kilowatch is up/);
  }
});

describe('npm start that is killed', () => {
  it('leaves no service, no Postgres and no NATS behind', async () => {
    command = run('start', [...startArguments(), '--log-level', 'warn']);
    await command.says(/Kilowatch is up/, UP_WITHIN_MS);
    const processes = command.processes();
    command.signal('SIGKILL');
    await allGone(processes, GONE_WITHIN_MS);
  });
});

describe('Ctrl-C in npm run demo', () => {
  it('removes its data and ends with another code than 0', async () => {
    command = run('demo', [], { TMPDIR: folder });
    await command.says(/ready: GraphQL/, UP_WITHIN_MS);
    expect(demoFolders()).toHaveLength(1);
    const processes = command.processes();
    command.signal('SIGINT');
    expect(await command.exit(STOPPED_WITHIN_MS)).toBe(130);
    await allGone(processes, 1_000);
    expect(demoFolders()).toEqual([]);
    expect(command.output).not.toMatch(FRIGHTENING);
  });
});
