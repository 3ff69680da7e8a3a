import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { common } from '@kilowatch/contracts';
import { AppError, ERROR_TABLE, internal, timeout, unavailable, type ErrorKind } from '@kilowatch/kernel';
import { SERVICE_TOKEN_REFUSED } from '../auth/service-tokens.js';

export const TENANT_KEY = 'x-kilowatch-tenant';
export const TRACE_KEY = 'traceparent';

/** A client puts no more in one bundle, and a server takes no more. */
export const MOST_BUNDLED_CALLS = 256;
/** Code of a bundled call whose method the server does not have: what UNIMPLEMENTED says of one that goes alone. */
export const METHOD_UNKNOWN = 'METHOD_UNKNOWN';

const KIND_KEY = 'kilowatch-error-kind';
const CODE_KEY = 'kilowatch-error-code';
/** Binary, because the text is UTF-8 and metadata values are ASCII. */
const TEXT_KEY = 'kilowatch-error-text-bin';

/** The first value of a text key; undefined when absent or empty. */
export function textOf(metadata: Metadata, key: string): string | undefined {
  const [value] = metadata.get(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** How an error leaves a server: status by the error table; kind, code and public text in the trailers; nothing else. */
export function statusFromError(error: AppError): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set(KIND_KEY, error.kind);
  metadata.set(CODE_KEY, error.code);
  metadata.set(TEXT_KEY, Buffer.from(error.publicText, 'utf8'));
  return { code: ERROR_TABLE[error.kind].grpc, details: error.code, metadata };
}

/** The same for a call that came in a bundle. */
export function callErrorOf({ kind, code, publicText }: AppError): common.CallError {
  return { kind, code, text: publicText };
}

/** How that comes back at the client: a method that the server lacks is our fault, as when it went alone. */
export function errorFromCallError({ kind, code, text }: common.CallError, method: string): AppError {
  if (code === METHOD_UNKNOWN)
    return internal('SERVICE_CALL_FAILED', 'Something went wrong', { method, status: 'UNIMPLEMENTED' });
  if (isErrorKind(kind)) return new AppError({ kind, code, publicText: text, details: { method } });
  return internal('SERVICE_CALL_FAILED', 'Something went wrong', { method, kind, code });
}

/** How it comes back at the client: the same kind, code and text; for a failure of the transport, one of its own. */
export function errorFromStatus(
  error: Pick<ServiceError, 'code' | 'details' | 'metadata'>,
  method: string,
): AppError {
  const kind = textOf(error.metadata, KIND_KEY);
  const code = textOf(error.metadata, CODE_KEY);
  const details = { method, status: status[error.code] };
  if (kind !== undefined && code !== undefined && isErrorKind(kind) && code !== SERVICE_TOKEN_REFUSED) {
    const [text] = error.metadata.get(TEXT_KEY);
    return new AppError({
      kind,
      code,
      publicText: Buffer.isBuffer(text) ? text.toString('utf8') : '',
      details,
    });
  }
  switch (error.code) {
    case status.DEADLINE_EXCEEDED:
      return timeout('SERVICE_TIMEOUT', 'A part of the system did not answer in time', details);
    case status.UNAVAILABLE:
    case status.CANCELLED:
    case status.RESOURCE_EXHAUSTED:
      return unavailable('SERVICE_UNAVAILABLE', 'A part of the system is not available', details);
    default:
      // Among them our own service token refused: our fault, never the user's.
      return internal('SERVICE_CALL_FAILED', 'Something went wrong', { ...details, reason: error.details });
  }
}

const isErrorKind = (text: string): text is ErrorKind => Object.hasOwn(ERROR_TABLE, text);
