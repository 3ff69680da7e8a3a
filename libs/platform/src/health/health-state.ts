/** A readiness check: resolves when the dependency answers, throws otherwise. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/**
 * What the probes answer. Live: the process runs (never depends on others, or a database outage restarts every pod).
 * Startup: boot is over. Ready: started, not draining and all checks pass.
 */
export class HealthState {
  private readonly checks = new Map<string, HealthCheck>();
  private started = false;
  private drainingNow = false;

  addCheck(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  markStarted(): void {
    this.started = true;
  }

  markDraining(): void {
    this.drainingNow = true;
  }

  get draining(): boolean {
    return this.drainingNow;
  }

  live(): HealthReport {
    return { ok: true, checks: {} };
  }

  startup(): HealthReport {
    return { ok: this.started, checks: {} };
  }

  async ready(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await passes(check)] as const),
    );
    const checks = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failed'] as const));
    return { ok: this.started && !this.drainingNow && results.every(([, ok]) => ok), checks };
  }
}

async function passes(check: HealthCheck): Promise<boolean> {
  try {
    await check();
    return true;
  } catch {
    return false;
  }
}
