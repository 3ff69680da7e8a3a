import { Auth1763700000000 } from './0001-auth.js';

export const migrations = [Auth1763700000000];
