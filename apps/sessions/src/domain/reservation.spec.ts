import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  impliedEnd,
  mayLast,
  reservationAfter,
  reservationMoves,
  reservationNews,
  reservationRefusal,
  type ReservationStatus,
} from './reservation.js';

const END = new Date('2026-03-01T12:00:00Z');
const minutesBefore = (minutes: number) => new Date(END.getTime() - minutes * 60_000);

describe('a reservation', () => {
  it.each<[ReservationStatus, ReservationStatus, ReservationStatus]>([
    ['REQUESTED', 'ACTIVE', 'ACTIVE'],
    ['REQUESTED', 'USED', 'USED'],
    ['ACTIVE', 'USED', 'USED'],
    ['ACTIVE', 'REQUESTED', 'ACTIVE'],
    ['CANCELLED', 'EXPIRED', 'CANCELLED'],
    ['EXPIRED', 'USED', 'USED'],
    ['USED', 'EXPIRED', 'USED'],
    ['USED', 'CANCELLED', 'USED'],
    ['REFUSED', 'ACTIVE', 'REFUSED'],
  ])('%s, told %s, is %s', (status, news, after) => {
    expect(reservationAfter(status, news)).toBe(after);
  });

  it('ends the same whatever the order and however often it is told', () => {
    const news = fc.constantFrom<ReservationStatus>('ACTIVE', 'EXPIRED', 'REMOVED', 'CANCELLED', 'USED');
    const told = fc.array(news, { minLength: 1, maxLength: 6 });
    const both = told.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(both, ([list, shuffled]) => {
        const fold = (all: readonly ReservationStatus[]) =>
          all.reduce<ReservationStatus>(reservationAfter, 'REQUESTED');
        expect(fold(shuffled)).toBe(fold(list));
      }),
    );
  });

  it('never comes back to life', () => {
    for (const status of reservationMoves.states.filter(
      (each) => each !== 'REQUESTED' && each !== 'ACTIVE',
    )) {
      expect(reservationAfter(status, 'ACTIVE')).toBe(status);
    }
  });
});

describe('what a station says of it', () => {
  it.each([
    ['Expired', 'EXPIRED'],
    ['Removed', 'REMOVED'],
    ['NoTransaction', 'REMOVED'],
    ['Whatever', undefined],
  ])('%s -> %s', (word, status) => {
    expect(reservationNews(word)).toBe(status);
  });

  it('1.6: a free connector is the end of its time, or an end before it', () => {
    expect(impliedEnd(END, minutesBefore(0.5))).toBe('EXPIRED');
    expect(impliedEnd(END, minutesBefore(20))).toBe('REMOVED');
  });

  it.each([
    ['ACCEPTED', 'Accepted', undefined],
    ['REJECTED', 'Faulted', 'FAULTED'],
    ['REJECTED', 'Occupied', 'OCCUPIED'],
    ['REJECTED', 'Unavailable', 'UNAVAILABLE'],
    ['REJECTED', 'Rejected', 'REJECTED'],
    ['REJECTED', 'Nonsense', 'REJECTED'],
    ['CHARGER_ERROR', '', 'REJECTED'],
    ['OFFLINE', '', 'STATION_OFFLINE'],
    ['UNKNOWN', '', 'STATION_SILENT'],
  ] as const)('%s %s is %s', (outcome, word, reason) => {
    expect(reservationRefusal(outcome, word)).toBe(reason);
  });
});

describe('its length', () => {
  it.each([
    [0.5, 'driver', false],
    [1, 'driver', true],
    [24 * 60, 'driver', true],
    [24 * 60 + 1, 'driver', false],
    [24 * 60 + 1, 'operator', true],
    [8 * 24 * 60, 'operator', false],
  ] as const)('of %d minutes for a %s: %s', (minutes, who, allowed) => {
    expect(mayLast(minutesBefore(minutes), END, who)).toBe(allowed);
  });
});
