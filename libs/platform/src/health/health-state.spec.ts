import { describe, expect, it } from 'vitest';
import { HealthState } from './health-state.js';

describe('health', () => {
  it('is live from the beginning, ready only when started and every check passes', async () => {
    const health = new HealthState();
    let up = false;
    health.addCheck('database', async () => {
      if (!up) throw new Error('down');
    });
    expect(health.live().ok).toBe(true);
    expect((await health.ready()).ok).toBe(false);
    health.markStarted();
    expect(await health.ready()).toEqual({ ok: false, checks: { database: 'failed' } });
    up = true;
    expect(await health.ready()).toEqual({ ok: true, checks: { database: 'ok' } });
  });

  it('is not ready while draining, but stays live', async () => {
    const health = new HealthState();
    health.markStarted();
    health.markDraining();
    expect((await health.ready()).ok).toBe(false);
    expect(health.live().ok).toBe(true);
    expect(health.startup().ok).toBe(true);
  });
});
