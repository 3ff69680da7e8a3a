// `kw holds` and `kw disputes`: what is asked for, and what it looks like. That the API takes it is shown in e2e/kw.e2e.ts.
import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { disputes, disputesText, type DisputeRow } from './disputes.js';
import { holds, holdsText, type HeldRow } from './holds.js';

const held: HeldRow = {
  session: { id: 's-1', station: { identity: 'CP-1' } },
  reason: 'ENERGY_DISPUTED',
  heldAt: '2026-12-01T08:00:00.000Z',
  energyWh: 48_000,
  doubts: ['register_reset'],
  signedVerdict: 'FAILED',
  signedReasons: ['page_order'],
};
const dispute: DisputeRow = {
  id: 'd-1',
  state: 'OPEN',
  reason: 'NOT_MINE',
  text: 'I was abroad',
  openedAt: '2026-12-01T08:00:00.000Z',
  answer: null,
  session: { id: 's-1' },
  invoice: { number: 'KW-7', totalInclVat: { amount: '12.10', currency: 'EUR' } },
};

let asked: Record<string, unknown>[];
let written: string;
let answer: unknown;
beforeEach(() => {
  asked = [];
  written = '';
});
const context = {
  client: {
    request: (query: string, variables?: { input?: Record<string, unknown> }) => {
      checkOperation(query);
      if (variables?.input) asked.push(variables.input);
      return Promise.resolve(answer);
    },
  },
  output: outputTo((text) => (written += text), false),
  signal: new AbortController().signal,
} as never;

describe('kw holds', () => {
  it('shows what waits and why, and how many more there are', () => {
    expect(holdsText([held], 4)).toMatch(
      /s-1 +CP-1 .*48000 +register_reset, signatures failed, page_order\n3 more$/,
    );
    const unpriced = { ...held, reason: 'NO_TARIFF', energyWh: null, doubts: [], signedVerdict: null };
    expect(holdsText([unpriced], 1)).toMatch(/- +no tariff: apply one$/);
    expect(holdsText([], 0)).toBe('no bill waits');
  });

  it.each([
    [['measured', 's-1', 'seen', 'on', 'site'], { decision: 'BILL_AS_MEASURED', reason: 'seen on site' }],
    [
      ['energy', 's-1', '12500', 'meter', 'read'],
      { decision: 'BILL_ENERGY', energyWh: 12_500, reason: 'meter read' },
    ],
    [['waive', 's-1', 'our fault'], { decision: 'WAIVE', reason: 'our fault' }],
  ])('decides %j', async (args, input) => {
    answer = { decideHold: { session: { id: 's-1', invoice: { number: 'KW-8' } } } };
    expect(await holds(args, context)).toBe(0);
    expect(asked[0]).toMatchObject({ sessionId: 's-1', ...input });
    expect(written).toContain('invoice KW-8');
  });

  it.each([
    ['measured', 's-1'],
    ['waive'],
    ['energy', 's-1', 'much', 'reason'],
    ['energy', 's-1', '-5', 'reason'],
    ['energy', 's-1', '5'],
    ['burn', 's-1', 'reason'],
  ])('asks nobody when told %j', async (...args) => {
    await expect(holds(args, context)).rejects.toThrow(/kw holds/);
    expect(asked).toEqual([]);
  });
});

describe('kw disputes', () => {
  beforeEach(() => {
    answer = {
      openDispute: { session: { disputes: [dispute] } },
      decideDispute: {
        session: { disputes: [{ ...dispute, state: 'REJECTED', answer: 'Your card was used' }] },
      },
    };
  });

  it('shows what is objected to, and the answer', () => {
    expect(disputesText([dispute], 3)).toMatch(
      /d-1 +2026-12-01 +OPEN +KW-7 +12.10 EUR +not mine +I was abroad\n2 more$/,
    );
    expect(disputesText([], 0)).toBe('nobody objects to a bill');
  });

  it('opens one', async () => {
    expect(await disputes(['open', 's-1', 'not-mine', 'I was', 'abroad'], context)).toBe(0);
    expect(asked[0]).toMatchObject({ sessionId: 's-1', reason: 'NOT_MINE', text: 'I was abroad' });
    expect(written).toContain('d-1');
  });

  it.each([
    [['reject', 'd-1', 'Your card', 'was used'], { decision: 'REJECT', answer: 'Your card was used' }],
    [['accept', 'd-1', 'waive', 'sorry'], { decision: 'ACCEPT', correction: 'WAIVE', answer: 'sorry' }],
    [['accept', 'd-1', 'measured', 'again'], { correction: 'AS_MEASURED', answer: 'again' }],
    [
      ['accept', 'd-1', 'energy', '9000', 'so much'],
      { correction: 'ENERGY', energyWh: 9000, answer: 'so much' },
    ],
    [
      ['accept', 'd-1', 'amount', '5.50', 'half'],
      { correction: 'AMOUNT', totalInclVat: '5.50', answer: 'half' },
    ],
  ])('decides %j', async (args, input) => {
    expect(await disputes(args, context)).toBe(0);
    expect(asked[0]).toMatchObject({ disputeId: 'd-1', ...input });
    expect(written).toContain('REJECTED');
  });

  it.each([
    ['open', 's-1', 'spite', 'text'],
    ['open', 's-1', 'price'],
    ['reject', 'd-1'],
    ['accept', 'd-1', 'gladly', 'text'],
    ['accept', 'd-1', 'amount', 'half', 'text'],
    ['accept', 'd-1', 'energy', '', 'text'],
    ['close', 'd-1'],
    ['reject'],
  ])('asks nobody when told %j', async (...args) => {
    await expect(disputes(args, context)).rejects.toThrow(/kw disputes/);
    expect(asked).toEqual([]);
  });
});
