import { Alerts1763700000000 } from './0001-alerts.js';

export const migrations = [Alerts1763700000000];
