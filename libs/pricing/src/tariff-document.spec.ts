import { describe, expect, it } from 'vitest';
import { aDocument, component, element } from './pricing.builders.js';
import { isConditional, isTimeVariable, isValidAt } from './tariff.js';
import { parseTariff } from './tariff-document.js';

const energy = component('ENERGY', '0.50', '20');
const withElements = (...elements: unknown[]) => aDocument({ elements });
const restricted = (restrictions: Record<string, unknown>) => withElements(element([energy], restrictions));
const withComponent = (parts: Record<string, unknown>) =>
  withElements({ price_components: [{ ...energy, ...parts }] });

describe('parseTariff', () => {
  it('reads JSON numbers by their digits', () => {
    const parsed = parseTariff(withComponent({ price: 0.1, vat: 5.2 }));
    expect(parsed.elements[0]!.components[0]!.price.toFixed()).toBe('0.1');
    expect(parsed.elements[0]!.components[0]!.vatPercent?.toFixed()).toBe('5.2');
  });

  it('normalises restrictions to whole units', () => {
    const document = restricted({
      start_time: '07:30',
      end_time: '00:00',
      min_kwh: 1.5,
      max_power: 11.1,
      min_current: 6,
      max_duration: 90,
    });
    expect(parseTariff(document).elements[0]!.restrictions).toMatchObject({
      startMinute: 450,
      endMinute: 1440,
      minMwh: 1_500_000,
      maxPowerW: 11_100,
      minCurrentMa: 6_000,
      maxDurationMs: 90_000,
    });
  });

  it('reads what partners publish, sense or not', () => {
    const foreign = aDocument({
      type: 'HAPPY_HOUR',
      min_price: { excl_vat: 9, incl_vat: 8 },
      max_price: { before_taxes: 1 },
      party_id: 'ALL',
      elements: [
        element([energy, component('ENERGY', '0.123456789012')]),
        element([energy], { min_kwh: 20, max_kwh: 10 }),
        element([energy], { reservation: 'RESERVATION', colour: 'green' }),
        element([energy], { day_of_week: [], start_time: '07:00', end_time: '07:00' }),
      ],
    });
    const parsed = parseTariff(foreign);
    expect(parsed.type).toBeNull();
    expect(parsed.elements).toHaveLength(4);
    expect(parsed.maxPrice?.excl.toFixed()).toBe('1');
    expect(parsed.elements[3]!.restrictions.daysOfWeek).toBeUndefined();
  });

  it('adds several taxes up to one figure', () => {
    const taxes = [
      { name: 'GST', percentage: 5 },
      { name: 'QST', percentage: 9.975 },
    ];
    const [only] = parseTariff(withComponent({ vat: undefined, taxes })).elements[0]!.components;
    expect(only!.vatPercent?.toFixed()).toBe('14.975');
    expect(only!.taxes.map((tax) => `${tax.name} ${tax.percent.toFixed()}`)).toEqual(['GST 5', 'QST 9.975']);
  });

  it('knows whether prices include their taxes', () => {
    const included = ['YES', 'NO', 'N/A', undefined].map((tax_included) => {
      const parsed = parseTariff(aDocument({ tax_included }));
      const { taxIncluded, vatPercent } = parsed.elements[0]!.components[0]!;
      return [parsed.taxIncluded, taxIncluded, vatPercent?.toFixed()];
    });
    expect(included).toEqual([
      ['YES', true, '20'],
      ['NO', false, '20'],
      ['NA', false, undefined],
      ['NO', false, '20'],
    ]);
  });

  it('tells absent VAT from zero VAT', () => {
    expect(parseTariff(withComponent({ vat: undefined })).elements[0]!.components[0]!.vatPercent).toBeNull();
    expect(parseTariff(withComponent({ vat: 0 })).elements[0]!.components[0]!.vatPercent?.toFixed()).toBe(
      '0',
    );
  });

  it('knows what the price depends on', () => {
    expect(isTimeVariable(parseTariff(restricted({ day_of_week: ['MONDAY'] })))).toBe(true);
    expect(isTimeVariable(parseTariff(restricted({ min_kwh: 1 })))).toBe(false);
    expect(isConditional(parseTariff(restricted({ min_kwh: 1 })))).toBe(true);
    expect(isConditional(parseTariff(aDocument()))).toBe(false);
  });

  it('is valid from its start on and no longer at its end', () => {
    const tariff = parseTariff(
      aDocument({ start_date_time: '2026-01-01T00:00:00Z', end_date_time: '2027-01-01T00:00:00Z' }),
    );
    const at = (text: string) => isValidAt(tariff, new Date(text));
    expect([at('2025-12-31T23:59:59Z'), at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
