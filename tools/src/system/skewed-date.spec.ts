import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { afterAll, describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../workspace-root.js';

const folder = mkdtempSync(join(tmpdir(), 'kw-clock-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As the build makes it. */
function preload(): string {
  const source = readFileSync(join(WORKSPACE_ROOT, 'tools/src/system/skewed-date.ts'), 'utf8');
  const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
  const file = join(folder, 'skewed-date.mjs');
  writeFileSync(file, code);
  return pathToFileURL(file).href;
}
const PRELOAD = preload();

/** What a process says whose clock is off. */
function said(script: string, offset?: string): unknown {
  const path = join(folder, 'offset');
  rmSync(path, { force: true });
  if (offset !== undefined) writeFileSync(path, offset);
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, '-e', script], {
    env: { ...process.env, SKEWED_DATE_PATH: path, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const ALL = `console.log(JSON.stringify([Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(),
  new Date() instanceof Date, new Date().constructor === Date, Date.UTC(2024, 1, 29)]))`;

describe('a clock that is set off', () => {
  it.each([
    ['ahead', 300_000],
    ['behind', -300_000],
    ['years behind', -80_000_000_000],
  ])('is %s whoever looks at it; other dates are what they were', (_what, offset) => {
    const [now, made, text, five, isDate, ofDate, utc] = said(ALL, String(offset)) as number[];
    for (const time of [now!, made!, text!])
      expect(Math.abs(time - Date.now() - offset)).toBeLessThan(20_000);
    expect([five, isDate, ofDate, utc]).toEqual([5, true, true, Date.UTC(2024, 1, 29)]);
  });

  it('is right without an order, and with one that is no number', () => {
    for (const offset of [undefined, 'soon'])
      expect(Math.abs((said(ALL, offset) as number[])[0]! - Date.now())).toBeLessThan(20_000);
  });
});
