import { Ocpi1763700000000 } from './0001-ocpi.js';
import { SessionsInPlace1765000000000 } from './0002-sessions-in-place.js';

export const migrations = [Ocpi1763700000000, SessionsInPlace1765000000000];
