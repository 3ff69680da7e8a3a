import { within } from '../clock/within.js';
import { gauge } from '../trace/metrics.js';

/** Resolves when a dependency answers, throws otherwise. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  readonly ok: boolean;
  /** Information for people and metrics; never part of `ok`. */
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
}

/** A check that takes longer counts as failed: the kubelet gives a probe 3 s, and an outage must not use them up. */
const CHECK_MS = 1_000;

/**
 * What the probes answer. Live: the process runs. Startup: boot is over. Ready: started and not draining. None depends on
 * the database: its outage hits all pods at once, and taking them all out of their Service (or restarting them) would
 * only turn "please try again" into refused connections.
 */
export class HealthState {
  private readonly checks = new Map<string, HealthCheck>();
  private readonly running = new Map<string, Promise<boolean>>();
  private started = false;
  private drainingNow = false;

  /** `service`: whose checks they are. */
  constructor(
    private readonly service: string,
    private readonly checkMs = CHECK_MS,
  ) {}

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
    const checks = Object.fromEntries(
      await Promise.all([...this.checks].map((entry) => this.outcome(...entry))),
    );
    return { ok: this.started && !this.drainingNow, checks };
  }

  private async outcome(name: string, check: HealthCheck): Promise<[string, 'ok' | 'failed']> {
    const passed = await within(this.once(name, check), this.checkMs, () => false);
    gauge('kw_health_check').set({ source: this.service, check: name }, passed ? 1 : 0);
    return [name, passed ? 'ok' : 'failed'];
  }

  /** One run at a time: probes do not queue up behind a dependency that hangs. */
  private once(name: string, check: HealthCheck): Promise<boolean> {
    const already = this.running.get(name);
    if (already) return already;
    const run = passes(check).finally(() => this.running.delete(name));
    this.running.set(name, run);
    return run;
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
