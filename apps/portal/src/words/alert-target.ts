import type { AlertParts } from '../api/documents/alerts.js';

/** The page an alert is about: what somebody acts on is the station's fault or the session. */
export function alertTarget({
  kind,
  session,
  station,
}: Pick<AlertParts, 'kind' | 'session' | 'station'>): string {
  if (kind === 'STATION_FAULT' && station) return `/stations/${station.id}`;
  if (session) return `/sessions/${session.id}`;
  if (station) return `/stations/${station.id}`;
  return '/alerts';
}
