/** VAT, several taxes, prices that include them, tariffs to which none applies. */
import { type TableCase, at, element, energy, flat, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';

const charged = (kwh: string) => [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', kwh)];
/** A price with taxes, as `name percentage`. */
const taxed = (type: string, price: string, ...taxes: [name: string, percentage: string][]) => ({
  type,
  price,
  step_size: 0,
  taxes: taxes.map(([name, percentage]) => ({ name, percentage })),
});
const quebec: [string, string][] = [
  ['GST', '5'],
  ['QST', '9.975'],
];
const including = { tax_included: 'YES' };

export const TAX_CASES: readonly TableCase[] = [
  priced('two rates of VAT', {
    elements: [element([flat('1', '21'), energy('0.50', '9')])],
    periods: charged('10'),
    excl: '1 + 10 x 0.50',
    incl: '1 x 1.21 + 10 x 0.50 x 1.09',
  }),
  priced('a rate of 0 %', { elements: [at(energy('0.50', '0'))], periods: charged('10'), excl: '10 x 0.50' }),
  priced('VAT on one price and none on the other', {
    elements: [element([flat('1'), energy('0.50', '21')])],
    periods: charged('10'),
    excl: '1 + 10 x 0.50',
    incl: '1 + 10 x 0.50 x 1.21',
  }),
  priced('a rate with two decimals', {
    elements: [at(energy('0.4567', '8.25'))],
    periods: charged('12.345'),
    excl: '12.345 x 0.4567',
    incl: '12.345 x 0.4567 x 1.0825',
  }),
  priced('rates that change at 23:00', {
    elements: [at(energy('0.40', '21'), { start_time: '07:00', end_time: '23:00' }), at(energy('0.40', '9'))],
    periods: [aPeriod('CHARGING', '2026-01-15T21:00Z', '23:00', '20')],
    excl: '20 x 0.40',
    incl: '10 x 0.40 x 1.21 + 10 x 0.40 x 1.09',
  }),
  priced('Quebec: two taxes on one price', {
    elements: [element([taxed('ENERGY', '0.30', ...quebec)])],
    periods: charged('20'),
    excl: '20 x 0.30',
    incl: '20 x 0.30 x (1 + 0.05 + 0.09975)',
    byTax: [
      ['GST', '6', '0.30'], // 6 x 0.05
      ['QST', '6', '0.60'], // 6 x 0.09975 = 0.5985
    ],
  }),
  priced('three taxes', {
    elements: [element([taxed('TIME', '3', ['state', '6'], ['county', '1.5'], ['city', '0.75'])])],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '11:00', '20')],
    excl: '2 x 3',
    incl: '6 + 6 x 0.06 + 6 x 0.015 + 6 x 0.0075',
    byTax: [
      ['state', '6', '0.36'], // 0.36
      ['county', '6', '0.09'], // 0.09
      ['city', '6', '0.05'], // 0.045; 0.495 in all, rounded to 0.50
    ],
  }),
  priced('one tax that is not called VAT', {
    elements: [element([taxed('ENERGY', '0.30', ['GST', '5'])])],
    periods: charged('20'),
    excl: '20 x 0.30',
    incl: '20 x 0.30 x 1.05',
    byTax: [['GST', '6', '0.30']],
  }),
  priced('one tax on everything and one on energy alone', {
    elements: [
      element([taxed('FLAT', '1', ['sales', '5']), taxed('ENERGY', '0.30', ['sales', '5'], ['energy', '3'])]),
    ],
    periods: charged('20'),
    excl: '1 + 20 x 0.30',
    incl: '1 x 1.05 + 6 x 1.08',
    byTax: [
      ['sales', '7', '0.35'],
      ['energy', '6', '0.18'],
    ],
  }),
  priced('the same name at two rates', {
    elements: [element([taxed('FLAT', '1', ['sales', '10']), taxed('ENERGY', '0.30', ['sales', '5'])])],
    periods: charged('20'),
    excl: '1 + 20 x 0.30',
    incl: '1 x 1.10 + 6 x 1.05',
    byTax: [
      ['sales', '1', '0.10'],
      ['sales', '6', '0.30'],
    ],
  }),
  priced('an empty list of taxes is none', {
    elements: [element([taxed('ENERGY', '0.30')])],
    periods: charged('20'),
    excl: '20 x 0.30',
  }),
  priced('VAT written as a list is VAT', {
    elements: [element([taxed('ENERGY', '0.30', ['VAT', '20'])])],
    periods: charged('20'),
    excl: '20 x 0.30',
    incl: '20 x 0.30 x 1.2',
  }),
  priced('a price that includes 20 % VAT', {
    tariff: including,
    elements: [at(energy('0.60', '20'))],
    periods: charged('10'),
    excl: '10 x 0.60 / 1.2',
    incl: '10 x 0.60',
  }),
  priced('a price that includes 19 % VAT, which leaves no whole cents', {
    tariff: including,
    elements: [at(energy('0.59', '19'))],
    periods: charged('23.456'),
    excl: '23.456 x 0.59 / 1.19',
    incl: '23.456 x 0.59',
  }),
  priced('a price that includes two taxes', {
    tariff: including,
    elements: [element([taxed('ENERGY', '0.50', ...quebec)])],
    periods: charged('20'),
    excl: '20 x 0.50 / 1.14975',
    incl: '20 x 0.50',
    byTax: [
      ['GST', '8.70', '0.43'], // 8.6975...: 0.4349
      ['QST', '8.70', '0.87'], // 0.8676; 1.30 in all
    ],
  }),
  priced('prices that include two rates', {
    tariff: including,
    elements: [element([flat('1.21', '21'), energy('0.60', '20')])],
    periods: charged('10'),
    excl: '1.21 / 1.21 + 10 x 0.60 / 1.2',
    incl: '1.21 + 10 x 0.60',
  }),
  priced('a price that includes taxes nobody tells apart', {
    tariff: including,
    elements: [at(time('2.10'))],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '11:00', '20')],
    excl: '2 x 2.10',
  }),
  priced('a price that includes 0 %', {
    tariff: including,
    elements: [at(energy('0.60', '0'))],
    periods: charged('10'),
    excl: '10 x 0.60',
  }),
  priced('prices before taxes, said so', {
    tariff: { tax_included: 'NO' },
    elements: [at(energy('0.60', '20'))],
    periods: charged('10'),
    excl: '10 x 0.60',
    incl: '10 x 0.60 x 1.2',
  }),
  priced('no tax applies, whatever rate is there', {
    tariff: { tax_included: 'N/A' },
    elements: [at(energy('0.60', '20'))],
    periods: charged('10'),
    excl: '10 x 0.60',
  }),
  priced('a price that includes VAT, in steps, for parking', {
    tariff: including,
    elements: [at(parking('6', '20', 900))],
    periods: [aPeriod('IDLE', '2026-01-15T09:00Z', '09:40')],
    excl: '45 / 60 x 6 / 1.2',
    incl: '45 / 60 x 6',
  }),
  priced('thirds of an hour and sevenths of a price', {
    tariff: including,
    elements: [at(time('1', '7'))],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:20', '1')],
    excl: '20 / 60 x 1 / 1.07',
    incl: '20 / 60 x 1',
  }),
  priced('prices of six decimals', {
    elements: [at(energy('0.123456', '7.7'))],
    periods: charged('7.654321'),
    excl: '7.654321 x 0.123456',
    incl: '7.654321 x 0.123456 x 1.077',
  }),
];
