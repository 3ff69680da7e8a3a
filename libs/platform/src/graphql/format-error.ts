import { unwrapResolverError } from '@apollo/server/errors';
import { ERROR_TABLE, isAppError, toAppError, type AppError } from '@kilowatch/kernel';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Logger } from '../log/logger.js';
import { withoutValues } from './readable-message.js';

/** Codes of errors about the operation itself: their text names fields and positions of the client's own document. */
const READABLE = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Turns every error into `{message, path, extensions: {code, reason}}` by the error table; the rest goes to the log. */
export function formatError(logger: Logger) {
  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const original = unwrapResolverError(thrown);
    if (isGraphqlError(original) && READABLE.has(String(formatted.extensions?.['code']))) {
      return strip(formatted, withoutValues(formatted.message), { code: formatted.extensions?.['code'] });
    }
    const error = causeOf(original);
    if (error.kind === 'INTERNAL')
      logger.error({ err: original, path: formatted.path }, 'graphql resolver failed');
    else
      logger.debug({ kind: error.kind, code: error.code, path: formatted.path }, 'graphql resolver refused');
    return strip(formatted, error.publicText, { code: ERROR_TABLE[error.kind].graphql, reason: error.code });
  };
}

/** Apollo wraps an error of the context function in one of its own. */
function causeOf(thrown: unknown): AppError {
  if (isAppError(thrown)) return thrown;
  if (isGraphqlError(thrown) && thrown.originalError) return causeOf(thrown.originalError);
  return toAppError(thrown);
}

/** By tag: under some loaders graphql is loaded twice (CommonJS and ESM), and instanceof sees one copy only. */
const isGraphqlError = (thrown: unknown): thrown is GraphQLError =>
  Object.prototype.toString.call(thrown) === '[object GraphQLError]';

const strip = (
  { path, locations }: GraphQLFormattedError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLFormattedError => ({
  message,
  ...(locations ? { locations } : {}),
  ...(path ? { path } : {}),
  extensions,
});
