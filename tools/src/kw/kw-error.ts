import { GraphqlError, Unreachable } from '../client/graphql-client.js';

/** What the person at the command line must change. Codes are those of the API (docs: the error table in libs/kernel). */
export class KwError extends Error {
  constructor(
    readonly code: 'BAD_USER_INPUT' | 'UNAUTHENTICATED' | 'NOT_FOUND' | 'UNAVAILABLE',
    message: string,
  ) {
    super(message);
  }
}

export function wrongInput(message: string): KwError {
  return new KwError('BAD_USER_INPUT', message);
}

/** An error as programs read it on standard error. */
export function errorDocument(error: unknown): { error: { code: string; message: string } } {
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: codeOf(error), message } };
}

function codeOf(error: unknown): string {
  if (error instanceof GraphqlError || error instanceof KwError) return error.code;
  if (error instanceof Unreachable) return 'UNAVAILABLE';
  // node:util's parseArgs: an option that does not exist.
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS') ? 'BAD_USER_INPUT' : 'INTERNAL';
}
