import { Alerts1763700000000 } from './0001-alerts.js';
import { AccountMails1765100005000 } from './0002-account-mails.js';

export const migrations = [Alerts1763700000000, AccountMails1765100005000];
