import { expect, it } from 'vitest';
import { countOf } from './gateway-metrics.js';

it('adds up refusals, all or those of one reason', () => {
  const metrics = [
    '# TYPE kw_ocpp_refused_total counter',
    'kw_ocpp_refused_total{reason="taken_over"} 3',
    'kw_ocpp_refused_total{reason="frame_broken"} 4',
    'kw_ocpp_connections{version="1.6"} 9',
  ].join('\n');
  expect([countOf(metrics), countOf(metrics, 'taken_over'), countOf(metrics, 'none')]).toEqual([7, 3, 0]);
});
