import { StationsAndSessions1763700000000 } from './0001-stations-and-sessions.js';
import { SecurityEvents1764400000001 } from './0002-security-events.js';

export const migrations = [StationsAndSessions1763700000000, SecurityEvents1764400000001];
