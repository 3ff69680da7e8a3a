import { Inject, Injectable } from '@nestjs/common';
import { auth, type sessions } from '@kilowatch/contracts';
import { isAppError, type TenantId } from '@kilowatch/kernel';
import { AUTH, type AuthClient } from '../peers.js';
import type { Payer } from '../domain/payer.js';
import type { TokenClaim, TokenDecision, TransactionMessage } from '../domain/transaction-message.js';
import { tokenHash } from './token-hash.js';

/** A token that stands behind another: the account's app token behind the tag of its station (Q44). */
export interface MeantToken {
  readonly idToken: NonNullable<sessions.RecordTransactionEventRequest['idToken']>;
  readonly claim: TokenClaim;
}

export interface DecisionQuestion {
  readonly tenant: TenantId;
  readonly request: sessions.RecordTransactionEventRequest;
  readonly message: TransactionMessage;
  readonly purpose: 'START' | 'STOP';
  readonly key: string;
  readonly openElsewhere: readonly string[];
  /** It answers a request of ours: OCPP 1.6 cannot say so itself. */
  readonly remoteStart: boolean;
}

const STOP_DEADLINE_MS = 1_000;

/** Asks auth, the only one who decides about tokens. The same business key gets the stored decision. */
@Injectable()
export class DecideToken {
  constructor(@Inject(AUTH) private readonly peer: AuthClient) {}

  /** Undefined for an account that is switched off: then the tag is what it is, a token of nobody. */
  async appTokenOf(tenant: TenantId, accountId: string, spokenAs: string): Promise<MeantToken | undefined> {
    try {
      const { idToken } = await this.peer.getAppToken(
        { accountId, external: undefined },
        { tenant, idempotent: true },
      );
      if (!idToken) return undefined;
      const claim = { tokenHash: tokenHash(tenant, idToken.value), tokenType: idToken.type, spokenAs };
      return { idToken, claim };
    } catch (error) {
      if (isAppError(error) && error.code === 'AUTH_ACCOUNT_INACTIVE') return undefined;
      throw error;
    }
  }

  async ask({
    tenant,
    request,
    message,
    purpose,
    key,
    openElsewhere,
    remoteStart,
  }: DecisionQuestion): Promise<TokenDecision> {
    const answer = await this.peer.decide(
      {
        stationId: request.stationId,
        evseNumber: request.evseNumber,
        idToken: request.idToken,
        purpose:
          purpose === 'START'
            ? auth.DecisionPurpose.DECISION_PURPOSE_START
            : auth.DecisionPurpose.DECISION_PURPOSE_STOP,
        occurredAt: message.at,
        offline: message.offline || message.late === true,
        decisionKey: key,
        ocppMessageId: request.ocppMessageId,
        openSessionIds: [...openElsewhere],
        contract: undefined,
        remoteStart: remoteStart || request.remoteStartId !== undefined,
      },
      // The charger waits with its stop stored: not worth more than a moment.
      purpose === 'START' ? { tenant, idempotent: true } : { tenant, deadlineMs: STOP_DEADLINE_MS },
    );
    return {
      status: answer.status,
      accepted: answer.status === auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      tokenId: answer.tokenId,
      tokenMasked: answer.tokenMasked,
      accountId: answer.accountId,
      groupId: answer.groupId,
      cacheExpiry: answer.cacheExpiry,
      language: answer.language,
      maxCost: answer.credit,
    };
  }
}

/**
 * The decision a session was started with, for the same token shown again. What it may cost is told once (OCPP 2.1 C17.FR.03): with the
 * message that named the token, and with that message again.
 */
export function decisionOfPayer(payer: Payer, { at, seqNo }: TransactionMessage): TokenDecision {
  const isNaming = payer.at.getTime() === at.getTime() && payer.seqNo === seqNo;
  return {
    status: payer.status,
    accepted: payer.authorised,
    tokenId: payer.tokenId,
    tokenMasked: payer.tokenMasked,
    accountId: payer.accountId,
    groupId: payer.groupId,
    cacheExpiry: payer.cacheExpiry,
    language: payer.language,
    ...(isNaming && payer.maxCost ? { maxCost: payer.maxCost } : {}),
  };
}
