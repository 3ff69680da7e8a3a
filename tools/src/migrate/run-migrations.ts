import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provisionDatabase, runMigrations } from '@kilowatch/platform';
import { schemaOf, SERVICES, type ServiceSpec } from '../system/services.js';

export interface MigratedService {
  readonly service: string;
  /** Names of the migrations that ran, in order. */
  readonly migrations: readonly string[];
}

/**
 * Brings every schema to its head: roles and schemas first, then each service's migrations in its own schema.
 * Safe to repeat and to run twice at once (advisory lock in the platform).
 *
 * @param adminUrl may create roles and schemas
 * @param password of the services' login roles
 * @param root of the repository (apps/<service>/dist is read below it)
 */
export async function migrateAll(
  adminUrl: string,
  password: (schema: string) => string,
  root: string,
  services: readonly ServiceSpec[] = SERVICES,
): Promise<MigratedService[]> {
  const owners = services.filter((service) => service.database);
  await provisionDatabase(
    adminUrl,
    owners.map((service) => ({ service: service.name, password: password(schemaOf(service.name)) })),
  );
  const ran: MigratedService[] = [];
  for (const service of owners) {
    const file = join(root, 'apps', service.name, 'dist/persistence/migrations/index.js');
    if (!existsSync(file)) throw new Error(`no migrations found at ${file}: run "npm run build" first`);
    const module = (await import(pathToFileURL(file).href)) as {
      migrations: Parameters<typeof runMigrations>[2];
    };
    ran.push({
      service: service.name,
      migrations: await runMigrations(adminUrl, service.name, module.migrations),
    });
  }
  return ran;
}
