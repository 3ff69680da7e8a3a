import { Billing1763700000000 } from './0001-billing.js';

export const migrations = [Billing1763700000000];
