/** Several tariffs in one session (docs/adr/0017). */
import { type TableCase, at, element, energy, flat, parking, priced, time } from '../case-table.js';
import { aPeriod, type ElementDocument } from '../pricing.builders.js';
import type { PricingPeriod } from '../slices.js';

const tariff = (id: string, elements: ElementDocument[], more: Record<string, unknown> = {}) => ({
  id,
  currency: 'EUR',
  elements,
  ...more,
});
const under = (
  tariffId: string | undefined,
  kind: PricingPeriod['kind'],
  from: string,
  to: string,
  kwh?: string,
): PricingPeriod => aPeriod(kind, `2026-01-15T${from}Z`, to, kwh, tariffId === undefined ? {} : { tariffId });
const charged = (tariffId: string | undefined, from: string, to: string, kwh: string) =>
  under(tariffId, 'CHARGING', from, to, kwh);
const cheap = tariff('CHEAP', [at(energy('0.30', '20'))]);
const fast = tariff('FAST', [at(energy('0.60', '20'))]);
/** An hour under each. */
const cheapThenFast = (first: string, second: string) => [
  charged('CHEAP', '09:00', '10:00', first),
  charged('FAST', '10:00', '11:00', second),
];
const limited = (id: string, price: string, limits: Record<string, unknown>) =>
  tariff(id, [at(energy(price))], limits);

