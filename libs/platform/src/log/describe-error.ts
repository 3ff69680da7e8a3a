import { isAppError } from '@kilowatch/kernel';

const MAX_TEXT = 2000;
const MAX_CAUSES = 3;

/**
 * An error as fields of a log line. Only known properties are taken: database errors carry statements and their parameters,
 * HTTP errors carry headers, and none of that may reach a log.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error).slice(0, MAX_TEXT) };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message.slice(0, MAX_TEXT),
    ...(isAppError(error) ? { kind: error.kind } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: error.stack?.slice(0, MAX_TEXT),
    ...(error.cause !== undefined && depth < MAX_CAUSES
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}
