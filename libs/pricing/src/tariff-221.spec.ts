import { describe, expect, it } from 'vitest';
import { aDocument, component, element } from './pricing.builders.js';
import { tariffDocument221 } from './tariff-221.js';

describe('tariffDocument221', () => {
  it('leaves a document alone that has nothing newer', () => {
    const document = aDocument({ max_price: { excl_vat: 5 } });
    expect(tariffDocument221(document)).toBe(document);
    const said = aDocument({ tax_included: 'NO' });
    expect(tariffDocument221(said)).toBe(said);
  });

  it('takes the taxes out of prices that include them', () => {
    const document = aDocument({
      tax_included: 'YES',
      elements: [
        element([component('ENERGY', '0.60', '20'), component('FLAT', '1', '21'), component('TIME', '2')]),
      ],
    });
    expect(tariffDocument221(document)).toEqual({
      id: 'T1',
      currency: 'EUR',
      elements: [
        {
          price_components: [
            { type: 'ENERGY', price: '0.5', vat: '20', step_size: 1 },
            { type: 'FLAT', price: '0.826446', vat: '21', step_size: 1 },
            { type: 'TIME', price: '2', step_size: 1 },
          ],
        },
      ],
    });
  });

  it('adds several taxes up', () => {
    const taxes = [
      { name: 'GST', percentage: 5 },
      { name: 'QST', percentage: 9.975 },
    ];
    const document = aDocument({
      elements: [{ price_components: [{ type: 'ENERGY', price: 0.3, taxes, step_size: 1 }] }],
      min_price: { before_taxes: 1, after_taxes: 1.15 },
    });
    expect(tariffDocument221(document)).toMatchObject({
      min_price: { excl_vat: '1', incl_vat: '1.15' },
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.3', vat: '14.975', step_size: 1 }] }],
    });
    expect(JSON.stringify(tariffDocument221(document))).not.toContain('taxes');
  });

  it('has no VAT where no tax applies', () => {
    const document = aDocument({
      tax_included: 'N/A',
      elements: [element([component('ENERGY', '0.5', '20')])],
    });
    expect(JSON.stringify(tariffDocument221(document))).not.toContain('vat');
  });
});