export const SEVERAL_TARIFFS_CASES: readonly TableCase[] = [
  priced('an hour under each', {
    tariffs: [cheap, fast],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 20 x 0.60',
    incl: '(10 x 0.30 + 20 x 0.60) x 1.2',
  }),
  priced('periods that name no tariff are under the first', {
    tariffs: [cheap, fast],
    periods: [charged(undefined, '09:00', '10:00', '10'), charged('FAST', '10:00', '11:00', '20')],
    excl: '10 x 0.30 + 20 x 0.60',
    incl: '(10 x 0.30 + 20 x 0.60) x 1.2',
  }),
  priced('a tariff that prices nothing changes nothing', {
    tariffs: [cheap, tariff('OTHER', [at(flat('100'))], { min_price: { excl_vat: 50 } })],
    periods: [charged('CHEAP', '09:00', '10:00', '10')],
    excl: '10 x 0.30',
    incl: '10 x 0.30 x 1.2',
  }),
  priced('each has its own rate of VAT', {
    tariffs: [cheap, tariff('FAST', [at(energy('0.60', '10'))])],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 20 x 0.60',
    incl: '10 x 0.30 x 1.2 + 20 x 0.60 x 1.1',
  }),
  priced('one with the taxes in its prices, one without', {
    tariffs: [cheap, tariff('FAST', [at(energy('0.60', '20'))], { tax_included: 'YES' })],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 20 x 0.60 / 1.2',
    incl: '10 x 0.30 x 1.2 + 20 x 0.60',
  }),
  priced('the fee of each is due once, also when one comes back', {
    tariffs: [
      tariff('CHEAP', [element([flat('1'), energy('0.30')])]),
      tariff('FAST', [element([flat('2'), energy('0.60')])]),
    ],
    periods: [...cheapThenFast('10', '20'), charged('CHEAP', '11:00', '12:00', '10')],
    excl: '1 + 20 x 0.30 + 2 + 20 x 0.60',
  }),
  priced('steps are not pooled between tariffs', {
    tariffs: [
      tariff('CHEAP', [at(energy('0.30', undefined, 1000))]),
      tariff('FAST', [at(energy('0.60', undefined, 1000))]),
    ],
    periods: cheapThenFast('2.3', '2.3'),
    excl: '3 x 0.30 + 3 x 0.60',
  }),
  priced('steps are pooled over the parts of one tariff', {
    tariffs: [
      tariff('CHEAP', [at(energy('0.30', undefined, 1000))]),
      tariff('FAST', [at(energy('0.60', undefined, 1))]),
    ],
    periods: [...cheapThenFast('2.3', '2.3'), charged('CHEAP', '11:00', '12:00', '2.3')],
    excl: '5 x 0.30 + 2.3 x 0.60',
  }),
  priced('parking under one does not make the time of the other exact', {
    tariffs: [
      tariff('CHEAP', [at(time('4', undefined, 900))]),
      tariff('FAST', [element([time('4', undefined, 900), parking('6', undefined, 900)])]),
    ],
    periods: [charged('CHEAP', '09:00', '10:01', '5'), under('FAST', 'IDLE', '10:01', '10:02')],
    excl: '75 / 60 x 4 + 15 / 60 x 6',
  }),
  priced('energy counts from the start of the session', {
    tariffs: [cheap, tariff('FAST', [at(energy('0.20', '20'), { max_kwh: 15 }), at(energy('0.60', '20'))])],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 5 x 0.20 + 15 x 0.60',
    incl: '(10 x 0.30 + 5 x 0.20 + 15 x 0.60) x 1.2',
  }),
  priced('duration counts from the start of the session', {
    tariffs: [cheap, tariff('FAST', [at(time('6'), { min_duration: 5400 })])],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 0.5 x 6',
    incl: '10 x 0.30 x 1.2 + 0.5 x 6',
  }),
  priced('the clock matters to one of them', {
    tariffs: [
      cheap,
      tariff('FAST', [at(energy('0.10', '20'), { start_time: '11:30' }), at(energy('0.60', '20'))]),
    ],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 10 x 0.60 + 10 x 0.10',
    incl: '(10 x 0.30 + 10 x 0.60 + 10 x 0.10) x 1.2',
  }),
  priced('a maximum limits its own tariff', {
    tariffs: [
      limited('CHEAP', '0.30', { max_price: { excl_vat: 2, incl_vat: 2 } }),
      limited('FAST', '0.60', {}),
    ],
    periods: cheapThenFast('10', '20'),
    excl: '2 + 20 x 0.60',
  }),
  priced('both maximums limit', {
    tariffs: [
      limited('CHEAP', '0.30', { max_price: { excl_vat: 2, incl_vat: 2 } }),
      limited('FAST', '0.60', { max_price: { excl_vat: 7, incl_vat: 7 } }),
    ],
    periods: cheapThenFast('10', '20'),
    excl: '2 + 7',
  }),
  priced('the minimum is asked of the session: reached together', {
    tariffs: [
      limited('CHEAP', '0.30', { min_price: { excl_vat: 5, incl_vat: 5 } }),
      limited('FAST', '0.60', {}),
    ],
    periods: cheapThenFast('10', '20'),
    excl: '10 x 0.30 + 20 x 0.60',
  }),
  priced('the largest minimum counts, once', {
    tariffs: [
      limited('CHEAP', '0.30', { min_price: { excl_vat: 3, incl_vat: 3 } }),
      limited('FAST', '0.60', { min_price: { excl_vat: 5, incl_vat: 5 } }),
    ],
    periods: cheapThenFast('1', '1'),
    excl: '5',
  }),
  priced('a minimum lifts what a maximum left', {
    tariffs: [
      limited('CHEAP', '0.30', { max_price: { excl_vat: 1, incl_vat: 1 } }),
      limited('FAST', '0.60', { min_price: { excl_vat: 5, incl_vat: 5 } }),
    ],
    periods: cheapThenFast('10', '1'),
    excl: '5', // 1 + 0.60 is less
  }),
  priced('a minimum above the maximum of its own tariff is that maximum', {
    tariffs: [
      limited('CHEAP', '0.30', {
        min_price: { excl_vat: 9, incl_vat: 9 },
        max_price: { excl_vat: 4, incl_vat: 4 },
      }),
      limited('FAST', '0.60', {}),
    ],
    periods: cheapThenFast('1', '1'),
    excl: '4',
  }),
  priced('the reservation under one, the session under the other', {
    tariffs: [
      tariff('BOOK', [at(time('5'), { reservation: 'RESERVATION' })]),
      tariff('FAST', [element([energy('0.60'), time('1')])]),
    ],
    periods: [under('BOOK', 'RESERVED', '08:00', '09:00'), charged('FAST', '09:00', '10:00', '20')],
    excl: '1 x 5 + 20 x 0.60 + 1 x 1',
  }),
  priced('three tariffs', {
    tariffs: [cheap, fast, tariff('FREE', [at(energy('0'))])],
    periods: [...cheapThenFast('10', '20'), charged('FREE', '11:00', '12:00', '30')],
    excl: '10 x 0.30 + 20 x 0.60 + 30 x 0',
    incl: '(10 x 0.30 + 20 x 0.60) x 1.2',
  }),
  priced('a version of a tariff that ends at midnight, and the next', {
    tariffs: [cheap, fast],
    periods: [
      aPeriod('CHARGING', '2026-01-15T22:00Z', '23:00', '10', { tariffId: 'CHEAP' }),
      aPeriod('CHARGING', '2026-01-15T23:00Z', '2026-01-16T00:00Z', '10', { tariffId: 'FAST' }),
    ],
    excl: '10 x 0.30 + 10 x 0.60',
    incl: '(10 x 0.30 + 10 x 0.60) x 1.2',
  }),
];
