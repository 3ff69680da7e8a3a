/** Messages kept for review, as JSON: enough to apply them later, and never the token's value. */
import type { Orphan } from '../domain/orphan.js';
import type { TransactionMessage } from '../domain/transaction-message.js';
import type { Json } from './session-row.js';

export interface OrphanJson {
  readonly id: string;
  readonly message: Json<TransactionMessage>;
}

export function orphanOf({ id, message }: OrphanJson): Orphan {
  const { token, ...rest } = message;
  const decision = token?.decision;
  return {
    id,
    message: {
      ...rest,
      at: new Date(message.at),
      deviceTime: message.deviceTime ? new Date(message.deviceTime) : undefined,
      receivedAt: new Date(message.receivedAt),
      token: token && {
        ...token,
        decision: decision && {
          ...decision,
          cacheExpiry: decision.cacheExpiry ? new Date(decision.cacheExpiry) : undefined,
        },
      },
    },
  };
}
