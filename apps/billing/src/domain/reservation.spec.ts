import { parseTariff } from '@kilowatch/pricing';
import { describe, expect, it } from 'vitest';
import { pricesReservations, reservationToBill, type ReservationFacts } from './reservation.js';

const at = (minute: number) => new Date(Date.UTC(2026, 11, 1, 10, minute));
const facts: ReservationFacts = {
  reservationId: 'r-1',
  status: 'EXPIRED',
  held: true,
  byHolder: false,
  requestedAt: at(0),
  expiresAt: at(30),
  endedAt: at(31),
  quoteId: 'q-1',
};
const common = { reservationId: 'r-1', from: at(0), quoteId: 'q-1' };

describe('what is due of a reservation', () => {
  it.each<[string, Partial<ReservationFacts>, object | undefined]>([
    ['expired: the time to its end', {}, { ...common, to: at(30), unused: 'EXPIRED' }],
    ['expired, never confirmed: nothing', { held: false }, undefined],
    [
      'given back by its holder: the time until then',
      { status: 'CANCELLED', byHolder: true, endedAt: at(10) },
      { ...common, to: at(10), unused: 'CANCELLED' },
    ],
    [
      'given back after its end: the time to its end',
      { status: 'CANCELLED', byHolder: true },
      { ...common, to: at(30), unused: 'CANCELLED' },
    ],
    ['given back at once: nothing', { status: 'CANCELLED', byHolder: true, endedAt: at(0) }, undefined],
    ['taken back by the operator: nothing', { status: 'CANCELLED' }, undefined],
    ['ended by the station: nothing', { status: 'REMOVED' }, undefined],
    ['refused: nothing', { status: 'REFUSED', held: false }, undefined],
    ['open: nothing yet', { status: 'ACTIVE' }, undefined],
    ['used: with the session', { status: 'USED', endedAt: at(20) }, { ...common, to: at(20) }],
    [
      'used before the station confirmed it: with the session',
      { status: 'USED', held: false, endedAt: at(20) },
      { ...common, to: at(20) },
    ],
  ])('%s', (_what, over, due) => {
    expect(reservationToBill({ ...facts, ...over })).toEqual(due);
  });
});

it('a tariff without an element for reservations says nothing about them', () => {
  const tariff = (restrictions?: object) =>
    parseTariff({
      id: 'T',
      currency: 'EUR',
      elements: [
        {
          price_components: [{ type: 'TIME', price: '3', step_size: 60 }],
          ...(restrictions && { restrictions }),
        },
      ],
    });
  expect(pricesReservations(tariff())).toBe(false);
  expect(pricesReservations(tariff({ reservation: 'RESERVATION' }))).toBe(true);
  expect(pricesReservations(tariff({ reservation: 'RESERVATION_EXPIRES' }))).toBe(true);
});
