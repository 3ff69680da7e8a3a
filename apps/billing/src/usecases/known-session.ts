import type { KnownSession } from '../domain/session-course.js';
import type { StoredEnergy, StoredSnapshot } from '../persistence/billed-session.repository.js';

/** Stored facts of a session as the domain reads them: instants are dates again. */
export function knownSession(
  snapshot: StoredSnapshot,
  energy: Pick<StoredEnergy, 'energyMwh' | 'intervals'>,
): Pick<KnownSession, 'statePeriods' | 'intervals' | 'energyMwh'> {
  const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return {
    statePeriods: snapshot.statePeriods.map(({ state, from, to }) => ({
      state,
      from: date(from),
      to: date(to),
    })),
    intervals: energy.intervals.map((part) => ({
      from: date(part.from),
      to: date(part.to),
      energyMwh: part.energyMwh,
      powerW: part.powerW,
      currentMa: part.currentMa,
    })),
    energyMwh: energy.energyMwh,
  };
}
