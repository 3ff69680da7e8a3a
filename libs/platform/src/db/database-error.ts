import { isAppError, timeout, unavailable } from '@kilowatch/kernel';

interface PgError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint?: string;
}

export const DATABASE_UNAVAILABLE = 'DATABASE_UNAVAILABLE';
export const DATABASE_BUSY = 'DATABASE_BUSY';

const UNIQUE_VIOLATION = '23505';
const QUERY_CANCELED = '57014';
const LOCK_NOT_AVAILABLE = '55P03';
const REPEATABLE = new Set(['40001', '40P01']);
const FEATURE_NOT_SUPPORTED = '0A000';
const INVALID_STATEMENT_NAME = '26000';
// Server going away or not yet there, too many connections, and the same seen from the socket.
const CONNECTION =
  /^(08...|57P0[1-5]|53300|53200|53100|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const CONNECTION_TEXT =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Cannot use a pool after calling end/i;

/** True when the error is a violation of a unique constraint (of the named one, when a name is given). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const cause = driverError(error);
  return cause.code === UNIQUE_VIOLATION && (constraint === undefined || cause.constraint === constraint);
}

/** Serialization failure, deadlock, or a plan outlived by a migration: the same transaction may be run again. */
export function isRepeatable(error: unknown): boolean {
  return REPEATABLE.has(driverError(error).code ?? '') || isStalePlan(error);
}

/** A prepared statement of this connection no longer fits the schema: the connection has to go, the work can be repeated. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = driverError(error);
  return (
    code === INVALID_STATEMENT_NAME || (code === FEATURE_NOT_SUPPORTED && /cached plan/.test(message ?? ''))
  );
}

/** True for the AppError that says "no database now", which is nobody's fault and passes. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return isAppError(error) && error.code === DATABASE_UNAVAILABLE;
}

export function isConnectionError(error: unknown): boolean {
  const { code } = driverError(error);
  return CONNECTION.test(code ?? '') || (error instanceof Error && CONNECTION_TEXT.test(error.message));
}

/** Connection trouble, timeouts and lock waits as AppErrors; everything else as it is. */
export function mapDatabaseError(error: unknown): unknown {
  if (isAppError(error)) return error;
  if (isConnectionError(error)) {
    return unavailable(
      DATABASE_UNAVAILABLE,
      'The service cannot reach its data right now.',
      undefined,
      error,
    );
  }
  const { code } = driverError(error);
  if (code === QUERY_CANCELED) return timeout('DATABASE_TIMEOUT', 'This took too long.', undefined, error);
  if (code === LOCK_NOT_AVAILABLE || isRepeatable(error)) {
    return unavailable(DATABASE_BUSY, 'The data is in use, please try again.', undefined, error);
  }
  return error;
}

/** TypeORM wraps the driver's error. */
function driverError(error: unknown): PgError {
  const wrapped = error as { driverError?: PgError } | undefined;
  return wrapped?.driverError ?? (error as PgError | undefined) ?? {};
}
