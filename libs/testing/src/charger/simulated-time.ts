import type { Clock } from '@kilowatch/kernel';

export interface SimulatedTimeOptions {
  /** The device time now; default: the real time. */
  start?: Date;
  /** Device seconds per real second; default 1. */
  speed?: number;
}

/** The chargers' clock: it may start elsewhere (skew) and run faster, so that a night of charging takes seconds. */
export class SimulatedTime implements Clock {
  readonly speed: number;
  private readonly startMs: number;
  private readonly origin = performance.now();

  constructor(options: SimulatedTimeOptions = {}) {
    this.startMs = (options.start ?? new Date()).getTime();
    this.speed = options.speed ?? 1;
  }

  now(): Date {
    return new Date(this.startMs + Math.floor((performance.now() - this.origin) * this.speed));
  }

  /** Runs `work` once this clock has reached `instant`; returns the cancellation. */
  at(instant: Date, work: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const leftMs = (instant.getTime() - this.now().getTime()) / this.speed;
      // A timer may fire a little early, and holds at most 24.8 days.
      timer = setTimeout(
        () => (this.now() < instant ? arm() : work()),
        Math.min(Math.max(leftMs, 0), 2_000_000_000),
      );
    };
    arm();
    return () => clearTimeout(timer);
  }
}
