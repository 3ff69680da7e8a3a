import { within } from '../clock/within.js';
import type { Logger } from '../log/logger.js';

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly limitMs: number;
}

/**
 * Closes things in the reverse order of their registration, each within its share of time; a step that fails or hangs
 * is logged and does not keep the others from closing. Running it twice gives the first run's promise.
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

  run(): Promise<void> {
    this.running ??= this.closeAll();
    return this.running;
  }

  private async closeAll(): Promise<void> {
    for (const step of this.steps.toReversed()) {
      try {
        await within(step.run(), step.limitMs, () => {
          throw new Error(`not done after ${step.limitMs} ms`);
        });
      } catch (err) {
        this.log.error({ err, step: step.name }, 'shutdown step failed');
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
