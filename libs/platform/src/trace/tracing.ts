import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { FileSpanExporter } from './file-span-exporter.js';
import { enableSpans } from './span.js';

export interface Tracing {
  flush(): Promise<void>;
  close(): Promise<void>;
}

const OFF: Tracing = { flush: async () => {}, close: async () => {} };

/** Starts tracing for the process. `target`: `otlp:<url>`, `file:<path>` (one JSON span a line) or `none`. */
export function startTracing(service: string, target: string): Tracing {
  const exporter = exporterFor(target);
  if (exporter === undefined) return OFF;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter as never, { scheduledDelayMillis: 1000 })],
  });
  provider.register();
  enableSpans(true);
  return {
    flush: () => provider.forceFlush(),
    async close() {
      enableSpans(false);
      await provider.shutdown();
    },
  };
}

function exporterFor(target: string): SpanExporter | undefined {
  if (target === 'none') return undefined;
  const [scheme, rest] = [target.slice(0, target.indexOf(':')), target.slice(target.indexOf(':') + 1)];
  if (scheme === 'file') return new FileSpanExporter(rest);
  if (scheme === 'otlp') return new OTLPTraceExporter({ url: rest }) as unknown as SpanExporter;
  throw new Error(`trace export ${scheme} is not one of otlp, file, none`);
}
