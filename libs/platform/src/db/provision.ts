import pg from 'pg';
import { OWNER_ROLE, roleName, schemaName } from './names.js';

export interface ServiceAccess {
  readonly service: string;
  /** Of the service's own login role. */
  readonly password: string;
}

const ATTEMPTS = 5;
// Roles belong to the whole server: two databases provisioned at once may touch the same one.
const RACES = new Set(['XX000', '23505', '42710']);

/**
 * Creates the owner role, one schema and one login role per service, and lets each role use its own schema only.
 * Safe to run again; a changed password takes effect. Needs a superuser.
 */
export async function provisionDatabase(
  adminUrl: string,
  services: readonly ServiceAccess[],
  ownerPassword?: string,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await provision(client, services, ownerPassword);
        return;
      } catch (error) {
        await client.query('ROLLBACK');
        if (attempt === ATTEMPTS || !RACES.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  } finally {
    await client.end();
  }
}

async function provision(
  client: pg.Client,
  services: readonly ServiceAccess[],
  ownerPassword: string | undefined,
): Promise<void> {
  await client.query('BEGIN');
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('kilowatch.provision', 0))`);
  await ensureRole(client, OWNER_ROLE, ownerPassword);
  const database = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  const name = database.rows[0]?.name ?? '';
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`GRANT CONNECT, CREATE ON DATABASE ${name} TO ${OWNER_ROLE}`);
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  for (const { service, password } of services) {
    const schema = schemaName(service);
    const role = roleName(service);
    await ensureRole(client, role, password);
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${role}`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}" AUTHORIZATION ${OWNER_ROLE}`);
    await client.query(`REVOKE ALL ON SCHEMA "${schema}" FROM PUBLIC`);
    await client.query(`GRANT USAGE ON SCHEMA "${schema}" TO ${role}`);
    const defaults = `ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER_ROLE} IN SCHEMA "${schema}" GRANT`;
    await client.query(`${defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`);
    await client.query(`${defaults} USAGE, SELECT ON SEQUENCES TO ${role}`);
  }
  await client.query('COMMIT');
}

async function ensureRole(client: pg.Client, role: string, password: string | undefined): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (found.rowCount === 0) {
    await client.query(`CREATE ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOLOGIN`);
  }
  if (password !== undefined) {
    await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  }
}
