import { setTimeout as pause } from 'node:timers/promises';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';

const PAUSED_MS = 2_000;
/** All with a relay on the road from a socket to an invoice. */
const TARGETS = ['sessions', 'metering', 'billing'] as const;

/**
 * Fault 20: a process that relays its outbox is paused in the middle of its work and resumed. Meanwhile Postgres gives up its
 * connections, and with them the lock of the relay, as it does when a machine is gone for long: what was resumed believes for a moment
 * that the lock is its own, while the lock is free for the relay that begins again.
 */
export const RELAY_PAUSED: Fault = {
  name: 'relay-paused',
  number: 20,
  what: 'sessions, metering and billing are paused (SIGSTOP) while sessions end, lose their connections and the lock of the relay, and go on',
  promises: ['P1', 'P2', 'P3', 'P4', 'P6'],
  chargers: 4,
  async play(stage) {
    const { system } = stage;
    const fleet = await stage.fleet();
    await stage.charging(fleet);
    for (const target of TARGETS) {
      const pid = system.pids().get(target);
      if (pid === undefined) throw new Error(`${target} does not run`);
      process.kill(pid, 'SIGSTOP');
      try {
        // The last of them is stopped while the bills are due.
        if (target === 'billing') stage.endAll(fleet);
        await pause(PAUSED_MS);
        const lost = await query(
          system.addresses.databaseUrl,
          'select pg_terminate_backend(pid) from pg_stat_activity where usename like $1',
          [`%${target}%`],
        );
        stage.say(`${target} was paused and lost ${lost.length} connections`);
        stage.judge('P3', lost.length > 0 ? [] : [`${target} had no connection to lose`]);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    }
    await judgeBooks(stage);
  },
};
