import { describe, expect, it } from 'vitest';
import { aDocument, component, element } from './pricing.builders.js';
import { validateTariff } from './tariff-check.js';

const energy = component('ENERGY', '0.50', '20');
const withElements = (...elements: unknown[]) => aDocument({ elements });
const restricted = (restrictions: Record<string, unknown>) => withElements(element([energy], restrictions));
const withComponent = (parts: Record<string, unknown>) =>
  withElements({ price_components: [{ ...energy, ...parts }] });
const withTaxes = (...taxes: object[]) => withComponent({ vat: undefined, taxes });

describe('validateTariff', () => {
  it('finds nothing wrong with a sound tariff', () => {
    expect(validateTariff(aDocument())).toBeUndefined();
    expect(
      validateTariff(
        aDocument({
          type: 'REGULAR',
          min_price: { excl_vat: 0.5, incl_vat: 0.55 },
          max_price: { excl_vat: 20 },
          start_date_time: '2026-01-01T00:00:00Z',
          end_date_time: '2027-01-01T00:00:00Z',
          idle_grace_minutes: 15,
          elements: [
            element([energy, component('PARKING_TIME', '6', '20', 60)], {
              start_time: '07:00',
              end_time: '23:00',
            }),
            element([component('ENERGY', '0.20', '20')]),
            element([component('TIME', '2')], { reservation: 'RESERVATION' }),
          ],
        }),
      ),
    ).toBeUndefined();
  });

  it.each([
    ['SHAPE', 'no object', null],
    ['SHAPE', 'a list', []],
    ['SHAPE', 'no id', aDocument({ id: '' })],
    ['SHAPE', 'no elements', aDocument({ elements: undefined })],
    ['SHAPE', 'an element that is text', withElements('x')],
    ['EMPTY', 'an empty list of elements', aDocument({ elements: [] })],
    ['EMPTY', 'an element without components', withElements(element([]))],
    ['CURRENCY_UNKNOWN', 'a currency that is none', aDocument({ currency: 'EURO' })],
    ['TYPE_INVALID', 'an unknown type', aDocument({ type: 'CHEAP' })],
    ['GRACE_INVALID', 'a negative grace', aDocument({ idle_grace_minutes: -1 })],
    ['GRACE_INVALID', 'a fraction as grace', aDocument({ idle_grace_minutes: 1.5 })],
    ['PRICE_NEGATIVE', 'a negative price without a minimum', withComponent({ price: '-0.01' })],
    [
      'PRICE_NEGATIVE',
      'a negative price of parking',
      aDocument({
        min_price: { excl_vat: 0 },
        elements: [element([component('PARKING_TIME', '-1')])],
      }),
    ],
    ['FIELD_UNKNOWN', 'a misspelt restriction', restricted({ max_kw: 5 })],
    ['FIELD_UNKNOWN', 'an element for bookings', restricted({ booking: 'BOOKING' })],
    ['FIELD_UNKNOWN', 'a misspelt field of a price', withComponent({ stepsize: 5 })],
    ['TAX_INCLUDED_INVALID', 'an unknown tax_included', aDocument({ tax_included: 'MAYBE' })],
    ['TAX_INCLUDED_INVALID', 'VAT where none applies', aDocument({ tax_included: 'N/A' })],
    ['TAXES_TWICE', 'vat and taxes', withComponent({ taxes: [{ name: 'GST', percentage: 5 }] })],
    [
      'TAX_REPEATED',
      'a tax twice',
      withTaxes({ name: 'GST', percentage: 5 }, { name: 'GST', percentage: 6 }),
    ],
    ['SHAPE', 'a tax without a name', withTaxes({ percentage: 5 })],
    ['VAT_INVALID', 'a tax without a percentage', withTaxes({ name: 'GST' })],
    ['VAT_INVALID', 'a tax above 100 percent', withTaxes({ name: 'GST', percentage: 101 })],
    ['PRICE_INVALID', 'a limit too fine', aDocument({ min_price: { excl_vat: '0.1234567' } })],
    ['PRICE_INVALID', 'a price that is no number', withComponent({ price: '0,50' })],
    ['PRICE_INVALID', 'a price that is true', withComponent({ price: true })],
    ['PRICE_INVALID', 'a price with seven places', withComponent({ price: '0.1234567' })],
    ['PRICE_INVALID', 'an absurd price', withComponent({ price: '1e12' })],
    ['PRICE_INVALID', 'no number at all', withComponent({ price: Number.NaN })],
    ['VAT_NEGATIVE', 'negative VAT', withComponent({ vat: -1 })],
    ['VAT_INVALID', 'VAT above 100 percent', withComponent({ vat: 101 })],
    ['STEP_INVALID', 'a negative step', withComponent({ step_size: -1 })],
    ['STEP_INVALID', 'half a step', withComponent({ step_size: 0.5 })],
    ['DIMENSION_INVALID', 'an unknown dimension', withComponent({ type: 'POWER' })],
    ['COMPONENT_REPEATED', 'a dimension priced twice', withElements(element([energy, energy]))],
    ['RESERVATION_COMPONENT', 'energy in a reservation', restricted({ reservation: 'RESERVATION' })],
    ['RESTRICTION_INVALID', 'an unknown reservation', restricted({ reservation: 'MAYBE' })],
    ['RESTRICTION_INVALID', 'an unknown day', restricted({ day_of_week: ['FUNDAY'] })],
    ['RESTRICTION_NEGATIVE', 'negative kWh', restricted({ min_kwh: -1 })],
    ['RESTRICTION_INVALID', 'kWh finer than a register', restricted({ min_kwh: '0.0000001' })],
    ['RESTRICTION_INVALID', 'half a second', restricted({ min_duration: 0.5 })],
    ['TIME_INVALID', 'an hour that is none', restricted({ start_time: '24:00' })],
    ['TIME_INVALID', 'a time without zeros', restricted({ start_time: '7:00' })],
    ['DATE_INVALID', 'a day that is none', restricted({ start_date: '2026-02-30' })],
    ['DATE_INVALID', 'a start that is no time', aDocument({ start_date_time: 'soon' })],
    ['RANGE_EMPTY', 'from 20 to 10 kWh', restricted({ min_kwh: 20, max_kwh: 10 })],
    ['RANGE_EMPTY', 'at most nothing', restricted({ max_kwh: 0 })],
    ['RANGE_EMPTY', 'equal power limits', restricted({ min_power: 11, max_power: 11 })],
    ['RANGE_EMPTY', 'dates that cross', restricted({ start_date: '2026-02-01', end_date: '2026-01-01' })],
    ['RANGE_EMPTY', 'no day of the week', restricted({ day_of_week: [] })],
    ['RANGE_EMPTY', 'a window of no length', restricted({ start_time: '07:00', end_time: '07:00' })],
    [
      'LIMITS_CROSSED',
      'a minimum above the maximum',
      aDocument({ min_price: { excl_vat: 2 }, max_price: { excl_vat: 1 } }),
    ],
    [
      'LIMITS_CROSSED',
      'a price with VAT below that without',
      aDocument({ min_price: { excl_vat: 2, incl_vat: 1 } }),
    ],
    [
      'VALIDITY_EMPTY',
      'an end before the start',
      aDocument({ start_date_time: '2026-02-01', end_date_time: '2026-01-01' }),
    ],
    [
      'ELEMENT_UNREACHABLE',
      'an element behind an unrestricted one',
      withElements(element([energy]), element([energy], { min_kwh: 5 })),
    ],
    [
      'ELEMENT_UNREACHABLE',
      'the same restrictions twice',
      withElements(element([energy], { min_kwh: 5 }), element([energy], { min_kwh: 5 })),
    ],
  ])('refuses with %s: %s', (code, _what, document) => {
    expect(validateTariff(document)).toMatchObject({ kind: 'INVALID', code: `BILLING_TARIFF_${code}` });
  });

  it('takes a negative price of energy where a minimum keeps the session above nothing', () => {
    const spot = withComponent({ price: '-0.05' });
    expect(validateTariff({ ...spot, min_price: { excl_vat: 0, incl_vat: 0 } })).toBeUndefined();
    // Energy at 21 % for -10.00 beside a fee of 10.50 without VAT: 0.50 before taxes, -1.60 with them.
    expect(validateTariff({ ...spot, min_price: { excl_vat: 0 } })).toMatchObject({
      code: 'BILLING_TARIFF_PRICE_NEGATIVE',
    });
  });

  it('takes a negative price of energy without a minimum where its owner says that sessions may come to less than nothing', () => {
    const spot = withComponent({ price: '-0.05' });
    expect(validateTariff({ ...spot, negative_total: true })).toBeUndefined();
    expect(validateTariff({ ...spot, negative_total: false })).toMatchObject({
      code: 'BILLING_TARIFF_PRICE_NEGATIVE',
    });
    expect(validateTariff({ ...spot, negative_total: 'yes' })).toMatchObject({
      code: 'BILLING_TARIFF_NEGATIVE_TOTAL_INVALID',
    });
  });

  it('takes no negative price of time or of a session, whatever its owner says', () => {
    for (const type of ['TIME', 'PARKING_TIME', 'FLAT'] as const) {
      const document = withElements(element([component(type, '-1')]));
      expect(validateTariff({ ...document, negative_total: true })).toMatchObject({
        code: 'BILLING_TARIFF_PRICE_NEGATIVE',
      });
    }
  });

  it('takes taxes by name, and prices that include them', () => {
    const document = withTaxes({ name: 'GST', percentage: 5 }, { name: 'QST', percentage: '9.975' });
    expect(validateTariff({ ...document, tax_included: 'YES' })).toBeUndefined();
  });

  it('says where the fault is', () => {
    const document = withElements(element([energy], { min_kwh: 5 }), element([component('TIME', '-1')]));
    expect(validateTariff(document)?.details).toMatchObject({
      path: 'elements[1].price_components[0].price',
    });
  });

  it('lets an element price what an earlier, unrestricted one does not', () => {
    expect(
      validateTariff(withElements(element([energy]), element([energy, component('TIME', '1')]))),
    ).toBeUndefined();
  });
});
