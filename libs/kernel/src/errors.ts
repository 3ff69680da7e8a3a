/**
 * The one error type and the one table every edge maps it from (gRPC, GraphQL, OCPI, OCPP, event consumers).
 * A client only ever sees `code` and `publicText`; `details` and `cause` are for our own logs.
 */
export type ErrorKind =
  | 'INVALID'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'INTERNAL';

/**
 * What a charger gets for a refused call: a CALLERROR of this fault (each OCPP version spells its codes itself), or a closed
 * socket with "try again later" (1013).
 */
export type OcppCallAnswer = 'formation' | 'security' | 'internal' | 'generic' | 'close';

/**
 * The same for a transaction message, which a charger drops after three CALLERRORs and keeps while its socket is closed:
 * not possible now closes the socket; never going to work keeps the raw frame, answers normally and alerts.
 */
export type OcppTransactionAnswer = 'close' | 'quarantine';

/** What an event consumer does. Every RETRY ends as a dead letter once the deliveries are used up. */
export type ConsumerAction = 'DEAD_LETTER' | 'RETRY' | 'RETRY_LATER';

export interface ErrorMapping {
  /** gRPC status code number. */
  readonly grpc: number;
  /** GraphQL `extensions.code`. */
  readonly graphql: string;
  /** HTTP status and OCPI status_code; an edge narrows 2003 to 2004 for tokens. */
  readonly ocpi: { readonly http: number; readonly status: number };
  readonly ocpp: { readonly call: OcppCallAnswer; readonly transaction: OcppTransactionAnswer };
  readonly consumer: ConsumerAction;
}

export const ERROR_TABLE: Readonly<Record<ErrorKind, ErrorMapping>> = {
  INVALID: {
    grpc: 3,
    graphql: 'BAD_USER_INPUT',
    ocpi: { http: 200, status: 2001 },
    ocpp: { call: 'formation', transaction: 'quarantine' },
    consumer: 'DEAD_LETTER',
  },
  UNAUTHENTICATED: {
    grpc: 16,
    graphql: 'UNAUTHENTICATED',
    ocpi: { http: 401, status: 2000 },
    ocpp: { call: 'security', transaction: 'quarantine' },
    consumer: 'DEAD_LETTER',
  },
  FORBIDDEN: {
    grpc: 7,
    graphql: 'FORBIDDEN',
    ocpi: { http: 403, status: 2000 },
    ocpp: { call: 'security', transaction: 'quarantine' },
    consumer: 'DEAD_LETTER',
  },
  NOT_FOUND: {
    grpc: 5,
    graphql: 'NOT_FOUND',
    ocpi: { http: 404, status: 2003 },
    ocpp: { call: 'generic', transaction: 'quarantine' },
    consumer: 'RETRY',
  },
  CONFLICT: {
    grpc: 10,
    graphql: 'CONFLICT',
    ocpi: { http: 200, status: 2000 },
    ocpp: { call: 'generic', transaction: 'quarantine' },
    consumer: 'RETRY',
  },
  PRECONDITION: {
    grpc: 9,
    graphql: 'FAILED_PRECONDITION',
    ocpi: { http: 200, status: 2000 },
    ocpp: { call: 'generic', transaction: 'quarantine' },
    consumer: 'DEAD_LETTER',
  },
  RATE_LIMITED: {
    grpc: 8,
    graphql: 'RATE_LIMITED',
    ocpi: { http: 429, status: 2000 },
    ocpp: { call: 'close', transaction: 'close' },
    consumer: 'RETRY_LATER',
  },
  UNAVAILABLE: {
    grpc: 14,
    graphql: 'SERVICE_UNAVAILABLE',
    ocpi: { http: 200, status: 3000 },
    ocpp: { call: 'internal', transaction: 'close' },
    consumer: 'RETRY',
  },
  TIMEOUT: {
    grpc: 4,
    graphql: 'SERVICE_UNAVAILABLE',
    ocpi: { http: 200, status: 3000 },
    ocpp: { call: 'internal', transaction: 'close' },
    consumer: 'RETRY',
  },
  INTERNAL: {
    grpc: 13,
    graphql: 'INTERNAL_SERVER_ERROR',
    ocpi: { http: 200, status: 3000 },
    ocpp: { call: 'internal', transaction: 'quarantine' },
    consumer: 'RETRY',
  },
};

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface AppErrorParts {
  readonly kind: ErrorKind;
  /** Stable, upper snake case, prefixed by its field: `BILLING_TARIFF_OVERLAP`. */
  readonly code: string;
  /** One sentence that may be shown to anyone. */
  readonly publicText: string;
  /** Private: logged, never sent to a client. */
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

const APP_ERROR = Symbol.for('kilowatch.AppError');

export class AppError extends Error {
  readonly [APP_ERROR] = true;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly publicText: string;
  readonly details: ErrorDetails;

  constructor(parts: AppErrorParts) {
    super(
      `${parts.code}: ${parts.publicText}`,
      parts.cause === undefined ? undefined : { cause: parts.cause },
    );
    this.name = 'AppError';
    this.kind = parts.kind;
    this.code = parts.code;
    this.publicText = parts.publicText;
    this.details = parts.details ?? {};
  }
}

type ErrorMaker = (code: string, publicText: string, details?: ErrorDetails, cause?: unknown) => AppError;

function makerOf(kind: ErrorKind): ErrorMaker {
  return (code, publicText, details, cause) => new AppError({ kind, code, publicText, details, cause });
}

export const invalid = makerOf('INVALID');
export const unauthenticated = makerOf('UNAUTHENTICATED');
export const forbidden = makerOf('FORBIDDEN');
export const notFound = makerOf('NOT_FOUND');
export const conflict = makerOf('CONFLICT');
export const precondition = makerOf('PRECONDITION');
export const rateLimited = makerOf('RATE_LIMITED');
export const unavailable = makerOf('UNAVAILABLE');
export const timeout = makerOf('TIMEOUT');
export const internal = makerOf('INTERNAL');

/** True for an AppError of any copy of this library (source and dist may both be loaded in one process). */
export function isAppError(error: unknown): error is AppError {
  return typeof error === 'object' && error !== null && APP_ERROR in error;
}

/** Whatever was thrown, as an AppError; foreign messages stay private in `cause`. */
export function toAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'TimeoutError' || name === 'AbortError') {
    return timeout('TIMEOUT', 'This took too long. Please try again.', undefined, thrown);
  }
  return internal('INTERNAL', 'Something went wrong on our side.', undefined, thrown);
}
