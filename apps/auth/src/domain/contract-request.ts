/**
 * What drivers ask for about contracts of Plug & Charge, and operators decide: to charge on one (ADD), or to have one taken off their
 * account (REMOVE). A contract is proved by its car: its certificate was good at a station after the request was made (C07).
 */
import { invalid, maskToken, precondition, storableText } from '@kilowatch/kernel';
import { readEmaid, type Emaid } from '@kilowatch/trust';

export type ContractRequestKind = 'ADD' | 'REMOVE';
export type ContractRequestState = 'WAITING' | 'APPROVED' | 'DECLINED' | 'WITHDRAWN';

export interface ContractRequest {
  readonly id: string;
  readonly kind: ContractRequestKind;
  readonly state: ContractRequestState;
  readonly accountId: string;
  /** Of ADD only when it was approved. */
  readonly tokenId: string | undefined;
  readonly emaid: string;
  readonly emaidKey: string;
  /** What the driver calls it. */
  readonly name: string;
  /** What the driver says about it. */
  readonly note: string;
  readonly createdAt: Date;
  /** Account or client; empty while it waits. */
  readonly decidedBy: string;
  readonly decidedAt: Date | undefined;
  readonly reason: string;
}

export const LONGEST_NAME = 60;
export const LONGEST_NOTE = 500;
/** Of one account: who has more to ask for waits for an answer. */
export const MOST_WAITING = 5;

export interface WantedContract {
  readonly emaid: string;
  readonly name?: string | null | undefined;
  readonly note?: string | null | undefined;
}

/** @throws INVALID when this is no eMAID, or a text is too long. */
export function checkedContract({ emaid, name, note }: WantedContract): {
  readonly emaid: Emaid;
  readonly name: string;
  readonly note: string;
} {
  const read = readEmaid(emaid);
  if (!read)
    throw invalid(
      'AUTH_EMAID',
      'This is no contract number. It begins with two letters and three more characters, like DE-8AA-C12345678-X.',
    );
  return {
    emaid: read,
    name: checkedText(name, LONGEST_NAME, 'A name'),
    note: checkedText(note, LONGEST_NOTE, 'A note'),
  };
}

export function checkedText(text: string | null | undefined, longest: number, what: string): string {
  const kept = storableText(text ?? '').trim();
  if (kept.length > longest) throw invalid('AUTH_TEXT', `${what} has ${longest} characters at most.`);
  return kept;
}

export interface ContractDecision {
  readonly state: 'APPROVED' | 'DECLINED' | 'WITHDRAWN';
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  readonly tokenId?: string | undefined;
}

/** @throws PRECONDITION when it was decided otherwise before. The same decision again changes nothing. */
export function decidedRequest(request: ContractRequest, decision: ContractDecision): ContractRequest {
  const { state, by, reason, at, tokenId } = decision;
  if (request.state === state) return request;
  if (request.state !== 'WAITING')
    throw precondition('AUTH_REQUEST_DECIDED', `This request is ${request.state.toLowerCase()} already.`);
  return {
    ...request,
    state,
    decidedBy: by,
    decidedAt: at,
    reason,
    tokenId: tokenId ?? request.tokenId,
  };
}

/** DE-8AA-****4567: whose contract it is, and enough to tell two of one person apart. */
export function maskedEmaid(value: string): string {
  const emaid = readEmaid(value);
  return emaid ? `${providerOf(value)}-****${emaid.key.slice(-4)}` : maskToken(value);
}

/** Country and provider, DE-8AA; empty for what is no eMAID. */
export function providerOf(value: string): string {
  const emaid = readEmaid(value);
  return emaid ? `${emaid.country}-${emaid.provider}` : '';
}
