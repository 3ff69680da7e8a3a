export { startNats, type NatsOptions, type NatsServer } from './infra/nats.js';
export { freePort, portAccepts } from './infra/ports.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './infra/postgres.js';
export {
  createTestDatabase,
  databaseUrl,
  testInfraUrl,
  type TestDatabase,
  type TestDatabaseOptions,
} from './infra/test-database.js';
export { waitFor, type WaitOptions } from './wait-for.js';
