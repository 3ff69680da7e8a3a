/**
 * Runs work for ids that arrive in bursts: at most one run at a time and one per `intervalMs`; an id that arrives again
 * while it waits is run once. The first after a pause runs at once.
 */
export class Pace {
  private readonly pending = new Set<string>();
  private running = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private lastStart = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly intervalMs: number,
    private readonly maxPending: number,
    private readonly run: (id: string) => Promise<void>,
  ) {}

  trigger(id: string): void {
    if (this.stopped) return;
    // Again and last: of more ids than may wait, the oldest is dropped.
    this.pending.delete(id);
    this.pending.add(id);
    if (this.pending.size > this.maxPending) this.pending.delete(first(this.pending) as string);
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    this.pending.clear();
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped || this.running || this.timer || this.pending.size === 0) return;
    const waitMs = this.lastStart + this.intervalMs - performance.now();
    if (waitMs <= 0) {
      void this.start();
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.start();
    }, waitMs);
  }

  private async start(): Promise<void> {
    const id = first(this.pending);
    if (id === undefined) return;
    this.pending.delete(id);
    this.running = true;
    this.lastStart = performance.now();
    try {
      await this.run(id);
    } finally {
      this.running = false;
      this.schedule();
    }
  }
}

const first = (ids: ReadonlySet<string>): string | undefined => ids.values().next().value;
