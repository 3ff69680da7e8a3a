import { describe, expect, it } from 'vitest';
import type { TariffSourceParts } from '../../api/documents/prices.js';
import { feesOf, inputOfForm, stepsOf } from './tariff-source-fields.js';

const form = (fields: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};
const common = {
  tariffId: 'SPOT',
  name: 'Spot ',
  currency: 'eur',
  timeZone: 'Europe/Oslo',
  curve: 'NORD_POOL NO1',
  fallbackTariffId: 'STD',
  vat: '25',
};

describe('the form of a made tariff', () => {
  it('asks for the market price with a margin, and leaves out what is empty', () => {
    const fields = { ...common, margin: '0.05', floor: '0', cap: '', idle: '6', grace: '15' };
    expect(inputOfForm(form(fields), 'SPOT', { held: undefined, steps: [] })).toEqual({
      tariffId: 'SPOT',
      name: 'Spot',
      currency: 'EUR',
      definition: {
        elements: [
          {
            price_components: [
              { type: 'ENERGY', price: '0', vat: '25', step_size: 1 },
              { type: 'PARKING_TIME', price: '6', vat: '25', step_size: 60 },
            ],
          },
        ],
      },
      idleGraceMinutes: 15,
      timeZone: 'Europe/Oslo',
      curve: { source: 'NORD_POOL', area: 'NO1' },
      fallbackTariffId: 'STD',
      spot: { margin: '0.05', floor: '0' },
    });
  });

  it.each([
    ['', true],
    ['-0.1', true],
    ['0', false],
    ['0.1', false],
  ])('with a floor of %j lets no session cost less than nothing: %s', (floor, hasMinimum) => {
    const { definition } = inputOfForm(form({ ...common, floor }), 'SPOT', { held: undefined, steps: [] });
    expect('min_price' in (definition as object)).toBe(hasMinimum);
  });

  it('lets sessions come to less than nothing where that is ticked, and keeps what they cost at least', () => {
    const asked = (min_price?: unknown) =>
      inputOfForm(form({ ...common, floor: '', paysOut: 'on' }), 'SPOT', {
        held: {
          definition: { elements: [], ...(min_price ? { min_price } : {}) },
        } as unknown as TariffSourceParts,
        steps: [],
      }).definition as Record<string, unknown>;
    expect(asked()).toMatchObject({ negative_total: true });
    expect(asked({ excl_vat: '0', incl_vat: '0' })).not.toHaveProperty('min_price');
    expect(asked({ excl_vat: '1', incl_vat: '1.21' })).toMatchObject({ min_price: { excl_vat: '1' } });
    const without = inputOfForm(form({ ...common, floor: '' }), 'SPOT', { held: undefined, steps: [] });
    expect(without.definition).not.toHaveProperty('negative_total');
  });

  it('asks for steps of one’s own curve, the last without a bound', () => {
    const steps = [
      { below: '50', price: '0.6' },
      { below: 'left from before', price: '0.3' },
    ];
    const fields = { ...common, curve: 'OWN', ownCurve: 'green share' };
    expect(inputOfForm(form(fields), 'STEPS', { held: undefined, steps })).toMatchObject({
      curve: { source: 'OWN', area: 'green share' },
      steps: [{ below: '50', price: '0.6' }, { price: '0.3' }],
    });
  });

  it('asks for a discount and nothing else', () => {
    const fields = { ...common, baseTariffId: 'STD', plan: 'plus', percent: '10', perKwh: '' };
    expect(inputOfForm(form(fields), 'DISCOUNT', { held: undefined, steps: [] })).toEqual({
      tariffId: 'SPOT',
      name: 'Spot',
      discount: { baseTariffId: 'STD', plan: 'plus', percent: '10' },
    });
  });

  it('keeps what it has no field for', () => {
    const definition = {
      tax_included: 'NO',
      elements: [
        {
          price_components: [
            { type: 'FLAT', price: '1', vat: '9', step_size: 1 },
            { type: 'ENERGY', price: '0', vat: '21', step_size: 100 },
            { type: 'PARKING_TIME', price: '6', vat: '21', step_size: 300 },
          ],
        },
      ],
    };
    const held = { tariffId: 'OLD', definition, settings: {} } as unknown as TariffSourceParts;
    expect(feesOf(definition)).toEqual({ vat: '21', idle: '6' });
    const fields = { ...common, vat: '25', idle: '', floor: '0' };
    const input = inputOfForm(form(fields), 'SPOT', { held, steps: [] });
    expect(input.tariffId).toBe('OLD');
    expect(input.definition).toEqual({
      tax_included: 'NO',
      elements: [
        {
          price_components: [
            { type: 'ENERGY', price: '0', vat: '25', step_size: 100 },
            { type: 'FLAT', price: '1', vat: '9', step_size: 1 },
          ],
        },
      ],
    });
  });

  it('begins with two steps, or those that are held', () => {
    expect(stepsOf(undefined)).toHaveLength(2);
    const held = { settings: { steps: [{ below: '5', price: '1' }, { price: '2' }] } } as unknown;
    expect(stepsOf(held as TariffSourceParts)).toEqual([
      { below: '5', price: '1' },
      { below: '', price: '2' },
    ]);
  });
});
