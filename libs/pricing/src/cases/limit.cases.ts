/** min_price and max_price: the total, before and after taxes each on its own. */
import { type TableCase, at, element, energy, flat, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';

const charged = (kwh: string) => [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', kwh)];
const tenPercent = [at(energy('1', '10'))];

export const LIMIT_CASES: readonly TableCase[] = [
  priced('a minimum that is reached', {
    tariff: { min_price: { excl_vat: 5, incl_vat: 5.5 } },
    elements: tenPercent,
    periods: charged('6'),
    excl: '6 x 1',
    incl: '6 x 1.1',
  }),
  priced('a minimum that is reached exactly', {
    tariff: { min_price: { excl_vat: 6, incl_vat: 6.6 } },
    elements: tenPercent,
    periods: charged('6'),
    excl: '6 x 1',
    incl: '6 x 1.1',
  }),
  priced('a minimum that is missed by a thousandth', {
    tariff: { min_price: { excl_vat: 6, incl_vat: 6.6 } },
    elements: tenPercent,
    periods: charged('5.999'),
    excl: '6',
    incl: '6.6',
  }),
  priced('a minimum before taxes: those follow in proportion', {
    tariff: { min_price: { excl_vat: 6 } },
    elements: tenPercent,
    periods: charged('2'),
    excl: '6',
    incl: '2.2 x 6 / 2',
  }),
  priced('a minimum before taxes, of two rates in proportion', {
    tariff: { min_price: { excl_vat: 9 } },
    elements: [element([flat('2', '20'), energy('1', '10')])],
    periods: charged('1'),
    excl: '9',
    incl: '(2.4 + 1.1) x 9 / 3',
  }),
  priced('a minimum with taxes alone is missed', {
    tariff: { min_price: { excl_vat: 1, incl_vat: 7 } },
    elements: tenPercent,
    periods: charged('6'),
    excl: '6',
    incl: '7',
  }),
  priced('a minimum is due for nothing at all', {
    tariff: { min_price: { excl_vat: 2, incl_vat: 2.4 } },
    elements: tenPercent,
    periods: charged('0'),
    excl: '2',
    incl: '2.4',
  }),
  priced('a maximum that is not reached', {
    tariff: { max_price: { excl_vat: 10, incl_vat: 11 } },
    elements: tenPercent,
    periods: charged('9.999'),
    excl: '9.999',
    incl: '9.999 x 1.1',
  }),
  priced('a maximum that is passed', {
    tariff: { max_price: { excl_vat: 10, incl_vat: 11 } },
    elements: tenPercent,
    periods: charged('10.001'),
    excl: '10',
    incl: '11',
  }),
  priced('a maximum with taxes alone is passed', {
    tariff: { max_price: { excl_vat: 10, incl_vat: 10.5 } },
    elements: tenPercent,
    periods: charged('9.9'),
    excl: '9.9',
    incl: '10.5',
  }),
  priced('a maximum before taxes: those follow in proportion', {
    tariff: { max_price: { excl_vat: 10 } },
    elements: [element([flat('5', '20'), energy('1', '10')])],
    periods: charged('15'),
    excl: '10',
    incl: '(6 + 16.5) x 10 / 20',
  }),
  priced('a maximum of nothing: free', {
    tariff: { max_price: { excl_vat: 0, incl_vat: 0 } },
    elements: tenPercent,
    periods: charged('15'),
    excl: '0',
  }),
  priced('a maximum counts idle time, too', {
    tariff: { max_price: { excl_vat: 20, incl_vat: 24.2 } },
    elements: [element([energy('0.40', '21'), parking('6', '21')])],
    periods: [...charged('20'), aPeriod('IDLE', '2026-01-15T10:00Z', '16:00')],
    excl: '20',
    incl: '24.2',
  }),
  priced('between minimum and maximum', {
    tariff: { min_price: { excl_vat: 2 }, max_price: { excl_vat: 10 } },
    elements: tenPercent,
    periods: charged('6'),
    excl: '6',
    incl: '6.6',
  }),
  priced('a minimum above the maximum, as a partner may have it: the maximum was promised', {
    tariff: { min_price: { excl_vat: 12, incl_vat: 13.2 }, max_price: { excl_vat: 10, incl_vat: 11 } },
    elements: tenPercent,
    periods: charged('1'),
    excl: '10',
    incl: '11',
  }),
  priced('a maximum before taxes whose taxes end in half a cent, of a price in thirds', {
    tariff: { max_price: { excl_vat: 10.5 } },
    elements: [at(time('40', '21'))],
    periods: [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:20', '5')],
    excl: '10.5', // of 13.33...
    incl: '10.5 x 1.21', // 12.705, so 12.71
  }),
  priced('limits as 2.3.0 names them', {
    tariff: { max_price: { before_taxes: 10, after_taxes: 11 } },
    elements: tenPercent,
    periods: charged('12'),
    excl: '10',
    incl: '11',
  }),
  priced('a minimum as 2.3.0 names it, before taxes alone', {
    tariff: { min_price: { before_taxes: 5 } },
    elements: tenPercent,
    periods: charged('4'),
    excl: '5',
    incl: '4.4 x 5 / 4',
  }),
  priced('a maximum spreads over two taxes', {
    tariff: { max_price: { excl_vat: 5, incl_vat: 5.75 } },
    elements: [
      {
        price_components: [
          {
            type: 'ENERGY',
            price: '1',
            step_size: 0,
            taxes: [
              { name: 'GST', percentage: 5 },
              { name: 'PST', percentage: 10 },
            ],
          },
        ],
      },
    ],
    periods: charged('10'),
    excl: '5',
    incl: '5.75',
    byTax: [
      ['GST', '5', '0.25'],
      ['PST', '5', '0.50'],
    ],
  }),
  priced('a minimum after taxes that are in the prices', {
    tariff: { tax_included: 'YES', min_price: { before_taxes: 5, after_taxes: 6 } },
    elements: [at(energy('0.60', '20'))],
    periods: charged('1'),
    excl: '5',
    incl: '6',
  }),
];
