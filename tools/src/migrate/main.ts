/** The migration job: roles, schemas and migrations of all services, then the process ends. Never run by a service. */
import { loadConfig, secret } from '@kilowatch/platform';
import { z } from 'zod';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { passwordsFrom } from './passwords.js';
import { migrateAll } from './run-migrations.js';

const config = loadConfig({
  /** Superuser of the database. */
  KW_ADMIN_DATABASE_URL: secret(),
  KW_DB_PASSWORDS_DIR: z.string().optional(),
  KW_DB_PASSWORDS: secret().optional(),
  /** Calls no service. */
  KW_SERVICE_SECRET: secret().optional(),
});
const password = passwordsFrom({
  folder: config.KW_DB_PASSWORDS_DIR,
  json: config.KW_DB_PASSWORDS?.reveal(),
});
await migrateAll(config.KW_ADMIN_DATABASE_URL.reveal(), password, WORKSPACE_ROOT, {
  onMigrated: (service, ran) => {
    console.log(`${service}: ${ran.length === 0 ? 'at head' : `ran ${ran.join(', ')}`}`);
  },
});
