/**
 * Whose session it is. The token of the earliest start or update that auth accepted; while none was accepted, the
 * earliest refused one, so that a refused card is on record (OCPP 1.6 section 4.8) without its holder paying. A token
 * that only stops (StopAuthorized, Ended) never becomes the payer (steve PR#2102).
 */
import { isRemoteStartFor, type RemoteStart } from './remote-start.js';
import type { TransactionMessage } from './transaction-message.js';

export type StartMethod = 'RFID' | 'COMMAND' | 'OFFLINE';

export interface Payer {
  readonly at: Date;
  readonly seqNo?: number;
  readonly tokenHash: string;
  readonly tokenType: string;
  /** Hash of the station's own tag that stood for it (Q44). */
  readonly spokenAs?: string;
  readonly tokenId: string;
  readonly tokenMasked: string;
  /** Empty for tokens without account and for refused tokens. */
  readonly accountId: string;
  readonly status: number;
  readonly groupId: string;
  readonly cacheExpiry?: Date;
  /** RFC 5646, and what the session may cost: told again when the message that named the token comes again. */
  readonly language?: string;
  readonly maxCost?: { readonly amount: string; readonly currency: string };
  readonly authorised: boolean;
  readonly quoteId: string;
  readonly startMethod: StartMethod;
  /** The remote start it answers, when it does. */
  readonly remoteStartRef: string;
}

const STOPPING_TRIGGERS = new Set(['stopauthorized', 'remotestop', 'deauthorized']);

/** Can the token of this message become the payer? Only then must auth be asked before anything is stored. */
export function mayMakePayer(message: Pick<TransactionMessage, 'kind' | 'trigger'>): boolean {
  return message.kind !== 'ENDED' && !STOPPING_TRIGGERS.has(message.trigger.toLowerCase());
}

/** Did the payer show this token, or the station's tag that stood for it? */
export function isTokenOf(payer: Payer | undefined, tokenHash: string | undefined): boolean {
  return payer !== undefined && (payer.tokenHash === tokenHash || payer.spokenAs === tokenHash);
}

/**
 * A token is shown while the session waits with a refused one (OCPP 2.x C01, TriggerReason Authorized), maybe the same once more: what
 * was decided about it then may be otherwise now. The message that named the payer, come again, is none.
 */
export function isShownAgain(payer: Payer, { at, seqNo, trigger }: TransactionMessage): boolean {
  const isNaming = payer.at.getTime() === at.getTime() && payer.seqNo === seqNo;
  return !payer.authorised && !isNaming && trigger.toLowerCase() === 'authorized';
}

/** Undefined when the message makes nobody the payer. */
export function payerOf(
  message: TransactionMessage,
  remoteStarts: readonly RemoteStart[],
): Payer | undefined {
  const decision = message.token?.decision;
  if (!message.token || !decision) return undefined;
  if (!mayMakePayer(message)) return undefined;
  const { tokenHash, tokenType, spokenAs } = message.token;
  const remote = remoteStarts.find((candidate) => isRemoteStartFor(candidate, message, tokenHash));
  return {
    at: message.at,
    seqNo: message.seqNo,
    tokenHash,
    tokenType,
    ...(spokenAs === undefined ? {} : { spokenAs }),
    tokenId: decision.tokenId,
    tokenMasked: decision.tokenMasked,
    accountId: decision.accepted ? decision.accountId : '',
    status: decision.status,
    groupId: decision.groupId,
    cacheExpiry: decision.cacheExpiry,
    ...(decision.language ? { language: decision.language } : {}),
    ...(decision.maxCost ? { maxCost: decision.maxCost } : {}),
    authorised: decision.accepted,
    quoteId: decision.accepted ? (remote?.quoteId ?? '') : '',
    startMethod: remote ? 'COMMAND' : message.offline || message.late ? 'OFFLINE' : 'RFID',
    remoteStartRef: remote?.id ?? '',
  };
}

/** The one of two that pays; independent of the order in which they came. */
export function preferredPayer(held: Payer | undefined, offered: Payer | undefined): Payer | undefined {
  if (!held || !offered) return held ?? offered;
  if (held.authorised !== offered.authorised) return held.authorised ? held : offered;
  const order =
    held.at.getTime() - offered.at.getTime() ||
    (held.seqNo ?? -1) - (offered.seqNo ?? -1) ||
    (held.tokenHash < offered.tokenHash ? -1 : held.tokenHash > offered.tokenHash ? 1 : 0);
  return order <= 0 ? held : offered;
}
