import { StationsAndSessions1763700000000 } from './0001-stations-and-sessions.js';

export const migrations = [StationsAndSessions1763700000000];
