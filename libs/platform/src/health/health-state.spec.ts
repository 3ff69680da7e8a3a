import { describe, expect, it } from 'vitest';
import { metricRegistry } from '../trace/metrics.js';
import { HealthState } from './health-state.js';

const never = () => new Promise<void>(() => undefined);
const metric = async () => (await metricRegistry.metrics()).match(/kw_health_check\{.*/)?.[0];

describe('health', () => {
  it('is live from the beginning, and ready once it has started', async () => {
    const health = new HealthState('billing');
    expect(health.live().ok).toBe(true);
    expect(health.startup().ok).toBe(false);
    expect((await health.ready()).ok).toBe(false);
    health.markStarted();
    expect(health.startup().ok).toBe(true);
    expect((await health.ready()).ok).toBe(true);
  });

  it('stays ready while the database is away, and says so', async () => {
    const health = new HealthState('billing');
    let up = false;
    health.addCheck('database', async () => {
      if (!up) throw new Error('down');
    });
    health.markStarted();
    expect(await health.ready()).toEqual({ ok: true, checks: { database: 'failed' } });
    expect(await metric()).toBe('kw_health_check{source="billing",check="database"} 0');
    up = true;
    expect(await health.ready()).toEqual({ ok: true, checks: { database: 'ok' } });
    expect(await metric()).toBe('kw_health_check{source="billing",check="database"} 1');
  });

  it('answers in time when a check hangs, and runs it once however often it is asked', async () => {
    const health = new HealthState('billing', 10);
    let runs = 0;
    health.addCheck('database', () => {
      runs += 1;
      return never();
    });
    health.markStarted();
    expect(await health.ready()).toEqual({ ok: true, checks: { database: 'failed' } });
    await health.ready();
    expect(runs).toBe(1);
  });

  it('is not ready while draining, but stays live', async () => {
    const health = new HealthState('billing');
    health.markStarted();
    health.markDraining();
    expect((await health.ready()).ok).toBe(false);
    expect(health.live().ok).toBe(true);
    expect(health.startup().ok).toBe(true);
  });
});
