/** What drivers are told of their contracts of Plug & Charge: what became of what they asked for, and what an operator did unasked. */
import type { AlertIntent } from './alert.js';

export interface ContractNews {
  readonly accountId: string;
  /** As DE-8AA-****4567. */
  readonly masked: string;
  /** What its holder calls it; may be empty. */
  readonly name: string;
  /** ADDED, REMOVED, ADDING_DECLINED, REMOVAL_DECLINED, BLOCKED, EXPIRED, RELEASED. */
  readonly decision: string;
  readonly reason: string;
}

/** What was decided: the request, or the contract, and its version. */
export interface Decided {
  readonly id: string;
  readonly version: number;
  readonly at: Date;
}

export function contractAlert(news: ContractNews, { id, version, at }: Decided): AlertIntent | undefined {
  const { accountId, masked, name, decision, reason } = news;
  if (accountId === '') return undefined;
  return {
    recipient: accountId,
    kind: 'CONTRACT_DECIDED',
    dedupeKey: `contract:${id}:${version}`,
    sessionId: '',
    stationId: '',
    raisedAt: at,
    facts: {
      contract: name === '' ? masked : `${name} (${masked})`,
      cause: decision,
      ...(reason === '' ? {} : { remark: reason }),
      at: at.toISOString(),
    },
  };
}
