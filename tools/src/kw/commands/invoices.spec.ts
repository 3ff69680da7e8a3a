import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { invoices, invoicesText, invoiceText, type InvoiceView } from './invoices.js';

const ID = '01a22849-b8c9-7e8c-9452-05b76e912c8f';
const money = (amount: string) => ({ amount, currency: 'EUR' });
const invoice: InvoiceView = {
  id: ID,
  number: 'KW-2026-000007',
  status: 'PAID',
  issuedAt: '2026-11-29T17:00:00.000Z',
  paidAt: '2026-11-29T17:00:01.000Z',
  paymentMethod: 'WALLET',
  totalExclVat: money('5.00'),
  totalVat: money('1.05'),
  totalInclVat: money('6.05'),
  lines: [{ explanation: '10 kWh at 0.4 EUR/kWh', inclVat: money('4.84') }],
  month: null,
  owedInclVat: money('0.00'),
  sessions: { edges: [{ node: { session: { id: 's-1' } } }] },
};

let folder: string;
let asked: { query: string; variables: Record<string, unknown> }[];
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-invoices-'));
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
    const file = { name: 'KW-2026-000007.pdf', content: Buffer.from('the file').toString('base64') };
    return Promise.resolve({
      invoices: { edges: [{ node: invoice }], pageInfo: { hasNextPage: false, endCursor: null } },
      invoice: { ...invoice, pdf: file, ubl: file },
      recordTransfer: { invoice: { ...invoice, status: 'OPEN', owedInclVat: money('4.05') } },
    });
  },
} as never;
const run = (...args: string[]) =>
  invoices(args, {
    client,
    output: outputTo((text) => (written += text), false),
    signal: new AbortController().signal,
  });

describe('kw invoices', () => {
  it('records a transfer that arrived, of all or of a part', async () => {
    await run('paid', 'KW-2026-000007', '2.00', 'BANK', '17');
    expect(asked.at(-1)!.variables).toMatchObject({
      input: { invoiceId: ID, amount: '2.00', reference: 'BANK 17' },
    });
    expect(written).toContain('KW-2026-000007: OPEN, 4.05 EUR to pay');
    await run('paid', ID, '20260331');
    const { input } = asked.at(-1)!.variables as { input: Record<string, unknown> };
    expect([input['reference'], input['amount']]).toEqual(['20260331', undefined]);
    await expect(run('paid', ID)).rejects.toThrow(/kw invoices/);
  });

  it('lists what is overdue alone', async () => {
    await run('overdue', '5');
    expect(asked.at(-1)!.variables).toEqual({ first: 5, overdue: true });
  });

  it('saves the paper under its number, in a language', async () => {
    const file = join(folder, 'mine.pdf');
    await run('pdf', 'KW-2026-000007', file, 'nl');
    expect(asked.at(-1)!.variables).toEqual({ id: ID, locale: 'nl' });
    expect(readFileSync(file, 'utf8')).toBe('the file');
    expect(written).toContain(file);
  });

  it('saves what bookkeeping programs read', async () => {
    const file = join(folder, 'mine.xml');
    await run('ubl', ID, file);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.query).toContain('ubl');
    expect(readFileSync(file, 'utf8')).toBe('the file');
  });

  it('says that a number is not there', async () => {
    await expect(run('show', 'KW-2020-000001')).rejects.toThrow('there is no invoice KW-2020-000001');
  });

  it.each([[['list', '0']], [['show']], [['pdf']], [['ubl', ID, 'x', 'nl']], [['other']]])(
    'says how it is used for %j',
    async (args) => {
      await expect(run(...args)).rejects.toThrow(/kw invoices list/);
    },
  );

  it('lists and shows', async () => {
    await run('list', '5');
    expect(asked[0]!.variables).toEqual({ first: 5, overdue: false });
    expect(invoicesText([invoice])).toMatch(/KW-2026-000007 +2026-11-29 +6\.05 EUR +PAID/);
    expect(invoicesText([])).toBe('no invoices yet');
    expect(invoiceText(invoice)).toMatch(/^KW-2026-000007 of 2026-11-29: PAID, 2026-11-29 by wallet/);
    expect(invoiceText(invoice)).toMatch(/session +s-1$/);
    const month = { ...invoice, status: 'OPEN', paidAt: null, paymentMethod: null, month: '2026-10' };
    expect(invoiceText({ ...month, owedInclVat: money('4.05') })).toMatch(
      / for 2026-10: OPEN[^]*to pay +4\.05 EUR/,
    );
  });
});
