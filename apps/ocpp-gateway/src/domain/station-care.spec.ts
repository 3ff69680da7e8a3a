import { describe, expect, it } from 'vitest';
import { careFor, silenceAllowedMs, type Patient } from './station-care.js';

const START = Date.UTC(2026, 2, 1, 10);
const after = (seconds: number) => new Date(START + seconds * 1000);
const patient = (parts: Partial<Patient> = {}): Patient => ({
  lastCallAt: after(0),
  registration: undefined,
  bootAnsweredAt: undefined,
  intervalSeconds: undefined,
  askedToBootAt: undefined,
  unanswered: 0,
  isPinged: true,
  ...parts,
});
const accepted = (parts: Partial<Patient> = {}) =>
  patient({
    registration: 'Accepted',
    bootAnsweredAt: after(1),
    intervalSeconds: 60,
    ...parts,
  });
const waiting = (registration: 'Pending' | 'Rejected', parts: Partial<Patient> = {}) =>
  accepted({ registration, lastCallAt: after(600), ...parts });

describe('the care of a charger', () => {
  it('is none for one that sends what it should', () => {
    expect(careFor(accepted(), after(90))).toBeUndefined();
    expect(careFor(patient(), after(90))).toBeUndefined();
  });

  it.each(['Pending', 'Rejected'] as const)(
    'Q24: one that was told %s and does not come back is asked again, each time it is late',
    (registration) => {
      expect(careFor(waiting(registration), after(100))).toBeUndefined();
      expect(careFor(waiting(registration), after(121))).toBe('ask_again');
      const asked = waiting(registration, { askedToBootAt: after(121) });
      expect(careFor(asked, after(200))).toBeUndefined();
      expect(careFor(asked, after(241))).toBe('ask_again');
      expect(careFor(waiting(registration, { bootAnsweredAt: after(240) }), after(300))).toBeUndefined();
    },
  );

  it('Q26: one that sends nothing for three intervals is probed, whatever its TCP stack answers', () => {
    expect(careFor(accepted({ lastCallAt: after(100) }), after(279))).toBeUndefined();
    expect(careFor(accepted({ lastCallAt: after(100) }), after(280))).toBe('probe');
    expect(careFor(accepted({ intervalSeconds: undefined }), after(899))).toBeUndefined();
    expect(careFor(accepted({ intervalSeconds: undefined }), after(900))).toBe('probe');
  });

  it('Q21: one that is not pinged is probed in time for its answer, before it counts as gone', () => {
    const unpinged = accepted({ lastCallAt: after(100), isPinged: false });
    expect(careFor(unpinged, after(189))).toBeUndefined();
    expect(careFor(unpinged, after(190))).toBe('probe');
    expect(silenceAllowedMs(60)).toBe(210_000);
    // It came back without booting: the usual interval.
    expect(silenceAllowedMs(undefined)).toBe(690_000);
  });

  it('Q26: one that lets three calls in a row time out loses its socket', () => {
    expect(careFor(accepted({ lastCallAt: after(100), unanswered: 2 }), after(120))).toBeUndefined();
    expect(careFor(accepted({ lastCallAt: after(100), unanswered: 3 }), after(120))).toBe('recycle');
  });
});
