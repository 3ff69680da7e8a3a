import { describe, expect, it } from 'vitest';
import type { TariffSourceParts } from '../api/documents/prices.js';
import { inputOf, ruleText, sourceFailureText, sourceWord } from './tariff-source-words.js';

const spot: TariffSourceParts = {
  tariffId: 'SPOT',
  kind: 'SPOT',
  name: 'Spot',
  settings: { margin: '0.05', floor: '0', cap: '0.8' },
  currency: 'EUR',
  definition: { elements: [] },
  idleGraceMinutes: 10,
  timeZone: 'Europe/Amsterdam',
  curve: { source: 'NORD_POOL', area: 'NL' },
  fallbackTariffId: 'STD',
  baseTariffId: null,
  plan: null,
  madeAt: '2026-12-01T12:00:00Z',
  failure: null,
};
const steps: TariffSourceParts = {
  ...spot,
  kind: 'STEPS',
  settings: { steps: [{ below: '50', price: '0.60' }, { price: '0.30' }] },
  curve: { source: 'OWN', area: 'green' },
};
const discount: TariffSourceParts = {
  ...spot,
  kind: 'DISCOUNT',
  settings: { percent: '10', perKwh: '0.02' },
  ...{ currency: null, definition: null, idleGraceMinutes: null, timeZone: null },
  ...{ curve: null, fallbackTariffId: null, baseTariffId: 'STD', plan: 'plus' },
};

describe('a source in a sentence', () => {
  it.each([
    [
      spot,
      'The price of Nord Pool NL, plus 0.05 EUR a kWh, not below 0, not above 0.8. Where it says nothing: tariff STD.',
    ],
    [steps, 'EUR a kWh by curve green: below 50: 0.60, else 0.30. Where it says nothing: tariff STD.'],
    [discount, '10 % and 0.02 a kWh off tariff STD for plan plus.'],
  ])('%#', (source, text) => {
    expect(ruleText(source)).toBe(text);
  });
});

it('what is stored is set again as it was', () => {
  expect(inputOf(spot)).toEqual({
    tariffId: 'SPOT',
    name: 'Spot',
    currency: 'EUR',
    definition: { elements: [] },
    idleGraceMinutes: 10,
    timeZone: 'Europe/Amsterdam',
    curve: { source: 'NORD_POOL', area: 'NL' },
    fallbackTariffId: 'STD',
    spot: { margin: '0.05', floor: '0', cap: '0.8' },
  });
  expect(inputOf(steps)).toMatchObject({ steps: [{ below: '50', price: '0.60' }, { price: '0.30' }] });
  expect(inputOf(discount)).toEqual({
    tariffId: 'SPOT',
    name: 'Spot',
    discount: { baseTariffId: 'STD', plan: 'plus', percent: '10', perKwh: '0.02' },
  });
});

it('says whether versions are made, and why not', () => {
  expect(sourceWord(spot).text).toBe('Made');
  expect(sourceWord({ ...spot, madeAt: null }).text).toBe('Being made');
  expect(sourceWord({ ...spot, failure: 'X' }).tone).toBe('bad');
  expect(sourceFailureText(spot)).toBeUndefined();
  expect(sourceFailureText({ ...spot, failure: 'BILLING_TARIFF_UNLAWFUL' })).toContain('law on prices');
  expect(sourceFailureText({ ...spot, failure: 'X' })).toContain('(X)');
});
