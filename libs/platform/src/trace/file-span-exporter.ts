import { appendFile } from 'node:fs/promises';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';

/** One span a line as JSON, for development and tests: several processes may append to one file. */
export class FileSpanExporter implements SpanExporter {
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly path: string) {}

  export(spans: ReadableSpan[], done: (result: { code: number; error?: Error }) => void): void {
    const text = spans.map((span) => `${JSON.stringify(line(span))}\n`).join('');
    this.writing = this.writing.then(() => appendFile(this.path, text));
    this.writing.then(
      () => done({ code: 0 }),
      (error: Error) => {
        this.writing = Promise.resolve();
        done({ code: 1, error });
      },
    );
  }

  async forceFlush(): Promise<void> {
    await this.writing;
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }
}

function line(span: ReadableSpan): object {
  const context = span.spanContext();
  return {
    service: span.resource.attributes['service.name'],
    name: span.name,
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.map((link) => link.context.traceId),
    startMs: span.startTime[0] * 1e3 + span.startTime[1] / 1e6,
    durationMs: span.duration[0] * 1e3 + span.duration[1] / 1e6,
    status: span.status.code,
    attributes: span.attributes,
  };
}
