import { Readings1763700000000 } from './0001-readings.js';

export const migrations = [Readings1763700000000];
