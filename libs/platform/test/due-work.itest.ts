import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DueWorker, SYSTEM_SCOPE, systemClock, type DueWorkDefinition, type Tx } from '../src/index.js';
import { currentCallContext, runInCallContext } from '../src/grpc/call-context.js';
import { newTestDatabase, openService, serviceName, silent, type TestService } from './service-harness.js';

// Real: Postgres.
interface DueNote {
  tenant: string;
  id: string;
}

let service: TestService;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await newTestDatabase();
  drop = created.drop;
  service = await openService(created.url, serviceName('due'));
});

afterAll(async () => {
  await service?.database.close();
  await drop?.();
});

beforeEach(() => service.database.transaction(SYSTEM_SCOPE, (tx) => tx.query('DELETE FROM note')));

async function due(...ids: string[]) {
  await service.database.transaction(SYSTEM_SCOPE, (tx) =>
    tx.query(
      "INSERT INTO note (tenant, id, due_at) SELECT 'demo', id, now() - interval '1 second' FROM unnest($1::text[]) AS id",
      [ids],
    ),
  );
}

function worker(definition: Partial<DueWorkDefinition<DueNote>>): DueWorker<DueNote> {
  return new DueWorker<DueNote>(
    {
      name: 'notes',
      intervalMs: 10,
      take: (tx, now, limit) =>
        tx.query(
          'SELECT tenant, id FROM note WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED',
          [now, limit],
        ),
      run: finish,
      ...definition,
    },
    service.database,
    systemClock,
    silent,
  );
}

const finish = async (tx: Tx, row: DueNote) =>
  void (await tx.query('UPDATE note SET due_at = NULL WHERE id = $1', [row.id]));

describe('due work', () => {
  it("runs every due row in its tenant's scope, in as many batches as needed", async () => {
    await due('a', 'b', 'c', 'd', 'e');
    const scopes: unknown[] = [];
    const job = worker({
      limit: 2,
      run: async (tx, row) => {
        scopes.push(tx.scope);
        await finish(tx, row);
      },
    });
    expect(await job.runDue()).toBe(5);
    expect(scopes[0]).toEqual({ kind: 'tenant', tenant: 'demo' });
    expect(await job.runDue()).toBe(0);
  });

  it('undoes a failing row alone and lets the definition put it off', async () => {
    await due('bad', 'good');
    const job = worker({
      run: async (tx, row) => {
        await finish(tx, row);
        if (row.id === 'bad') throw new Error('bad');
      },
      failed: async (tx, row) =>
        void (await tx.query("UPDATE note SET due_at = now() + interval '1 hour' WHERE id = $1", [row.id])),
    });
    expect(await job.runDue()).toBe(1);
    const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
      tx.query('SELECT id, due_at > now() AS later FROM note ORDER BY id'),
    );
    expect(rows).toEqual([{ id: 'bad', later: true }, { id: 'good', later: null }]); // prettier-ignore
  });

  it('never runs one row twice when two processes work at once', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
    await due(...ids);
    const ran: string[] = [];
    const run = async (tx: Tx, row: DueNote) => {
      ran.push(row.id);
      await finish(tx, row);
    };
    await Promise.all([worker({ run, limit: 7 }).runDue(), worker({ run, limit: 7 }).runDue()]);
    expect(ran.toSorted()).toEqual(ids.toSorted());
  });

  it('needs no run when take does the work: batches go on until one is not full', async () => {
    await due('a', 'b', 'c', 'd', 'e');
    const job = new DueWorker<DueNote>(
      {
        name: 'notes',
        intervalMs: 10,
        limit: 2,
        take: (tx, now, limit) =>
          tx.query(
            `DELETE FROM note WHERE id IN (SELECT id FROM note WHERE due_at <= $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING tenant, id`,
            [now, limit],
          ),
      },
      service.database,
      systemClock,
      silent,
    );
    expect(await job.runDue()).toBe(5);
    expect(await service.database.read(SYSTEM_SCOPE, (tx) => tx.query('SELECT id FROM note'))).toEqual([]);
  });

  it('looks again by itself until it is stopped', async () => {
    const job = worker({});
    job.start();
    await due('later');
    await waitFor('the row to be run', async () => {
      const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
        tx.query('SELECT 1 FROM note WHERE due_at IS NULL'),
      );
      return rows.length === 1;
    });
    await job.stop();
  });

  it('asks an idle database less often, and at once after a commit of its own process', async () => {
    let asked = 0;
    const job = worker({
      intervalMs: 20,
      take: async () => {
        asked += 1;
        return [];
      },
    });
    const pace = async (ms: number) => {
      const before = asked;
      await delay(ms);
      return asked - before;
    };
    job.start();
    await delay(1_500);
    expect(await pace(500)).toBeLessThanOrEqual(1);
    const before = asked;
    await service.database.transaction(SYSTEM_SCOPE, async (tx) => {
      await tx.query('SELECT 1');
      tx.afterCommit(() => {});
    });
    await waitFor('a look', () => asked > before, { timeoutMs: 400 });
    await job.stop();
  });

  it('looks together with other jobs, keeps nothing of a look, and begins when there is something', async () => {
    const looks: Tx[] = [];
    const seen = async (tx: Tx) => {
      looks.push(tx);
      return tx.query(
        "UPDATE note SET due_at = due_at + interval '1 hour' WHERE due_at <= now() RETURNING id",
      );
    };
    const jobs = [worker({ intervalMs: 50, peek: seen }), worker({ intervalMs: 50, peek: seen })];
    // The first look of a job is one of its own.
    for (const job of jobs) job.start();
    await waitFor('two looks', () => looks.length >= 2);
    const [first, second] = looks;
    expect(first).toBe(second);
    await due('a');
    await waitFor('the row to be run', async () => {
      const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
        tx.query('SELECT 1 FROM note WHERE due_at IS NULL'),
      );
      return rows.length === 1;
    });
    for (const job of jobs) await job.stop();
  });

  it('begins by itself when its look fails, so that its own trouble is told, and the others go on', async () => {
    await due('a');
    const broken = worker({ intervalMs: 50, take: (tx) => tx.query('SELECT FROM no_such_table') });
    const sound = worker({ intervalMs: 50 });
    broken.start();
    sound.start();
    await due('b', 'c');
    await waitFor('all rows to be run', async () => {
      const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
        tx.query('SELECT 1 FROM note WHERE due_at IS NULL'),
      );
      return rows.length === 3;
    });
    await broken.stop();
    await sound.stop();
  });

  it('works under no deadline of the request whose commit made it hurry', async () => {
    const deadlines: unknown[] = [];
    let asked = 0;
    const job = worker({
      take: async () => {
        asked += 1;
        deadlines.push(currentCallContext()?.deadline);
        return [];
      },
    });
    job.start();
    await delay(300);
    const before = asked;
    await runInCallContext({ deadline: new Date() }, () =>
      service.database.transaction(SYSTEM_SCOPE, async (tx) => {
        await tx.query('SELECT 1');
        tx.afterCommit(() => {});
      }),
    );
    await waitFor('some looks', () => asked > before + 2);
    await job.stop();
    expect(deadlines.filter((deadline) => deadline !== undefined)).toEqual([]);
  });
});
