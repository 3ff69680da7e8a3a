import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  isSpanContextValid,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { SPANS, type SpanName } from './registry.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';

export interface SpanOptions {
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
  /** traceparent of the caller: the span becomes its child. Absent: child of the active span. */
  readonly parent?: string | undefined;
  /** traceparents this work stems from without being part of them (one batch, many events). */
  readonly links?: readonly (string | undefined)[];
}

const declared: ReadonlySet<string> = new Set(SPANS);
let enabled = false;

/** Set by `startTracing`: without an exporter no span is made, so that tracing costs nothing when it is off. */
export function enableSpans(on: boolean): void {
  enabled = on;
}

/** Runs `fn` under a span; an error marks the span and goes on. */
export async function withSpan<T>(name: SpanName, options: SpanOptions, fn: () => Promise<T>): Promise<T> {
  if (!declared.has(name)) throw new Error(`span ${name} is not declared in trace/registry.ts`);
  if (!enabled) return fn();
  const parent = parentContext(options.parent);
  const span = trace.getTracer('kilowatch').startSpan(name, {
    kind: options.kind ?? SpanKind.INTERNAL,
    attributes: options.attributes ?? {},
    links: (options.links ?? []).flatMap((text) => {
      const linked = parseTraceparent(text);
      return linked === undefined ? [] : [{ context: linked }];
    }),
  }, parent); // prettier-ignore
  try {
    return await context.with(trace.setSpan(parent, span), fn);
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The active span as a W3C traceparent, to put on whatever leaves the process; undefined when there is none. */
export function currentTraceparent(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSpanContextValid(active) ? formatTraceparent(active) : undefined;
}

function parentContext(traceparent: string | undefined): Context {
  const remote = parseTraceparent(traceparent);
  return remote === undefined ? context.active() : trace.setSpanContext(ROOT_CONTEXT, remote);
}

function fail(span: Span, error: unknown): void {
  const code = (error as { code?: unknown } | undefined)?.code;
  // No message: those of libraries may carry personal data.
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
  if (typeof code === 'string') span.setAttribute('error.code', code);
}
