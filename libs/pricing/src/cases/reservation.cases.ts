/** Reservations: FLAT and TIME of their own, another price for those that expire. */
import { type TableCase, at, element, energy, flat, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';

const RESERVED = { reservation: 'RESERVATION' };
const EXPIRES = { reservation: 'RESERVATION_EXPIRES' };
const session = element([flat('1'), energy('0.30')]);
const reserved = (from: string, to: string) => aPeriod('RESERVED', `2026-01-15T${from}Z`, to);
const charged = (from: string, to: string, kwh: string) =>
  aPeriod('CHARGING', `2026-01-15T${from}Z`, to, kwh);
const used = [reserved('08:40', '09:00'), charged('09:00', '10:00', '10')];
const lapsed = [reserved('08:00', '09:00')];

export const RESERVATION_CASES: readonly TableCase[] = [
  priced('a reservation nobody prices is free', {
    elements: [session],
    periods: used,
    excl: '1 + 10 x 0.30',
  }),
  priced('the time of a reservation', {
    elements: [at(time('3'), RESERVED), session],
    periods: used,
    excl: '20 / 60 x 3 + 1 + 10 x 0.30',
  }),
  priced('the fee of a reservation beside that of the session', {
    elements: [at(flat('2'), RESERVED), session],
    periods: used,
    excl: '2 + 1 + 10 x 0.30',
  }),
  priced('a reservation in steps does not round the charging time', {
    elements: [at(time('3', undefined, 900), RESERVED), element([time('6', undefined, 60)])],
    periods: [reserved('08:40', '09:00'), charged('09:00', '09:30:01', '10')],
    excl: '30 / 60 x 3 + 31 / 60 x 6',
  }),
  priced('the price of charging time is not that of the reservation', {
    elements: [element([time('6')])],
    periods: [reserved('08:00', '09:00'), charged('09:00', '10:00', '10')],
    excl: '1 x 6',
  }),
  priced('an element for reservations is not for charging', {
    elements: [element([flat('2'), time('3')], RESERVED)],
    periods: [charged('09:00', '10:00', '10')],
    excl: '0',
  }),
  priced('the price for expiry is not due when the reservation was used', {
    elements: [at(flat('9'), EXPIRES), at(time('3'), RESERVED), session],
    periods: used,
    excl: '20 / 60 x 3 + 1 + 10 x 0.30',
  }),
  priced('expired: the fee for expiry and the usual time', {
    elements: [at(flat('9'), EXPIRES), at(time('3'), RESERVED), session],
    periods: lapsed,
    reservation: 'EXPIRED',
    excl: '9 + 1 x 3',
  }),
  priced('expired: the time for expiry replaces the usual', {
    elements: [at(time('6'), EXPIRES), at(time('3'), RESERVED), session],
    periods: lapsed,
    reservation: 'EXPIRED',
    excl: '1 x 6',
  }),
  priced('expired: the usual price where none is for expiry', {
    elements: [element([flat('2'), time('3')], RESERVED), session],
    periods: lapsed,
    reservation: 'EXPIRED',
    excl: '2 + 1 x 3',
  }),
  priced('expired: each of fee and time is that for expiry', {
    elements: [element([flat('2'), time('3')], RESERVED), element([flat('5'), time('6')], EXPIRES), session],
    periods: lapsed,
    reservation: 'EXPIRED',
    excl: '5 + 1 x 6',
  }),
  priced('a reservation over 17:00, where its price changes', {
    elements: [at(time('3'), { ...RESERVED, end_time: '17:00' }), at(time('6'), RESERVED)],
    periods: [reserved('15:30', '16:30')],
    excl: '0.5 x 3 + 0.5 x 6',
  }),
  priced('the first quarter of an hour of a reservation is before the session: its duration is none', {
    elements: [at(time('3'), { ...RESERVED, min_duration: 1 }), at(time('1'), RESERVED), session],
    periods: used,
    // Duration counts from the start of the session: the reservation is never "after a second of it".
    excl: '20 / 60 x 1 + 1 + 10 x 0.30',
  }),
  priced('a reservation with VAT, and a minimum for the whole', {
    tariff: { min_price: { excl_vat: 10, incl_vat: 12 } },
    elements: [at(time('3', '20'), RESERVED), element([energy('0.30', '20')])],
    periods: used,
    excl: '10',
    incl: '12',
  }),
  priced('a reservation with the taxes in its price', {
    tariff: { tax_included: 'YES' },
    elements: [at(time('6', '20'), RESERVED)],
    periods: [reserved('08:00', '09:00')],
    excl: '1 x 6 / 1.2',
    incl: '1 x 6',
  }),
];
