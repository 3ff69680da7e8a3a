import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import {
  METRICS,
  type MetricDeclaration,
  type MetricLabels,
  type MetricName,
  type NamesOf,
} from './registry.js';

// One registry per process: services that share one add their counts up, and their gauges say whose they are.
export const metricRegistry = new Registry();
const made = new Map<string, Counter | Gauge | Histogram>();

export function counter<N extends NamesOf<'counter'>>(name: N): Counter<MetricLabels<N>> {
  return instrument(name, 'counter') as Counter<MetricLabels<N>>;
}

export function gauge<N extends NamesOf<'gauge'>>(name: N): Gauge<MetricLabels<N>> {
  return instrument(name, 'gauge') as Gauge<MetricLabels<N>>;
}

export function histogram<N extends NamesOf<'histogram'>>(name: N): Histogram<MetricLabels<N>> {
  return instrument(name, 'histogram') as Histogram<MetricLabels<N>>;
}

/** Event loop, heap and CPU of the process, for /metrics. */
export function collectProcessMetrics(): void {
  if (metricRegistry.getSingleMetric('process_cpu_user_seconds_total') === undefined) {
    // Each look at the event loop's lag wakes the process: twenty a second show it as well as a hundred.
    collectDefaultMetrics({ register: metricRegistry, eventLoopMonitoringPrecision: 50 });
  }
}

function instrument(name: MetricName, type: MetricDeclaration['type']): Counter | Gauge | Histogram {
  const existing = made.get(name);
  if (existing !== undefined) return existing;
  const declared: MetricDeclaration | undefined = METRICS[name];
  if (declared === undefined) throw new Error(`metric ${name} is not declared in trace/registry.ts`);
  if (declared.type !== type) throw new Error(`metric ${name} is a ${declared.type}, not a ${type}`);
  const options = {
    name,
    help: declared.help,
    labelNames: [...declared.labels],
    registers: [metricRegistry],
  };
  const metric =
    type === 'counter'
      ? new Counter(options)
      : type === 'gauge'
        ? new Gauge(options)
        : new Histogram({ ...options, ...(declared.buckets ? { buckets: [...declared.buckets] } : {}) });
  made.set(name, metric);
  return metric;
}
