import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import type { CommandContext } from './context.js';
import { payees, payeesText, statementsText, type PayeeRow, type StatementView } from './payees.js';
import { payouts, payoutsText } from './payouts.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const term = { id: 't-1', locationId: 'l-1', kind: 'PER_KWH', value: '0.05', firstMonth: '2026-01' };
const payee: PayeeRow = {
  ...{ id: 'p-1', name: 'Harbour BV', currency: 'EUR', nextMonth: '2026-03' },
  terms: [{ ...term, lastMonth: null }],
  draft: { due: money('7.25') },
};
const statement: StatementView = {
  ...{ id: 's-1', number: 'PS-2026-0001', state: 'ISSUED', month: '2026-02', paidReference: null },
  ...{ earned: money('12.00'), carriedIn: money('-2.00'), due: money('10.00'), carriedOut: money('0.00') },
  lines: [
    {
      ...{ locationName: 'North', kind: 'PER_KWH', value: '0.05', correction: true },
      ...{ sessions: 4, energyWh: 240_000, amount: money('12.00') },
    },
  ],
};

let asked: { query: string; variables: Record<string, unknown> }[];
let answer: unknown;
let written: string;
const context = {
  client: {
    request: (query: string, variables: Record<string, unknown> = {}) => {
      checkOperation(query);
      asked.push({ query, variables });
      return Promise.resolve(answer);
    },
  },
  output: { show: (_value: unknown, text: () => string) => (written = text()) },
} as unknown as CommandContext;

beforeEach(() => {
  [asked, written] = [[], ''];
});

describe('kw payees', () => {
  it('lists who gets what, each agreement in a row', async () => {
    answer = { payees: { edges: [{ node: payee }] } };
    expect(await payees([], context)).toBe(0);
    expect(written).toMatch(/p-1 +Harbour BV +2026-03 +7.25 EUR +per kwh +0.05 +l-1 +2026-01\.\. +t-1$/);
    expect(payeesText([{ ...payee, terms: [], draft: null }])).toContain('Harbour BV');
    expect(payeesText([])).toContain('kw payees add');
  });

  it.each([
    [
      'setPayee',
      ['add', 'EUR', 'Harbour', 'BV,', 'Quay', '1,', 'Town'],
      { name: 'Harbour BV', address: 'Quay 1, Town' },
    ],
    [
      'agreePayeeTerm',
      ['agree', 'p-1', 'l-1', 'share', '40', '2026-04', 'lease', '7'],
      {
        payeeId: 'p-1',
        locationId: 'l-1',
        kind: 'ENERGY_SHARE',
        value: '40',
        firstMonth: '2026-04',
        reason: 'lease 7',
      },
    ],
    [
      'endPayeeTerm',
      ['end', 't-1', '2026-06', 'sold'],
      { termId: 't-1', lastMonth: '2026-06', reason: 'sold' },
    ],
  ])('%s by %j', async (name, args, input) => {
    answer = { [name]: { payee } };
    expect(await payees(args, context)).toBe(0);
    expect(asked[0]!.query).toContain(name);
    expect(asked[0]!.variables['input']).toMatchObject(input);
    expect(written).toContain('Harbour BV');
  });

  it('shows statements, and one with its lines', async () => {
    answer = { payeeStatements: { edges: [{ node: statement }] } };
    await payees(['statements', 'p-1'], context);
    expect(asked[0]!.variables).toEqual({ payeeId: 'p-1' });
    expect(written).toMatch(/s-1 +PS-2026-0001 +2026-02 +issued +12.00 +-2.00 +10.00 EUR +0.00$/);
    answer = { payeeStatement: statement };
    await payees(['show', 's-1'], context);
    expect(written).toMatch(/North \(correction\) +per kwh +0.05 +4 +240.0 +12.00 EUR$/);
    expect(statementsText([])).toBe('nothing was stated yet');
  });

  it('records a transfer with its reference', async () => {
    answer = { payPayeeStatement: { statement: { ...statement, state: 'PAID', paidReference: 'NL 42' } } };
    await payees(['paid', 's-1', 'NL', '42'], context);
    expect(asked[0]!.variables['input']).toMatchObject({ statementId: 's-1', reference: 'NL 42' });
    expect(written).toMatch(/paid .*NL 42$/);
  });

  it('saves the file of a statement, which a draft has not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kw-payees-'));
    try {
      const file = join(folder, 'mine.csv');
      answer = { payeeStatement: { csv: { name: 'x.csv', content: Buffer.from('a,b').toString('base64') } } };
      await payees(['csv', 's-1', file], context);
      expect(readFileSync(file, 'utf8')).toBe('a,b');
      answer = { payeeStatement: { pdf: null } };
      await expect(payees(['pdf', 's-1'], context)).rejects.toThrow('draft');
      answer = { payeeStatement: { pdf: { name: 'x.pdf', content: '' } } };
      await payees(['pdf', 's-1', file, 'de'], context);
      expect(asked.at(-1)!.variables).toEqual({ id: 's-1', locale: 'de' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['dismiss'],
    ['add', 'EUR', 'Harbour BV'],
    ['agree', 'p-1', 'l-1', 'half', '40', '2026-04', 'why'],
    ['agree', 'p-1', 'l-1', 'share', '40', '2026-04'],
    ['end', 't-1', '2026-06'],
    ['paid', 's-1'],
    ['show'],
    ['pdf'],
    ['csv', 's-1', 'x.csv', 'de'],
  ])('asks nobody when told %s', async (...args) => {
    await expect(payees(args, context)).rejects.toThrow(/kw payees/);
    expect(asked).toEqual([]);
  });
});

describe('kw payouts', () => {
  it('shows what the bank received and what of it is ours', async () => {
    const node = {
      ...{ reference: 'po_1', state: 'PAID', toldAt: '2026-03-02T08:00:00Z', amount: money('9.50') },
      ...{ payoutAmount: money('20.00'), payments: money('11.00'), refunds: money('-1.00') },
      chargebacks: money('-6.05'),
      ...{ other: money('0.00'), fees: money('0.50') },
    };
    answer = { providerPayouts: { edges: [{ node }] } };
    expect(await payouts([], context)).toBe(0);
    expect(written).toMatch(/2026-03-02 +po_1 +paid +11.00 +-1.00 +-6.05 +0.00 +0.50 +9.50 EUR +20.00$/);
    expect(payoutsText([])).toBe('nothing was paid out yet');
    await expect(payouts(['all'], context)).rejects.toThrow('kw payouts');
  });
});
