import { loadConfig, secret, type Environment } from '@kilowatch/platform';

/** What a service's pod and the migration job have it from. */
const VARIABLES = ['KW_DATABASE_URL', 'KW_ADMIN_DATABASE_URL'];

/**
 * The database to look into: DATABASE_URL, else what a pod of ours is told (KW_DATABASE_URL, KW_ADMIN_DATABASE_URL, also with _FILE),
 * else the Postgres of the `npm start` that runs on the data folder. @throws a sentence when there is none
 */
export async function databaseUrl(dataDir: string, environment: Environment): Promise<string> {
  const given = environment['DATABASE_URL'] ?? fromPod(environment);
  if (given) return given;
  // Only here: an image has no development packages, which the library of test servers needs.
  const { findPostgres } = await import('@kilowatch/testing');
  const found = findPostgres(`${dataDir}/postgres`);
  if (!found) {
    throw new Error(
      `no system runs on ${dataDir}: start it (npm start), name its folder (--data-dir DIR) or set DATABASE_URL`,
    );
  }
  return found.url;
}

/** A pod has many settings, which are none of ours: the loader would refuse them. */
function fromPod(environment: Environment): string | undefined {
  const names = VARIABLES.flatMap((name) => [name, `${name}_FILE`]);
  const own = Object.fromEntries(names.map((name) => [name, environment[name]]));
  const shape = { KW_ADMIN_DATABASE_URL: secret().optional(), KW_SERVICE_SECRET: secret().optional() };
  const config = loadConfig(shape, own);
  return (config.KW_DATABASE_URL ?? config.KW_ADMIN_DATABASE_URL)?.reveal();
}
