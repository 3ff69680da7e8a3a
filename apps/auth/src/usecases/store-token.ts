import { events } from '@kilowatch/contracts';
import { maskToken } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { saveToken, type Token } from '../persistence/token.repository.js';

/** Keeps a new or changed token and tells the others, who never learn its value. */
export async function storeToken(tx: Tx, token: Token, occurredAt: Date): Promise<void> {
  await saveToken(tx, token);
  tx.publish(events.tokenChanged, {
    aggregateId: token.id,
    aggregateVersion: token.version,
    occurredAt,
    payload: {
      tokenId: token.id,
      accountId: token.accountId ?? '',
      masked: maskToken(token.value),
      type: token.type,
      status: token.status,
      expiresAt: token.expiresAt,
      groupId: token.groupId,
    },
  });
}
