import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from './file-lock.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-lock-'));
  file = join(folder, 'kw.json.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const endedProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('a lock file', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(file, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names its owner while it is held and is gone afterwards, after a failure too', async () => {
    let owner = '';
    const failing = withFileLock(file, async () => {
      owner = readFileSync(file, 'utf8');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(owner).toBe(String(process.pid));
    expect(existsSync(file)).toBe(false);
  });

  it('of a process that was killed is taken over', async () => {
    writeFileSync(file, String(endedProcess()));
    expect(await withFileLock(file, async () => 'in')).toBe('in');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is older than any work under it is taken over, whoever has its number now', async () => {
    writeFileSync(file, String(process.pid));
    utimesSync(file, 1, 1);
    expect(await withFileLock(file, async () => 'in')).toBe('in');
  });

  it('is waited for, and named when that takes too long', async () => {
    writeFileSync(file, String(process.pid));
    const late = withFileLock(file, async () => 'in', { waitMs: 120 });
    await expect(late).rejects.toThrow(`another kw holds ${file} for too long`);
  });

  it('tells why it cannot be made', async () => {
    const nowhere = join(folder, 'none', 'kw.json.lock');
    await expect(withFileLock(nowhere, async () => 'in', { waitMs: 0 })).rejects.toThrow(/ENOENT/);
  });
});
