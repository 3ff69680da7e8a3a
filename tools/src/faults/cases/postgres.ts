import { waitFor } from '@kilowatch/testing';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

const AWAY_MS = 60_000;
const AWAY_QUICK_MS = 6_000;
const BACK_WITHIN_MS = 30_000;

/** Fault 2: the database goes while cars charge. Chargers lose their sockets and keep their messages; no service ends. */
export const POSTGRES: readonly Fault[] = [
  postgres('postgres-restart', 'Postgres is restarted in good order', async ({ system }) => {
    await system.halt('postgres');
    await system.revive('postgres');
  }),
  postgres('postgres-backend', 'kill -9 of one backend: Postgres ends all others and recovers', killABackend),
  postgres('postgres-away', 'Postgres is away for 60 s', async ({ system, quick }) => {
    await system.kill('postgres');
    await new Promise((resolve) => setTimeout(resolve, quick ? AWAY_QUICK_MS : AWAY_MS));
    await system.revive('postgres');
  }),
];

function postgres(name: string, what: string, trouble: (stage: Stage) => Promise<void>): Fault {
  return {
    name,
    number: 2,
    what,
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 50,
    async play(stage) {
      const fleet = await stage.fleet();
      const running = await stage.charging(fleet);
      const before = servicePids(stage);
      await trouble(stage);
      // The sessions go on, on the same services and their pools.
      await stage.readings(running, 2, BACK_WITHIN_MS);
      stage.endAll(fleet);
      await judgeBooks(stage);
      stage.judge('P6', goneServices(before, servicePids(stage)));
    },
  };
}

async function killABackend({ system, random }: Stage): Promise<void> {
  const { databaseUrl } = system.addresses;
  const backends = await query<{ pid: number; usename: string }>(
    databaseUrl,
    `select pid, usename from pg_stat_activity where usename in ('kw_metering', 'kw_sessions') order by pid`,
  );
  const { pid } = random.pick(backends);
  const startedAt = await startOf(databaseUrl);
  process.kill(pid, 'SIGKILL');
  // The postmaster ends every backend and starts them anew from the log: its own pid stays.
  await waitFor('Postgres to have recovered', async () => (await startOf(databaseUrl)) !== startedAt, {
    timeoutMs: BACK_WITHIN_MS,
    everyMs: 100,
  });
}

/** When shared memory was made: changes with each recovery. */
async function startOf(databaseUrl: string): Promise<string> {
  const [row] = await query<{ at: string }>(
    databaseUrl,
    `select backend_start::text as at from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  if (!row) throw new Error('Postgres has no checkpointer yet');
  return row.at;
}

function servicePids({ system }: Stage): ReadonlyMap<string, number> {
  return new Map([...system.pids()].filter(([name]) => system.processes.has(name)));
}

function goneServices(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...before]
    .filter(([name, pid]) => after.get(name) !== pid)
    .map(([name]) => `${name} ended because of the database`);
}
