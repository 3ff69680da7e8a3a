// Real: every service as a process. Frames recorded from charger programs are played against it (excerpts, see SOURCES.md).
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayFile } from '@kilowatch/tools/replay/replay-file';
import { TOLERATED } from '@kilowatch/tools/replay/synthetic/tolerated';
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

describe('a station that leaves the specification', () => {
  it('is understood, and each kind of deviation is counted', async () => {
    const { addresses, ocppUrl } = sut.system;
    const counts = async () => {
      const metrics = await (
        await fetch(`http://127.0.0.1:${addresses.http['ocpp-gateway']}/metrics`)
      ).text();
      return (kind: string) =>
        Number(
          new RegExp(`^kw_ocpp_deviations_total\\{kind="${kind}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0,
        );
    };
    const before = await counts();
    const lines: string[] = [];
    const file = join(FOLDER, 'synthetic-21-tolerated.jsonl');
    const say = (line: string) => lines.push(line);
    expect(await replayFile(file, { operator: sut.people.operator, ocppUrl, say }), lines.join('\n')).toBe(0);
    const after = await counts();
    // An empty payload is one before there are fields to check: the frame's reader sees it.
    const kinds = TOLERATED.filter((kind) => kind !== 'payload_null');
    expect(kinds.filter((kind) => after(kind) <= before(kind))).toEqual([]);
  });
});

describe('a replay that proves nothing', () => {
  const played = async (file: string, ocppUrl: string) => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const problems = await replayFile(file, { operator: sut.people.operator, ocppUrl, say });
    return { problems, text: lines.join('\n') };
  };

  it('is no success: nobody was let in', async () => {
    const elsewhere = `${sut.system.ocppUrl}/another-tenant`;
    const { problems, text } = await played(join(FOLDER, 'ocpp-rpc.jsonl'), elsewhere);
    expect(text).toMatch(/0 of 0 calls answered, 0 sessions/);
    expect(text).toMatch(/was not let in \(HTTP 40\d\)/);
    expect(problems).toBeGreaterThanOrEqual(4);
  });

  it('is no success: the file holds no connection', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kilowatch-replay-'));
    try {
      writeFileSync(join(folder, 'empty.jsonl'), '\n');
      const { problems, text } = await played(join(folder, 'empty.jsonl'), sut.system.ocppUrl);
      expect(problems).toBe(1);
      expect(text).toMatch(/the recording holds no connection/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
