import type { LoggerService } from '@nestjs/common';
import { isAppError } from '@kilowatch/kernel';
import { nestLogger } from '../log/nest-logger.js';
import type { Logger } from '../log/logger.js';

/** Nest logs whatever a resolver throws as an error; what is expected (not found, not allowed) is none. The edge logs it. */
export function frameworkLogger(logger: Logger): LoggerService {
  const framework = nestLogger(logger);
  return {
    ...framework,
    error: (message: unknown, ...rest: unknown[]) => {
      if (!isAppError(message) || message.kind === 'INTERNAL') framework.error(message, ...rest);
    },
  };
}
