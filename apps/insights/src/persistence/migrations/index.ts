import { Watches1763700000000 } from './0001-watches.js';

export const migrations = [Watches1763700000000];
