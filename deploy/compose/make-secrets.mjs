// `node deploy/compose/make-secrets.mjs`: the secret files compose.yaml mounts, in .kilowatch/compose. Made once: existing
// files are kept, or the database would not know the new passwords.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = process.argv[2] ?? path.join(root, '.kilowatch/compose');
const SCHEMAS = [
  'auth',
  'sessions',
  'metering',
  'ocpp_gateway',
  'billing',
  'load_management',
  'insights',
  'notifications',
  'feedback',
  'ocpi',
];

const text = (bytes) => randomBytes(bytes).toString('hex');
const key = () => randomBytes(32).toString('base64');

// The folder is ours alone; the files in it are mounted one by one and read by another user inside the containers.
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o700);

/** Writes a file unless it is there; gives its content. */
function keep(name, make) {
  const file = path.join(folder, name);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o644 });
  return readFileSync(file, 'utf8');
}

const admin = keep('postgres-password', () => text(24));
keep('admin-database-url', () => `postgres://postgres:${admin}@postgres:5432/kilowatch`);
const passwords = JSON.parse(
  keep('database-passwords', () =>
    JSON.stringify(Object.fromEntries(SCHEMAS.map((schema) => [schema, text(24)]))),
  ),
);
for (const schema of SCHEMAS) {
  keep(
    `${schema.replaceAll('_', '-')}-database-url`,
    () => `postgres://kw_${schema}:${passwords[schema]}@postgres:5432/kilowatch`,
  );
}
for (const name of ['service-secret', 'token-key', 'ocpi-token-key']) keep(name, key);
keep('auth-signing-key', () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
);
keep('bootstrap-admin-password', () => text(12));
keep('smtp-url', () => 'smtp://mail:1025');
process.stdout.write(`secrets are in ${folder}\n`);
