import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Lets the framework's own messages go through the one logger, its chatter at debug. */
export function nestLogger(logger: Logger): LoggerService {
  const child = logger.child({ component: 'nest' });
  const text = (message: unknown) => (message instanceof Error ? message.message : String(message));
  return {
    log: (message, ...rest) => child.debug({ nest: rest.at(-1) }, text(message)),
    debug: (message, ...rest) => child.debug({ nest: rest.at(-1) }, text(message)),
    verbose: (message, ...rest) => child.trace({ nest: rest.at(-1) }, text(message)),
    warn: (message, ...rest) => child.warn({ nest: rest.at(-1) }, text(message)),
    error: (message, ...rest) =>
      child.error({ err: message instanceof Error ? message : undefined, nest: rest.at(-1) }, text(message)),
    fatal: (message, ...rest) => child.fatal({ nest: rest.at(-1) }, text(message)),
  };
}
