import { describe, expect, it } from 'vitest';
import { ocpiJson } from './tariff-message.js';

describe('ocpiJson', () => {
  it('has numbers for text, digit by digit, and not our idle grace', () => {
    const document = {
      id: 'T',
      currency: 'EUR',
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.4567', vat: '21', step_size: 1 }] }],
      idle_grace_minutes: 10,
    };
    expect(ocpiJson(document, new Date(0))).toBe(
      '{"id":"T","currency":"EUR","elements":[{"price_components":[{"type":"ENERGY","price":0.4567,"vat":21,"step_size":1}]}]}',
    );
  });

  it('says prices before taxes, with one rate, to partners that know no other', () => {
    const taxes = [
      { name: 'GST', percentage: '5' },
      { name: 'QST', percentage: '9.975' },
    ];
    const document = {
      id: 'T',
      currency: 'CAD',
      tax_included: 'YES',
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.50', taxes, step_size: 1 }] }],
    };
    expect(JSON.parse(ocpiJson(document, new Date(0)))).toEqual({
      id: 'T',
      currency: 'CAD',
      // 0.50 / 1.14975
      elements: [{ price_components: [{ type: 'ENERGY', price: 0.434877, vat: 14.975, step_size: 1 }] }],
    });
  });
});
