import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { maskedEmaid, type ContractRequest } from '../domain/contract-request.js';
import type { Token } from '../persistence/token.repository.js';

const OF_REQUEST = {
  APPROVED: { ADD: 'ADDED', REMOVE: 'REMOVED' },
  DECLINED: { ADD: 'ADDING_DECLINED', REMOVE: 'REMOVAL_DECLINED' },
} as const;
const OF_STATUS = { ACTIVE: 'RELEASED', BLOCKED: 'BLOCKED', EXPIRED: 'EXPIRED' } as const;

/** To whoever asked: what became of it. A request that was withdrawn is no news to them. */
export function announceDecidedRequest(tx: Tx, request: ContractRequest): void {
  const { id, kind, state, accountId, emaid, name, reason, decidedAt } = request;
  if ((state !== 'APPROVED' && state !== 'DECLINED') || !decidedAt) return;
  tx.publish(events.contractDecided, {
    aggregateId: id,
    aggregateVersion: 1,
    occurredAt: decidedAt,
    payload: { accountId, masked: maskedEmaid(emaid), name, decision: OF_REQUEST[state][kind], reason },
  });
}

/** To whoever has the contract: an operator changed what it is worth. Why is for operators. */
export function announceContractStatus(tx: Tx, token: Token, name: string, occurredAt: Date): void {
  if (!token.accountId) return;
  tx.publish(events.contractDecided, {
    aggregateId: token.id,
    aggregateVersion: token.version,
    occurredAt,
    payload: {
      accountId: token.accountId,
      masked: maskedEmaid(token.value),
      name,
      decision: OF_STATUS[token.status],
      reason: '',
    },
  });
}
