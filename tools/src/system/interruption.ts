/** Thrown where Ctrl-C or SIGTERM cuts work short. Tools that see it end quietly. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

/**
 * npm passes a Ctrl-C on to its script, which has had it from the terminal already
 * (https://github.com/npm/run-script/blob/main/lib/signal-manager.js): what follows that soon is the same one.
 */
const SAME_SIGNAL_MS = 1_000;

/** Aborted, with `Interrupted`, at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  const onSignal = () => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(130);
    firstAt ??= performance.now();
    controller.abort(new Interrupted());
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
}

/** What `work` gives. @throws Interrupted as soon as the signal is aborted; nobody waits for the work then */
export async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  work: T | Promise<T>,
): Promise<T> {
  if (!signal) return work;
  let undo = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    undo = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    undo();
  }
}

/** Resolves when the signal is aborted. */
export function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
