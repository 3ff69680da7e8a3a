import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crashPoints } from './crash-points.js';

it('dies once, at the point the order names, and nowhere without one', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'kw-crash-')), 'order');
  let died = 0;
  const pass = crashPoints({ KW_CRASH_ORDER_PATH: path }, () => died++);
  void pass?.('before-stamp');
  writeFileSync(path, 'before-stamp\n');
  void pass?.('before-ack');
  expect([died, existsSync(path)]).toEqual([0, true]);
  void pass?.('before-stamp');
  void pass?.('before-stamp');
  expect([died, existsSync(path)]).toEqual([1, false]);
});

it('is not there unless it is configured', () => {
  expect(crashPoints({ KW_CRASH_ORDER_PATH: undefined })).toBeUndefined();
});
