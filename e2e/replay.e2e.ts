// Real: every service as a process. Frames recorded from charger programs are played against it (excerpts, see SOURCES.md).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { replayFile } from '@kilowatch/tools/replay/replay-file';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const FOLDER = join(WORKSPACE_ROOT, 'e2e/recordings');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

let sut: SystemUnderTest;
beforeAll(async () => {
  sut = await SystemUnderTest.start();
});
afterAll(async () => {
  await sut?.stop();
});

describe('recorded chargers', () => {
  it.each(FILES)('%s: every answer fits the schema and the sessions have the right energy', async (name) => {
    const lines: string[] = [];
    const problems = await replayFile(join(FOLDER, name), {
      operator: sut.people.operator,
      ocppUrl: sut.system.ocppUrl,
      say: (line) => lines.push(line),
    });
    expect(problems, lines.join('\n')).toBe(0);
  });
});
