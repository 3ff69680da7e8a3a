/**
 * What came of a command to a station. CHARGER_ERROR: it answered with a CALLERROR; OFFLINE: it certainly never saw it; UNKNOWN: it
 * may have (docs/ocpp-notes.md section 2, point 4), so nothing is repeated blindly.
 */
export type CommandOutcome = 'ACCEPTED' | 'REJECTED' | 'CHARGER_ERROR' | 'OFFLINE' | 'UNKNOWN';
