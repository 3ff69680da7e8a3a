import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { CommandContext } from './context.js';
import { casesText, caseText, dunning, type CaseRow } from './dunning.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const row: CaseRow = {
  ...{ id: 'c-1', state: 'ACTIVE', level: 1, letter: 'REMINDER', blocks: false, invoiceNumber: 'KW-7' },
  ...{ pausedUntil: null, chargesOpen: money('5.00'), invoice: { owedInclVat: money('12.10') } },
  next: { letter: 'FIRST_NOTICE', end: null, on: '2026-04-11' },
};

let asked: { query: string; input: unknown }[];
let answer: unknown;
let written: string;
const context = {
  client: {
    request: (query: string, variables: { input?: unknown }) => {
      checkOperation(query);
      asked.push({ query, input: variables.input ?? variables });
      return Promise.resolve(answer);
    },
  },
  output: { show: (_value: unknown, text: () => string) => (written = text()) },
} as unknown as CommandContext;

beforeEach(() => {
  [asked, written] = [[], ''];
});

describe('kw dunning', () => {
  it('lists cases with what is owed and what follows', async () => {
    expect(casesText([row], 3)).toMatch(
      /c-1 +KW-7 +active +reminder +12.10 EUR +5.00 EUR +first notice 2026-04-11\n2 more$/,
    );
    expect(casesText([{ ...row, state: 'PAUSED', next: null, pausedUntil: '2026-05-01' }], 1)).toMatch(
      /paused .*goes on 2026-05-01/,
    );
    answer = { dunningCases: { totalCount: 0, edges: [] } };
    expect(await dunning(['list', 'written-off'], context)).toBe(0);
    expect(asked[0]!.input).toEqual({ state: 'WRITTEN_OFF' });
    expect(written).toBe('nothing is overdue');
  });

  it('shows what happened to one', async () => {
    const entry = {
      ...{ at: '2026-03-28T08:00:00Z', change: 'LETTER', level: 1, reason: '' },
      ...{ owed: money('12.10'), fee: money('5.00'), interest: money('0.05'), amount: money('0.00') },
    };
    answer = { dunningCase: { ...row, history: [entry] } };
    expect(await dunning(['show', 'c-1'], context)).toBe(0);
    expect(written).toMatch(/2026-03-28 +letter 1 +12.10 EUR +5.00 +0.05/);
    expect(caseText({ ...row, history: [{ ...entry, change: 'WRITTEN_OFF', reason: 'gone' }] })).toMatch(
      /written off .*gone/,
    );
  });

  it.each([
    ['pauseDunning', ['pause', 'c-1', 'on', 'holiday'], { reason: 'on holiday' }],
    ['pauseDunning', ['pause', 'c-1', 'until', '2026-05-01', 'ill'], { reason: 'ill', until: '2026-05-01' }],
    ['resumeDunning', ['resume', 'c-1', 'back'], { reason: 'back' }],
    ['raiseDunning', ['raise', 'c-1', 'rude'], { reason: 'rude' }],
    ['writeOffInvoice', ['write-off', 'c-1', 'gone'], { reason: 'gone' }],
    ['waiveDunningCharges', ['waive', 'c-1', 'kind'], { reason: 'kind' }],
  ])('%s by %j', async (name, args, input) => {
    answer = { [name]: { case: row } };
    expect(await dunning(args, context)).toBe(0);
    expect(asked[0]!.query).toContain(name);
    expect(asked[0]!.input).toMatchObject({ caseId: 'c-1', ...input });
    expect(written).toContain('c-1');
  });

  it.each([
    ['list', 'late'],
    ['show'],
    ['pause', 'c-1'],
    ['pause', 'c-1', 'until', '2026-05-01'],
    ['burn', 'c-1', 'why'],
    ['resume'],
  ])('asks nobody when told %s', async (...args) => {
    await expect(dunning(args, context)).rejects.toThrow(/kw dunning/);
    expect(asked).toEqual([]);
  });
});
