import { context, trace } from '@opentelemetry/api';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { describeError } from './describe-error.js';

/** Constant message, variable fields: `log.info({ stationId }, 'station connected')`. */
export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly service: string;
  readonly level?: string;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

// A field with one of these names is personal or secret wherever it stands; the Secret type covers the rest.
const SENSITIVE = [
  'password', 'secret', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie',
  'idTag', 'idToken', 'email', 'phone', 'parameters',
]; // prettier-ignore

export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: SENSITIVE.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[redacted]',
      },
      serializers: { err: describeError, error: describeError },
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceIds,
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

function traceIds(): object {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}
