import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { Account } from '../persistence/account.repository.js';

/** Tells the others what an account is now: who to write to, what to call them, whether they may still do anything. */
export function announceAccount(tx: Tx, account: Account, occurredAt: Date): void {
  tx.publish(events.accountChanged, {
    aggregateId: account.id,
    aggregateVersion: account.version,
    occurredAt,
    payload: {
      accountId: account.id,
      email: account.email,
      displayName: account.displayName,
      role: account.role,
      locale: account.locale,
      active: account.active,
    },
  });
}
