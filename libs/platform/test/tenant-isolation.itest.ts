import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OWNER_ROLE,
  SYSTEM_SCOPE,
  inTenant,
  provisionDatabase,
  roleName,
  runMigrations,
  tenantScope,
} from '../src/index.js';
import {
  migrations,
  newTestDatabase,
  openService,
  serviceName,
  urlAs,
  type TestService,
} from './service-harness.js';

// Real: Postgres, roles, schemas, row-level security.
let mine: TestService;
let other: TestService;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await newTestDatabase();
  drop = created.drop;
  mine = await openService(created.url, serviceName('mine'));
  other = await openService(created.url, serviceName('other'));
  for (const tenant of ['alpha', 'beta']) {
    await mine.database.transaction(tenantScope(tenant), (tx) =>
      tx.query('INSERT INTO note (tenant, id) VALUES ($1, $2)', [tenant, `note-of-${tenant}`]),
    );
  }
});

afterAll(async () => {
  await Promise.all([mine?.database.close(), other?.database.close()]);
  await drop?.();
});

const selectIds = 'SELECT id FROM note ORDER BY id';

describe('roles', () => {
  it("cannot read another service's schema", async () => {
    await expect(
      mine.database.read(SYSTEM_SCOPE, (tx) => tx.query(`SELECT * FROM "${other.name}".note`)),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot create, alter or own tables, nor switch row-level security off', async () => {
    for (const sql of [
      'CREATE TABLE x (id int)',
      'ALTER TABLE note DISABLE ROW LEVEL SECURITY',
      'CREATE TABLE public.x (id int)',
    ]) {
      await expect(
        mine.database.transaction(SYSTEM_SCOPE, (tx) => tx.query(sql)),
        sql,
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('are provisioned again without harm, with a new password', async () => {
    await provisionDatabase(mine.adminUrl, [{ service: mine.name, password: "new'pass" }]);
    const client = new pg.Client({
      connectionString: urlAs(mine.adminUrl, roleName(mine.name), encodeURIComponent("new'pass")),
    });
    await client.connect();
    await client.end();
    await provisionDatabase(mine.adminUrl, [{ service: mine.name, password: 'pass' }]);
  });

  it('are provisioned by two runs at once', async () => {
    const services = [{ service: serviceName('raced'), password: 'a' }];
    await Promise.all([1, 2, 3].map(() => provisionDatabase(mine.adminUrl, services)));
  });
});

describe('migrations', () => {
  it('run once: a second run finds nothing to do, two at once wait for each other', async () => {
    expect(await runMigrations(mine.adminUrl, mine.name, migrations)).toEqual([]);
    const fresh = serviceName('fresh');
    await provisionDatabase(mine.adminUrl, [{ service: fresh, password: 'pass' }]);
    const runs = await Promise.all([1, 2].map(() => runMigrations(mine.adminUrl, fresh, migrations)));
    expect(runs.map((names) => names.length).toSorted()).toEqual([0, 4]);
  });

  it('leave documents out of ANALYZE, except what an index is on', async () => {
    const admin = new pg.Client({ connectionString: mine.adminUrl });
    await admin.connect();
    await admin.query(`SET role ${OWNER_ROLE}`);
    await admin.query(
      `CREATE TABLE ${mine.name}.paper (id text PRIMARY KEY, hash bytea UNIQUE, text jsonb, scan bytea, words text)`,
    );
    await runMigrations(mine.adminUrl, mine.name, migrations);
    const { rows } = await admin.query<{ name: string }>(
      `SELECT attrelid::regclass::text || '.' || attname AS name FROM pg_attribute
       WHERE attrelid = ANY ($1::regclass[]) AND attstattarget = 0 ORDER BY 1`,
      [['paper', 'outbox', 'idempotency'].map((table) => `${mine.name}.${table}`)],
    );
    await admin.query(`DROP TABLE ${mine.name}.paper`);
    await admin.end();
    expect(rows.map(({ name }) => name)).toEqual(
      ['idempotency.answer', 'outbox.payload', 'paper.scan', 'paper.text'].map(
        (column) => `${mine.name}.${column}`,
      ),
    );
  });

  it('put every table with a tenant under row-level security', async () => {
    const rows = await mine.database.read(SYSTEM_SCOPE, (tx) =>
      tx.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
         WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r' AND NOT c.relrowsecurity`,
        [mine.name],
      ),
    );
    expect(rows).toEqual([]);
  });
});

describe('row-level security', () => {
  it("hides another tenant's rows even from SQL that asks for all", async () => {
    const seen = await mine.database.read(tenantScope('alpha'), (tx) => tx.query(selectIds));
    expect(seen).toEqual([{ id: 'note-of-alpha' }]);
    const deleted = await mine.database.transaction(tenantScope('alpha'), (tx) =>
      tx.query("DELETE FROM note WHERE tenant = 'beta' RETURNING id"),
    );
    expect(deleted).toEqual([]);
  });

  it('refuses to write a row of another tenant', async () => {
    await expect(
      mine.database.transaction(tenantScope('alpha'), (tx) =>
        tx.query("INSERT INTO note (tenant, id) VALUES ('beta', 'x')"),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('shows nothing to a connection without a scope, and none is left over from the transaction before', async () => {
    await mine.database.read(SYSTEM_SCOPE, (tx) => tx.query(selectIds));
    expect(await mine.database.dataSource.query(selectIds)).toEqual([]);
  });

  it('shows all to the system, and one tenant to the system inside that tenant', async () => {
    await mine.database.transaction(SYSTEM_SCOPE, async (tx) => {
      expect(await tx.query(selectIds)).toHaveLength(2);
      await inTenant(tx, tenantScope('beta'), async () => {
        expect(await tx.query(selectIds)).toEqual([{ id: 'note-of-beta' }]);
      });
      expect(await tx.query(selectIds)).toHaveLength(2);
    });
  });

  it('does not let a tenant transaction become another', async () => {
    await expect(
      mine.database.transaction(tenantScope('alpha'), (tx) =>
        inTenant(tx, tenantScope('beta'), async () => {}),
      ),
    ).rejects.toMatchObject({ code: 'DB_SCOPE_FIXED' });
  });

  it.each(["'; DROP TABLE note; --", '*', '', 'UPPER', 'a.b'])('refuses %j as a tenant', (text) => {
    expect(() => tenantScope(text)).toThrow(/TENANT_INVALID/);
  });
});
