import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import {
  DecideRootProposal,
  type ProposalDecision,
  type ProposalState,
  type RootProposal,
} from '../../usecases/decide-root-proposal.js';

@Resolver('RootProposal')
export class ContractPoolResolver {
  constructor(private readonly proposals: DecideRootProposal) {}

  @Query()
  @Allow('trust:read', 'all')
  async rootProposals(
    @Args() args: { first: number; after?: string; state?: ProposalState | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text']);
    const rows = await this.proposals.list(principal, page, args.state ?? undefined);
    return connection(page, rows, ({ fingerprint }) => [fingerprint], toNode);
  }

  @Mutation()
  @Allow('trust:write', 'all')
  async decideRootProposal(
    @Args('input') input: ProposalDecision,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { proposal: toNode(await this.proposals.run(principal, input, clientAddress)) };
  }
}

function toNode(proposal: RootProposal) {
  const { fingerprint, purpose, schemaVersion, subject, notAfter, state } = proposal;
  const { firstSeenAt, lastSeenAt, decidedAt } = proposal;
  return {
    ...{ id: fingerprint, purpose, subject, notAfter, state, firstSeenAt, lastSeenAt },
    schemaVersion: schemaVersion || null,
    decidedAt: decidedAt ?? null,
  };
}
