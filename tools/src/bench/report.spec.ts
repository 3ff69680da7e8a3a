import { describe, expect, it } from 'vitest';
import type { LoadResult } from './load.js';
import { cpuByProcess, elsewhere, idleLines, tableHead, tableRow } from './report.js';

const result: LoadResult = {
  messages: 100,
  messagesPerSecond: 1_234.4,
  p50Ms: 1.24,
  p99Ms: 20,
  maxMs: 99.6,
  cpuMsPerMessage: new Map([['auth', 0.1]]),
  cpuMsPerMessageAll: 0.5,
  postgresByService: new Map([['billing', 0.03]]),
  othersShare: 0.126,
  sentAgain: 0,
};

describe('the table', () => {
  it('has its figures below the right heading', () => {
    const row = tableRow('ours', result);
    expect(row).toMatch(/^ours +1234 +1\.2 \/ +20\.0 \/ +100 +0\.500 +13 %$/);
    expect(row).toHaveLength(tableHead().length);
  });

  it('says of figures that are not ours where they come from', () => {
    expect(elsewhere()[0]).toMatch(/measured elsewhere .* 12\.400 +-$/);
  });

  it('sets loads side by side by process, and Postgres by whom it worked for', () => {
    const other = {
      ...result,
      cpuMsPerMessage: new Map([['nats', 0.25]]),
      postgresByService: new Map([['load-management', 0.012]]),
    };
    expect(
      cpuByProcess([
        ['50', result],
        ['500', other],
      ]),
    ).toEqual([
      'CPU-ms per message     50    500',
      '  auth              0.100  0.000',
      '  nats              0.000  0.250',
      'of postgres, for',
      '  billing           0.030  0.000',
      '  load-management   0.000  0.012',
    ]);
  });
});

describe('idle memory', () => {
  it('names the processes that hold something', () => {
    const memory = {
      connections: 4_000,
      kbAll: 16.5,
      kb: new Map([
        ['ocpp-gateway', 15],
        ['nats', 1.5],
        ['auth', 0.2],
      ]),
      liveKb: new Map([
        ['ocpp-gateway', 5],
        ['auth', 0.1],
      ]),
    };
    expect(idleLines('Kilowatch', memory)).toEqual([
      'Kilowatch: 16.5 KB for each of 4,000 idle connections',
      '  ocpp-gateway       15.0 KB, of it 5.0 KB in objects and buffers',
      '  nats                1.5 KB',
    ]);
  });
});
