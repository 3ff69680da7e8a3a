import { describe, expect, it } from 'vitest';
import type { ReservationParts } from '../api/documents/reservations.js';
import {
  cancelRefusalText,
  KEPT_MINUTES,
  lengthText,
  openReservations,
  reservationWord,
  reserveRefusalText,
} from './reservation-words.js';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const aReservation = (id: string, status: ReservationParts['status'], minutes: number): ReservationParts => ({
  ...{ id, status, expiresAt: new Date(NOW + minutes * 60_000).toISOString() },
  station: { id: 's', name: 'Bay 1', location: { id: 'l', name: 'Harbour' } },
  connector: { id: 'c', standard: 'IEC_62196_T2' },
});

describe('what is kept for a driver', () => {
  it('is what is open and not over, the first to end first', () => {
    const all = [
      aReservation('later', 'ACTIVE', 30),
      aReservation('sooner', 'REQUESTED', 10),
      aReservation('over', 'ACTIVE', 0),
      ...(['REFUSED', 'EXPIRED', 'REMOVED', 'CANCELLED', 'USED'] as const).map((status) =>
        aReservation(status, status, 30),
      ),
    ];
    expect(openReservations(all, NOW).map(({ id }) => id)).toEqual(['sooner', 'later']);
  });

  it('says whether the station knows of it', () => {
    expect(reservationWord({ status: 'ACTIVE' }).tone).toBe('good');
    expect(reservationWord({ status: 'REQUESTED' }).text).toContain('not confirmed');
  });

  it('may last from minutes to hours, never more than is taken', () => {
    expect(KEPT_MINUTES.map(lengthText)).toEqual([
      ...['15 minutes', '30 minutes', '1 hour', '2 hours', '4 hours'],
    ]);
    expect(Math.max(...KEPT_MINUTES)).toBeLessThanOrEqual(24 * 60);
  });
});

describe('a refusal', () => {
  it.each([
    ...[
      'FAULTED',
      'OCCUPIED',
      'REJECTED',
      'UNAVAILABLE',
      'TOKEN_REFUSED',
      'STATION_OFFLINE',
      'STATION_SILENT',
    ],
  ])('of a reservation for %s says what to do', (reason) => {
    expect(reserveRefusalText({ reason, message: 'm' })).toMatch(/hoose|ask your operator|look/);
  });

  it.each(['ALREADY_ENDED', 'STATION_OFFLINE', 'STATION_REFUSED', 'STATION_SILENT'])(
    'to give it back for %s has words of its own',
    (reason) => {
      expect(cancelRefusalText({ reason, message: 'm' })).not.toBe('m');
    },
  );

  it('that is new is told as the platform tells it', () => {
    const strange = { reason: 'MOON_PHASE', message: 'Not tonight.' };
    expect([reserveRefusalText(strange), cancelRefusalText(strange)]).toEqual([
      'Not tonight.',
      'Not tonight.',
    ]);
  });
});
