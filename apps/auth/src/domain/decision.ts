/**
 * The one decision function: may this token charge here and now? Statuses are OCPP 2.0.1 AuthorizationStatusEnumType; a 1.6
 * answer is narrowed from them. Sources: OCPP 2.0.1 C01, C09, C12; 1.6 section 7.2; the first rule that speaks decides.
 */
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
export const POLICY_VERSION = '2026-11';

/** How long a station may trust an accepted token without asking (OCPP 2.0.1 use case C10). */
const CACHE_MS = 24 * 60 * 60_000;

export interface KnownToken {
  readonly tokenId: string;
  readonly status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
  readonly expiresAt: Date | undefined;
  readonly groupId: string;
  readonly allowConcurrent: boolean;
  readonly accountId: string;
  /** True without an account: a card may belong to nobody. */
  readonly accountActive: boolean;
  readonly openSessions: readonly OpenSession[];
}

export interface OpenSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly evseNumber: number;
}

export interface DecisionInput {
  readonly token: KnownToken | undefined;
  readonly tokenType: string;
  readonly purpose: DecisionPurpose;
  readonly stationId: string;
  readonly evseNumber: number;
  /** When it was presented, by the station's clock where that is plausible. */
  readonly at: Date;
}

export interface Decision {
  readonly status: DecisionStatus;
  /** Which rule decided; for the audit, never for the station. */
  readonly reason: string;
  readonly groupId: string;
  readonly cacheExpiry: Date | undefined;
}

export function decide(input: DecisionInput): Decision {
  const { token, at } = input;
  const refuse = (status: DecisionStatus, reason: string): Decision => ({
    status,
    reason,
    // C01/C09: the group is named in every answer about a known token.
    groupId: token?.groupId ?? '',
    cacheExpiry: undefined,
  });
  if (input.tokenType === 'NoAuthorization') return refuse('INVALID', 'free_vend_is_off');
  if (!token) return refuse('UNKNOWN', 'token_unknown');
  if (token.status === 'BLOCKED') return refuse('BLOCKED', 'token_blocked');
  if (!token.accountActive) return refuse('BLOCKED', 'account_inactive');
  if (token.status === 'EXPIRED' || (token.expiresAt && token.expiresAt <= at))
    return refuse('EXPIRED', 'token_expired');
  if (input.purpose !== 'STOP' && !token.allowConcurrent && isElsewhere(input, token.openSessions)) {
    return refuse('CONCURRENT_TX', 'session_open_elsewhere');
  }
  const cacheUntil = new Date(at.getTime() + CACHE_MS);
  return {
    status: 'ACCEPTED',
    reason: 'token_active',
    groupId: token.groupId,
    cacheExpiry: token.expiresAt && token.expiresAt < cacheUntil ? token.expiresAt : cacheUntil,
  };
}

/**
 * The same token again at the same EVSE is a stop, not a conflict (OCPP 1.6 section 7.2). EVSE 0 = the station did not
 * say which.
 */
function isElsewhere(input: DecisionInput, open: readonly OpenSession[]): boolean {
  return open.some(
    (session) =>
      session.stationId !== input.stationId ||
      (input.purpose === 'START' && input.evseNumber > 0 && session.evseNumber !== input.evseNumber),
  );
}
