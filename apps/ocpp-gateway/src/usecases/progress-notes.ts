/**
 * Chargers repeat how far an upload or an update is, some every second (Q51). Said again on the same connection it is no news:
 * it is answered and goes no further.
 */
import type { Station } from '../domain/station.js';
import { notesOf } from './connection-notes.js';
import type { StationCall } from './station-call.js';

/** All of them are answered with empty content, in every version. */
const PROGRESS: ReadonlySet<string> = new Set([
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'LogStatusNotification',
  'PublishFirmwareStatusNotification',
  'SignedFirmwareStatusNotification',
]);

export function isRepeatedProgress(call: StationCall): boolean {
  return PROGRESS.has(call.action) && said(call).get(call.action) === JSON.stringify(call.payload);
}

/** Once it has been stored. */
export function noteProgress(call: StationCall): void {
  if (PROGRESS.has(call.action)) said(call).set(call.action, JSON.stringify(call.payload));
}

/** Before a station is asked for something whose progress it tells. */
export function forgetProgress(station: Station, now: Date): void {
  notesOf(station, now).progress.clear();
}

function said({ station, receivedAt }: StationCall): Map<string, string> {
  return notesOf(station, receivedAt).progress;
}
