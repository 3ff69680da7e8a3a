/**
 * Counts failures in a sliding window, before anything costly is computed. In memory and bounded: an attacker with many
 * names pushes out the oldest counts, never other work.
 */
export interface AttemptLimitOptions {
  readonly failures: number;
  readonly windowMs: number;
  /** Most names remembered. */
  readonly capacity: number;
}

export class AttemptLimit {
  private readonly failures = new Map<string, number[]>();

  constructor(private readonly options: AttemptLimitOptions) {}

  /** Seconds until the name may try again; 0 = now. */
  waitSeconds(name: string, now: Date): number {
    const recent = this.recent(name, now);
    if (recent.length < this.options.failures) return 0;
    const oldest = recent[recent.length - this.options.failures]!;
    return Math.max(1, Math.ceil((oldest + this.options.windowMs - now.getTime()) / 1000));
  }

  failed(name: string, now: Date): void {
    this.keep(name, [...this.recent(name, now), now.getTime()].slice(-this.options.failures));
  }

  private keep(name: string, recent: number[]): void {
    // Re-inserted last: a Map keeps insertion order, so the first key is the one quiet for longest.
    this.failures.delete(name);
    this.failures.set(name, recent);
    if (this.failures.size > this.options.capacity) {
      const [oldest] = this.failures.keys();
      if (oldest !== undefined) this.failures.delete(oldest);
    }
  }

  /** What all pods counted, as far as it is more than is known here; `at` is the latest of so many `times`. */
  learn(name: string, counted: readonly (readonly [at: Date, times: number])[], now: Date): void {
    const most = this.options.failures;
    const all = counted
      .flatMap(([at, times]) => Array.from({ length: Math.min(times, most) }, () => at.getTime()))
      .filter((at) => at > now.getTime() - this.options.windowMs)
      .sort((one, other) => one - other)
      .slice(-most);
    if (all.length > this.recent(name, now).length) this.keep(name, all);
  }

  /** Whether anything is held against it. */
  knows(name: string, now: Date): boolean {
    return this.recent(name, now).length > 0;
  }

  get windowMs(): number {
    return this.options.windowMs;
  }

  /** That failure was none: nothing was found out about the attempt. `at` is what `failed` was given. */
  withdraw(name: string, at: Date): void {
    const kept = [...(this.failures.get(name) ?? [])];
    const index = kept.lastIndexOf(at.getTime());
    if (index < 0) return;
    kept.splice(index, 1);
    if (kept.length > 0) this.failures.set(name, kept);
    else this.failures.delete(name);
  }

  succeeded(name: string): void {
    this.failures.delete(name);
  }

  private recent(name: string, now: Date): number[] {
    const since = now.getTime() - this.options.windowMs;
    return (this.failures.get(name) ?? []).filter((at) => at > since);
  }
}
