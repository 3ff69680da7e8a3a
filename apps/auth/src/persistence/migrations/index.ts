import { Auth1763700000000 } from './0001-auth.js';
import { ExternalAccounts1765000000000 } from './0002-external-accounts.js';

export const migrations = [Auth1763700000000, ExternalAccounts1765000000000];
