import { within } from '../clock/within.js';
import type { Logger } from '../log/logger.js';

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly limitMs: number;
}

/** Of a step whose own parts have limits: the longest time a timer takes. */
export const NO_LIMIT_MS = 2 ** 31 - 1;

/**
 * Closes things in the reverse order of their registration, each within its share of time; a step that fails or hangs
 * is logged and does not keep the others from closing. What is registered while it runs is closed next. Running it twice gives the first
 * run's promise.
 */
export class Shutdown {
  private readonly steps: Step[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly log: Logger,
    private readonly stepMs = 10_000,
  ) {}

  /** `limitMs`: for a step that needs more time than the others. */
  onClose(name: string, run: () => Promise<void>, limitMs = this.stepMs): void {
    this.steps.push({ name, run, limitMs });
  }

  get begun(): boolean {
    return this.running !== undefined;
  }

  run(): Promise<void> {
    this.running ??= this.closeAll();
    return this.running;
  }

  private async closeAll(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const { name, run, limitMs } = step;
      try {
        await within(run(), limitMs, () => {
          throw new Error(`not done after ${limitMs} ms`);
        });
      } catch (err) {
        this.log.error({ err, step: name }, 'shutdown step failed');
      }
    }
  }
}

/** Runs `drain` on the first SIGTERM or SIGINT and exits; a second signal exits at once. Returns an undo for tests. */
export function onTerminate(
  drain: () => Promise<void>,
  exit: (code: number) => void = (code) => process.exit(code),
): () => void {
  let asked = false;
  const handler = () => {
    if (asked) return exit(1);
    asked = true;
    drain().then(
      () => exit(0),
      () => exit(1),
    );
  };
  process.on('SIGTERM', handler);
  process.on('SIGINT', handler);
  return () => {
    process.off('SIGTERM', handler);
    process.off('SIGINT', handler);
  };
}
