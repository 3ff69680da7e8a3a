import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { invalid } from '@kilowatch/kernel';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ExplainDecision } from '../../usecases/explain-decision.js';
import { SetAuthorizationPolicy, type PolicySetting } from '../../usecases/set-authorization-policy.js';

interface ExplainInput {
  readonly token: string;
  readonly tokenType?: string | null;
  readonly stationId: string;
  readonly evseNumber?: number | null;
  readonly purpose?: string | null;
  readonly certificateChain?: string | null;
  readonly certificateHashes?:
    | readonly {
        hashAlgorithm: string;
        issuerNameHash: string;
        issuerKeyHash: string;
        serialNumber: string;
        responderUrl?: string | null;
      }[]
    | null;
}

const PURPOSES = ['AUTHORIZE', 'START', 'STOP'] as const;

@Resolver()
export class AuthorizationResolver {
  constructor(
    private readonly policies: SetAuthorizationPolicy,
    private readonly explain: ExplainDecision,
  ) {}

  @Query()
  @Allow('tokens:read', 'all')
  async authorizationPolicy(
    @Args() { locationId }: { locationId?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return toNode(await this.policies.view(principal, locationId ?? undefined));
  }

  @Mutation()
  @Allow('tokens:write', 'all')
  async setAuthorizationPolicy(
    @Args('input') input: { locationId?: string | null } & Record<string, unknown>,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const { locationId, ...changes } = input;
    return {
      policy: toNode(await this.policies.run(principal, locationId ?? undefined, changes, clientAddress)),
    };
  }

  // Whoever may ask could try tokens and codes without being noticed: only who could import them, too.
  @Query()
  @Allow('tokens:write', 'all')
  async explainAuthorization(@Args('input') input: ExplainInput, @CurrentPrincipal() principal: Principal) {
    const purpose = PURPOSES.find((one) => one === (input.purpose ?? 'AUTHORIZE'));
    if (!purpose) throw invalid('AUTH_PURPOSE', `purpose is one of ${PURPOSES.join(', ')}.`);
    const hashes = (input.certificateHashes ?? []).map((hash) => ({
      ...hash,
      responderUrl: hash.responderUrl ?? '',
    }));
    const hasEvidence = Boolean(input.certificateChain) || hashes.length > 0;
    const explanation = await this.explain.run(principal, {
      value: input.token,
      type: input.tokenType ?? 'ISO14443',
      stationId: input.stationId,
      evseNumber: input.evseNumber ?? 0,
      purpose,
      contract: hasEvidence ? { certificatePem: input.certificateChain ?? '', hashes } : undefined,
    });
    return {
      ...explanation,
      certificateStatus: explanation.certificateStatus ?? null,
      groupId: explanation.groupId || null,
      cacheExpiry: explanation.cacheExpiry ?? null,
      steps: explanation.steps.map(({ rule, status, reason, text }) => ({
        rule,
        status: status || null,
        reason: reason || null,
        text: text || null,
      })),
    };
  }
}

function toNode({ locationId, choices, effective, updatedAt }: PolicySetting) {
  return { locationId: locationId ?? null, chosen: choices, effective, updatedAt: updatedAt ?? null };
}
