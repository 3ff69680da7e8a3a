import { describe, expect, it } from 'vitest';
import { besideTexts, placeText, taxTexts, type RevenueNode } from './revenue-words.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const node = (over: Partial<RevenueNode> = {}): RevenueNode => ({
  ...{
    period: '2026-03',
    location: { id: 'l', name: 'Square' },
    station: null,
    net: money('10.00'),
    tax: money('2.10'),
  },
  ...{
    taxes: [],
    creditedNet: money('0.00'),
    creditNotes: 0,
    partnerNet: money('0.00'),
    providerFees: money('0.00'),
  },
  ...{ energyWh: 10_000, sessions: 1 },
  ...over,
});

describe('the place of a revenue', () => {
  it('is named as far as it is known', () => {
    expect(placeText(node(), 'LOCATION')).toBe('Square');
    expect(placeText(node({ station: { id: 's', name: '' } }), 'STATION')).toBe('Square, s');
    expect(placeText(node({ location: null }), 'LOCATION')).toBe('At no place');
    expect(placeText(node({ location: null }), 'TENANT')).toBe('All places');
  });
});

describe('what stands beside a revenue', () => {
  it('is left out where there is nothing of it', () => {
    expect(besideTexts(node())).toEqual([]);
    const all = node({
      creditNotes: 2,
      creditedNet: money('-3.00'),
      partnerNet: money('1.00'),
      providerFees: money('0.25'),
    });
    expect(besideTexts(all)).toEqual([
      expect.stringMatching(/^2 credit notes took back .*3\.00 of it$/),
      expect.stringMatching(/^Partners pay .*1\.00 besides$/),
      expect.stringMatching(/^The payment provider kept .*0\.25$/),
    ]);
  });

  it('names each tax with its rate', () => {
    const taxes = [
      { name: 'VAT', percent: '21', amount: money('2.10') },
      { name: 'Grid', percent: null, amount: money('0.10') },
    ];
    expect(taxTexts(node({ taxes }))).toEqual([
      expect.stringMatching(/^VAT 21.?%: .*2\.10$/),
      expect.stringMatching(/^Grid without a rate: .*0\.10$/),
    ]);
  });
});
