import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { chargebacks, chargebacksText, type ChargebackRow } from './chargebacks.js';
import type { CommandContext } from './context.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const row: ChargebackRow = {
  ...{ reference: 'du_1', state: 'NEEDS_RESPONSE', reason: 'fraudulent', openedAt: '2026-03-01T10:00:00Z' },
  ...{ evidenceDueAt: '2026-03-10T10:00:00Z', evidenceSent: false },
  ...{ amount: money('6.05'), withdrawn: money('6.05'), fee: money('20.00') },
  ...{ invoice: { number: 'KW-2026-000007' }, session: { id: 's-1' } },
};

let asked: Record<string, unknown>[];
let written: string;
const context = {
  client: {
    request: (query: string, variables: Record<string, unknown>) => {
      checkOperation(query);
      asked.push(variables);
      return Promise.resolve({ chargebacks: { totalCount: 1, edges: [{ node: row }] } });
    },
  },
  output: { show: (_value: unknown, text: () => string) => (written = text()) },
} as unknown as CommandContext;

beforeEach(() => {
  [asked, written] = [[], ''];
});

describe('kw chargebacks', () => {
  it('lists what nobody has decided, or all', async () => {
    expect(await chargebacks([], context)).toBe(0);
    expect(await chargebacks(['all'], context)).toBe(0);
    expect(asked).toEqual([{ undecided: true }, { undecided: false }]);
    expect(written).toMatch(
      /2026-03-01 +du_1 +needs_response +6\.05 EUR +6\.05 +20\.00 +2026-03-10 +KW-2026-000007 +fraudulent$/,
    );
  });

  it('says that there is more, that evidence is there, and that there is nothing', () => {
    expect(chargebacksText([{ ...row, evidenceSent: true }], 51)).toMatch(/is there.*\n1 of 51$/s);
    expect(chargebacksText([{ ...row, invoice: null, evidenceDueAt: null }], 1)).toContain('du_1');
    expect(chargebacksText([], 0)).toBe('no chargebacks');
  });

  it('takes no other word', async () => {
    await expect(chargebacks(['some'], context)).rejects.toThrow(/kw chargebacks/);
    await expect(chargebacks(['all', 'x'], context)).rejects.toThrow(/kw chargebacks/);
  });
});
