import { Inject, Injectable } from '@nestjs/common';
import { tokenKey, type Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { readEmaid } from '@kilowatch/trust';
import type { ContractVerdict } from '../domain/contract-verdict.js';
import {
  POLICY_VERSION,
  type DecisionInput,
  type DecisionPurpose,
  type KnownToken,
  type OpenSession,
} from '../domain/decision.js';
import { DEFAULT_POLICY, type AuthorizationPolicy } from '../domain/authorization-policy.js';
import { reversedUid } from '../domain/reversed-uid.js';
import { contractKey } from '../domain/contract-key.js';
import { isVerifiedSince } from '../persistence/contract.repository.js';
import { stationRules } from '../persistence/authorization-policy.repository.js';
import { knownToken } from '../persistence/token.repository.js';
import { AttemptGuard } from './attempt-guard.js';
import type { PresentedToken } from './decide-token.js';
import { isContractType, KEY_CODE, mayBeCode, TokenKeys } from './token-keys.js';

/** How long a start at a station is vouched for by the certificate that was good there (P14). */
const VERIFIED_MS = 15 * 60_000;

export interface LoadedInput {
  readonly input: DecisionInput;
  /** By which the token is found again; of a token that nobody has, the likeliest. */
  readonly key: string;
  /** Of the rules in the code, and of what the operator chose. */
  readonly policyVersion: string;
  /** A session of a contract begins whose certificate was not found good at this station lately (P14). */
  readonly contractUnverified: boolean;
}

/** All that a decision is made of, in one round trip. */
@Injectable()
export class DecisionInputs {
  constructor(
    private readonly keys: TokenKeys,
    private readonly guard: AttemptGuard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async load(
    tx: Tx,
    tenant: string,
    presented: PresentedToken,
    at: Date,
    contract: ContractVerdict | undefined,
  ): Promise<LoadedInput> {
    const { value, type, stationId, evseNumber, purpose, openSessionIds } = presented;
    const codesWait = mayBeCode(value, type) && this.guard.isHeldBack(tenant, stationId);
    const verified = await this.isVerified(tx, tenant, presented);
    const candidates = this.keys.candidates(value, type, { verified, heldBack: codesWait });
    const [rules, ...found] = await Promise.all([
      stationRules(tx, tenant, stationId),
      ...candidates.map((key) => knownToken(tx, tenant, key)),
    ]);
    const index = Math.max(
      0,
      found.findIndex((one) => one !== undefined),
    );
    const policy = rules?.policy ?? DEFAULT_POLICY;
    const alias = found[index] || !policy.reversedUids ? undefined : reversedUid(tokenKey(value), type);
    const known = found[index] ?? (alias === undefined ? undefined : await knownToken(tx, tenant, alias));
    const token = known && { ...known, openSessions: merged(known.openSessions, openSessionIds) };
    // Over 1.6 a card or a contract is told apart from a code by being known, and free vend asks for neither.
    const heldBack = codesWait && !token && (type === KEY_CODE || !policy.freeVend);
    return {
      input: {
        token,
        tokenType: type,
        purpose,
        stationId,
        evseNumber,
        heldBack,
        place: rules?.place,
        waiting: rules?.waiting ?? [],
        policy,
        contract: contractOf(contract, token, purpose, policy),
        at,
      },
      contractUnverified:
        purpose === 'START' && !verified && (isContractType(type) || (token?.isContract ?? false)),
      key: (alias && known && alias) ?? candidates[index] ?? this.keys.of(value, type),
      policyVersion: `${POLICY_VERSION}/${rules?.policyVersion ?? '0.0'}`,
    };
  }

  /** P14: whether the contract's certificate was good at this station lately. Only what reads like a contract is looked for. */
  private async isVerified(tx: Tx, tenant: string, presented: PresentedToken): Promise<boolean> {
    const { value, purpose, stationId } = presented;
    if (purpose === 'AUTHORIZE' || !readEmaid(value)) return false;
    const since = new Date(this.clock.now().getTime() - VERIFIED_MS);
    return isVerifiedSince(tx, tenant, stationId, contractKey(value), since);
  }
}

const MISSING: ContractVerdict = { kind: 'MISSING', reason: 'certificate_missing' };

/** A contract needs its certificate however the station spells its type, unless the operator has such contracts judged like cards. */
function contractOf(
  found: ContractVerdict | undefined,
  token: KnownToken | undefined,
  purpose: DecisionPurpose,
  { contractWithoutCertificate }: AuthorizationPolicy,
): ContractVerdict | undefined {
  const verdict = found ?? (purpose === 'AUTHORIZE' && token?.isContract ? MISSING : undefined);
  return verdict?.kind === 'MISSING' && contractWithoutCertificate === 'BY_TOKEN' ? undefined : verdict;
}

/** Our projection may lag behind sessions, and may still hold what sessions knows to be over: sessions names the open ones. */
function merged(projected: readonly OpenSession[], named: readonly string[]): readonly OpenSession[] {
  const known = new Set(projected.map((open) => open.sessionId));
  const unseen = named.filter((sessionId) => !known.has(sessionId));
  return [...projected, ...unseen.map((sessionId) => ({ sessionId, stationId: '', evseNumber: 0 }))];
}
