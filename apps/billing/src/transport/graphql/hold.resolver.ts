import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { metering } from '@kilowatch/contracts';
import { mwh, whNumber } from '@kilowatch/kernel';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { DecideHold, unknownSession, type HoldDecision } from '../../usecases/decide-hold.js';
import { holdText } from '../../usecases/hold-text.js';
import type { HoldReason } from '../../usecases/settle-session.js';
import { ViewHolds, type BilledSession } from '../../usecases/view-holds.js';
import { ViewSession } from '../../usecases/view-session.js';
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
  const register = (value: number | undefined) => (value === undefined ? null : whNumber(mwh(value)));
  return {
    sessionId,
    reason: holdReason!.toUpperCase() as ShownReason,
    heldAt: heldAt!,
    text: holdText(held)!,
    energyWh: register(energy?.energyMwh),
    beginRegisterWh: register(energy?.beginRegisterMwh),
    endRegisterWh: register(energy?.endRegisterMwh),
    maxPowerW: energy?.maxPowerW ?? null,
    doubts: energy?.deviations ?? [],
    signedVerdict: signedVerdictName(energy?.signedVerdict),
    signedReasons: energy?.signedReasons ?? [],
  };
}

/** Null: the session was closed before anybody looked, or is not closed. */
export function signedVerdictName(verdict: metering.SignedVerdict | undefined): string | null {
  return verdict === undefined ? null : (SIGNED[verdict] ?? null);
}

const SIGNED: Readonly<Partial<Record<metering.SignedVerdict, string>>> = {
  [metering.SignedVerdict.SIGNED_VERDICT_VERIFIED]: 'VERIFIED',
  [metering.SignedVerdict.SIGNED_VERDICT_FAILED]: 'FAILED',
  [metering.SignedVerdict.SIGNED_VERDICT_UNKNOWN_KEY]: 'UNKNOWN_KEY',
  [metering.SignedVerdict.SIGNED_VERDICT_INCOMPLETE]: 'INCOMPLETE',
  [metering.SignedVerdict.SIGNED_VERDICT_UNSIGNED]: 'UNSIGNED',
};
