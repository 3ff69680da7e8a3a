import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { describe, expect, it } from 'vitest';
import { tariffChanges } from './tariff-changes.js';

const worded = (parts: Record<string, unknown> = {}, name = 'Standard') => ({
  name,
  document: aDocument(parts),
});
const energy = (price: string, restrictions?: Record<string, unknown>) =>
  element([component('ENERGY', price, '20')], restrictions);

describe('what a version changes', () => {
  it('is nothing when it is the first, or the same', () => {
    expect(tariffChanges(undefined, worded())).toEqual(['The first version.']);
    expect(tariffChanges(worded(), worded())).toEqual([]);
  });

  // 0.50 and 20 % VAT are 0.60, 0.45 are 0.54.
  it('names the price that was before', () => {
    expect(tariffChanges(worded(), worded({ elements: [energy('0.45')] }))).toEqual([
      'Energy costs 0.54 EUR per kWh including 20 % VAT (0.45 EUR without). Before: 0.60 EUR per kWh including 20 % VAT (0.50 EUR without).',
    ]);
  });

  it('names what came, went, and other limits, names and currencies', () => {
    const night = energy('0.30', { start_time: '22:00', end_time: '06:00' });
    const before = worded({ elements: [energy('0.50'), element([component('FLAT', '1.00', '20')])] });
    const after = worded(
      { currency: 'CHF', elements: [night, energy('0.50')], max_price: { excl_vat: '50', incl_vat: '60' } },
      'Night',
    );
    expect(tariffChanges(before, after)).toEqual([
      'Renamed from Standard to Night.',
      'In CHF instead of EUR.',
      'New: Energy costs 0.36 CHF per kWh including 20 % VAT (0.30 CHF without), from 22:00 to 06:00.',
      'Energy costs 0.60 CHF per kWh including 20 % VAT (0.50 CHF without). Before: 0.60 EUR per kWh including 20 % VAT (0.50 EUR without).',
      'No longer: Each session costs 1.20 EUR including 20 % VAT (1.00 EUR without).',
      'New: A session costs at most 60.00 CHF including VAT.',
    ]);
  });

  it('is cut where nobody would read on', () => {
    const hours = Array.from({ length: 24 }, (_, hour) =>
      energy(`0.${hour + 10}`, { start_time: `${String(hour).padStart(2, '0')}:00` }),
    );
    const changes = tariffChanges(worded(), worded({ elements: hours }));
    expect(changes).toHaveLength(20);
    expect(changes.at(-1)).toBe('And 6 more.');
  });
});
