/** Start, update and end of a transaction, version neutral, as the gateway hands them over (already validated there). */
import type { ChargingState } from './charging-state.js';
import { messageKey, startKey201, startKeys16, type StartKeys } from './business-key.js';

export type MessageKind = 'STARTED' | 'UPDATED' | 'ENDED';

/** What auth said about a token; the token's value stays outside the domain, its hash compares. */
export interface TokenDecision {
  /** DecisionStatus number of auth's contract. */
  readonly status: number;
  readonly accepted: boolean;
  readonly tokenId: string;
  readonly tokenMasked: string;
  readonly accountId: string;
  readonly groupId: string;
  readonly cacheExpiry?: Date;
  /** RFC 5646. */
  readonly language?: string;
  /** Of a prepaid token: what the session may cost (OCPP 2.1 C17.FR.03). */
  readonly maxCost?: { readonly amount: string; readonly currency: string };
}

export interface TokenClaim {
  /** Empty: the start button, which is nobody's token. */
  readonly tokenHash: string;
  readonly tokenType: string;
  /** Hash of the station's own tag that stood for it (Q44). */
  readonly spokenAs?: string;
  /** Absent when it need not be decided (the token that ends a transaction). */
  readonly decision?: TokenDecision;
}

export interface TransactionMessage {
  readonly kind: MessageKind;
  readonly protocol: string;
  /** Empty for a 1.6 start. */
  readonly transactionRef: string;
  /** 1.6 start that is processed late: the id its charger was given when it came, under which stops may wait. */
  readonly assignedRef?: string;
  /** 0 = not said. */
  readonly evseNumber: number;
  readonly connectorNumber: number;
  /** The time it counts as having happened. */
  readonly at: Date;
  /** As the device wrote it. */
  readonly deviceTime?: Date;
  readonly receivedAt: Date;
  /** The charger's clock minus ours, as its connection shows it; absent: nobody knows. */
  readonly clockOffsetSeconds?: number;
  readonly seqNo?: number;
  readonly chargingState?: ChargingState;
  readonly trigger: string;
  /** The station says that it was offline. 1.6 has no word for it: `late`. */
  readonly offline: boolean;
  /** A 1.6 start that we heard of long after it happened: the station did not wait for us. */
  readonly late?: boolean;
  readonly stoppedReason: string;
  readonly registerMwh?: number;
  readonly token?: TokenClaim;
  readonly remoteStartId?: number;
  /** The station's number of the reservation it uses; 0 is none (Q30). */
  readonly reservationNumber?: number;
}

/** The same message again has the same key, whatever its OCPP message id; one with neither time nor number is the same to nobody. */
export function keyOfMessage(message: TransactionMessage): string {
  return messageKey({
    kind: message.kind,
    transactionRef: message.transactionRef,
    seqNo: message.seqNo,
    deviceTime: message.deviceTime ?? (message.seqNo === undefined ? message.receivedAt : undefined),
    detail: [message.chargingState ?? '', message.trigger, message.registerMwh ?? ''].join(','),
  });
}

export function startKeysOf(message: TransactionMessage): StartKeys {
  if (message.transactionRef !== '' || message.kind !== 'STARTED')
    return { startKey: startKey201(message.transactionRef) };
  return startKeys16({
    ...message,
    tokenHash: message.token?.tokenHash ?? '',
    deviceTime: message.deviceTime,
    registerMwh: message.registerMwh,
  });
}
