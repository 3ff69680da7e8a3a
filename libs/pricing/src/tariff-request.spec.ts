import { describe, expect, it } from 'vitest';
import { component, element } from './pricing.builders.js';
import { tariffDocument, type TariffRequest } from './tariff-request.js';

const elements = [element([component('ENERGY', '0.40', '21')])];
const aRequest = (over: Partial<TariffRequest> = {}): TariffRequest => ({
  id: 'STD',
  name: ' Standard ',
  currency: 'EUR',
  definition: { elements },
  idleGraceMinutes: undefined,
  ...over,
});
const definition = (over: object) => aRequest({ definition: { elements, ...over } });

describe('tariffDocument', () => {
  it('puts id, currency and grace together with the definition', () => {
    expect(tariffDocument(aRequest({ idleGraceMinutes: 10 }))).toEqual({
      name: 'Standard',
      document: { id: 'STD', currency: 'EUR', elements, idle_grace_minutes: 10 },
    });
  });

  it('is the same for absent and null fields, and for what the request says itself', () => {
    const said = definition({ max_price: null, id: 'STD', currency: 'EUR', last_updated: '2026-01-01' });
    expect(tariffDocument(said)).toEqual(tariffDocument(aRequest()));
  });

  it.each([
    ['an unknown field', definition({ max_prise: {} }), 'BILLING_TARIFF_FIELD_UNKNOWN'],
    ['another currency', definition({ currency: 'USD' }), 'BILLING_TARIFF_CONTRADICTION'],
    ['another id', definition({ id: 'X' }), 'BILLING_TARIFF_CONTRADICTION'],
    ['a bad element', definition({ elements: [] }), 'BILLING_TARIFF_EMPTY'],
    ['a list', aRequest({ definition: elements }), 'BILLING_TARIFF_SHAPE'],
    ['no name', aRequest({ name: '  ' }), 'BILLING_TARIFF_NAME_INVALID'],
    ['an id with blanks', aRequest({ id: 'a b' }), 'BILLING_TARIFF_ID_INVALID'],
    ['an id too long for OCPI', aRequest({ id: 'x'.repeat(37) }), 'BILLING_TARIFF_ID_INVALID'],
    ['a negative grace', aRequest({ idleGraceMinutes: -1 }), 'BILLING_TARIFF_GRACE_INVALID'],
  ])('refuses %s', (_what, request, code) => {
    expect(() => tariffDocument(request)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
