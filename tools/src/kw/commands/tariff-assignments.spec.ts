import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { assignments, assignmentsText, type AssignmentRow } from './tariff-assignments.js';
import { previewTariff, previewText, type PreviewView } from './tariff-preview.js';

const row: AssignmentRow = {
  id: 'a-1',
  scope: 'STATION',
  ref: 's-1',
  validFrom: '2026-12-01T00:00:00.000Z',
  validUntil: null,
  tariff: { id: 'NIGHT' },
};
const money = (amount: string) => ({ amount, currency: 'EUR' });
const preview: PreviewView = {
  sessions: 10,
  skipped: 1,
  cheaper: 2,
  dearer: 3,
  truncated: false,
  billedInclVat: money('100.00'),
  previewInclVat: money('110.00'),
  examples: [{ sessionId: 'x-1', billedInclVat: money('5.00'), previewInclVat: money('9.00') }],
};

let folder: string;
let asked: Record<string, unknown>[];
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-tariffs-'));
  writeFileSync(
    join(folder, 'tariff.json'),
    '{"currency":"EUR","definition":{"elements":[]},"idleGraceMinutes":5}',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  written = '';
});

const context = {
  client: {
    request: (query: string, variables: Record<string, unknown>) => {
      checkOperation(query);
      asked.push(variables);
      return Promise.resolve({
        stations: { edges: [{ node: { id: 's-1', identity: 'CP-1' } }] },
        tariffAssignments: { edges: [{ node: row }] },
        assignTariff: { assignment: row },
        endTariffAssignment: { assignment: row },
        previewTariff: preview,
      });
    },
  } as never,
  output: outputTo((text) => (written += text), false),
  signal: new AbortController().signal,
};

describe('kw assignments', () => {
  it('assigns to a station by its identity, to others by their id, from and until times', async () => {
    await assignments(['add', 'NIGHT', 'station', 'CP-1'], context);
    expect(asked.at(-1)).toEqual({ input: { tariffId: 'NIGHT', scope: 'STATION', ref: 's-1' } });
    await assignments(['add', 'NIGHT', 'token', 't-1', '2026-12-01', '2027-01-01'], context);
    expect(asked.at(-1)).toEqual({
      input: {
        tariffId: 'NIGHT',
        scope: 'TOKEN',
        ref: 't-1',
        validFrom: '2026-12-01T00:00:00.000Z',
        validUntil: '2027-01-01T00:00:00.000Z',
      },
    });
  });

  it('lists and ends', async () => {
    await assignments([], context);
    expect(written).toMatch(/a-1 +NIGHT +station +s-1/);
    await assignments(['end', 'a-1'], context);
    expect(asked.at(-1)).toEqual({ input: { id: 'a-1' } });
    expect(assignmentsText([])).toContain('default tariff');
  });

  it.each([[['add']], [['add', 'T', 'car', 'x']], [['add', 'T', 'station']], [['end']], [['other']]])(
    'says how it is used for %j',
    async (args) => {
      await expect(assignments(args, context)).rejects.toThrow(/^kw assignments list/);
    },
  );

  it('refuses what is no time', async () => {
    await expect(assignments(['end', 'a-1', 'soon'], context)).rejects.toThrow('soon is no time');
  });
});

describe('kw tariffs preview', () => {
  it('asks for the last days with the file that apply takes', async () => {
    await previewTariff([join(folder, 'tariff.json'), '7'], context);
    const { input } = asked.at(-1) as { input: { from: string; to: string; idleGraceMinutes: number } };
    expect(Date.parse(input.to) - Date.parse(input.from)).toBe(7 * 86_400_000);
    expect(input).toMatchObject({ currency: 'EUR', definition: { elements: [] }, idleGraceMinutes: 5 });
    expect(written).toContain('billed 100.00 EUR, under this tariff 110.00 EUR');
  });

  it.each([[[]], [['f', '0']], [['f', '93']], [['f', 'x']]])('says how it is used for %j', async (args) => {
    await expect(previewTariff(args, context)).rejects.toThrow(/^kw tariffs preview FILE/);
  });

  it('says what changes, and what could not be compared', () => {
    expect(previewText(preview, 30)).toContain(
      '2 would be cheaper, 3 dearer, 5 the same; 1 are not of this currency',
    );
    expect(previewText({ ...preview, truncated: true, examples: [] }, 30)).toContain('5,000');
  });
});
