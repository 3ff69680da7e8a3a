import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { KwError } from './kw-error.js';

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

export function readCredentials(file: string): Credentials {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch {
    throw new KwError(
      'UNAUTHENTICATED',
      'not signed in: kw login EMAIL PASSWORD [--url http://localhost:4000/graphql]',
    );
  }
}

/**
 * Replaces the credentials while no other `kw` does: a refresh token is good for one use, and a second use revokes the whole
 * sign-in. `change` reads what is there now.
 */
export async function changeCredentials<T extends { readonly credentials: Credentials }>(
  file: string,
  change: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  return withFileLock(`${file}.lock`, async () => {
    const changed = await change();
    // Written beside and renamed: who reads meanwhile never finds half a file.
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(changed.credentials, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
    return changed;
  });
}
