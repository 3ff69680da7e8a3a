/**
 * Chargers and cars that do not start again in the same plug (docs/ocpp-notes.md Q46): after a session they show Finishing and
 * refuse every start until the cable was out. The driver is told that, and not only that the station refused.
 */
import type { ConnectorStatus } from './connector-status.js';
import type { StartRefusal } from './remote-start.js';

/** The cable of a session that is over is still in. */
export function needsUnplug(status: ConnectorStatus): boolean {
  return status === 'FINISHING';
}

/** Why a start that the station would not make was refused, as far as the connector explains it. */
export function explainedRefusal(refusal: StartRefusal, status: ConnectorStatus): StartRefusal {
  return refusal === 'STATION_REFUSED' && needsUnplug(status) ? 'UNPLUG_FIRST' : refusal;
}
