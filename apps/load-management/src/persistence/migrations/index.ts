import { Sites1763700000000 } from './0001-sites.js';

export const migrations = [Sites1763700000000];
