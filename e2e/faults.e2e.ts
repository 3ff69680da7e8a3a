// Real: every service as a process, Postgres with fsync, NATS. Each is killed -9 in the middle of a session.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultSmoke } from '@kilowatch/tools/faults/smoke';
import { systemOptionsFrom } from '@kilowatch/tools/system/command-line';
import { startSystem } from '@kilowatch/tools/system/start-system';
import { describe, expect, it } from 'vitest';

/** Those every watt-hour passes through; `npm run faults -- smoke` kills all of them. */
const TARGETS = ['ocpp-gateway', 'sessions', 'metering', 'billing', 'postgres', 'nats'];

describe('a session during which a part of the system is killed', () => {
  it('ends with the energy the charger counted and one invoice', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'kilowatch-faults-'));
    const log: string[] = [];
    const options = systemOptionsFrom(
      ['--data-dir', dataDir, '--log-level', 'warn'],
      { ports: 'any', dataDir, fsync: true },
      (service, line) => log.push(`${service}: ${line}`),
    );
    const system = await startSystem({ ...options, restart: false, lateWindowSeconds: 3 });
    try {
      const outcomes = await faultSmoke(system, TARGETS, () => undefined);
      const failed = outcomes.filter((outcome) => outcome.problems.length > 0);
      expect(failed, log.slice(-30).join('\n')).toEqual([]);
      expect(outcomes.map((outcome) => outcome.target)).toEqual(TARGETS);
    } finally {
      await system.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 400_000);
});
