/**
 * The one decision function: may this token charge here and now? Statuses are OCPP 2.0.1 AuthorizationStatusEnumType; a 1.6
 * answer is narrowed from them. Sources: OCPP 2.0.1 C01, C02, C05 to C07, C09, C12, C16, C17; 1.6 section 7.2. The rules are
 * asked in their order and the first that speaks decides.
 */
import { isLimited, type AccountFunds } from './account-funds.js';
import type { AuthorizationPolicy } from './authorization-policy.js';
import { certificateStatus, type CertificateStatus, type ContractVerdict } from './contract-verdict.js';
import { allowedHere, RULES } from './decision-rules.js';
import type { StationPlace, TokenLimits } from './token-limits.js';
import { isNeverCached, isWeak } from './token-type.js';

export type DecisionStatus =
  | 'ACCEPTED'
  | 'BLOCKED'
  | 'CONCURRENT_TX'
  | 'EXPIRED'
  | 'INVALID'
  | 'NO_CREDIT'
  | 'NOT_ALLOWED_TYPE_EVSE'
  | 'NOT_AT_THIS_LOCATION'
  | 'NOT_AT_THIS_TIME'
  | 'UNKNOWN';

export type DecisionPurpose = 'AUTHORIZE' | 'START' | 'STOP';

/** Stored with each decision: a changed rule gets a new version, so that old decisions can be explained. */
export const POLICY_VERSION = '2026-15';

export interface KnownToken {
  readonly tokenId: string;
  /** As it was enrolled, whatever it is shown as. */
  readonly type: string;
  /** A contract of plug and charge, whatever it is shown as. */
  readonly isContract: boolean;
  readonly status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  readonly expiresAt: Date | undefined;
  readonly groupId: string;
  readonly allowConcurrent: boolean;
  readonly limits: TokenLimits;
  /** What a session of it may cost; undefined: nobody set a limit. Where there is one it is never cached (C17.FR.01). */
  readonly funds: AccountFunds | undefined;
  readonly accountId: string;
  /** True without an account: a card may belong to nobody. */
  readonly accountActive: boolean;
  /** RFC 5646, as the account reads; empty without one. */
  readonly language: string;
  readonly openSessions: readonly OpenSession[];
}

export interface OpenSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
}

/** A session that goes on although its token was refused: no energy flows, and the car has not left. */
export interface WaitingSession {
  readonly evseNumber: number;
  /** Empty: of a token that nobody has. */
  readonly tokenId: string;
  readonly groupId: string;
  readonly since: Date;
}

export interface DecisionInput {
  readonly token: KnownToken | undefined;
  /** OCPP 2.x IdTokenEnumType. */
  readonly tokenType: string;
  readonly purpose: DecisionPurpose;
  readonly stationId: string;
  readonly evseNumber: number;
  /** Too many wrong codes at this keypad lately: this one was not looked up. */
  readonly heldBack: boolean;
  readonly place: StationPlace | undefined;
  /** Of the station. */
  readonly waiting: readonly WaitingSession[];
  readonly policy: AuthorizationPolicy;
  /** What its certificate says; undefined when none was shown and none is asked for. */
  readonly contract: ContractVerdict | undefined;
  /** When it was presented, by the station's clock where that is plausible. */
  readonly at: Date;
}

export interface Decision {
  readonly status: DecisionStatus;
  /** Which rule decided; for the audit, never for the station. */
  readonly reason: string;
  readonly groupId: string;
  /** Until when the station may trust it unasked; a time that is over: not at all. */
  readonly cacheExpiry: Date | undefined;
  /** EVSEs of the station that the token may use; empty: all (C01.FR.20). */
  readonly evseNumbers: readonly number[];
  readonly language: string;
  /** What a contract certificate is told (C07). */
  readonly certificateStatus: CertificateStatus | undefined;
  /** Accepted by something that is easily copied (T13). */
  readonly weak: boolean;
}

/** One rule's word, for people who ask why. */
export interface DecisionStep {
  readonly rule: string;
  /** Empty when the rule had nothing to say. */
  readonly status: DecisionStatus | '';
  readonly reason: string;
}

export function decide(input: DecisionInput): Decision {
  for (const { ruling } of RULES) {
    const spoken = ruling(input);
    if (spoken) return answerOf(input, spoken.status, spoken.reason);
  }
  return answerOf(input, 'ACCEPTED', input.contract ? 'contract_active' : 'token_active');
}

/** The decision and what each rule that was asked said; the last one that spoke decided. */
export function explain(input: DecisionInput): { decision: Decision; steps: DecisionStep[] } {
  const decision = decide(input);
  const steps: DecisionStep[] = [];
  for (const { name, ruling } of RULES) {
    const spoken = ruling(input);
    steps.push({ rule: name, status: spoken?.status ?? '', reason: spoken?.reason ?? '' });
    if (spoken) return { decision, steps };
  }
  steps.push({ rule: 'nothing_against_it', status: decision.status, reason: decision.reason });
  return { decision, steps };
}

function answerOf(input: DecisionInput, status: DecisionStatus, reason: string): Decision {
  const { token, contract } = input;
  const accepted = status === 'ACCEPTED';
  return {
    status,
    reason,
    // C01/C09: the group is named in every answer about a known token.
    groupId: token?.groupId ?? '',
    cacheExpiry: accepted || status === 'NO_CREDIT' ? cacheExpiry(input, accepted) : undefined,
    evseNumbers: accepted && token ? (allowedHere(input) ?? []) : [],
    language: token?.language ?? '',
    certificateStatus: contract && certificateStatus(contract, status),
    weak: accepted && isWeak(input),
  };
}

/** L5, by class of token. What must be asked for every time has a time that is over: `at` itself (C17.FR.01). */
function cacheExpiry(input: DecisionInput, accepted: boolean): Date {
  const { token, contract, policy, at } = input;
  const isAskedAlways = !accepted || !token || isLimited(token.funds) || isNeverCached(input);
  const hours = isAskedAlways ? 0 : contract ? policy.contractCacheHours : policy.cacheHours;
  const until = new Date(at.getTime() + hours * 3_600_000);
  return token?.expiresAt && token.expiresAt < until ? token.expiresAt : until;
}
