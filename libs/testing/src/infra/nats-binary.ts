import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MISSING =
  'nats-server is missing: install it (Debian/Ubuntu: apt-get install nats-server, macOS: brew install nats-server, ' +
  'or the binary from github.com/nats-io/nats-server/releases on your PATH) and run this again.';

/**
 * The path of nats-server: from PATH, else unpacked from Debian's package into our cache (nothing is installed and
 * no system service is started), else from Homebrew. Throws one sentence that says what to install.
 */
export async function natsServerBinary(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const onPath = which('nats-server', [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']);
  if (onPath) return onPath;
  return (await fromDebian(env)) ?? (await fromHomebrew(env)) ?? missing();
}

export function which(program: string, directories: readonly string[]): string | undefined {
  return directories
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, program))
    .find(isExecutable);
}

// apt-get update needs root; an ordinary user gets by with the package lists that are there.
const UNPACK = `
set -e
[ -x "$1/usr/sbin/nats-server" ] && exit 0
cd "$1"
apt-get -qq download nats-server 2>/dev/null || { apt-get -qq update && apt-get -qq download nats-server; }
dpkg-deb -x nats-server_*.deb . && rm -f nats-server_*.deb
`;

async function fromDebian(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const cache = join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kilowatch', 'nats-server');
  const binary = join(cache, 'usr', 'sbin', 'nats-server');
  if (isExecutable(binary)) return binary;
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/flock')) return undefined;
  mkdirSync(cache, { recursive: true });
  process.stderr.write(`nats-server is not on PATH: fetching Debian's package into ${cache}\n`);
  try {
    // The lock lets several starts at once share one download.
    await run('/usr/bin/flock', [join(cache, 'lock'), '/bin/sh', '-c', UNPACK, 'unpack', cache], {
      timeout: 180_000,
    });
  } catch {
    return undefined;
  }
  return isExecutable(binary) ? binary : undefined;
}

async function fromHomebrew(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const brew = which('brew', [...(env.PATH ?? '').split(delimiter), '/opt/homebrew/bin', '/usr/local/bin']);
  if (!brew) return undefined;
  process.stderr.write('nats-server is not on PATH: installing it with Homebrew\n');
  try {
    await run(brew, ['install', 'nats-server'], { timeout: 600_000 });
    return which('nats-server', [join(execFileSync(brew, ['--prefix'], { encoding: 'utf8' }).trim(), 'bin')]);
  } catch {
    return undefined;
  }
}

function missing(): never {
  throw new Error(MISSING);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
