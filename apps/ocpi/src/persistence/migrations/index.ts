import { Ocpi1763700000000 } from './0001-ocpi.js';

export const migrations = [Ocpi1763700000000];
