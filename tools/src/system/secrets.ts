import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of a local system. Made once per data directory, so that tokens survive a restart. */
export interface LocalSecrets {
  readonly serviceSecret: string;
  readonly signingKeyPem: string;
  readonly tokenKey: string;
  readonly ocpiTokenKey: string;
  readonly databasePassword: string;
}

export function localSecrets(dataDir: string): LocalSecrets {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  const secrets: LocalSecrets = {
    serviceSecret: randomBytes(32).toString('base64'),
    signingKeyPem: generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    tokenKey: randomBytes(32).toString('base64'),
    ocpiTokenKey: randomBytes(32).toString('base64'),
    databasePassword: randomBytes(24).toString('hex'),
  };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}
