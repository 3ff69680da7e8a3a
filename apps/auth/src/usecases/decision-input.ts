import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import type { ContractVerdict } from '../domain/contract-verdict.js';
import { POLICY_VERSION, type DecisionInput, type OpenSession } from '../domain/decision.js';
import { DEFAULT_POLICY } from '../domain/authorization-policy.js';
import { stationRules } from '../persistence/authorization-policy.repository.js';
import { knownToken } from '../persistence/token.repository.js';
import { AttemptGuard } from './attempt-guard.js';
import type { PresentedToken } from './decide-token.js';
import { TokenKeys } from './token-keys.js';

export interface LoadedInput {
  readonly input: DecisionInput;
  /** By which the token is found again; of a token that nobody has, the likeliest. */
  readonly key: string;
  /** Of the rules in the code, and of what the operator chose. */
  readonly policyVersion: string;
}

/** All that a decision is made of, in one round trip. */
@Injectable()
export class DecisionInputs {
  constructor(
    private readonly keys: TokenKeys,
    private readonly guard: AttemptGuard,
  ) {}

  async load(
    tx: Tx,
    tenant: string,
    presented: PresentedToken,
    at: Date,
    contract: ContractVerdict | undefined,
  ): Promise<LoadedInput> {
    const { value, type, stationId, evseNumber, purpose, openSessionIds } = presented;
    const candidates = this.keys.candidates(value, type);
    const heldBack = this.guard.isHeldBack(tenant, presented);
    const [rules, ...found] = await Promise.all([
      stationRules(tx, tenant, stationId),
      ...(heldBack ? [] : candidates.map((key) => knownToken(tx, tenant, key))),
    ]);
    const index = Math.max(
      0,
      found.findIndex((one) => one !== undefined),
    );
    const known = found[index];
    const token = known && { ...known, openSessions: merged(known.openSessions, openSessionIds) };
    const policy = rules?.policy ?? DEFAULT_POLICY;
    return {
      input: {
        token,
        tokenType: type,
        purpose,
        stationId,
        evseNumber,
        heldBack,
        place: rules?.place,
        policy,
        // No certificate was shown, and the operator has such contracts judged like cards.
        contract:
          contract?.kind === 'MISSING' && policy.contractWithoutCertificate === 'BY_TOKEN'
            ? undefined
            : contract,
        at,
      },
      key: candidates[index] ?? '',
      policyVersion: `${POLICY_VERSION}/${rules?.policyVersion ?? '0.0'}`,
    };
  }
}

/** Our projection may lag behind sessions, and may still hold what sessions knows to be over: sessions names the open ones. */
function merged(projected: readonly OpenSession[], named: readonly string[]): readonly OpenSession[] {
  const known = new Set(projected.map((open) => open.sessionId));
  const unseen = named.filter((sessionId) => !known.has(sessionId));
  return [...projected, ...unseen.map((sessionId) => ({ sessionId, stationId: '', evseNumber: 0 }))];
}
