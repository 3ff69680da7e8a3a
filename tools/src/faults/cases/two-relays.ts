import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@kilowatch/testing';
import { startFurther, type FurtherProcess } from '../../system/further-process.js';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

/** All with a relay on the road from a socket to an invoice. */
const TARGETS = ['sessions', 'metering', 'billing'] as const;
/** The second works alone for so long. */
const ALONE_MS = 1_000;
const ACTIVE_WITHIN_MS = 30_000;

/**
 * Fault 20: two processes of a service both take themselves for the one that relays the outbox. The first is paused and loses the
 * connection that its lock hangs on, the second gets the lock and works, then the first goes on where it was.
 */
export const TWO_RELAYS: Fault = {
  name: 'two-relays',
  number: 20,
  what: 'second processes of sessions, metering and billing take over the relay while sessions end; the first ones do not know it yet',
  promises: ['P1', 'P2', 'P3', 'P4', 'P6'],
  chargers: 4,
  async play(stage) {
    const fleet = await stage.fleet();
    await stage.charging(fleet);
    const further: FurtherProcess[] = [];
    try {
      for (const target of TARGETS) {
        const holders = await lockHolders(stage, target);
        stage.judge('P3', holders.length > 0 ? [] : [`nobody held the relay's lock of ${target}`]);
        const second = await startFurther(stage.system, target);
        further.push(second);
        // The last of them takes over while the bills are due.
        const meanwhile = target === 'billing' ? () => stage.endAll(fleet) : () => undefined;
        await takeOver(stage, target, holders, second, meanwhile);
      }
      await judgeBooks(stage);
    } finally {
      for (const second of further) await second.stop();
    }
  },
};

/** While the first process is paused, the second becomes the one that publishes; afterwards both run. */
async function takeOver(
  stage: Stage,
  target: string,
  holders: readonly number[],
  second: FurtherProcess,
  meanwhile: () => void,
): Promise<void> {
  const { system } = stage;
  const pid = system.pids().get(target);
  if (pid === undefined) throw new Error(`${target} does not run`);
  process.kill(pid, 'SIGSTOP');
  try {
    await query(system.addresses.databaseUrl, 'select pg_terminate_backend(k) from unnest($1::int[]) k', [
      holders,
    ]);
    meanwhile();
    await waitFor(`the second ${target} to publish`, () => isActive(second), { timeoutMs: ACTIVE_WITHIN_MS });
    await pause(ALONE_MS);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  stage.say(`${target}: the second process relays, the first goes on`);
}

/** Backends of a service that hold an advisory lock for as long as they are connected: its relay's. */
async function lockHolders({ system }: Stage, target: string): Promise<number[]> {
  const rows = await query<{ pid: number }>(
    system.addresses.databaseUrl,
    `select distinct l.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and a.usename = $1 and a.state = 'idle'`,
    [`kw_${target.replaceAll('-', '_')}`],
  );
  return rows.map(({ pid }) => pid);
}

async function isActive({ httpPort }: FurtherProcess): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/metrics`);
  return /^kw_outbox_active\{.*\} 1$/m.test(await response.text());
}
