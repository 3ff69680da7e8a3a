import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { historyText, tariffs, tariffsText, type TariffVersionRow } from './tariffs.js';

const version: TariffVersionRow = {
  version: 2,
  state: 'PLANNED',
  validFrom: '2099-01-01T00:00:00.000Z',
  validUntil: null,
  publishedAt: '2026-12-01T00:00:00.000Z',
  publishedBy: 'a-1',
  changes: ['Energy costs 0.54 EUR per kWh. Before: 0.60 EUR per kWh.'],
  note: '',
};
const tariff = {
  id: 'STD',
  name: 'Standard',
  version: 1,
  currency: 'EUR',
  isDefault: true,
  validFrom: '2026-01-01T00:00:00.000Z',
};

let folder: string;
let file: string;
let asked: unknown[];
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-tariffs-'));
  file = join(folder, 'tariff.json');
  writeFileSync(file, '{"id":"STD","definition":{"elements":[]}}');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  written = '';
});

const context = {
  client: {
    request: (query: string, variables?: unknown) => {
      checkOperation(query);
      asked.push(variables);
      return Promise.resolve({
        tariffs: { totalCount: 1, edges: [{ node: tariff }] },
        tariffVersions: { edges: [{ node: version }] },
        withdrawTariffVersion: { version: { ...version, state: 'WITHDRAWN' } },
        applyTariff: {
          changed: true,
          version: 2,
          validFrom: version.validFrom,
          tariff: { id: 'STD', version: 1, summary: ['dear'] },
        },
      });
    },
  } as never,
  output: outputTo((text) => (written += text), false),
  signal: new AbortController().signal,
};
const run = (...args: string[]) => tariffs(args, context, { from: undefined });

describe('kw tariffs', () => {
  it('lists, the default marked', async () => {
    await run();
    expect(written).toMatch(/STD +Standard +1 +EUR +2026-01-01T00:00:00.000Z +default/);
    expect(tariffsText([], 0)).toBe('there is no tariff yet');
  });

  it('tells the history: who, when and what', async () => {
    await run('history', 'STD');
    expect(asked).toEqual([{ id: 'STD' }]);
    expect(written).toBe(
      [
        'version 2  planned  from 2099-01-01T00:00:00.000Z',
        '  published 2026-12-01T00:00:00.000Z by a-1',
        '  - Energy costs 0.54 EUR per kWh. Before: 0.60 EUR per kWh.\n',
      ].join('\n'),
    );
    expect(historyText([])).toContain('no such tariff');
    const old = { ...version, validUntil: 'then', publishedBy: '', note: 'by the market' };
    expect(historyText([old])).toMatch(/until then\n.*by somebody before this was kept\n {2}by the market/);
  });

  it('plans a version with --from, and withdraws it', async () => {
    await tariffs(['apply', file], context, { from: '2099-01-01' });
    expect(asked.at(-1)).toMatchObject({ input: { id: 'STD', validFrom: '2099-01-01T00:00:00.000Z' } });
    expect(written).toBe('STD version 2 from 2099-01-01T00:00:00.000Z\n');
    await run('withdraw', 'STD', '2');
    expect(asked.at(-1)).toEqual({ input: { tariffId: 'STD', version: 2 } });
    expect(written).toContain('withdrawn');
  });

  it.each([[['history']], [['withdraw', 'STD']], [['withdraw', 'STD', 'two']], [['other']]])(
    'says how it is used for %j',
    async (args) => {
      await expect(run(...args)).rejects.toThrow(/^kw tariffs list/);
    },
  );

  it('refuses what is no time', async () => {
    await expect(tariffs(['apply', file], context, { from: 'soon' })).rejects.toThrow('soon is no time');
  });
});
