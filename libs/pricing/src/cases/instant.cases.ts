/** Prices by instants: the nights in which the clock is changed, quarters of an hour, gaps, several zones (docs/adr/0019). */
import { type TableCase, at, energy, flat, priced, time } from '../case-table.js';
import { aPeriod } from '../pricing.builders.js';

const charged = (start: string, end: string, kwh: string) => aPeriod('CHARGING', start, end, kwh);
const between = (price: string, start_date_time: string, end_date_time: string, vat?: string) =>
  at(energy(price, vat), { start_date_time, end_date_time });
const fallback = at(energy('0.45'));

/** 2026-10-25 in Amsterdam: 02:00 to 03:00 comes twice, at 00:00 and at 01:00 UTC. */
const autumn = [
  between('0.10', '2026-10-24T23:00:00Z', '2026-10-25T00:00:00Z'),
  between('0.20', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'),
  between('-0.05', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z'),
  between('0.30', '2026-10-25T02:00:00Z', '2026-10-25T03:00:00Z'),
];
/** 2026-03-29 in Amsterdam: after 01:59 comes 03:00, at 01:00 UTC. */
const spring = [
  between('0.10', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z'),
  between('0.20', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'),
];
/** The four quarters from 10:00 UTC. */
const quarters = ['0.11', '0.22', '0.33', '0.44'].map((price, index) =>
  between(
    price,
    new Date(Date.UTC(2026, 5, 14, 10, index * 15)).toISOString(),
    new Date(Date.UTC(2026, 5, 14, 10, index * 15 + 15)).toISOString(),
  ),
);

export const INSTANT_CASES: readonly TableCase[] = [
  priced('the hour that comes twice has both of its prices', {
    elements: autumn,
    periods: [charged('2026-10-25T00:00Z', '2026-10-25T02:00Z', '20')],
    excl: '10 x 0.20 - 10 x 0.05',
  }),
  priced('through the whole night of 25 hours', {
    elements: autumn,
    periods: [charged('2026-10-24T23:00Z', '2026-10-25T03:00Z', '40')],
    excl: '10 x 0.10 + 10 x 0.20 - 10 x 0.05 + 10 x 0.30',
  }),
  priced('half of the first and half of the second of the two hours', {
    elements: autumn,
    periods: [charged('2026-10-25T00:30Z', '2026-10-25T01:30Z', '20')],
    excl: '10 x 0.20 - 10 x 0.05',
  }),
  priced('the same instants in a zone that changes nothing then', {
    timeZone: 'Asia/Kolkata',
    elements: autumn,
    periods: [charged('2026-10-25T00:00Z', '2026-10-25T02:00Z', '20')],
    excl: '10 x 0.20 - 10 x 0.05',
  }),
  priced('an hour of the clock that comes twice, restricted by the clock, has one price in both', {
    elements: [at(energy('0.25'), { start_time: '02:00', end_time: '03:00' }), fallback],
    periods: [charged('2026-10-25T00:00Z', '2026-10-25T02:00Z', '20')],
    excl: '20 x 0.25',
  }),
  priced('the hour that does not exist costs nothing and shifts nothing', {
    elements: spring,
    periods: [charged('2026-03-29T00:00Z', '2026-03-29T02:00Z', '20')],
    excl: '10 x 0.10 + 10 x 0.20',
  }),
  priced('quarters of an hour, each its share', {
    elements: quarters,
    periods: [charged('2026-06-14T10:00Z', '11:00', '40')],
    excl: '10 x 0.11 + 10 x 0.22 + 10 x 0.33 + 10 x 0.44',
  }),
  priced('a session that begins and ends inside quarters', {
    elements: quarters,
    periods: [charged('2026-06-14T10:05Z', '10:35', '30')],
    excl: '10 x 0.11 + 15 x 0.22 + 5 x 0.33',
  }),
  priced('a quarter that is missing costs the fallback, for exactly that time', {
    elements: [quarters[0], quarters[1], quarters[3], fallback],
    periods: [charged('2026-06-14T10:00Z', '11:00', '40')],
    excl: '10 x 0.11 + 10 x 0.22 + 10 x 0.45 + 10 x 0.44',
  }),
  priced('before and after all that is known the fallback counts', {
    elements: [...quarters, fallback],
    periods: [charged('2026-06-14T09:45Z', '11:15', '60')],
    excl: '10 x 0.45 + 10 x 0.11 + 10 x 0.22 + 10 x 0.33 + 10 x 0.44 + 10 x 0.45',
  }),
  priced('the gap in the night of autumn falls into the first of the two hours', {
    elements: [autumn[0], autumn[2], autumn[3], fallback],
    periods: [charged('2026-10-24T23:00Z', '2026-10-25T03:00Z', '40')],
    excl: '10 x 0.10 + 10 x 0.45 - 10 x 0.05 + 10 x 0.30',
  }),
  priced('the gap in the night of autumn falls into the second', {
    elements: [autumn[0], autumn[1], autumn[3], fallback],
    periods: [charged('2026-10-24T23:00Z', '2026-10-25T03:00Z', '40')],
    excl: '10 x 0.10 + 10 x 0.20 + 10 x 0.45 + 10 x 0.30',
  }),
  priced('the end of a price is the beginning of the next: nothing twice, nothing free', {
    elements: quarters,
    periods: [charged('2026-06-14T10:00Z', '10:15', '7'), charged('2026-06-14T10:15Z', '10:30', '5')],
    excl: '7 x 0.11 + 5 x 0.22',
  }),
  priced('instants and energy restrict together', {
    elements: [
      at(energy('0.10'), {
        start_date_time: '2026-06-14T10:00:00Z',
        end_date_time: '2026-06-14T11:00:00Z',
        max_kwh: 10,
      }),
      fallback,
    ],
    periods: [charged('2026-06-14T10:00Z', '11:00', '40')],
    excl: '10 x 0.10 + 30 x 0.45',
  }),
  priced('fees beside the prices are due once, and time throughout', {
    elements: [...quarters, at(flat('1')), at(time('2'))],
    periods: [charged('2026-06-14T10:00Z', '11:00', '40')],
    excl: '1 + 2 + 10 x 0.11 + 10 x 0.22 + 10 x 0.33 + 10 x 0.44',
  }),
  priced('with taxes, below zero too', {
    elements: [
      between('0.20', '2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z', '21'),
      between('-0.05', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00Z', '21'),
    ],
    periods: [charged('2026-10-25T00:00Z', '2026-10-25T02:00Z', '20')],
    excl: '10 x 0.20 - 10 x 0.05',
    incl: '(10 x 0.20 - 10 x 0.05) x 1.21',
  }),
  priced('a half of an hour where the zone changes by one (Lord Howe)', {
    timeZone: 'Australia/Lord_Howe',
    elements: [
      between('0.10', '2026-04-04T14:00:00Z', '2026-04-04T15:00:00Z'),
      between('0.40', '2026-04-04T15:00:00Z', '2026-04-04T16:00:00Z'),
    ],
    periods: [charged('2026-04-04T14:30Z', '2026-04-04T15:30Z', '20')],
    excl: '10 x 0.10 + 10 x 0.40',
  }),
];
