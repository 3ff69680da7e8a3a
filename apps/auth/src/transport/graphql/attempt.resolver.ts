import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid, isUuid } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  may,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import type { Severity } from '../../domain/attempts/attempt-judges.js';
import {
  ATTEMPT_RULES,
  RULE_SETTINGS,
  thresholdsOf,
  type AttemptPolicy,
  type AttemptRule,
  type PolicyChange,
  type Setting,
} from '../../domain/attempts/attempt-rules.js';
import type { AttemptSignal } from '../../domain/attempts/attempt-signal.js';
import { subjectOf } from '../../domain/attempts/incident-subject.js';
import { SUGGESTED_ACTIONS } from '../../domain/attempts/suggested-action.js';
import { AttemptPolicies } from '../../usecases/attempt-policies.js';
import { ForgedChains, type ForgedChain } from '../../usecases/forged-chains.js';
import { CloseIncident } from '../../usecases/close-incident.js';
import { ViewIncidents, type Incident } from '../../usecases/view-incidents.js';
import { ViewPeople } from '../../usecases/view-people.js';
import { toAccountNode, type AccountNode } from './account-node.js';
import { toTokenNode, type TokenNode } from './token.resolver.js';

interface FilterInput {
  readonly status?: Incident['status'] | null;
  readonly rules?: readonly AttemptRule[] | null;
  readonly atLeast?: Severity | null;
  readonly stationId?: string | null;
}

type IncidentNode = ReturnType<typeof toNode>;

@Resolver('Incident')
export class AttemptResolver {
  constructor(
    private readonly view: ViewIncidents,
    private readonly policies: AttemptPolicies,
    private readonly close: CloseIncident,
    private readonly people: ViewPeople,
    private readonly chains: ForgedChains,
  ) {}

  @Query()
  @Allow('attempts:write')
  async forgedChains(
    @Args('incidentId') incidentId: string,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return (await this.chains.of(principal, incidentId, clientAddress)).map(chainNode);
  }

  @Query()
  @Allow('attempts:read')
  async incidents(
    @Args() args: { first: number; after?: string; filter?: FilterInput | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { status, rules, atLeast, stationId } = args.filter ?? {};
    if (stationId && !isUuid(stationId)) throw invalid('AUTH_STATION', 'stationId is no id of a station.');
    const { rows, open } = await this.view.list(principal, page, {
      status: status ?? undefined,
      rules: rules ?? undefined,
      atLeast: atLeast ?? undefined,
      stationId: stationId ?? undefined,
    });
    return { ...connection(page, rows, (incident) => [incident.id], toNode), openCount: open };
  }

  @Query()
  @Allow('attempts:read')
  async incident(
    @Args('id') id: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<IncidentNode | null> {
    const found = await this.view.one(principal, id);
    return found ? toNode(found) : null;
  }

  @Query()
  @Allow('attempts:read')
  async attemptRules(@CurrentPrincipal() principal: Principal) {
    return rulesNode(await this.policies.of(principal.tenant));
  }

  @Mutation()
  @Allow('attempts:write')
  async closeIncident(
    @Args('input') input: { incidentId: string; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { incident: toNode(await this.close.run(principal, input, clientAddress)) };
  }

  @Mutation()
  @Allow('attempts:write')
  async setAttemptRules(
    @Args('input') input: PolicyChange & { reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (input.reason.trim() === '') throw invalid('AUTH_REASON', 'Say why: the reason is kept.');
    return { attemptRules: rulesNode(await this.policies.change(principal, input, clientAddress)) };
  }

  @ResolveField()
  @Allow('attempts:read')
  async watchesToken(@Parent() incident: IncidentNode, @Context() context: GraphqlContext): Promise<boolean> {
    const { principal } = context;
    if (!principal) return false;
    const watching = await batchLoad(context, 'auth.watching', incident.id, async (ids) => {
      const found = await this.view.watching(principal, ids);
      return new Map([...found].map((id) => [id, true]));
    });
    return watching ?? false;
  }

  @ResolveField()
  @Allow('attempts:read')
  async token(
    @Parent() { tokenId }: IncidentNode,
    @Context() context: GraphqlContext,
  ): Promise<TokenNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(tokenId)) return null;
    const token = await batchLoad(context, 'auth.token', tokenId, (ids) =>
      this.people.tokens(principal, ids),
    );
    return token ? toTokenNode(token) : null;
  }

  @ResolveField()
  @Allow('attempts:read')
  async closedBy(
    @Parent() { closedById }: IncidentNode,
    @Context() context: GraphqlContext,
  ): Promise<AccountNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(closedById)) return null;
    const account = await batchLoad(context, 'auth.account', closedById, (ids) =>
      this.people.accounts(principal, ids),
    );
    return account ? toAccountNode(account) : null;
  }
}

