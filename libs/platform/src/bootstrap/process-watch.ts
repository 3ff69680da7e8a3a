import type { Logger } from '../log/logger.js';
import { onTerminate } from '../shutdown/shutdown.js';

/** Drains on SIGTERM; a bug nobody caught ends the process, since its state is unknown. Returns an undo. */
export function watchProcess(
  logger: Logger,
  drain: () => Promise<void>,
  exit: (code: number) => void = (code) => process.exit(code),
): () => void {
  const unterminate = onTerminate(drain, exit);
  const die = (err: unknown) => {
    logger.fatal({ err }, 'unhandled error');
    exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
  return () => {
    unterminate();
    process.off('unhandledRejection', die);
    process.off('uncaughtException', die);
  };
}

/** Drains and exits when standard input closes: the launcher that held its other end is gone. */
export function endWithParent(
  drain: () => Promise<void>,
  exit: (code: number) => void = (code) => process.exit(code),
): void {
  process.stdin.resume();
  process.stdin.once('end', () => {
    drain().then(
      () => exit(0),
      () => exit(1),
    );
  });
}
