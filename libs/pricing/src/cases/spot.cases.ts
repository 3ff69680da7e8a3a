/** Prices by the hour as a market gives them: negative ones, hours without any, the price to fall back to. */
import { type TableCase, at, element, energy, flat, parking, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';

const charged = (from: string, to: string, kwh: string) =>
  aPeriod('CHARGING', `2026-06-14T${from}Z`, to, kwh);
/** Local hours of a summer Sunday, two ahead of UTC. */
const hourAt = (price: string, start_time: string, end_time: string, vat?: string, step = 0) =>
  at(energy(price, vat, step), { start_date: '2026-06-14', end_date: '2026-06-15', start_time, end_time });
const fallback = at(energy('0.45'));
/** 12:00 to 14:00 local are known, 14:00 to 15:00 is missing, 15:00 to 16:00 is known. */
const gap = [
  hourAt('0.10', '12:00', '13:00'),
  hourAt('-0.05', '13:00', '14:00'),
  hourAt('0.20', '15:00', '16:00'),
];

export const SPOT_CASES: readonly TableCase[] = [
  priced('an hour below zero pays the driver', {
    elements: [hourAt('-0.05', '13:00', '14:00'), fallback],
    periods: [charged('11:00', '12:00', '20')],
    excl: '20 x -0.05',
  }),
  priced('below zero, with VAT', {
    elements: [hourAt('-0.05', '13:00', '14:00', '21')],
    periods: [charged('11:00', '12:00', '20')],
    excl: '20 x -0.05',
    incl: '20 x -0.05 x 1.21',
  }),
  priced('below zero, VAT included', {
    tariff: { tax_included: 'YES' },
    elements: [hourAt('-0.06', '13:00', '14:00', '20')],
    periods: [charged('11:00', '12:00', '20')],
    excl: '20 x -0.06 / 1.2',
    incl: '20 x -0.06',
  }),
  priced('an hour above and an hour below', {
    elements: gap,
    periods: [charged('10:00', '12:00', '20')],
    excl: '10 x 0.10 - 10 x 0.05',
  }),
  priced('an hour that pays exactly what the other costs', {
    elements: [hourAt('0.10', '12:00', '13:00', '21'), hourAt('-0.10', '13:00', '14:00', '21')],
    periods: [charged('10:00', '12:00', '20')],
    excl: '0',
  }),
  priced('a fee against a credit, at two rates of VAT', {
    elements: [hourAt('-0.10', '13:00', '14:00', '9'), at(flat('1', '21'))],
    periods: [charged('11:00', '12:00', '20')],
    excl: '1 - 20 x 0.10',
    incl: '1 x 1.21 - 20 x 0.10 x 1.09',
  }),
  priced('a minimum of nothing: the driver is not paid', {
    tariff: { min_price: { excl_vat: 0, incl_vat: 0 } },
    elements: [hourAt('-0.05', '13:00', '14:00', '21')],
    periods: [charged('11:00', '12:00', '20')],
    excl: '0',
  }),
  priced('a minimum before taxes lifts a credit: its taxes in proportion', {
    tariff: { min_price: { excl_vat: 1 } },
    elements: [hourAt('-0.05', '13:00', '14:00', '21')],
    periods: [charged('11:00', '12:00', '20')],
    excl: '1',
    incl: '1.21',
  }),
  priced('a minimum looks at the whole session, not at the hour', {
    tariff: { min_price: { excl_vat: 0, incl_vat: 0 } },
    elements: gap,
    periods: [charged('10:00', '12:00', '20')],
    excl: '10 x 0.10 - 10 x 0.05',
  }),
  priced('no step is rounded up at a negative price', {
    elements: [hourAt('-0.05', '13:00', '14:00', undefined, 1000)],
    periods: [charged('11:00', '12:00', '2.3')],
    excl: '2.3 x -0.05',
  }),
  priced('energy at a negative price counts for the step of what follows', {
    elements: [
      hourAt('-0.05', '13:00', '14:00', undefined, 1000),
      hourAt('0.20', '14:00', '15:00', undefined, 1000),
    ],
    periods: [charged('11:00', '12:00', '2.3'), charged('12:00', '13:00', '2.3')],
    excl: '2.3 x -0.05 + 2.7 x 0.20',
  }),
  priced('a negative hour last: no step', {
    elements: [
      hourAt('0.20', '12:00', '13:00', undefined, 1000),
      hourAt('-0.05', '13:00', '14:00', undefined, 1000),
    ],
    periods: [charged('10:00', '11:00', '2.3'), charged('11:00', '12:00', '2.3')],
    excl: '2.3 x 0.20 - 2.3 x 0.05',
  }),
  priced('an hour the feed did not have falls back', {
    elements: [...gap, fallback],
    periods: [charged('10:00', '14:00', '40')],
    excl: '10 x 0.10 - 10 x 0.05 + 10 x 0.45 + 10 x 0.20',
  }),
  priced('a day the feed did not have falls back', {
    elements: [...gap, fallback],
    periods: [aPeriod('CHARGING', '2026-06-15T10:00Z', '12:00', '20')],
    excl: '20 x 0.45',
  }),
  priced('without a fallback such an hour is free', {
    elements: gap,
    periods: [charged('12:00', '14:00', '20')],
    excl: '10 x 0.20',
  }),
  priced('the feed ends at midnight: the rest of the session falls back', {
    elements: [at(energy('0.10'), { start_date: '2026-06-14', end_date: '2026-06-15' }), fallback],
    periods: [aPeriod('CHARGING', '2026-06-14T21:00Z', '23:00', '10')],
    excl: '5 x 0.10 + 5 x 0.45',
  }),
  priced('quarters of an hour', {
    elements: [
      hourAt('0.10', '12:00', '12:15'),
      hourAt('0.20', '12:15', '12:30'),
      hourAt('0.30', '12:30', '12:45'),
      hourAt('0.40', '12:45', '13:00'),
    ],
    periods: [charged('10:00', '11:00', '20')],
    excl: '5 x 0.10 + 5 x 0.20 + 5 x 0.30 + 5 x 0.40',
  }),
  priced('spot for energy, a fixed price for parking', {
    elements: [...gap, element([parking('6')])],
    periods: [charged('10:00', '11:00', '10'), aPeriod('IDLE', '2026-06-14T11:00Z', '12:00')],
    excl: '10 x 0.10 + 1 x 6',
  }),
  priced('autumn: the doubled hour has one price by the clock', {
    elements: [
      at(energy('0.10'), { start_date: '2026-10-25', start_time: '02:00', end_time: '03:00' }),
      at(energy('0.30')),
    ],
    periods: [aPeriod('CHARGING', '2026-10-24T23:00Z', '2026-10-25T03:00Z', '4')],
    excl: '2 x 0.10 + 2 x 0.30',
  }),
  priced('negative time: paid to stay plugged in', {
    elements: [at(time('-0.50')), at(energy('0.30'))],
    periods: [charged('10:00', '12:00', '10')],
    excl: '2 x -0.50 + 10 x 0.30',
  }),
];