@Resolver('Token')
export class WatchedTokenResolver {
  constructor(private readonly view: ViewIncidents) {}

  @ResolveField()
  @Allow('tokens:read')
  async watchedSince(
    @Parent() token: { id: string },
    @Context() context: GraphqlContext,
  ): Promise<Date | null> {
    const { principal } = context;
    // Whoever has a copy must not learn that we know.
    if (!principal || !may(principal, 'attempts:read')) return null;
    const since = await batchLoad(context, 'auth.watched', token.id, (ids) =>
      this.view.watchedSince(principal, ids),
    );
    return since ?? null;
  }
}

function toNode(incident: Incident) {
  const { stationId, tokenId, tokenMasked, identity, address, replacedAddress } = subjectOf(incident);
  return {
    id: incident.id,
    rule: incident.rule,
    severity: incident.severity,
    status: incident.status,
    firstSeen: incident.firstSeen,
    lastSeen: incident.lastSeen,
    count: Math.min(incident.count, 2 ** 31 - 1),
    station: node(stationId),
    tokenId,
    tokenMasked: tokenMasked || null,
    identity: identity || null,
    address: address || null,
    replacedAddress: replacedAddress ?? null,
    evidence: incident.evidence.map(signNode),
    suggestedAction: SUGGESTED_ACTIONS[incident.rule],
    closesAt: incident.status === 'OPEN' ? incident.dueAt : null,
    closedAt: incident.closedAt ?? null,
    closeReason: incident.closeReason ?? null,
    closedById: incident.closedBy,
    closeNote: incident.closeNote || null,
  };
}

function signNode(sign: AttemptSignal) {
  const { id, at, times = 1, stationId = '', evseNumber, tokenMasked, identity, detail } = sign;
  const { address, replacedAddress } = sign;
  return {
    id,
    at: new Date(at),
    times,
    station: node(stationId),
    evseNumber: evseNumber ?? null,
    tokenMasked: tokenMasked ?? null,
    identity: identity ?? null,
    address: address ?? null,
    replacedAddress: replacedAddress ?? null,
    detail: detail ?? null,
  };
}

function chainNode({ tokenHash: _, digest: __, stationId, serial, pem, ...chain }: ForgedChain) {
  return { ...chain, station: node(stationId), serial: serial || null, pem: pem || null };
}

function node(id: string): { id: string } | null {
  return isUuid(id) ? { id } : null;
}

function rulesNode(policy: AttemptPolicy) {
  return {
    rules: ATTEMPT_RULES.map((rule) => {
      const values: Readonly<Record<string, number>> = thresholdsOf(policy, rule);
      const settings = Object.entries<Setting>(RULE_SETTINGS[rule]);
      return {
        rule,
        enabled: !policy.disabled.includes(rule),
        settings: settings.map(([name, setting]) => ({
          name,
          ...setting,
          value: values[name] ?? setting.default,
        })),
      };
    }),
    blockClones: policy.blockClones,
    refusalDelayMs: policy.refusalDelayMs,
  };
}
