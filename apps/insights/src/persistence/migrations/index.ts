import { Watches1763700000000 } from './0001-watches.js';
import { Silence1764800000000 } from './0002-silence.js';

export const migrations = [Watches1763700000000, Silence1764800000000];
