import { Ratings1763700000000 } from './0001-ratings.js';

export const migrations = [Ratings1763700000000];
