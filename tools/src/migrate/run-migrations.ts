import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provisionDatabase, runMigrations } from '@kilowatch/platform';
import { schemaOf, SERVICES, type ServiceSpec } from '../system/services.js';

type Migrations = Parameters<typeof runMigrations>[2];

/**
 * Brings every schema to its head: roles and schemas first, then each service's migrations in its own schema.
 * Safe to repeat and to run twice at once (advisory lock in the platform). Nothing runs when a service's list is missing.
 *
 * @param adminUrl may create roles and schemas
 * @param password of the services' login roles
 * @param root of the repository (apps/<service>/dist is read below it)
 * @param options onMigrated hears the names of the migrations that ran, service by service; services narrows the list
 */
export async function migrateAll(
  adminUrl: string,
  password: (schema: string) => string,
  root: string,
  options: {
    readonly onMigrated?: (service: string, ran: readonly string[]) => void;
    readonly services?: readonly ServiceSpec[];
  } = {},
): Promise<void> {
  const owners = await Promise.all(
    (options.services ?? SERVICES)
      .filter((service) => service.database)
      .map(async ({ name }) => ({
        name,
        password: password(schemaOf(name)),
        migrations: await migrationsOf(name, root),
      })),
  );
  await provisionDatabase(
    adminUrl,
    owners.map((owner) => ({ service: owner.name, password: owner.password })),
  );
  for (const { name, migrations } of owners) {
    const ran = await runMigrations(adminUrl, name, migrations);
    options.onMigrated?.(name, ran);
  }
}

async function migrationsOf(service: string, root: string): Promise<Migrations> {
  const file = join(root, 'apps', service, 'dist/persistence/migrations/index.js');
  if (!existsSync(file)) throw new Error(`no migrations found at ${file}: run "npm run build" first`);
  return ((await import(pathToFileURL(file).href)) as { migrations: Migrations }).migrations;
}
