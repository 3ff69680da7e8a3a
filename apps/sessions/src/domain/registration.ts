/**
 * Whether a station may work here (OCPP BootNotification: 1.6 section 4.2, 2.0.1 use cases B01 to B03). Imported ones are
 * accepted, unless they are to be claimed first. One that is not accepted boots again after a short while: somebody may be
 * standing in front of it.
 */
export const REGISTRATIONS = ['ACCEPTED', 'PENDING', 'REJECTED'] as const;
export type Registration = (typeof REGISTRATIONS)[number];

export function isRegistration(word: string): word is Registration {
  return (REGISTRATIONS as readonly string[]).includes(word);
}

export interface BootIntervals {
  readonly heartbeatSeconds: number;
  readonly retrySeconds: number;
}

/** Seconds, never 0 (Q20): for an accepted station between heartbeats, else until it boots again. */
export function bootInterval(registration: Registration, intervals: BootIntervals): number {
  const { heartbeatSeconds, retrySeconds } = intervals;
  return Math.max(1, registration === 'ACCEPTED' ? heartbeatSeconds : retrySeconds);
}
