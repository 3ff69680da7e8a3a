import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { DecideHold, type HoldDecision } from '../../usecases/decide-hold.js';
import { holdText } from '../../usecases/hold-text.js';
import type { HoldReason } from '../../usecases/settle-session.js';
import { unknownSession } from '../../usecases/unknown-session.js';
import { ViewHolds, type BilledSession } from '../../usecases/view-holds.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toMeterNode } from './bill-node.js';
import { loadSession, type SessionNode } from './session.resolver.js';

type ShownReason = Uppercase<HoldReason>;

@Resolver('HeldSession')
export class HoldResolver {
  constructor(
    private readonly view: ViewHolds,
    private readonly decide: DecideHold,
    private readonly sessions: ViewSession,
  ) {}

  @Query()
  @Allow('billing:read', 'all')
  async heldSessions(
    @Args() args: { first: number; after?: string; reason?: ShownReason | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const reason = args.reason?.toLowerCase() as HoldReason | undefined;
    const { rows, total } = await this.view.list(principal, reason, page);
    const keyOf = ({ heldAt, sessionId }: BilledSession) => [heldAt!.toISOString(), sessionId];
    return { ...connection(page, rows, keyOf, toHeldNode), totalCount: total };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async decideHold(
    @Args('input') input: HoldDecision,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    await this.decide.run(principal, input);
    const session = await loadSession(this.sessions, input.sessionId, context);
    if (!session) throw unknownSession();
    return { session };
  }

  @ResolveField()
  @Allow('billing:read', 'all')
  session(@Parent() held: HeldNode, @Context() context: GraphqlContext): Promise<SessionNode | null> {
    return loadSession(this.sessions, held.sessionId, context);
  }
}

type HeldNode = ReturnType<typeof toHeldNode>;

function toHeldNode(held: BilledSession) {
  const { sessionId, holdReason, heldAt, energy } = held;
  const meter = toMeterNode(energy);
  return {
    sessionId,
    reason: holdReason!.toUpperCase() as ShownReason,
    heldAt: heldAt!,
    text: holdText(held)!,
    ...(meter ?? { doubts: [], signedReasons: [] }),
  };
}
