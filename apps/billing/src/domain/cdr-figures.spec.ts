import { describe, expect, it } from 'vitest';
import { figuresOf, taxesJson } from './cdr-figures.js';

const amount = (excl: string, vat = '0') => ({ excl, vat, incl: excl });
const cdr = (over: object = {}, price: object = {}) =>
  ({
    ...{ currency: 'EUR', credit: false, energyMwh: 10_000_000, total: amount('5.00', '1.05') },
    components: { energy: amount('4.00', '0.84') },
    price: {
      ...{ adjustment: null, total: amount('5.00', '1.05') },
      byVatRate: [{ vatPercent: '21', ...amount('5.00', '1.05') }],
      ...price,
    },
    ...over,
  }) as unknown as Parameters<typeof figuresOf>[0];
const texts = (of: Parameters<typeof figuresOf>[0]) => {
  const { sign, energyMwh, net, tax, energyNet, taxes } = figuresOf(of);
  return `${sign} ${energyMwh} ${net.toFixed()} ${tax.toFixed()} ${energyNet.toFixed()} ${taxesJson(taxes)}`;
};

describe('the figures of a CDR', () => {
  it('are its totals, the price of its energy and its taxes', () => {
    expect(texts(cdr())).toBe('1 10000000 5 1.05 4 [{"name":"VAT","percent":21,"base":5,"amount":1.05}]');
  });

  it('of a credit count negative: its total is, the rest is copied', () => {
    expect(texts(cdr({ credit: true, total: amount('-5.00', '-1.05') }))).toBe(
      '-1 -10000000 -5 -1.05 -4 [{"name":"VAT","percent":21,"base":-5,"amount":-1.05}]',
    );
  });

  it.each([
    ['MAX_PRICE', '-2.00', '3.00', '2.4'],
    ['MIN_PRICE', '5.00', '10.00', '4'],
    ['AGREED', '-5.00', '0.00', '0'],
    // Two thirds of 4: rounded to six places.
    ['AGREED', '-1.00', '2.00', '2.666667'],
  ])('%s of %s leaves %s, and of the energy %s', (reason, by, total, energy) => {
    const adjusted = { adjustment: { ...amount(by), reason }, total: amount(total) };
    expect(figuresOf(cdr({}, adjusted)).energyNet.toFixed()).toBe(energy);
  });

  it('are whole where nothing was there before it was lowered', () => {
    const odd = { adjustment: { ...amount('-5.00'), reason: 'AGREED' }, total: amount('-5.00') };
    expect(figuresOf(cdr({}, odd)).energyNet.toFixed()).toBe('4');
  });

  it('name several taxes, and a rate that nobody said', () => {
    const byTax = [{ name: 'GST "5"', percent: '5', base: '5.00', amount: '0.25' }];
    expect(taxesJson(figuresOf(cdr({}, { byTax })).taxes)).toBe(
      '[{"name":"GST \\"5\\"","percent":5,"base":5,"amount":0.25}]',
    );
    const unknown = [{ vatPercent: null, ...amount('5.00') }];
    expect(taxesJson(figuresOf(cdr({}, { byVatRate: unknown })).taxes)).toBe(
      '[{"name":"VAT","percent":null,"base":5,"amount":0}]',
    );
  });
});
