import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where to and as whom `kw` speaks. Kept in a file that only its owner reads. */
export interface Credentials {
  readonly url: string;
  readonly email: string;
  readonly refreshToken: string;
}

export function credentialsFile(env: NodeJS.ProcessEnv = process.env): string {
  return (
    env['KW_CREDENTIALS'] ??
    join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'kilowatch', 'kw.json')
  );
}

export function readCredentials(file = credentialsFile()): Credentials {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch {
    throw new Error('not signed in: kw login EMAIL PASSWORD [--url http://localhost:4000/graphql]');
  }
}

export function writeCredentials(credentials: Credentials, file = credentialsFile()): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
}
