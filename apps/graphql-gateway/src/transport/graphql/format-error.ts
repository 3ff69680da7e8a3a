import { ERROR_TABLE, isAppError, toAppError, type AppError } from '@kilowatch/kernel';
import { withoutValues, type Logger } from '@kilowatch/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes of errors about the client's own document or request, made by Apollo: their text is for the client. */
const READABLE: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
/** Codes a subgraph may answer with: those of the error table, whose texts are public. */
const FROM_SUBGRAPHS: ReadonlySet<unknown> = new Set(
  Object.values(ERROR_TABLE).map(({ graphql }) => graphql),
);
/** A subgraph refused us, not the user. */
const OUR_OWN_FAULT = 'SERVICE_TOKEN_REFUSED';

/** The one shape of errors that leaves the gateway: `{message, path, locations, extensions: {code, reason}}`. */
export function formatError(logger: Logger, development: boolean) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const { code, reason, serviceName } = formatted.extensions ?? {};
    const shape = (message: string, extensions: Record<string, unknown>): GraphQLFormattedError => ({
      message,
      ...(formatted.locations ? { locations: formatted.locations } : {}),
      ...(formatted.path ? { path: formatted.path } : {}),
      extensions: development && serviceName !== undefined ? { ...extensions, serviceName } : extensions,
    });
    const ours = appErrorOf(thrown);
    if (ours) return shape(ours.publicText, publicCodes(ours));
    if (typeof serviceName === 'string') {
      const known = FROM_SUBGRAPHS.has(code) && code !== 'INTERNAL_SERVER_ERROR' && reason !== OUR_OWN_FAULT;
      if (known) return shape(formatted.message, typeof reason === 'string' ? { code, reason } : { code });
    } else if (READABLE.has(code)) {
      return shape(withoutValues(formatted.message), { code });
    }
    const err = thrown instanceof Error ? thrown : undefined;
    logger.error({ err, code, reason, subgraph: serviceName, path: formatted.path }, 'operation failed');
    const hidden = toAppError(undefined);
    return shape(hidden.publicText, publicCodes(hidden));
  };
}

export function publicCodes(error: AppError): { code: string; reason: string } {
  return { code: ERROR_TABLE[error.kind].graphql, reason: error.code };
}

/** An AppError as graphql wants it, for what is refused before execution: HTTP 400. */
export function refusalError(error: AppError): GraphQLError {
  return new GraphQLError(error.publicText, {
    originalError: error,
    extensions: { ...publicCodes(error), http: { status: 400 } },
  });
}

function appErrorOf(thrown: unknown): AppError | undefined {
  if (isAppError(thrown)) return thrown;
  return thrown instanceof GraphQLError && thrown.originalError !== thrown
    ? appErrorOf(thrown.originalError)
    : undefined;
}
