import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { counter, metricRegistry } from './metrics.js';
import { currentTraceparent, withSpan } from './span.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import { startTracing } from './tracing.js';

const file = join(mkdtempSync(join(tmpdir(), 'kw-trace-')), 'spans.jsonl');
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('survives parsing and formatting', () => {
    expect(formatTraceparent(parseTraceparent(PARENT)!)).toBe(PARENT);
  });

  it.each(['', 'garbage', PARENT.replace(/^00/, 'ff'), PARENT.replace(/[0-9a-f]{32}/, '0'.repeat(32))])(
    'ignores %j',
    (text) => {
      expect(parseTraceparent(text)).toBeUndefined();
    },
  );
});

describe('spans and metrics', () => {
  const tracing = startTracing('billing', `file:${file}`);
  afterAll(() => tracing.close());

  it('refuses a name that is not declared', async () => {
    await expect(withSpan('made.up' as never, {}, async () => 1)).rejects.toThrow(/made.up is not declared/);
    expect(() => counter('kw_made_up_total' as never)).toThrow(/not declared/);
    expect(() => counter('kw_outbox_pending' as never)).toThrow(/is a gauge/);
  });

  it('continues the trace of the caller and nests', async () => {
    await withSpan('grpc.server', { parent: PARENT }, async () => {
      await withSpan('ocpp.call', { attributes: { name: 'price-session' } }, async () => {
        expect(currentTraceparent()).toContain('0af7651916cd43dd8448eb211c80319c');
      });
    });
    await expect(withSpan('http.out', {}, () => Promise.reject(new TypeError('canary')))).rejects.toThrow();
    await tracing.flush();
    const text = readFileSync(file, 'utf8');
    const spans = text.trim().split('\n').map((row) => JSON.parse(row)); // prettier-ignore
    const [inner, outer, failed] = spans;
    expect(outer).toMatchObject({
      name: 'grpc.server',
      parentSpanId: 'b7ad6b7169203331',
      service: 'billing',
    });
    expect(inner).toMatchObject({ name: 'ocpp.call', parentSpanId: outer.spanId, traceId: outer.traceId });
    expect(failed).toMatchObject({ name: 'http.out', status: 2 });
    expect(text).not.toContain('canary');
  });

  it('counts under the declared labels', async () => {
    counter('kw_payments_total').inc({ method: 'WALLET' });
    expect(await metricRegistry.metrics()).toContain('kw_payments_total{method="WALLET"} 1');
  });
});
