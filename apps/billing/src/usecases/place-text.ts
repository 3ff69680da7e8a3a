import type { StoredSnapshot } from '../persistence/billed-session.repository.js';

/** Where a session was, as a person would say it. */
export function placeOf({ locationName, stationIdentity, evseNumber }: StoredSnapshot): string {
  const evse = evseNumber > 0 ? `EVSE ${evseNumber}` : '';
  return [locationName, stationIdentity, evse].filter(Boolean).join(', ');
}
