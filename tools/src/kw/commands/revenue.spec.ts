import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { revenue, revenueText, type RevenueRow } from './revenue.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const row = (period: string): RevenueRow => ({
  ...{ period, location: { name: 'North' }, station: null, net: money('10.00'), tax: money('2.10') },
  ...{
    creditedNet: money('-1.00'),
    partnerNet: money('0.00'),
    providerFees: money('0.30'),
    energyWh: 12_340,
    sessions: 3,
  },
});

let folder: string;
let asked: { query: string; variables: Record<string, unknown> }[];
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-revenue-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  written = '';
});

const client = {
  request: (query: string, variables: Record<string, unknown>) => {
    checkOperation(query);
    asked.push({ query, variables });
    const isFirst = variables['after'] === null;
    return Promise.resolve({
      revenue: {
        edges: [{ node: row(isFirst ? '2026-01' : '2026-02') }],
        pageInfo: { hasNextPage: isFirst, endCursor: 'next' },
      },
      revenueFile: { content: Buffer.from('the file').toString('base64') },
    });
  },
} as never;
const run = (...args: string[]) =>
  revenue(args, {
    client,
    output: outputTo((text) => (written += text), false),
    signal: new AbortController().signal,
  });

describe('kw revenue', () => {
  it('shows every page, by month and place unless asked otherwise', async () => {
    await run('2026-01-01', '2026-02-28');
    const input = { from: '2026-01-01', to: '2026-02-28', by: 'LOCATION', period: 'MONTH' };
    expect(asked.map(({ variables }) => variables)).toEqual([
      { input, after: null },
      { input, after: 'next' },
    ]);
    expect(written).toContain('2026-01');
    expect(written).toContain('2026-02');
    expect(written).toContain('12.3');
  });

  it('saves a file', async () => {
    const file = join(folder, 'mine.csv');
    await run('2026-01-01', '2026-02-28', 'station', 'day', file);
    expect(asked[0]!.variables).toMatchObject({ input: { by: 'STATION', period: 'DAY' } });
    expect(readFileSync(file, 'utf8')).toBe('the file');
    expect(written).toContain(file);
  });

  it.each([[[]], [['2026-01-01']], [['2026-01-01', '2026-01-31', 'weekly']], [['a', 'b', 'c.csv', 'd.csv']]])(
    'says how it is used for %j',
    async (args) => {
      await expect(run(...args)).rejects.toThrow(/kw revenue FROM TO/);
    },
  );

  it('says that there is nothing', () => {
    expect(revenueText([])).toBe('nothing was billed in these days');
  });
});
