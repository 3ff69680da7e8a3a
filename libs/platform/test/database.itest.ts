import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres, waitFor, type PostgresServer } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  SYSTEM_SCOPE,
  isDatabaseUnavailable,
  isUniqueViolation,
  tenantScope,
  type Tx,
} from '../src/index.js';
import {
  count,
  newTestDatabase,
  noteEvent,
  notes,
  openService,
  serviceName,
  type TestService,
} from './service-harness.js';

// Real: Postgres of its own, stopped and killed in some tests.
const directory = mkdtempSync(join(tmpdir(), 'kw-database-'));
const DEMO = tenantScope('demo');
let postgres: PostgresServer;
let service: TestService;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: directory });
  const created = await newTestDatabase(postgres.url);
  service = await openService(created.url, serviceName('data'));
});

afterAll(async () => {
  await service?.database.close();
  await postgres?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const insert = (tx: Tx, id: string) => tx.query("INSERT INTO note (tenant, id) VALUES ('demo', $1)", [id]);
const announce = (tx: Tx, text: string) =>
  tx.publish(noteEvent(service.name), {
    aggregateId: text,
    aggregateVersion: 1,
    occurredAt: new Date(0),
    payload: { text },
  });

describe('a transaction', () => {
  it('commits rows and events together and only then announces', async () => {
    const heard: string[] = [];
    service.database.onLive((message) => heard.push(`${message.topic}.${message.tenant}.${message.id}`));
    service.database.onEventsCommitted(() => heard.push('events'));
    await service.database.transaction(DEMO, async (tx) => {
      await insert(tx, 'together');
      announce(tx, 'together');
      tx.live('session', 'together');
      tx.afterCommit(() => void heard.push('after'));
      expect(heard).toEqual([]);
    });
    expect(heard).toEqual(['events', 'session.demo.together', 'after']);
    expect(await count(service, 'outbox')).toBe(1);
  });

  it('leaves nothing behind and announces nothing when it throws', async () => {
    const heard: string[] = [];
    service.database.onEventsCommitted(() => heard.push('events'));
    const before = await count(service, 'outbox');
    await expect(
      service.database.transaction(DEMO, async (tx) => {
        await insert(tx, 'undone');
        announce(tx, 'undone');
        tx.afterCommit(() => void heard.push('after'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect([heard, await count(service, 'outbox'), await notes(service)]).toEqual([
      [],
      before,
      expect.not.arrayContaining(['undone']),
    ]);
  });

  it('stays a success when an announcement fails after the commit', async () => {
    service.database.onLive(() => {
      throw new Error('NATS is closing');
    });
    const result = await service.database.transaction(DEMO, async (tx) => {
      await insert(tx, 'announced badly');
      tx.live('session', 'x');
      tx.afterCommit(() => Promise.reject(new Error('too late')));
      return 'stored';
    });
    expect([result, (await notes(service)).includes('announced badly')]).toEqual(['stored', true]);
  });

  it('refuses to announce the fact of another service', async () => {
    await expect(
      service.database.transaction(DEMO, async (tx) =>
        tx.publish(noteEvent('billing'), {
          aggregateId: 'x',
          aggregateVersion: 1,
          occurredAt: new Date(0),
          payload: { text: 'x' },
        }),
      ),
    ).rejects.toMatchObject({ code: 'EVENT_NOT_OURS' });
  });

  it('is not reported as stored when a failed statement was swallowed inside', async () => {
    await expect(
      service.database.transaction(DEMO, async (tx) => {
        await insert(tx, 'swallowed');
        await tx.query('SELECT no_such_column').catch(() => {});
      }),
    ).rejects.toMatchObject({ code: 'DB_NOT_COMMITTED' });
    expect(await notes(service)).not.toContain('swallowed');
  });

  it('runs again after a serialization failure, with its events once', async () => {
    const before = await count(service, 'outbox');
    let runs = 0;
    await service.database.transaction(DEMO, async (tx) => {
      announce(tx, 'repeated');
      if (++runs < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    expect([runs, (await count(service, 'outbox')) - before]).toEqual([3, 1]);
  });

  it('shares its connection with the entity manager', async () => {
    await service.database.transaction(DEMO, async (tx) => {
      await insert(tx, 'managed');
      expect(await tx.manager.query("SELECT id FROM note WHERE id = 'managed'")).toHaveLength(1);
      await tx.manager.transaction((inner) => inner.query("DELETE FROM note WHERE id = 'managed'"));
    });
    expect(await notes(service)).not.toContain('managed');
  });

  it('undoes only what happened under a failed savepoint, events included', async () => {
    const before = await count(service, 'outbox');
    await service.database.transaction(DEMO, async (tx) => {
      await insert(tx, 'kept');
      announce(tx, 'kept');
      await tx
        .savepoint(async () => {
          announce(tx, 'dropped');
          await insert(tx, 'kept');
        })
        .catch((error: unknown) => expect(isUniqueViolation(error, 'note_pk')).toBe(true));
    });
    expect(await notes(service)).toContain('kept');
    expect((await count(service, 'outbox')) - before).toBe(1);
  });

  it('names the violated constraint, through the entity manager too', async () => {
    await service.database.transaction(DEMO, (tx) => insert(tx, 'unique'));
    for (const again of [
      (tx: Tx) => insert(tx, 'unique'),
      (tx: Tx) => tx.manager.query("INSERT INTO note (tenant, id) VALUES ('demo', 'unique')"),
    ]) {
      const error = await service.database.transaction(DEMO, again).catch((thrown: unknown) => thrown);
      expect([
        isUniqueViolation(error),
        isUniqueViolation(error, 'note_pk'),
        isUniqueViolation(error, 'x'),
      ]).toEqual([true, true, false]);
    }
  });

  it('refuses an event too large for the stream', async () => {
    await expect(
      service.database.transaction(DEMO, async (tx) => announce(tx, 'x'.repeat(600_000))),
    ).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
  });

  it('refuses writes when it is for reading', async () => {
    await expect(service.database.read(DEMO, (tx) => insert(tx, 'r'))).rejects.toMatchObject({
      code: '25006',
    });
  });

  it('ends a statement that takes too long as TIMEOUT', async () => {
    await expect(
      service.database.transaction(SYSTEM_SCOPE, async (tx) => {
        await tx.query('SET LOCAL statement_timeout = 20');
        await tx.query('SELECT pg_sleep(5)');
      }),
    ).rejects.toMatchObject({ kind: 'TIMEOUT' });
  });
});

describe('a shared transaction', () => {
  it('stores what many bring at the same time in one transaction, with the events of all', async () => {
    let rounds = 0;
    service.database.onEventsCommitted(() => (rounds += 1));
    const before = await count(service, 'outbox');
    const ids = Array.from({ length: 20 }, (_, i) => `shared-${String(i).padStart(2, '0')}`);
    const answers = await Promise.all(
      ids.map((id) =>
        service.database.shared(DEMO, id, async (tx) => {
          tx.lock(id);
          await insert(tx, id);
          announce(tx, id);
          return `${id} is stored`;
        }),
      ),
    );
    expect(answers).toEqual(ids.map((id) => `${id} is stored`));
    expect(await notes(service)).toEqual(expect.arrayContaining(ids));
    expect(await count(service, 'outbox')).toBe(before + 20);
    expect(rounds).toBe(1);
  });

  it('gives everybody its own outcome when the server refuses the row of one', async () => {
    const outcomes = await Promise.allSettled(
      ['own-a', 'shared-00', 'own-b'].map((id) =>
        service.database.shared(DEMO, id, async (tx) => {
          await insert(tx, id);
          announce(tx, id);
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const [, refused] = outcomes;
    expect(refused?.status === 'rejected' && isUniqueViolation(refused.reason, 'note_pk')).toBe(true);
    expect(await notes(service)).toEqual(expect.arrayContaining(['own-a', 'own-b']));
  });

  it('keeps tenants apart', async () => {
    const scopes = await Promise.all(
      ['demo', 'other'].map((tenant) =>
        service.database.shared(tenantScope(tenant), 'same', async (tx) => {
          const [row] = await tx.query<{ tenant: string }>(
            "SELECT current_setting('kilowatch.tenant') AS tenant",
          );
          return row?.tenant;
        }),
      ),
    );
    expect(scopes).toEqual(['demo', 'other']);
  });

  it('reads together, and refuses writes to one without harm to the other', async () => {
    const where = (key: string) =>
      service.database.sharedRead(DEMO, key, (tx) =>
        tx.query('SELECT pg_backend_pid() AS pid, now() AS began'),
      );
    const [one, other] = await Promise.all(['a', 'b'].map(where));
    expect(one).toEqual(other);
    const read = where('c');
    const write = service.database.sharedRead(DEMO, 'd', (tx) => insert(tx, 'never'));
    await expect(write).rejects.toMatchObject({ code: '25006' });
    expect(await read).toHaveLength(1);
  });

  it('has its statements planned once for any values; others are planned as Postgres sees fit', async () => {
    const look = async (tx: Tx) => {
      const [row] = await tx.query<{ plan_cache_mode: string }>('SHOW plan_cache_mode');
      return row?.plan_cache_mode;
    };
    const { database } = service;
    expect(await database.shared(DEMO, 'planned', look)).toBe('force_generic_plan');
    expect(await database.sharedRead(DEMO, 'planned', look)).toBe('force_generic_plan');
    expect(await database.transaction(DEMO, look)).toBe('auto');
    expect(await database.read(DEMO, look)).toBe('auto');
  });

  it('has plans made anew when its connection is older, for tables grow before Postgres looks at them', async () => {
    const growing = await openService(service.adminUrl, serviceName('growing'));
    const sql = 'SELECT id FROM note WHERE tenant = $1 AND version > 0';
    const planOf = () =>
      growing.database.shared(DEMO, 'plan', async (tx) => {
        await tx.query(sql, ['demo']);
        const [prepared] = await tx.query<{ name: string }>(
          'SELECT name FROM pg_prepared_statements WHERE statement = $1',
          [sql],
        );
        const lines = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN EXECUTE ${prepared!.name} ('demo')`);
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      });
    const clock = vi.spyOn(performance, 'now');
    try {
      const now = performance.now();
      clock.mockImplementation(() => now);
      const ofEmpty = await planOf();
      await growing.database.transaction(DEMO, (tx) =>
        tx.query(
          `INSERT INTO note (tenant, id) SELECT 'demo', 'note ' || n FROM generate_series(1, 5000) AS n`,
        ),
      );
      expect(await planOf()).toBe(ofEmpty);
      clock.mockImplementation(() => now + 11_000);
      expect(await planOf()).not.toBe(ofEmpty);
    } finally {
      clock.mockRestore();
      await growing.database.close();
    }
  });

  it('tells of what went wrong first, not of what the server refused because of it', async () => {
    const outcomes = Promise.allSettled([
      service.database.shared(DEMO, 'first', async (tx) => {
        await tx.query('SELECT 1');
        await tx.query('SELECT 2');
      }),
      service.database.shared(DEMO, 'second', (tx) => tx.query('SELECT 1 / 0')),
    ]);
    expect(await outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: '22012' } },
    ]);
  });
});

describe('a lock', () => {
  /** Two transactions that both want `names`, the second as soon as the first has a statement behind it. */
  async function race(first: string, second: string): Promise<string[]> {
    const log: string[] = [];
    let begun: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (begun = resolve));
    const holder = service.database.transaction(DEMO, async (tx) => {
      tx.lock(first);
      await tx.query('SELECT 1');
      begun();
      await tx.query('SELECT pg_sleep(0.2)');
      log.push('first');
    });
    await holding;
    const other = service.database.transaction(DEMO, async (tx) => {
      tx.lock(second);
      tx.lock(second);
      await tx.query('SELECT 1');
      log.push('second');
    });
    await Promise.all([holder, other]);
    return log;
  }

  it('keeps the next statement of another transaction waiting until this one ends', async () => {
    expect(await race('same', 'same')).toEqual(['first', 'second']);
  });

  it('of another name keeps nobody waiting, whatever stands in it', async () => {
    expect(await race("it's", 'other\\')).toEqual(['second', 'first']);
  });

  it('is one of several that are asked for together, and each of them counts', async () => {
    const names = ['several-a', "it's several", 'several-c'];
    await service.database.transaction(DEMO, async (tx) => {
      names.forEach((name) => tx.lock(name));
      const held = await tx.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
      );
      expect(held[0]?.n).toBe(names.length);
    });
  });

  it('is taken again after a savepoint in which it was taken has been undone', async () => {
    await service.database.transaction(DEMO, async (tx) => {
      const undone = tx.savepoint(async () => {
        tx.lock('undone');
        await tx.query('SELECT 1');
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      tx.lock('undone');
      const held = await tx.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
      );
      expect(held[0]?.n).toBe(1);
    });
  });
});

describe('statements of one turn of the event loop', () => {
  it('are answered each for itself, and one that fails takes the transaction with it', async () => {
    const failing = service.database.transaction(DEMO, async (tx) => {
      const [one, two] = await Promise.all([
        tx.query<{ n: number }>('SELECT 1 AS n'),
        tx.query<{ n: number }>('SELECT $1::int AS n', [2]),
      ]);
      expect([one[0]?.n, two[0]?.n]).toEqual([1, 2]);
      const ends = await Promise.allSettled([tx.query('SELECT 1 / 0'), insert(tx, 'never')]);
      expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    });
    await expect(failing).rejects.toMatchObject({ code: 'DB_NOT_COMMITTED' });
    expect(await notes(service)).not.toContain('never');
  });
});

describe('a prepared statement', () => {
  it('is repeated on another connection when a migration has changed its table meanwhile', async () => {
    const all = () =>
      service.database.transaction(DEMO, (tx) =>
        tx.query<{ id: string }>('SELECT * FROM note WHERE id = $1', ['none']),
      );
    // Enough runs for every connection of the pool to hold the statement with a plan of its own.
    for (let i = 0; i < 12; i += 1) await Promise.all([all(), all(), all(), all()]);
    const admin = new pg.Client({ connectionString: service.adminUrl });
    await admin.connect();
    await admin.query(`ALTER TABLE "${service.name}".note ADD COLUMN colour text`);
    await admin.end();
    expect(await Promise.all([all(), all(), all(), all()])).toEqual([[], [], [], []]);
  });
});

describe('when Postgres goes away', () => {
  it('is UNAVAILABLE while it is down, and works again afterwards, with no restart of the service', async () => {
    for (const how of ['stop', 'kill'] as const) {
      await Promise.all(
        [1, 2, 3].map((n) => service.database.transaction(DEMO, (tx) => tx.query('SELECT $1::int', [n]))),
      );
      await postgres[how]();
      // Backends outlive a killed postmaster for a moment and may still answer.
      const error = await waitFor('a transaction to fail', () =>
        service.database
          .transaction(DEMO, (tx) => tx.query('SELECT 1'))
          .then(
            () => undefined,
            (thrown: unknown) => ({ thrown }),
          ),
      );
      expect(isDatabaseUnavailable(error.thrown), how).toBe(true);
      postgres = await startPostgres({ dataDir: directory, port: postgres.port });
      await waitFor('the pool to recover', () =>
        service.database.transaction(DEMO, (tx) => tx.query('SELECT 1')),
      );
    }
  });

  it('fails the transaction whose backend is killed, not the process', async () => {
    const error = await service.database
      .transaction(SYSTEM_SCOPE, async (tx) => {
        const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        process.kill(row!.pid, 'SIGTERM');
        await tx.query('SELECT pg_sleep(5)');
      })
      .catch((thrown: unknown) => thrown);
    expect(isDatabaseUnavailable(error)).toBe(true);
    await service.database.ping();
  });
});
